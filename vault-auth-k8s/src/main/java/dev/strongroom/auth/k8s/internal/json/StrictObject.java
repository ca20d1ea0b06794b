package dev.strongroom.auth.k8s.internal.json;

import dev.strongroom.request.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of somebody who may lie: a member of another type than it should have is not looked
 * over. Null is no member. Every method throws {@link IllegalArgumentException} for another type.
 */
public record StrictObject(Payload members) {
  private static final StrictObject EMPTY = new StrictObject(Payload.empty());

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static StrictObject parse(byte[] json) {
    return new StrictObject(Payload.parse(json));
  }

  /** Returns a text; empty where there is no such member. */
  public String text(String name) {
    @Nullable Object value = value(name);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is no text");
  }

  /** Returns a list of texts; empty where there is no such member. */
  public List<String> texts(String name) {
    @Nullable Object value = value(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException(name + " is no list of texts");
  }

  /** Returns a flag; false where there is no such member. */
  public boolean flag(String name) {
    @Nullable Object value = value(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw new IllegalArgumentException(name + " is no boolean");
  }

  /** Returns an object; empty where there is no such member. */
  public Optional<StrictObject> object(String name) {
    @Nullable Object value = value(name);
    if (value == null || value instanceof Payload || value instanceof Map) {
      return members.object(name).map(StrictObject::new);
    }
    throw new IllegalArgumentException(name + " is no object");
  }

  /** Returns an object; one without members where there is no such member. */
  public StrictObject objectOrEmpty(String name) {
    return object(name).orElse(EMPTY);
  }

  private @Nullable Object value(String name) {
    return members.get(name).orElse(null);
  }
}
