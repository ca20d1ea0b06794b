package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a server of the Vault API, carried on through the untyped door instead:
 * methods become operations, query parameters and bodies become payloads, error codes become status
 * codes. The files of scenarios explain themselves in their {@code readme}.
 *
 * <p>Each runs on a vault of its own with root rights, on virtual time that moves a millisecond
 * before each step, so that no two requests share a moment. A step that only HTTP can take is left
 * out, see {@link Step#leftOut}. What HTTP alone can tell apart is not told apart here: the
 * wrapping {@code 1 error occurred} of some errors, and an empty body from one with an empty list
 * of errors.
 */
final class Scenario {
  /** Where the recorded requests came from. */
  private static final Origin CALLER = Origin.of(InetAddress.getLoopbackAddress(), 54_321);

  private static final Path AUDIT_FILES = temporaryFolder();

  private final Map<?, ?> json;
  private final List<Step> steps;

  private Scenario(Map<?, ?> json, List<Step> steps) {
    this.json = json;
    this.steps = steps;
  }

  /** Reads the scenarios of a file beside this class. */
  static List<Scenario> read(String file) {
    try (InputStream in = Scenario.class.getResourceAsStream(file)) {
      List<?> all = (List<?>) Payload.parse(in.readAllBytes()).toMap().get("scenarios");
      return all.stream().map(scenario -> of((Map<?, ?>) scenario)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Scenario of(Map<?, ?> json) {
    List<?> all = (List<?>) json.get("steps");
    return new Scenario(
        json,
        IntStream.range(0, all.size())
            .mapToObj(i -> new Step(i + 1, (Map<?, ?>) all.get(i)))
            .toList());
  }

  String id() {
    return (String) json.get("id");
  }

  /** Returns whether the file says that the reference is not to be copied here. */
  boolean isQuirk() {
    return json.containsKey("quirk");
  }

  /**
   * Returns the version of the mount at {@code secret/} that the scenario begins with; 0 for none.
   */
  int mountVersion() {
    return json.get("mount_version") instanceof Number version ? version.intValue() : 0;
  }

  List<Step> steps() {
    return steps;
  }

  /** Returns this scenario with other expectations of one step, and everything else as it is. */
  Scenario expecting(int number, Map<String, ?> expectations) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(number - 1, steps.get(number - 1).expecting(expectations));
    return new Scenario(json, changed);
  }

  /** Returns this scenario without some of its steps. */
  Scenario without(Set<Integer> numbers) {
    return new Scenario(
        json, steps.stream().filter(step -> !numbers.contains(step.number())).toList());
  }

  /** Returns this scenario without what is expected at some paths in the answers. */
  Scenario notExpecting(Set<String> paths) {
    return new Scenario(
        json, steps.stream().map(step -> step.notExpecting(paths)).toList());
  }

  @Override
  public String toString() {
    return id();
  }

  /** Runs every step that is not left out, and checks each answer. */
  void run() {
    Map<String, Object> variables = new HashMap<>();
    variables.put("uniq", "u" + Math.floorMod(id().hashCode(), 100_000));
    variables.put("audit_path", auditFile().toString());
    try (InMemoryVault vault = open()) {
      if (!isOnAFreshServer() && json.toString().contains("${root}")) {
        variables.put("root", rootToken(vault.root()));
      }
      for (Step step : steps) {
        if (step.leftOut().isEmpty()) {
          run(vault, step.filledWith(variables), variables);
        }
      }
    }
  }

  private boolean isOnAFreshServer() {
    return json.containsKey("fresh_server");
  }

  private InMemoryVault open() {
    if (!isOnAFreshServer()) {
      return Vault.inMemory(this::setUp);
    }
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    VaultBuilder builder = Vault.builder().storage(InMemoryStorage.create()).time(time);
    setUp(builder);
    Vault vault = builder.open();
    return new InMemoryVault(vault, vault.session(ClientToken.parse("none")), time);
  }

  private Path auditFile() {
    return AUDIT_FILES.resolve(id() + ".log");
  }

  private boolean needsAuditFile() {
    return json.get("needs") instanceof List<?> needs && needs.contains("audit_path");
  }

  private void setUp(VaultBuilder builder) {
    if (mountVersion() > 0) {
      builder.mount("secret", mountVersion() == 1 ? Kv.version1() : Kv.version2());
    } else {
      builder.engine(Kv.engine());
    }
    builder.authMethod(CheapUserPass.method()).authMethod(AppRole.method());
    if (json.get("needs") instanceof List<?> needs && needs.contains("unauthed-rekey")) {
      builder.allowCeremoniesWithoutToken();
    }
    if (needsAuditFile()) {
      auditFile().toFile().deleteOnExit(); // what is named later goes earlier: before its folder
      builder.auditOverApi(AUDIT_FILES);
    }
  }

  private void run(InMemoryVault vault, Step step, Map<String, Object> variables) {
    vault.time().advance(step.pause().plus(Duration.ofMillis(1)));
    Answer answer = ask(vault, step);
    Step expected = step.alternatives().stream()
        .filter(other -> fits(answer, other))
        .findFirst()
        .orElse(step);
    check(answer, expected, variables);
  }

  private static boolean fits(Answer answer, Step step) {
    return step.statuses().contains(answer.status())
        && step.errorText()
            .map(text -> answer.errors().stream().anyMatch(error -> error.contains(text)))
            .orElse(true)
        && step.expectations().entrySet().stream()
            .allMatch(each -> Matcher.matches(answer, each.getKey(), each.getValue()));
  }

  private void check(Answer answer, Step step, Map<String, Object> variables) {
    String what = id() + ", step " + step;
    assertThat(step.statuses()).as("%s -> %s", what, answer.body()).contains(answer.status());
    step.errorText().ifPresent(text -> assertThat(answer.errors())
        .as(what)
        .anySatisfy(error -> assertThat(error).contains(text)));
    step.expectations()
        .forEach((path, expected) -> assertThat(Matcher.matches(answer, path, expected))
            .as("%s: expected %s = %s, but got %s", what, path, expected, answer.body())
            .isTrue());
    step.captures().forEach((name, path) -> {
      assertThat(answer.has(path)).as("%s: %s to capture", what, path).isTrue();
      variables.put(name, answer.at(path));
    });
  }

  private static Answer ask(InMemoryVault vault, Step step) {
    Optional<Answer> ofTheHost = HostVerbs.answer(vault.vault(), step);
    if (ofTheHost.isPresent()) {
      return ofTheHost.get();
    }
    try {
      Request request = step.request().from(CALLER);
      return Answer.of(request, session(vault, step).request(request));
    } catch (IllegalArgumentException e) { // refused at the edge, before there is a request
      return new Answer(400, Map.of("errors", List.of(String.valueOf(e.getMessage()))));
    }
  }

  private static String rootToken(Session root) {
    return Tokens.of(root).create(TokenRequest.of("root")).token().orElseThrow().exposeText();
  }

  private static Session session(InMemoryVault vault, Step step) {
    if (step.hasNoToken()) {
      return vault.vault().sessionWithoutToken();
    }
    Optional<String> token = step.token();
    return token.isPresent() ? vault.vault().session(ClientToken.parse(token.get())) : vault.root();
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory("strongroom-audit");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a value with every {@code ${name}} in it replaced. */
  static @Nullable Object fill(@Nullable Object value, Map<String, Object> variables) {
    if (value instanceof String text) {
      String filled = text;
      for (Map.Entry<String, Object> variable : variables.entrySet()) {
        filled =
            filled.replace("${" + variable.getKey() + "}", String.valueOf(variable.getValue()));
      }
      return filled;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> filled = new LinkedHashMap<>();
      map.forEach((name, member) -> filled.put(fill(name, variables), fill(member, variables)));
      return filled;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> filled = new ArrayList<>();
      list.forEach(element -> filled.add(fill(element, variables)));
      return filled;
    }
    return value;
  }
}
