package dev.strongroom.http;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the body of a request: a JSON object whatever type it says it has, nothing, or a form where
 * it says so. Same as OpenBao v2.6.2 {@code http/logical.go}.
 */
final class RequestBody {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}");

  private final HttpLimits limits;

  RequestBody(HttpLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads the body as parameters.
   *
   * @throws Refusal with 413 or 415, or with 400 if it is not what it should be
   */
  Payload read(HttpCall call) {
    if (call.header("Content-Encoding").stream()
        .anyMatch(coding -> !coding.equalsIgnoreCase("identity"))) {
      throw Refusal.of(415, "request bodies must not be compressed");
    }
    byte[] bytes = bytes(call);
    try {
      return parse(bytes, mediaType(call));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Requires the type of a merge patch.
   *
   * @throws Refusal with 415, or 400 if there is no type
   */
  static void requireMergePatch(HttpCall call) {
    String type = mediaType(call);
    if (type.isEmpty()) {
      throw Refusal.of(400, "mime: no media type");
    }
    if (!MEDIA_TYPE.matcher(type).matches()) {
      throw Refusal.of(400, "mime: expected token after slash");
    }
    if (!type.equals(MERGE_PATCH)) {
      throw Refusal.of(415, "PATCH requires Content-Type of " + MERGE_PATCH + ", provided " + type);
    }
  }

  private Payload parse(byte[] bytes, String type) {
    if (bytes.length == 0) {
      return Payload.empty();
    }
    boolean structured = bytes[0] == '{' || bytes[0] == '[';
    if (type.equals(FORM) && !structured) {
      return form(bytes);
    }
    if (!structured && new String(bytes, StandardCharsets.ISO_8859_1).strip().equals("null")) {
      return Payload.empty();
    }
    requireFewStrings(bytes);
    try {
      return Payload.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "failed to decode JSON input: " + e.getMessage());
    }
  }

  private Payload form(byte[] bytes) {
    String[] pairs =
        new String(bytes, StandardCharsets.ISO_8859_1).split("&", limits.jsonStrings());
    if (2 * pairs.length > limits.jsonStrings()) {
      throw tooManyStrings();
    }
    Map<String, String> members = new LinkedHashMap<>();
    RequestTarget.pairs(pairs)
        .forEach((name, values) -> members.put(name, String.join(",", values)));
    return Payload.of(members);
  }

  /** Counts before anything is made of them. */
  private void requireFewStrings(byte[] json) {
    int strings = 0;
    boolean inside = false;
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\\' && inside) {
        i++;
      } else if (json[i] == '"') {
        inside = !inside;
        if (inside && ++strings > limits.jsonStrings()) {
          throw tooManyStrings();
        }
      }
    }
  }

  private static Refusal tooManyStrings() {
    return Refusal.of(
        400, "refused JSON input due to high complexity: exceeded maximum number of strings");
  }

  private byte[] bytes(HttpCall call) {
    try (InputStream in = call.body()) {
      byte[] bytes = in.readNBytes(limits.bodyBytes() + 1);
      if (bytes.length > limits.bodyBytes()) {
        throw Refusal.of(413, "http: request body too large");
      }
      return bytes;
    } catch (IOException e) {
      throw Refusal.of(400, "the request ended before its body");
    }
  }

  private static String mediaType(HttpCall call) {
    return call.header("Content-Type").stream()
        .findFirst()
        .map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }
}
