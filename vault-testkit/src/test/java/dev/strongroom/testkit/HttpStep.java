package dev.strongroom.testkit;

import dev.strongroom.http.HttpCall;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.request.Payload;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request of a {@link HttpScenario}, and what is expected of its answer. */
final class HttpStep {
  /** The fields that are understood. */
  static final Set<String> FIELDS = Set.of(
      "method",
      "path",
      "headers",
      "body",
      "raw_body",
      "status",
      "expect",
      "expect_headers",
      "errors_contain",
      "capture",
      "sleep_ms_before",
      "retry_while",
      "eventually_ms",
      "also");

  private final int number;
  private final Map<?, ?> json;

  private HttpStep(int number, Map<?, ?> json) {
    this.number = number;
    this.json = json;
  }

  static HttpStep of(int number, Map<?, ?> json) {
    if (!FIELDS.containsAll(json.keySet())) {
      throw new IllegalArgumentException(
          "step " + number + " has unknown fields: " + json.keySet());
    }
    return new HttpStep(number, json);
  }

  Duration pause() {
    return millis("sleep_ms_before").orElse(Duration.ZERO);
  }

  /** Returns how long other answers than the one expected will do; negative if they will not. */
  Duration patience() {
    return millis("eventually_ms").orElse(Duration.ofMillis(-1));
  }

  private Optional<Duration> millis(String field) {
    return json.get(field) instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }

  Map<String, String> captures() {
    Map<String, String> captures = new LinkedHashMap<>();
    members(json, "capture").forEach((name, path) -> captures.put(name, (String) path));
    return captures;
  }

  /** Sends this step, with {@code root} as its token unless it has another one, or none. */
  HttpAnswer send(VaultHttpHandler handler, @Nullable Object root) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (Set.of("POST", "PUT").contains(text("method"))) {
      headers.put("Content-Type", List.of("application/json"));
    }
    if (root != null) {
      headers.put("X-Vault-Token", List.of(root.toString()));
    }
    members(json, "headers").forEach((name, value) -> {
      headers.remove(name);
      if (value != null) {
        headers.put(name, List.of(value.toString()));
      }
    });
    return HttpAnswer.of(handler.handle(new Sent(text("method"), target(), headers, body())));
  }

  private byte[] body() {
    Object raw = json.get("raw_body");
    if (raw != null) {
      return raw.toString().getBytes(StandardCharsets.UTF_8);
    }
    return json.containsKey("body") ? Payload.of(members(json, "body")).toJson() : new byte[0];
  }

  /** Returns what the answer has other than it is expected; empty if it will do. */
  Optional<String> firstDifference(HttpAnswer answer) {
    List<Map<?, ?>> all = new ArrayList<>(List.of(json));
    if (json.get("also") instanceof List<?> others) {
      others.forEach(other -> all.add((Map<?, ?>) other));
    }
    Optional<String> first = difference(json, answer);
    return all.stream().anyMatch(expected -> difference(expected, answer).isEmpty())
        ? Optional.empty()
        : first;
  }

  private static Optional<String> difference(Map<?, ?> expected, HttpAnswer answer) {
    List<?> statuses = expected.get("status") instanceof List<?> several
        ? several
        : List.of(expected.get("status"));
    if (statuses.stream()
        .noneMatch(status -> ((Number) status).intValue() == answer.answer().status())) {
      return Optional.of("status " + statuses);
    }
    for (Map.Entry<String, @Nullable Object> each : members(expected, "expect").entrySet()) {
      if (!fits(answer, each.getKey(), each.getValue())) {
        return Optional.of(each.getKey() + " = " + each.getValue());
      }
    }
    for (Map.Entry<String, @Nullable Object> each :
        members(expected, "expect_headers").entrySet()) {
      if (!headerFits(answer, each.getKey(), each.getValue())) {
        return Optional.of("header " + each.getKey() + " = " + each.getValue());
      }
    }
    Object needle = expected.get("errors_contain");
    boolean found = needle == null
        || answer.answer().errors().stream().anyMatch(error -> error.contains(needle.toString()));
    return found ? Optional.empty() : Optional.of("an error with " + needle);
  }

  private static boolean fits(HttpAnswer answer, String path, @Nullable Object expected) {
    if (path.equals("$body")) {
      return answer.body().isEmpty();
    }
    return (path.equals("errors") && expected instanceof List<?>)
        ? expected.equals(answer.answer().errors()) && answer.answer().has("errors")
        : Matcher.matches(answer.answer(), path, expected);
  }

  private static boolean headerFits(HttpAnswer answer, String name, @Nullable Object expected) {
    Map<String, Object> all = new LinkedHashMap<>(answer.headers());
    return Matcher.matches(new Answer(answer.answer().status(), all), name, expected);
  }

  /** Returns the target; a path that is not of the API begins with a slash. */
  private String target() {
    return text("path").startsWith("/") ? text("path") : "/v1/" + text("path");
  }

  private String text(String field) {
    return (String) json.get(field);
  }

  private static Map<String, @Nullable Object> members(Map<?, ?> of, String field) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (of.get(field) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> members.put((String) name, value));
    }
    return members;
  }

  @Override
  public String toString() {
    return number + ": " + text("method") + " " + text("path");
  }

  /** The step on its way. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sent(String method, String target, Map<String, List<String>> headers, byte[] bytes)
      implements HttpCall {
    @Override
    public List<String> header(String name) {
      return headers.getOrDefault(name, List.of());
    }

    @Override
    public Set<String> headerNames() {
      return headers.keySet();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public InetSocketAddress remote() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
    }
  }
}
