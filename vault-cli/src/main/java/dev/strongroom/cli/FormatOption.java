package dev.strongroom.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How the command that it belongs to answers. */
final class FormatOption {
  private enum Format {
    TABLE,
    JSON
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--format",
      paramLabel = "table|json",
      description = "How the answer is printed. Default: table.")
  private Format format = Format.TABLE;

  /** Prints an object for programs, or lines for people. */
  void print(Map<String, ?> members, List<String> lines) {
    PrintWriter out = command.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(JsonText.of(members));
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }
}
