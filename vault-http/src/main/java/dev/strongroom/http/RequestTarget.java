package dev.strongroom.http;

import dev.strongroom.request.VaultPath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What follows the method in a request line, decoded once and checked: nothing is cleaned, what is
 * not canonical is refused, so that every part of the vault sees the one spelling of a path.
 *
 * @param path behind {@code /v1/}
 * @param query parameters in their order; one that is repeated has several values
 */
record RequestTarget(VaultPath path, Map<String, List<String>> query) {
  private static final String API = "/v1/";

  /**
   * Reads a target.
   *
   * @throws Refusal with 404 for what is not part of the API, 414 if it is too long, otherwise 400
   */
  static RequestTarget parse(String target, HttpLimits limits) {
    if (target.length() > limits.targetBytes()) {
      throw Refusal.of(414, "the path and query of a request are too long");
    }
    String local = withoutHost(target);
    int question = local.indexOf('?');
    String rawPath = question < 0 ? local : local.substring(0, question);
    if (!rawPath.startsWith(API)) {
      throw Refusal.silent(404);
    }
    String rawQuery = question < 0 ? "" : local.substring(question + 1);
    return new RequestTarget(path(rawPath.substring(API.length())), query(rawQuery, limits));
  }

  /** Returns the first value of a parameter; null if there is none, or an empty one. */
  @Nullable
  String first(String name) {
    List<String> values = query.get(name);
    return values == null || values.get(0).isEmpty() ? null : values.get(0);
  }

  /** RFC 9112, section 3.2.2: a server accepts the absolute form, too. */
  private static String withoutHost(String target) {
    for (String scheme : List.of("http://", "https://")) {
      if (target.startsWith(scheme)) {
        int slash = target.indexOf('/', scheme.length());
        return slash < 0 ? "/" : target.substring(slash);
      }
    }
    return target;
  }

  private static VaultPath path(String raw) {
    if (raw.startsWith("/")) {
      throw Refusal.of(400, "paths must not contain empty segments");
    }
    if (raw.indexOf(';') >= 0 || raw.indexOf('#') >= 0) {
      throw Refusal.of(400, "paths must not contain ';' or '#'");
    }
    String decoded = raw.indexOf('%') < 0 ? ascii(raw) : decode(raw, /* form= */ false);
    if (decoded.indexOf('\\') >= 0) {
      throw Refusal.of(400, "paths must not contain a backslash");
    }
    try {
      return VaultPath.parse(decoded);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, List<String>> query(String raw, HttpLimits limits) {
    if (raw.isEmpty()) {
      return Map.of();
    }
    String[] pairs = raw.split("&", -1);
    if (pairs.length > limits.queryParameters()) {
      throw Refusal.of(400, "a query has at most " + limits.queryParameters() + " parameters");
    }
    return pairs(pairs);
  }

  /** Reads what a form or a query has between its ampersands. */
  static Map<String, List<String>> pairs(String[] pairs) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : pairs) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters
          .computeIfAbsent(decode(name, /* form= */ true), key -> new ArrayList<>())
          .add(decode(value, /* form= */ true));
    }
    return parameters;
  }

  /**
   * Decodes once, to UTF-8.
   *
   * @param form whether a plus is a space, and an encoded slash is a character as others
   */
  private static String decode(String raw, boolean form) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c > '~' || c <= ' ') {
        throw notAscii();
      }
      if (c == '%') {
        bytes[length++] = (byte) hex(raw, i + 1, form);
        i += 2;
      } else {
        bytes[length++] = (byte) (c == '+' && form ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw Refusal.of(400, "paths and queries must be UTF-8");
    }
  }

  private static int hex(String raw, int at, boolean form) {
    if (at + 2 > raw.length()
        || !HexFormat.isHexDigit(raw.charAt(at))
        || !HexFormat.isHexDigit(raw.charAt(at + 1))) {
      throw Refusal.of(400, "a percent sign needs two hexadecimal digits");
    }
    int value = HexFormat.fromHexDigits(raw, at, at + 2);
    if (value == '/' && !form) {
      throw Refusal.of(400, "paths must not contain encoded slashes");
    }
    return value;
  }

  private static String ascii(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) > '~' || raw.charAt(i) <= ' ') {
        throw notAscii();
      }
    }
    return raw;
  }

  private static Refusal notAscii() {
    return Refusal.of(400, "paths and queries consist of ASCII characters, others percent-encoded");
  }
}
