package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and values that people attach to a key. Same limits and texts as OpenBao v2.6.2
 * {@code builtin/logical/kv/path_metadata.go}.
 */
final class CustomMetadata {
  private static final int MAX_ENTRIES = 64;
  private static final int MAX_NAME_BYTES = 128;
  private static final int MAX_VALUE_BYTES = 512;
  private static final String FAILED = "custom_metadata validation failed: ";

  private CustomMetadata() {}

  /**
   * Checks all entries and makes texts of numbers and booleans.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} that names everything wrong
   */
  static Map<String, String> parse(Map<String, ?> members) {
    if (members.size() > MAX_ENTRIES) {
      throw refused(
          "payload must contain at most " + MAX_ENTRIES + " keys, provided " + members.size());
    }
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    members.forEach((name, value) -> {
      String text = text(value);
      texts.put(name, text);
      check(name, text, wrong);
    });
    if (!wrong.isEmpty()) {
      throw refused(String.join("; " + FAILED, wrong));
    }
    return texts;
  }

  /** Returns what an answer shows: null for no entries. */
  static @Nullable Map<String, String> orNull(Map<String, String> entries) {
    return entries.isEmpty() ? null : entries;
  }

  static Map<String, Object> withoutNulls(Map<String, @Nullable Object> members) {
    Map<String, Object> present = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      if (value != null) {
        present.put(name, value);
      }
    });
    return present;
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Boolean flag) {
      return flag ? "1" : "0";
    }
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw refused("values must be strings");
  }

  private static void check(String name, String value, List<String> wrong) {
    int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
    int valueBytes = value.getBytes(StandardCharsets.UTF_8).length;
    String quoted = '"' + escaped(name) + '"';
    if (nameBytes == 0 || nameBytes > MAX_NAME_BYTES) {
      wrong.add("length of key " + quoted + " is " + nameBytes + " but must be 0 < len(key) <= "
          + MAX_NAME_BYTES);
    }
    if (valueBytes == 0 || valueBytes > MAX_VALUE_BYTES) {
      wrong.add("length of value for key " + quoted + " is " + valueBytes
          + " but must be 0 < len(value) <= " + MAX_VALUE_BYTES);
    }
    if (!VaultPath.isPrintable(name)) {
      wrong.add("key " + quoted + " (" + escaped(name) + ") contains unprintable characters");
    }
    if (!VaultPath.isPrintable(value)) {
      wrong.add("value for key " + quoted + " contains unprintable characters");
    }
  }

  /** Writes text as Go {@code strconv.Quote} does, so that nothing unprintable reaches a log. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints().forEach(c -> {
      if (c == '"' || c == '\\') {
        escaped.append('\\').appendCodePoint(c);
      } else if (VaultPath.isPrintable(Character.toString(c))) {
        escaped.appendCodePoint(c);
      } else {
        escaped.append(unprintable(c));
      }
    });
    return escaped.toString();
  }

  private static String unprintable(int c) {
    return switch (c) {
      case 0x07 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0x0b -> "\\v";
      default -> (c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c);
    };
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, FAILED + reason);
  }
}
