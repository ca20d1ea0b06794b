package dev.strongroom.cli;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom operator unseal}: gives a key share to a served vault. */
@Command(
    name = "unseal",
    description = "Gives one key share to a served vault, and says how far it is open then.",
    footer = {
      "%nThe share is typed at a prompt, not shown, or piped to standard input; never given as an"
          + " argument.",
      "%nEnds with 0 if the server has taken it, sealed or not, 1 for an error here, 2 if the server"
          + " refused."
    },
    mixinStandardHelpOptions = true)
final class OperatorUnsealCommand implements Callable<Integer> {
  private final Surroundings around;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Mixin
  private ServerOptions server = new ServerOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  @Option(names = "--reset", description = "Gives no share; those given so far are forgotten.")
  private boolean reset;

  @Option(
      names = "--migrate",
      description = "The share is one of the seal that the vault is migrated from.")
  private boolean migrate;

  OperatorUnsealCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    ServedVault vault = server.connect(around);
    Payload status = reset ? vault.resetUnseal() : give(vault);
    format.print(status.toMap(), SealStatusText.table(status));
    return Strongroom.DONE;
  }

  private Payload give(ServedVault vault) throws IOException {
    InTheClear.warn(vault, spec);
    try (Shares shares = Shares.read(around.secrets().open(), 1)) {
      if (shares.all().size() != 1) {
        throw new IllegalArgumentException(
            "one key share at a time, but got " + shares.all().size());
      }
      return vault.unseal(shares.all().get(0), migrate);
    }
  }
}
