package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.StoreSummary;
import dev.strongroom.Vault;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strongroom snapshot restore}: a store from a snapshot. */
@Command(
    name = "restore",
    description = "Fills an empty store with a snapshot, or makes the store.",
    footer = {
      "%nThe vault in it is sealed and opens with the keys it had; it does not open if another vault"
          + " wrote the snapshot. Until its application calls Vault.resumeOutsideEffects it touches"
          + " nothing outside: its leases may belong to the vault it was copied from.",
      "%nEnds with 0 if it is restored, 1 for an error here, 2 if the snapshot is damaged or the"
          + " store is not empty."
    },
    mixinStandardHelpOptions = true)
final class SnapshotRestoreCommand implements Callable<Integer> {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "FILE",
      description = "SQLite file of the store; must be empty or not exist, its folder must exist.")
  private Path store = Path.of("");

  @Mixin
  private FormatOption format = new FormatOption();

  @Parameters(paramLabel = "SNAPSHOT", description = "File to be read.")
  private Path snapshot = Path.of("");

  @Override
  public Integer call() {
    try (ClosedStore read = ClosedStore.openSnapshot(snapshot, Optional.empty())) {
      StoreSummary summary = read.summary();
      Vault.restore(snapshot, SqliteStorage.at(store));
      Map<String, Object> members = SnapshotText.members(snapshot, read.sealStatus(), summary);
      members.put("store", store.toString());
      format.print(members, List.of("Restored " + store + ": " + SnapshotText.of(summary)));
    }
    return Strongroom.DONE;
  }
}
