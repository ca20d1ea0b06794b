package dev.strongroom.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The program, as somebody starts and stops it. */
@Execution(ExecutionMode.CONCURRENT)
class ServerTest {
  private static final Pattern READY =
      Pattern.compile("Strongroom listens at (http://127\\.0\\.0\\.1:\\d+)");
  private static final int STOPPED_BY_SIGTERM = 143;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void dev_printsWhatOpensItAndHasKv2() throws Exception {
    Process process = start(
        Map.of("VAULT_DEV_ROOT_TOKEN_ID", "root"),
        "server",
        "-dev",
        "-dev-listen-address=127.0.0.1:0");
    List<String> lines = new ArrayList<>();
    String address = ready(process, lines);
    assertThat(lines)
        .contains("Root Token: root")
        .anyMatch(line -> line.matches("Unseal Key: [A-Za-z0-9+/]{43}="))
        .anyMatch(line -> line.contains("export VAULT_ADDR='" + address + "'"));
    assertThat(send(address, "POST", "secret/data/a", "{\"data\":{\"x\":1}}"))
        .contains("\"version\":1");
    stop(process);
  }

  @Test
  void data_stoppedAndStartedAgain_isThere(@TempDir Path folder) throws Exception {
    String data = folder.resolve("new").toString();
    Process first = start(Map.of(), "-data", data, "-listen", "127.0.0.1:0");
    String address = ready(first, new ArrayList<>());
    assertThat(send(address, "PUT", "sys/init", "{\"secret_shares\":1,\"secret_threshold\":1}"))
        .contains("root_token");
    stop(first);

    Process second = start(Map.of(), "-data", data, "-listen", "127.0.0.1:0");
    assertThat(send(ready(second, new ArrayList<>()), "GET", "sys/seal-status", ""))
        .contains("\"initialized\":true", "\"storage_type\":\"sqlite\"");
    stop(second);
  }

  @Test
  void flags_thatAreWrong_areSaidInOneLineAndTheUsage() throws Exception {
    Process process = start(Map.of(), "-dev", "-nothing");
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said).startsWith("unknown argument -nothing\nusage: ").doesNotContain("\tat ");
  }

  @Test
  void help_isPrintedAndTheProgramEnds() throws Exception {
    Process process = start(Map.of(), "-help");
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said).startsWith("usage: ").contains("-audit-file", "-trusted-proxies");
  }

  @Test
  void files_thatCannotBeUsed_endTheProgram(@TempDir Path folder) throws Exception {
    String missing = folder.resolve("none").resolve("file").toString();
    for (String flag : List.of("-audit-file", "-seal-key-file")) {
      Process process = start(
          Map.of(),
          "-data",
          folder.resolve("data").toString(),
          "-listen",
          "127.0.0.1:0",
          flag,
          missing);
      String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isEqualTo(1);
      assertThat(said)
          .startsWith("the server does not start: " + flag + " cannot be used")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void start_saysHowTheVaultIsAndWhatToDo(@TempDir Path folder) throws Exception {
    String data = folder.resolve("data").toString();
    List<String> lines = new ArrayList<>();
    Process first = start(Map.of(), "-data", data, "-listen", "127.0.0.1:0");
    String address = ready(first, lines);
    assertThat(lines).contains("The vault is not initialised: initialise it with PUT /v1/sys/init");
    send(address, "PUT", "sys/init", "{\"secret_shares\":1,\"secret_threshold\":1}");
    stop(first);
    lines.clear();
    Process second = start(Map.of(), "-data", data, "-listen", "127.0.0.1:0");
    ready(second, lines);
    assertThat(lines)
        .contains("The vault is sealed: unseal it with PUT /v1/sys/unseal, 1 key share needed");
    stop(second);
  }

  @Test
  void seal_thatIsAnother_endsTheProgramAndSaysWhatToDo(@TempDir Path folder) throws Exception {
    String data = folder.resolve("data").toString();
    Process first = start(Map.of(), "-data", data, "-listen", "127.0.0.1:0");
    send(
        ready(first, new ArrayList<>()),
        "PUT",
        "sys/init",
        "{\"secret_shares\":1,\"secret_threshold\":1}");
    stop(first);
    Path key = Files.write(folder.resolve("key"), new byte[32]);
    Process second =
        start(Map.of(), "-data", data, "-listen", "127.0.0.1:0", "-seal-key-file", key.toString());
    String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(second.waitFor()).isEqualTo(1);
    assertThat(said).contains("is started without -seal-key-file").doesNotContain("builder");
  }

  @Test
  void address_thatIsTaken_endsTheProgram() throws Exception {
    Process first = start(Map.of(), "-inmem", "-listen", "127.0.0.1:0");
    String address = ready(first, new ArrayList<>());
    Process second = start(Map.of(), "-inmem", "-listen", address.substring("http://".length()));
    String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(second.waitFor()).isEqualTo(1);
    assertThat(said).startsWith("the server does not start: ").doesNotContain("\tat ");
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        "target/classes" + File.pathSeparator + System.getProperty("java.class.path"),
        Server.class.getName()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static String ready(Process process, List<String> lines) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return ready.group(1);
      }
    }
    throw new IOException("not ready: " + lines);
  }

  private String send(String address, String method, String path, String body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .header("X-Vault-Token", "root")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(STOPPED_BY_SIGTERM);
  }
}
