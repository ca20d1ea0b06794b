package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.StoreSummary;
import dev.strongroom.spi.Seal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strongroom snapshot verify}: whether a snapshot is whole, and whose it is. */
@Command(
    name = "verify",
    description = "Says whether a snapshot is whole, and with keys whether the vault wrote it.",
    footer = {
      "%nWithout keys structure and digest are checked, which shows damage. Whoever makes a snapshot"
          + " of his own makes a digest, too; only the keys of the vault show that. They come from a"
          + " prompt or standard input, one share a line, or are the key of the seal.",
      "%nEnds with 0 if it is good, 1 for an error here, 2 if it is not."
    },
    mixinStandardHelpOptions = true)
final class SnapshotVerifyCommand implements Callable<Integer> {
  private final Surroundings around;

  @Mixin
  private SealOptions seal = new SealOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  @Option(names = "--shares", description = "Checks with key shares that the vault wrote it.")
  private boolean withShares;

  @Parameters(paramLabel = "SNAPSHOT", description = "File to be read.")
  private Path snapshot = Path.of("");

  SnapshotVerifyCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Seal> automatic = seal.seal();
    boolean genuine = withShares || automatic.isPresent();
    try (ClosedStore read = ClosedStore.openSnapshot(snapshot, automatic)) {
      if (genuine) {
        requireGenuine(read);
      }
      StoreSummary summary = read.summary();
      Map<String, Object> members = SnapshotText.members(snapshot, read.sealStatus(), summary);
      members.put("genuine", genuine ? "yes" : "not checked");
      format.print(
          members,
          List.of(
              "Whole: " + SnapshotText.of(summary),
              genuine
                  ? "Written by the vault that these keys open."
                  : "Whether the vault wrote it was not checked: that takes its keys."));
    }
    return Strongroom.DONE;
  }

  private void requireGenuine(ClosedStore read) throws IOException {
    try (Shares shares =
        withShares ? Shares.thatOpen(read.sealStatus(), around.secrets()) : Shares.none()) {
      read.requireOpenedBy(shares.all());
    }
  }
}
