package dev.strongroom.internal.pipeline;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a declared parameter may be written as. Same conversions as OpenBao v2.6.2
 * {@code sdk/framework/field_data.go}, apart from arrays where objects are expected, which are
 * refused. Errors name what was expected, never the value.
 */
final class FieldConversion {
  private static final int MAX_ELEMENTS = 10_000;

  private FieldConversion() {}

  /**
   * Converts a value; null where it counts as not given or as nothing.
   *
   * @throws IllegalArgumentException if it cannot be converted
   */
  static @Nullable Object convert(FieldType type, @Nullable Object value) {
    return switch (type) {
      case TEXT -> value == null ? null : text(value);
      case INTEGER -> value == null ? Long.valueOf(0) : Long.valueOf(integer(value));
      case FLAG -> value == null ? Boolean.valueOf(false) : Boolean.valueOf(flag(value));
      case DURATION -> value == null ? null : duration(value);
      case OBJECT -> value == null ? null : object(value);
      case TEXTS -> value == null ? null : texts(value);
      case COMMA_TEXTS -> value == null ? null : commaTexts(value);
      case INTEGERS -> value == null ? null : integers(value);
      case PAIRS -> value == null ? null : pairs(value);
    };
  }

  private static String text(Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw new IllegalArgumentException("expected a string");
  }

  private static long integer(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Number || value instanceof String) {
      String text = value.toString();
      try {
        return text.isEmpty() ? 0 : parseInteger(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("expected an integer of 64 bits");
      }
    }
    throw new IllegalArgumentException("expected an integer");
  }

  private static long parseInteger(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    String sign = negative ? "-" : "";
    int radix = radix(digits);
    if (radix != 10) {
      digits = digits.substring(2);
    }
    if (!digits.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c))) {
      throw new NumberFormatException(); // parseLong takes a second sign, and digits of any script
    }
    return Long.parseLong(sign + digits, radix);
  }

  private static int radix(String digits) {
    String prefix = digits.length() < 2 ? "" : digits.substring(0, 2);
    return switch (prefix) {
      case "0x", "0X" -> 16;
      case "0o", "0O" -> 8;
      case "0b", "0B" -> 2;
      default -> 10;
    };
  }

  private static boolean flag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return switch (value instanceof String || value instanceof Number ? value.toString() : "?") {
      case "true", "True", "TRUE", "t", "T", "1" -> true;
      case "false", "False", "FALSE", "f", "F", "0", "" -> false;
      default -> throw new IllegalArgumentException("expected a boolean");
    };
  }

  private static Object duration(Object value) {
    if (value instanceof Number number && !isInteger(number)) {
      throw new IllegalArgumentException("expected a duration of whole seconds");
    }
    if (value instanceof String || value instanceof Number) {
      return DurationText.parseSeconds(value.toString());
    }
    throw new IllegalArgumentException("expected a duration");
  }

  private static boolean isInteger(Number number) {
    return number.toString().chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  @SuppressWarnings("unchecked") // maps inside a payload have string keys
  private static Payload object(Object value) {
    if (value instanceof Payload payload) {
      return payload;
    }
    if (value instanceof Map<?, ?> map) {
      return Payload.of((Map<String, ?>) map);
    }
    throw new IllegalArgumentException("expected an object");
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list
        ? few(list).stream().map(FieldConversion::element).toList()
        : List.of(text(value));
  }

  private static List<String> commaTexts(Object value) {
    List<String> all = value instanceof List<?> ? texts(value) : split(text(value));
    return all.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
  }

  /** Counts before it splits: what a text becomes takes many times its own memory. */
  private static List<String> split(String text) {
    requireFew(1 + text.chars().filter(c -> c == ',').count());
    return List.of(text.split(",", -1));
  }

  private static List<?> few(List<?> list) {
    requireFew(list.size());
    return list;
  }

  private static void requireFew(long elements) {
    if (elements > MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "expected at most " + MAX_ELEMENTS + " elements, not " + elements);
    }
  }

  private static String element(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("expected strings, not null");
    }
    return text(value);
  }

  private static List<Long> integers(Object value) {
    List<Long> all = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : few(list)) {
        if (!(element instanceof Number || element instanceof String)) {
          throw new IllegalArgumentException("expected integers");
        }
        all.add(integer(element));
      }
    } else if (value instanceof String text) {
      if (!text.isEmpty()) {
        for (String part : split(text)) {
          all.add(parseElement(part));
        }
      }
    } else if (value instanceof Number) {
      all.add(integer(value));
    } else {
      throw new IllegalArgumentException("expected integers");
    }
    return List.copyOf(all);
  }

  private static long parseElement(String part) {
    try {
      return parseInteger(part);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected integers with commas between them");
    }
  }

  private static Map<String, String> pairs(Object value) {
    Map<String, String> all = new LinkedHashMap<>();
    if (value instanceof Payload payload) {
      return pairs(payload.toMap());
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> all.put((String) name, element(member)));
      return all;
    }
    if (value instanceof List<?> list) {
      for (Object element : list) {
        String pair = element(element);
        int equals = pair.indexOf('=');
        if (equals < 0) {
          throw new IllegalArgumentException("expected name=value");
        }
        all.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
      return all;
    }
    throw new IllegalArgumentException("expected an object with string values");
  }
}
