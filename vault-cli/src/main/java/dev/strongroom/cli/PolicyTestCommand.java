package dev.strongroom.cli;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicySet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of expectations.")
  private List<Path> files = List.of();

  @Option(
      names = {"-P", "--policy"},
      paramLabel = "FILE",
      description = "A policy that counts in all files, from the start.")
  private List<Path> policies = List.of();

  @Mixin
  private FormatOption format = new FormatOption();

  PolicyTestCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    int all = 0;
    List<Difference> differences = new ArrayList<>();
    for (Path file : files) {
      for (Expectation expectation : Expectation.read(file, PolicyFiles.text(file))) {
        all++;
        PolicyExplanation explanation =
            policies(expectation).explain(expectation.request(), expectation.circumstances());
        if (explanation.isAllowed() != expectation.allowed()) {
          differences.add(new Difference(file, expectation, explanation));
        }
      }
    }
    format.print(
        Map.of(
            "expectations",
            all,
            "not_met",
            differences.stream().map(Difference::toMap).toList()),
        lines(all, differences));
    return differences.isEmpty() ? Strongroom.YES : Strongroom.NO;
  }

  /** An expectation that is not met. */
  private record Difference(Path file, Expectation expectation, PolicyExplanation explanation) {
    Map<String, Object> toMap() {
      return Map.of(
          "file",
          file.toString(),
          "line",
          expectation.line(),
          "expected",
          expected(),
          "explanation",
          explanation.toMap());
    }

    Stream<String> lines() {
      return Stream.concat(
          Stream.of(file + ":" + expectation.line() + ": expected " + expected()),
          ExplanationText.of(explanation).stream().map(line -> "  " + line));
    }

    private String expected() {
      return expectation.allowed() ? "allow" : "deny";
    }
  }

  private static List<String> lines(int all, List<Difference> differences) {
    return Stream.concat(
            differences.stream().flatMap(Difference::lines),
            Stream.of(all + " expectations, " + differences.size() + " not met"))
        .toList();
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
