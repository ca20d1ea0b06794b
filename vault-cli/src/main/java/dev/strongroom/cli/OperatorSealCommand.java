package dev.strongroom.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code strongroom operator seal}: seals a served vault. */
@Command(
    name = "seal",
    description = "Seals a served vault: its keys are wiped, and requests are refused.",
    footer = {
      "%nThe token is that of BAO_TOKEN or VAULT_TOKEN, or else typed at a prompt, not shown, or piped"
          + " to standard input; never given as an argument.",
      "%nEnds with 0 if it is sealed, 1 for an error here, 2 if the server refused."
    },
    mixinStandardHelpOptions = true)
final class OperatorSealCommand implements Callable<Integer> {
  private final Surroundings around;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Mixin
  private ServerOptions server = new ServerOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  OperatorSealCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    ServedVault vault = server.connect(around);
    InTheClear.warn(vault, spec);
    vault.seal(token());
    format.print(Map.of("sealed", true), List.of("Success! Vault is sealed."));
    return Strongroom.DONE;
  }

  /** A header is text, so here a token cannot be anything that could be wiped. */
  private String token() throws IOException {
    String token = around.setting("TOKEN").orElse("");
    if (token.isEmpty()) {
      char[] typed = around.secrets().open().read("Token");
      if (typed != null) {
        token = new String(typed);
        Arrays.fill(typed, '\0');
      }
    }
    token = token.strip();
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("a token is needed, of visible ASCII characters");
    }
    return token;
  }
}
