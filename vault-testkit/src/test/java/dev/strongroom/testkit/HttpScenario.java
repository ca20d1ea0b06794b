package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.KeyShares;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scenario as {@link Scenario} has it, but carried on in HTTP: every step runs, and errors,
 * headers and empty bodies are compared as they are sent. Each has a vault of its own, on virtual
 * time.
 */
final class HttpScenario {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final Map<?, ?> json;

  private HttpScenario(Map<?, ?> json) {
    this.json = json;
  }

  /** Reads the scenarios of a file beside this class. */
  static List<HttpScenario> read(String file) {
    try (InputStream in = HttpScenario.class.getResourceAsStream(file)) {
      List<?> all = (List<?>) Payload.parse(in.readAllBytes()).toMap().get("scenarios");
      return all.stream()
          .map(scenario -> new HttpScenario((Map<?, ?>) scenario))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String id() {
    return (String) json.get("id");
  }

  /** Returns what a vault must be told to offer. */
  Set<String> needs() {
    return json.get("needs") instanceof List<?> needs
        ? Set.copyOf(needs.stream().map(String.class::cast).toList())
        : Set.of();
  }

  /** Returns the number of the steps. */
  int size() {
    return ((List<?>) json.get("steps")).size();
  }

  /** Returns this scenario with other expectations of one step, and everything else as it is. */
  HttpScenario expecting(int number, Map<String, ?> expectations) {
    List<Object> steps = new ArrayList<>((List<?>) json.get("steps"));
    Map<Object, Object> step = new LinkedHashMap<>((Map<?, ?>) steps.get(number - 1));
    step.keySet().removeAll(Set.of("status", "expect", "errors_contain"));
    step.putAll(expectations);
    steps.set(number - 1, step);
    Map<Object, Object> changed = new LinkedHashMap<>(json);
    changed.put("steps", steps);
    return new HttpScenario(changed);
  }

  @Override
  public String toString() {
    return id();
  }

  /** Runs every step and checks each answer. */
  void run() {
    VirtualTime time = VirtualTime.at(START);
    VaultBuilder builder = Vault.builder().storage(InMemoryStorage.create()).time(time);
    setUp(builder);
    try (Vault vault = builder.open()) {
      Map<String, Object> variables = new HashMap<>();
      variables.put("uniq", "u" + Math.floorMod(id().hashCode(), 100_000));
      if (!json.containsKey("fresh_server")) {
        variables.put("root", rootToken(vault));
      }
      VaultHttpHandler handler = VaultHttpHandler.of(vault, HttpOptions.DEFAULT.withClock(time));
      int number = 0;
      for (Object step : (List<?>) json.get("steps")) {
        number++;
        run(
            handler,
            time,
            HttpStep.of(number, (Map<?, ?>) Scenario.fill(step, variables)),
            variables);
      }
    }
  }

  private void setUp(VaultBuilder builder) {
    if (json.get("mount_version") instanceof Number version) {
      builder.mount("secret", version.intValue() == 1 ? Kv.version1() : Kv.version2());
    } else {
      builder.engine(Kv.engine());
    }
    builder.authMethod(CheapUserPass.method()).authMethod(AppRole.method());
    if (needs().contains("unauthed-rekey")) {
      builder.allowCeremoniesWithoutToken();
    }
  }

  private static String rootToken(Vault vault) {
    try (var keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      return Tokens.of(vault.session(keys.rootToken()))
          .create(TokenRequest.of("root"))
          .token()
          .orElseThrow()
          .exposeText();
    }
  }

  private void run(
      VaultHttpHandler handler, VirtualTime time, HttpStep step, Map<String, Object> variables) {
    time.advance(step.pause().plusMillis(1));
    HttpAnswer answer = step.send(handler, variables.get("root"));
    for (Duration left = step.patience();
        !left.isNegative() && step.firstDifference(answer).isPresent();
        left = left.minus(BETWEEN_TRIES)) {
      time.advance(BETWEEN_TRIES);
      answer = step.send(handler, variables.get("root"));
    }
    HttpAnswer last = answer;
    assertThat(step.firstDifference(last))
        .as("%s, step %s: %s", id(), step, last)
        .isEmpty();
    step.captures().forEach((name, path) -> {
      assertThat(last.answer().has(path))
          .as("%s, step %s: %s", id(), step, path)
          .isTrue();
      variables.put(name, last.answer().at(path));
    });
  }
}
