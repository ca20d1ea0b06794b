package dev.strongroom.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tests of this module run on its oldest Jupiter; here a child JVM runs them on newer ones, in
 * parallel, and those that have to fail.
 */
@Tag("slow")
class JupiterVersionsTest {
  private static final List<String> GOOD = List.of("AnnotatedTest", "SharedVaultTest");
  private static final List<String> BAD = List.of(
      "BadUses$LogsASeededSecret",
      "BadUses$LogsAnOldVersion",
      "BadUses$WantsAVaultTooEarly",
      "BadUses$LimitsWhatHasNoPolicies",
      "BadUses$NamesNoResource");

  @ParameterizedTest
  @ValueSource(strings = {"1.", "6."})
  void tests_onANewerJupiter_behaveTheSame(String console) throws Exception {
    assertThat(run(console, GOOD)).contains("0 tests failed").doesNotContain("[X]");

    assertThat(run(console, BAD))
        .contains("3 tests failed") // two fail as classes, before a test begins
        .contains("a secret was logged: com.example.app: connecting with")
        .contains("a secret was logged: com.example.app: the password was canary-of-version-1")
        .contains("there is no vault yet: it opens before each test")
        .contains("@WithPolicies belongs to a Session, KvStore or ClientToken")
        .contains("there is no resource nowhere.json");
  }

  private static String run(String console, List<String> classes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        jar(console) + ":" + classPath(),
        "org.junit.platform.console.ConsoleLauncher",
        "execute",
        "--disable-banner",
        "--disable-ansi-colors",
        "--config=junit.jupiter.execution.parallel.enabled=true",
        "--config=junit.jupiter.execution.parallel.mode.default=concurrent"));
    classes.forEach(name -> command.add("--select-class=dev.strongroom.junit." + name));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static Path jar(String version) throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target", "consoles"))) {
      return jars.filter(jar -> jar.getFileName()
              .toString()
              .startsWith("junit-platform-console-standalone-" + version))
          .findFirst()
          .orElseThrow();
    }
  }

  /** All but this JVM's Jupiter, which the console brings in its version. */
  private static String classPath() {
    return Stream.of(
            System.getProperty("java.class.path"),
            System.getProperty("jdk.module.path", ""),
            Path.of("target", "classes").toString(),
            Path.of("target", "test-classes").toString())
        .flatMap(path -> Stream.of(path.split(":", -1)))
        .filter(entry -> !entry.isEmpty() && !entry.matches(".*/org/junit/.*"))
        .distinct()
        .collect(Collectors.joining(":"));
  }
}
