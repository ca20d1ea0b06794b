package dev.strongroom.http;

import dev.strongroom.request.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@link HostPath}: names in any case, each with one type, null as if it were not
 * there, none twice. Unknown names are ignored. As Go's decoder fills a struct, which OpenBao
 * v2.6.2 does there.
 */
final class StructBody {
  private final Map<String, Object> members = new HashMap<>();

  StructBody(Payload body) {
    body.toMap().forEach((String name, @Nullable Object value) -> {
      if (value != null) {
        if (members.put(name.toLowerCase(Locale.ROOT), value) != null) {
          throw Refusal.of(400, "failed to decode JSON input: duplicate name in a JSON object");
        }
      }
    });
  }

  /** Returns a string; empty if it is missing. */
  String text(String name) {
    return member(name, String.class, "a string").orElse("");
  }

  boolean flag(String name) {
    return member(name, Boolean.class, "a boolean").orElse(false);
  }

  /** Returns an integer; 0 if it is missing. */
  int integer(String name) {
    Optional<Number> number = member(name, Number.class, "an integer");
    try {
      return number.map(n -> Integer.parseInt(n.toString())).orElse(0);
    } catch (NumberFormatException e) {
      throw wrongType(name, "an integer of 32 bits");
    }
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /** Returns whether a list with something in it is there. */
  boolean hasList(String name) {
    return !member(name, List.class, "a list").orElse(List.of()).isEmpty();
  }

  private <T> Optional<T> member(String name, Class<T> type, String expected) {
    Object value = members.get(name);
    if (value != null && !type.isInstance(value)) {
      throw wrongType(name, expected);
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  private static Refusal wrongType(String name, String expected) {
    return Refusal.of(400, "failed to decode JSON input: \"" + name + "\" must be " + expected);
  }
}
