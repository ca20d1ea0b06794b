package dev.strongroom.clients;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * A client in another language. It is installed below {@code target} from its registry, with the
 * versions that its folder in the resources pins, and its script does the checks: for each of them
 * it prints a line of JSON with {@code client}, {@code version}, {@code call}, {@code outcome} and
 * {@code reason}.
 */
final class ScriptedClient {
  private static final Duration INSTALLING = Duration.ofMinutes(2);
  private static final Duration RUNNING = Duration.ofMinutes(2);

  /** What a line says. */
  record Told(Client client, Check check, boolean failed) {}

  /** What all lines say, and how the script ended. */
  record Report(List<Told> lines, Program.Ended end) {}

  private final String name;
  private final List<String> files;
  private final List<List<String>> installation;
  private final List<String> script;

  private ScriptedClient(
      String name, List<String> files, List<List<String>> installation, List<String> script) {
    this.name = name;
    this.files = files;
    this.installation = installation;
    this.script = script;
  }

  /** Returns hvac, for Python. */
  static ScriptedClient hvac() throws IOException, InterruptedException {
    require("python3", "python3", "--version");
    return new ScriptedClient(
        "hvac",
        List.of("requirements.txt", "checks.py"),
        List.of(
            List.of("python3", "-m", "venv", "venv"),
            List.of("venv/bin/pip", "install", "--retries", "1", "-r", "requirements.txt")),
        List.of("venv/bin/python", "checks.py"));
  }

  /** Returns node-vault, for Node. */
  static ScriptedClient nodeVault() throws IOException, InterruptedException {
    require("node", "node", "--version");
    require("npm", "npm", "--version");
    return new ScriptedClient(
        "node-vault",
        List.of("package.json", "package-lock.json", "checks.js"),
        List.of(List.of(
            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")),
        List.of("node", "checks.js"));
  }

  private static void require(String program, String... command)
      throws IOException, InterruptedException {
    if (!Program.isThere(command)) {
      throw new TestAbortedException("there is no " + program + " on this machine");
    }
  }

  /**
   * Installs and runs the client.
   *
   * @throws TestAbortedException if it cannot be had, with what the installer said
   */
  Report run(ServedVault vault) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", name).toAbsolutePath());
    for (String file : files) {
      try (var in = ScriptedClient.class.getResourceAsStream("/" + name + "/" + file)) {
        Files.copy(in, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Program program = new Program(folder);
    install(folder, program);
    Map<String, String> variables = Map.of(
        "VAULT_ADDR", vault.address(),
        "AUDIT_FOLDER", vault.auditFolder().toString(),
        "NO_PROXY", vault.host(),
        "no_proxy", vault.host());
    Program.Ended ended = program.run("checks", RUNNING, variables, script);
    return new Report(ended.output().stream().map(ScriptedClient::told).toList(), ended);
  }

  /** Once for each set of pins. */
  private void install(Path folder, Program program) throws IOException, InterruptedException {
    Path installed = folder.resolve("installed");
    String pins = Files.readString(folder.resolve(files.get(files.size() - 2)));
    if (Files.exists(installed) && Files.readString(installed).equals(pins)) {
      return;
    }
    for (List<String> command : installation) {
      Program.Ended ended = program.run("install", INSTALLING, Map.of(), command);
      if (!ended.isSuccess()) {
        throw new TestAbortedException(
            name + " cannot be had from its registry: " + ended.lastWords());
      }
    }
    Files.writeString(installed, pins);
  }

  private static Told told(String line) {
    Payload members = Payload.parse(line);
    String outcome = members.text("outcome").orElseThrow();
    String reason = members.text("reason").orElse("");
    return new Told(
        new Client(members.text("client").orElseThrow(), members.text("version").orElseThrow()),
        new Check(
            members.text("call").orElseThrow(), outcome.equals("differs") ? reason : "", () -> {
              if (outcome.equals("failed")) {
                throw new AssertionError(reason);
              }
            }),
        outcome.equals("failed"));
  }
}
