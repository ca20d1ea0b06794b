package dev.strongroom.cli;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicySet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom policy test}: whether policy files allow and deny what they should. */
@Command(
    name = "test",
    description =
        "Compares what policies decide with what is expected, and explains each difference.",
    footer = {
      "%nA FILE has one expectation a line: operation, path, expected. Behind these may follow sudo,"
          + " wrap=DURATION and NAME=VALUE, a parameter whose value is JSON or else text. Fields"
          + " may be in double quotes. Lines that begin with # do not count.%n",
      "  policy app.hcl",
      "  read,   secret/data/app/db, allow",
      "  update, sys/seal,           deny,  sudo",
      "%nA line 'policy PATH' names a policy that counts from there on, beside the FILE.%n",
      "Ends with 0 if all is as expected, 1 if not, 2 if a file cannot be read."
    },
    mixinStandardHelpOptions = true)
final class PolicyTestCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of expectations.")
  private List<Path> files = List.of();

  @Option(
      names = {"-P", "--policy"},
      paramLabel = "FILE",
      description = "A policy that counts in all files, from the start.")
  private List<Path> policies = List.of();

  PolicyTestCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    int all = 0;
    int failed = 0;
    for (Path file : files) {
      for (Expectation expectation : Expectation.read(file, PolicyFiles.text(file))) {
        all++;
        PolicyExplanation explanation =
            policies(expectation).explain(expectation.request(), expectation.circumstances());
        if (explanation.isAllowed() != expectation.allowed()) {
          failed++;
          out.println(file + ":" + expectation.line() + ": expected "
              + (expectation.allowed() ? "allow" : "deny"));
          ExplanationText.of(explanation).forEach(line -> out.println("  " + line));
        }
      }
    }
    out.println(all + " expectations, " + failed + " not met");
    out.flush();
    return failed == 0 ? Strongroom.YES : Strongroom.NO;
  }

  private PolicySet policies(Expectation expectation) throws IOException {
    Set<Path> counting = new LinkedHashSet<>(policies);
    counting.addAll(expectation.policies());
    if (counting.isEmpty()) {
      throw new IOException(
          "no policy: name one by -policy, or in the file by a line 'policy PATH'");
    }
    return PolicyFiles.read(counting, clock.instant());
  }
}
