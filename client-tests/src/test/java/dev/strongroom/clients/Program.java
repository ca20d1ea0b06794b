package dev.strongroom.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine, each for a limited time. */
final class Program {
  private final Path folder;

  /** Returns what runs programs in a folder, and keeps there what they print. */
  Program(Path folder) {
    this.folder = folder;
  }

  /** Whether a program is there and starts. */
  static boolean isThere(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What came of a run. */
  record Ended(int exitCode, List<String> output, List<String> errors) {
    boolean isSuccess() {
      return exitCode == 0;
    }

    String lastWords() {
      List<String> said = errors.isEmpty() ? output : errors;
      return said.isEmpty()
          ? "exit code " + exitCode
          : said.get(said.size() - 1).strip();
    }
  }

  /** Runs a program to its end, or ends it when its time is over: that is exit code 124. */
  Ended run(String name, Duration limit, Map<String, String> variables, List<String> command)
      throws IOException, InterruptedException {
    Path output = folder.resolve(name + ".out");
    Path errors = folder.resolve(name + ".err");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(output.toFile())
        .redirectError(errors.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    int exitCode = 124;
    try {
      if (process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        exitCode = process.exitValue();
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Ended(exitCode, Files.readAllLines(output), Files.readAllLines(errors));
  }
}
