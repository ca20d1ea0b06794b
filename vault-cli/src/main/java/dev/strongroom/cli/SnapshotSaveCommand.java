package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.SealStatus;
import dev.strongroom.StoreSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strongroom snapshot save}: a snapshot of a store that no vault has open. */
@Command(
    name = "save",
    description =
        "Writes a snapshot of a store that no vault has open, and reads it again. It stays encrypted.",
    footer = {
      "%nA snapshot is signed with a key of the vault: give key shares at the prompt or on standard"
          + " input, one a line, or the key of the seal. The store is opened for reading only. Of a"
          + " vault that is open its application takes snapshots, with Vault.snapshot.",
      "%nEnds with 0 if it is written, 1 for an error here, 2 if the store cannot be read or opened."
    },
    mixinStandardHelpOptions = true)
final class SnapshotSaveCommand implements Callable<Integer> {
  private final Surroundings around;

  @Mixin
  private StoreOptions store = new StoreOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  @Option(names = "--replace", description = "Replaces the snapshot if there is one.")
  private boolean replace;

  @Parameters(paramLabel = "SNAPSHOT", description = "File to be written.")
  private Path target = Path.of("");

  SnapshotSaveCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    requireFree();
    try (ClosedStore closed = store.open()) {
      try (Shares shares = shares(closed.sealStatus())) {
        closed.snapshot(target, shares.all());
      }
    }
    try (ClosedStore written = ClosedStore.openSnapshot(target, Optional.empty())) {
      StoreSummary summary = written.summary();
      format.print(
          SnapshotText.members(target, written.sealStatus(), summary),
          List.of("Saved " + target + ": " + SnapshotText.of(summary)));
    }
    return Strongroom.DONE;
  }

  /** The store itself must never be what is replaced. */
  private void requireFree() throws IOException {
    if (Files.exists(target)) {
      if (Files.isDirectory(target)
          || (Files.exists(store.file()) && Files.isSameFile(target, store.file()))) {
        throw new IllegalArgumentException(target + " cannot be the snapshot's file");
      }
      if (!replace) {
        throw new IllegalArgumentException(target + " exists: name another file, or give -replace");
      }
    }
  }

  private Shares shares(SealStatus status) throws IOException {
    return store.seal().seal().isPresent()
        ? Shares.none()
        : Shares.thatOpen(status, around.secrets());
  }
}
