package dev.strongroom.internal.policy;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code acl.json}. */
final class AclCases {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Map<?, ?> DOCUMENT = read();

  private static final List<String> CONSTRAINTS = List.of(
      "allowed_parameters",
      "denied_parameters",
      "required_parameters",
      "mfa_methods",
      "_wrapping_ttl",
      "pagination_limit",
      "list_scan_response_keys_filter_path");

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

  /** Returns whether a policy's text holds a template or a constraint. */
  static boolean needsWhatIsNotYet(String text) {
    return text.contains("{{") || CONSTRAINTS.stream().anyMatch(text::contains);
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
