package dev.strongroom.internal.policy;

import dev.strongroom.internal.identity.Alias;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.Group;
import dev.strongroom.internal.identity.Subject;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
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

    Acl acl() {
      return isRoot()
          ? Acl.ROOT
          : Acl.of(
              policies().stream()
                  .map(policy -> ParsedPolicy.parse(policy.getKey(), policy.getValue(), NOW)
                      .allowing(option("allow_slashes"), option("allow_wildcards")))
                  .toList(),
              values(),
              NOW);
    }

    private boolean option(String name) {
      return json.get("template_options") instanceof Map<?, ?> options
          && Boolean.TRUE.equals(options.get(name));
    }

    private TemplateValues values() {
      return json.get("entity") instanceof Map<?, ?> entity
          ? new Subject(entity(entity), objects(json, "groups").map(Case::group).toList())
          : TemplateValues.NONE;
    }

    private static Entity entity(Map<?, ?> json) {
      return new Entity(
          (String) json.get("id"),
          (String) json.get("name"),
          pairs(json),
          List.of(),
          false,
          objects(json, "aliases").map(Case::alias).toList(),
          NOW,
          NOW);
    }

    private static Alias alias(Map<?, ?> json) {
      return new Alias(
          (String) json.get("id"),
          (String) json.get("mount_accessor"),
          (String) json.get("name"),
          pairs(json),
          Map.of(),
          NOW,
          NOW);
    }

    private static Group group(Map<?, ?> json) {
      return new Group(
          (String) json.get("id"),
          (String) json.get("name"),
          pairs(json),
          List.of(),
          List.of(),
          1,
          NOW,
          NOW);
    }

    private static Stream<Map<?, ?>> objects(Map<?, ?> json, String name) {
      return json.get(name) instanceof List<?> list
          ? list.stream().map(element -> (Map<?, ?>) element)
          : Stream.empty();
    }

    private static Map<String, String> pairs(Map<?, ?> json) {
      Map<String, String> pairs = new HashMap<>();
      if (json.get("metadata") instanceof Map<?, ?> metadata) {
        metadata.forEach((name, value) -> pairs.put((String) name, (String) value));
      }
      return pairs;
    }

    @Override
    public String toString() {
      return text("id");
    }
  }
}
