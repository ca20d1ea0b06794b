package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.request.Payload;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code strongroom operator status}: how far a vault is open. */
@Command(
    name = "status",
    description =
        "Says how far a served vault is open, or how a store is sealed that no vault has open.",
    footer = "%nEnds with 0 if it is unsealed, 2 if it is sealed, 1 if that is not known.",
    mixinStandardHelpOptions = true)
final class OperatorStatusCommand implements Callable<Integer> {
  private final Surroundings around;

  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "SQLite file of a store that no vault has open; a closed store is sealed.")
  private @Nullable Path store;

  @Mixin
  private ServerOptions server = new ServerOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  OperatorStatusCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    Payload status = status();
    format.print(status.toMap(), SealStatusText.table(status));
    return status.flag("sealed").orElse(true) ? Strongroom.REFUSED : Strongroom.DONE;
  }

  /** Two is for sealed: whatever goes wrong is a one here. */
  private Payload status() throws IOException {
    try {
      return store == null ? server.connect(around).sealStatus() : closed(store);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Payload closed(Path file) {
    if (server.isNamed()) {
      throw new IllegalArgumentException("give either -store or -address");
    }
    try (ClosedStore closed =
        ClosedStore.open(SqliteStorage.at(file).forReading(), Optional.empty())) {
      Map<String, Object> members = SealStatusText.members(closed.sealStatus());
      return Payload.of(members);
    }
  }
}
