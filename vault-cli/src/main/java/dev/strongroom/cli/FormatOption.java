package dev.strongroom.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command answers. */
final class FormatOption {
  private enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "table|json",
      description = "How the answer is printed. Default: table.")
  private Format format = Format.TABLE;

  /** Prints an object for programs, or lines for people. */
  void print(PrintWriter out, Map<String, ?> members, List<String> lines) {
    if (format == Format.JSON) {
      out.println(JsonText.of(members));
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }
}
