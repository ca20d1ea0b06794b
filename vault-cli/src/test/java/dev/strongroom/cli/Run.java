package dev.strongroom.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import picocli.CommandLine;

/** A command that has run. */
record Run(int code, String out, String err) {
  static Run of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Strongroom.commandLine(() -> Instant.parse("2026-01-01T00:00:00Z"))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
    return new Run(command.execute(arguments), out.toString(), err.toString());
  }
}
