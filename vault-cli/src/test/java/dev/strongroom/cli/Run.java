package dev.strongroom.cli;

import dev.strongroom.VirtualTime;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A command that has run. */
record Run(int code, String out, String err) {
  static Run of(String... arguments) {
    return withInput("", arguments);
  }

  /** Runs a command whose standard input is piped. */
  static Run withInput(String input, String... arguments) {
    return in(Map.of(), input, arguments);
  }

  /** Runs a command with environment variables and a standard input. */
  static Run in(Map<String, String> environment, String input, String... arguments) {
    return in(around(environment, input), arguments);
  }

  static Run in(Surroundings around, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Strongroom.commandLine(around).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Run(command.execute(arguments), out.toString(), err.toString());
  }

  /** Returns surroundings on virtual time whose standard input is piped. */
  static Surroundings around(Map<String, String> environment, String input) {
    return new Surroundings(
        VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z")),
        environment::get,
        () -> new SecretInput.Lines(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))));
  }

  static String[] joined(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
  }
}
