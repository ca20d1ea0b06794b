package dev.strongroom.internal.policy;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code acl.json}. */
final class AclCases {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Map<?, ?> DOCUMENT = read();

  /** Not stored yet, because there is no response wrapping yet; its rules are known. */
  private static final String RESPONSE_WRAPPING = """
      path "cubbyhole/response"  { capabilities = ["create", "read"] }
      path "sys/wrapping/unwrap" { capabilities = ["update"] }
      """;

  private AclCases() {}

  private static Map<?, ?> read() {
    try (InputStream in = AclCases.class.getResourceAsStream("acl.json")) {
      return Payload.parse(in.readAllBytes()).toMap();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Case> decisions() {
    return section("cases");
  }

  static Stream<Case> parses() {
    return section("parse");
  }

  private static Stream<Case> section(String name) {
    return ((List<?>) DOCUMENT.get(name)).stream().map(c -> new Case((Map<?, ?>) c));
  }

  /** Returns whether a policy's text holds a template in a path. */
  static boolean needsWhatIsNotYet(String text) {
    return text.lines().anyMatch(line -> line.matches(" *path \"[^\"]*(\\{\\{|}}).*"));
  }

  record Case(Map<?, ?> json) {
    String text(String name) {
      return (String) json.get(name);
    }

    boolean has(String name) {
      return json.get(name) != null;
    }

    boolean flag(String name) {
      return Boolean.TRUE.equals(json.get(name));
    }

    List<String> texts(String name) {
      return ((List<?>) json.get(name)).stream().map(String.class::cast).toList();
    }

    Asked asked(Operation operation) {
      Payload parameters = has("data") ? Payload.of(members("data")) : Payload.empty();
      Optional<Duration> ttl = Optional.ofNullable((Number) json.get("wrap_ttl"))
          .map(seconds -> Duration.ofSeconds(seconds.longValue()));
      return new Asked(operation, parameters, ttl, ParameterReading.AS_IT_IS);
    }

    @SuppressWarnings("unchecked") // an object of JSON
    Map<String, ?> members(String name) {
      return (Map<String, ?>) json.get(name);
    }

    String requestError() {
      return (String) ((Map<?, ?>) json.get("request_error")).get("error");
    }

    boolean isRoot() {
      return texts("policies").contains("root");
    }

    /** Returns the texts of the policies by name, without names that nobody has written. */
    List<Map.Entry<String, String>> policies() {
      return texts("policies").stream()
          .filter(name -> textOf(name) != null)
          .map(name -> Map.entry(name, textOf(name)))
          .toList();
    }

    private static String textOf(String name) {
      return switch (name) {
        case "default" -> BuiltInPolicies.DEFAULT;
        case "response-wrapping" -> RESPONSE_WRAPPING;
        default -> (String) ((Map<?, ?>) DOCUMENT.get("policies")).get(name);
      };
    }

    boolean needsWhatIsNotYet() {
      return policies().stream().anyMatch(policy -> AclCases.needsWhatIsNotYet(policy.getValue()));
    }

    Acl acl() {
      return isRoot()
          ? Acl.ROOT
          : Acl.of(
              policies().stream()
                  .map(policy -> ParsedPolicy.parse(policy.getKey(), policy.getValue(), NOW))
                  .toList(),
              NOW);
    }

    @Override
    public String toString() {
      return text("id");
    }
  }
}
