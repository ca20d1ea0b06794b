package dev.strongroom.cli;

import dev.strongroom.PolicySet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom policy fmt}: gives policy files the one layout. */
@Command(
    name = "fmt",
    description =
        "Gives HCL policies the one layout, in their files. What they say does not change, and comments keep their places.",
    footer = {
      "%nAll files are read before the first is written; one that is no policy, or that is JSON,"
          + " changes none.",
      "%nEnds with 0, or with -check 1 if something would change; 2 if a file cannot be read or"
          + " written."
    },
    mixinStandardHelpOptions = true)
final class PolicyFmtCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "HCL policies, one a file.")
  private List<Path> files = List.of();

  @Option(
      names = "--check",
      description = "Writes nothing; names the files whose layout is another.")
  private boolean check;

  PolicyFmtCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    PolicyFiles.read(files, clock.instant());
    PrintWriter out = spec.commandLine().getOut();
    Map<Path, String> changed = changed();
    for (Map.Entry<Path, String> file : changed.entrySet()) {
      if (!check) {
        PolicyFiles.replace(file.getKey(), file.getValue());
      }
      out.println(file.getKey());
    }
    out.flush();
    return check && !changed.isEmpty() ? Strongroom.NO : Strongroom.YES;
  }

  private Map<Path, String> changed() throws IOException {
    Map<Path, String> changed = new LinkedHashMap<>();
    for (Path file : files) {
      String text = PolicyFiles.text(file);
      String laidOut = layOut(file, text);
      if (!laidOut.equals(text)) {
        changed.put(file, laidOut);
      }
    }
    return changed;
  }

  private static String layOut(Path file, String text) {
    try {
      return PolicySet.layOut(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
