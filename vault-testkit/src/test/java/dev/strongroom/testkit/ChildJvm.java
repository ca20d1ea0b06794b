package dev.strongroom.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another JVM that runs a main class of the tests, with everything of this one on its class path.
 * What it prints is read line by line; its errors go where those of this one go. Closing kills it.
 * For one thread.
 */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts {@code main} with arguments. */
  static ChildJvm start(Class<?> main, String... arguments) {
    return startUnder(List.of(), List.of(), main, arguments);
  }

  /**
   * Starts {@code main} under another command, such as one that takes rights away.
   *
   * @param command what is run with the command of the JVM as its last arguments
   * @param options of the JVM
   */
  static ChildJvm startUnder(
      List<String> command, List<String> options, Class<?> main, String... arguments) {
    List<String> line = new ArrayList<>(command);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    line.addAll(options);
    line.addAll(List.of("-cp", classPath(), main.getName()));
    line.addAll(List.of(arguments));
    try {
      return new ChildJvm(new ProcessBuilder(line)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tests themselves lie beside the module path they run on. */
  static String classPath() {
    return Stream.of(
            "target/test-classes",
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path"))
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Waits for the next line; empty when the child has ended. */
  Optional<String> readLine() {
    try {
      return Optional.ofNullable(output.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the child to end and returns the lines not read yet. */
  List<String> readAllLines() {
    return output.lines().toList();
  }

  /**
   * Kills the child as {@code kill -9} does and waits until it is gone. What it has printed can
   * still be read.
   */
  void kill() {
    process.toHandle().destroyForcibly(); // by its handle: otherwise the output is closed
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
