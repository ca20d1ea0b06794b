package dev.strongroom.testkit;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.DurationText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request of a {@link Scenario}, and what is expected of its answer. */
final class Step {
  /**
   * The fields that are understood. {@code retry_while} and {@code eventually_ms} need nothing
   * here: time moves before each step, and the work behind the requests is done then.
   */
  static final Set<String> FIELDS = Set.of(
      "method",
      "path",
      "headers",
      "body",
      "raw_body",
      "status",
      "expect",
      "errors_contain",
      "capture",
      "sleep_ms_before",
      "retry_while",
      "eventually_ms",
      "also");

  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final Set<?> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

  private final int number;
  private final Map<?, ?> json;

  Step(int number, Map<?, ?> json) {
    this.number = number;
    this.json = json;
  }

  /** Why a step never reaches a vault: whoever puts it behind HTTP answers it alone. */
  enum LeftOut {
    /** The body is no JSON object, so there is no payload to be made. Answered with 400. */
    NO_OBJECT(400),
    /** A patch in another media type than that of a merge patch. Answered with 415. */
    MEDIA_TYPE(415),
    /** A wrap TTL that is no duration, or none a vault knows. Answered with 400. */
    WRAP_TTL(400);

    final int status;

    LeftOut(int status) {
      this.status = status;
    }
  }

  /** Returns why this step is left out; empty if it runs. */
  Optional<LeftOut> leftOut() {
    if (method().equals("PATCH")
        && !String.valueOf(members("headers").get("Content-Type")).startsWith(MERGE_PATCH)) {
      return Optional.of(LeftOut.MEDIA_TYPE);
    }
    try {
      wrapTtl();
    } catch (IllegalArgumentException e) {
      return Optional.of(LeftOut.WRAP_TTL);
    }
    try {
      body();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(LeftOut.NO_OBJECT);
    }
  }

  /** Returns how long the answer is to stay wrapped; empty without the header, and for zero. */
  private Optional<Duration> wrapTtl() {
    return Optional.ofNullable((String) members("headers").get("X-Vault-Wrap-TTL"))
        .map(DurationText::parseSeconds)
        .filter(ttl -> !ttl.isZero());
  }

  Step filledWith(Map<String, Object> variables) {
    return new Step(number, (Map<?, ?>) Scenario.fill(json, variables));
  }

  /** Returns this step with what is expected replaced. */
  Step expecting(Map<String, ?> expectations) {
    Map<Object, @Nullable Object> changed = new LinkedHashMap<>(json);
    changed.keySet().removeAll(Set.of("status", "expect", "errors_contain"));
    changed.putAll(expectations);
    return new Step(number, changed);
  }

  private Step expectingInstead(Map<?, ?> expectations) {
    Map<String, Object> named = new LinkedHashMap<>();
    expectations.forEach((name, value) -> named.put(String.valueOf(name), value));
    return expecting(named);
  }

  Set<?> fields() {
    return json.keySet();
  }

  Duration pause() {
    return Duration.ofMillis(
        json.get("sleep_ms_before") instanceof Number pause ? pause.longValue() : 0);
  }

  /** Returns the status expected, the first one where several will do. */
  int status() {
    return statuses().get(0);
  }

  List<Integer> statuses() {
    Object expected = json.get("status");
    return expected instanceof List<?> several
        ? several.stream().map(each -> ((Number) each).intValue()).toList()
        : List.of(((Number) expected).intValue());
  }

  /** Returns this step with what is expected by each of the answers that will do. */
  List<Step> alternatives() {
    List<Step> all = new ArrayList<>(List.of(this));
    if (json.get("also") instanceof List<?> others) {
      others.forEach(other -> all.add(expectingInstead((Map<?, ?>) other)));
    }
    return all;
  }

  /** Returns this step without what is expected at some paths in the answer. */
  Step notExpecting(Set<String> paths) {
    Map<String, @Nullable Object> left = expectations();
    left.keySet().removeAll(paths);
    Map<Object, @Nullable Object> changed = new LinkedHashMap<>(json);
    changed.put("expect", left);
    return new Step(number, changed);
  }

  int number() {
    return number;
  }

  Optional<String> errorText() {
    return Optional.ofNullable((String) json.get("errors_contain"));
  }

  /** Returns what is expected, by paths in the answer. */
  Map<String, @Nullable Object> expectations() {
    return members("expect");
  }

  /** Returns paths in the answer by the names of variables that keep what is there. */
  Map<String, String> captures() {
    Map<String, String> captures = new HashMap<>();
    members("capture").forEach((name, path) -> captures.put(name, (String) path));
    return captures;
  }

  /** Returns the token the step brings; empty for root, and for none. */
  Optional<String> token() {
    return Optional.ofNullable((String) members("headers").get("X-Vault-Token"));
  }

  /** Returns whether the step brings no token, not even that of root: it is null in the file. */
  boolean hasNoToken() {
    return members("headers").containsKey("X-Vault-Token") && token().isEmpty();
  }

  /**
   * Returns the request.
   *
   * @throws IllegalArgumentException if a server would refuse it before routing
   */
  Request request() {
    String[] target = path().split("\\?", 2);
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    if (Set.of("POST", "PUT", "PATCH").contains(method())) {
      parameters.putAll(body());
    } else if (target.length == 2) {
      for (String pair : target[1].split("&")) {
        String[] parts = pair.split("=", 2);
        parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    String path = URLDecoder.decode(target[0].replace("+", "%2B"), StandardCharsets.UTF_8);
    Request request =
        Request.of(operation(parameters), VaultPath.parse(path), Payload.of(parameters));
    return wrapTtl().map(request::wrapped).orElse(request);
  }

  private Operation operation(Map<String, @Nullable Object> parameters) {
    return switch (method()) {
      case "GET" ->
        takeFlag(parameters, "list")
            ? Operation.LIST
            : takeFlag(parameters, "scan") ? Operation.SCAN : Operation.READ;
      case "POST", "PUT" -> Operation.UPDATE;
      default -> Operation.valueOf(method());
    };
  }

  /** Returns whether a flag is set, which is no parameter then. */
  private static boolean takeFlag(Map<String, @Nullable Object> parameters, String name) {
    boolean set = TRUE.contains(String.valueOf(parameters.get(name)));
    if (set) {
      parameters.remove(name);
    }
    return set;
  }

  Map<String, @Nullable Object> body() {
    if (json.get("raw_body") instanceof String raw) {
      return raw.isEmpty() || raw.equals("null") ? Map.of() : Payload.parse(raw).toMap();
    }
    return members("body");
  }

  String method() {
    return (String) json.get("method");
  }

  /** Returns the path as it stands, with its parameters. */
  String path() {
    return (String) json.get("path");
  }

  private Map<String, @Nullable Object> members(String field) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (json.get(field) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> members.put((String) name, value));
    }
    return members;
  }

  @Override
  public String toString() {
    return number + ": " + method() + " " + path();
  }
}
