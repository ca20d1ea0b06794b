package dev.strongroom.request;

import dev.strongroom.internal.json.HeapEstimate;
import dev.strongroom.internal.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: the parameters of a request, the data of a response, the content of a secret.
 * Immutable; members may be null, which JSON merge patch needs. Text that came out of the store is
 * parsed when somebody asks for a member, and handed on as it is when nobody does, so that every
 * number keeps its digits. Never printed: a payload may be a secret. Thread-safe.
 *
 * <p>Limits, for text and for maps: 64 levels, names of 1,024 characters, numbers of 100 characters
 * within the range of a 64-bit float, 32 MiB of text and about as much memory, no lone surrogates,
 * no duplicate names.
 */
public final class Payload {
  private static final Payload EMPTY = new Payload(Map.of(), null, null);

  // Computed at the first need; a race computes it twice, to the same end.
  private volatile @Nullable Map<String, @Nullable Object> members;
  private final byte @Nullable [] json;
  private final @Nullable Supplier<Map<String, ?>> source;

  private Payload(
      @Nullable Map<String, @Nullable Object> members,
      byte @Nullable [] json,
      @Nullable Supplier<Map<String, ?>> source) {
    this.members = members;
    this.json = json;
    this.source = source;
  }

  public static Payload empty() {
    return EMPTY;
  }

  /**
   * Copies {@code members}, all the way down. Values are {@code String}, {@code Boolean},
   * {@code Number}, {@code Payload}, maps with {@code String} keys, collections, and null.
   *
   * @throws IllegalArgumentException for another type, or beyond the limits above; the message
   *     names no value
   */
  public static Payload of(Map<String, ?> members) {
    return members.isEmpty() ? EMPTY : new Payload(copyOf(members), null, null);
  }

  /**
   * Reads JSON from outside.
   *
   * @param utf8 copied
   * @throws IllegalArgumentException if it is not one JSON object within the limits above
   */
  public static Payload parse(byte[] utf8) {
    return new Payload(Json.parse(utf8), null, null);
  }

  /** As {@link #parse(byte[])}. */
  public static Payload parse(String text) {
    return new Payload(Json.parse(text), null, null);
  }

  /**
   * Takes over JSON that is known to be one object, because it was a payload before it was stored.
   *
   * @param utf8 taken over: nobody may change it
   */
  public static Payload ofStored(byte[] utf8) {
    return new Payload(null, utf8, null);
  }

  /**
   * A payload whose members are computed when somebody asks for one; {@code source} must be free of
   * side effects.
   */
  public static Payload lazy(Supplier<Map<String, ?>> source) {
    return new Payload(null, null, Objects.requireNonNull(source, "source"));
  }

  public boolean isEmpty() {
    return members().isEmpty();
  }

  /** Returns whether a member of that name is there, null or not. */
  public boolean has(String name) {
    return members().containsKey(name);
  }

  /**
   * Returns a member, empty when it is missing or null. An object comes as {@code Payload} or
   * {@code Map}.
   */
  public Optional<Object> get(String name) {
    return Optional.ofNullable(members().get(name));
  }

  /**
   * Returns a string member, or the literal of a number or boolean; empty when it is missing, null
   * or something else.
   */
  public Optional<String> text(String name) {
    Object value = members().get(name);
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? Optional.of(value.toString())
        : Optional.empty();
  }

  public Optional<Number> number(String name) {
    return members().get(name) instanceof Number number ? Optional.of(number) : Optional.empty();
  }

  public Optional<Boolean> flag(String name) {
    return members().get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  /** Returns a member that is an object, as it is: stored text stays unparsed. */
  public Optional<Payload> object(String name) {
    Object value = members().get(name);
    if (value instanceof Payload payload) {
      return Optional.of(payload);
    }
    return value instanceof Map<?, ?> map
        ? Optional.of(new Payload(asObject(map), null, null))
        : Optional.empty();
  }

  /** Returns the strings of an array member; empty when it is missing or not an array. */
  public List<String> texts(String name) {
    return members().get(name) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /**
   * Returns a member that is an object as names and texts, a null as {@code null}; empty when it is
   * missing or not an object.
   */
  public Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    object(name)
        .orElse(EMPTY)
        .toMap()
        .forEach((String key, @Nullable Object value) -> pairs.put(key, String.valueOf(value)));
    return Collections.unmodifiableMap(pairs);
  }

  /**
   * Returns all members in their order, nested ones as maps and lists, all unmodifiable. A number
   * is an {@code Integer}, {@code Long}, {@code BigInteger}, {@code BigDecimal}, or another
   * {@code Number} where none of these prints the literal again.
   */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> current = members();
    return holdsPayload(current) ? resolved(current) : current;
  }

  private static boolean holdsPayload(Map<String, @Nullable Object> members) {
    for (Object value : members.values()) {
      if (value instanceof Payload) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, @Nullable Object> resolved(Map<String, @Nullable Object> members) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> plain.put(name, value instanceof Payload nested ? nested.toMap() : value));
    return Collections.unmodifiableMap(plain);
  }

  /** Returns this object as UTF-8 JSON; the copy is the caller's, to wipe where it is a secret. */
  public byte[] toJson() {
    byte[] text = json;
    return text != null ? text.clone() : Json.write(writable(members()));
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> current = members;
    if (current == null) {
      byte[] text = json;
      current = text != null
          ? Json.parse(text)
          : copyOf(Objects.requireNonNull(source).get());
      members = current;
    }
    return current;
  }

  private static Map<String, ?> writable(Map<String, @Nullable Object> members) {
    if (!holdsPayload(members)) {
      return members;
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> result.put(name, value instanceof Payload nested ? nested.raw() : value));
    return result;
  }

  private Object raw() {
    byte[] text = json;
    return text != null ? Json.raw(text) : writable(members());
  }

  private static Map<String, @Nullable Object> copyOf(Map<?, ?> members) {
    return copyObject(members, 1, new HeapEstimate());
  }

  private static Map<String, @Nullable Object> copyObject(
      Map<?, ?> members, int depth, HeapEstimate heap) {
    requireDepth(depth);
    heap.addObject();
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      if (!(name instanceof String text)) {
        throw new IllegalArgumentException("names in JSON objects are strings");
      }
      copy.put(Json.requireName(text, heap), copyValue(value, depth, heap));
    });
    return Collections.unmodifiableMap(copy);
  }

  private static List<@Nullable Object> copyArray(
      Iterable<?> elements, int depth, HeapEstimate heap) {
    requireDepth(depth);
    heap.addArray();
    List<@Nullable Object> copy = new ArrayList<>();
    elements.forEach(element -> copy.add(copyValue(element, depth, heap)));
    return Collections.unmodifiableList(copy);
  }

  /** Copies what lies in an object or array that is {@code depth} levels deep. */
  private static @Nullable Object copyValue(@Nullable Object value, int depth, HeapEstimate heap) {
    if (value == null || value instanceof Boolean) {
      heap.addConstant();
      return value;
    }
    if (value instanceof String text) {
      return Json.requireText(text, heap);
    }
    if (value instanceof Number number) {
      return Json.requireNumber(number, heap);
    }
    if (value instanceof Payload payload) {
      // What is not parsed yet stays so, at the top level; deeper it would need a search whenever
      // a map is handed out. Everything else is copied, so that its levels count.
      return depth == 1 && payload.isUnparsed()
          ? payload
          : copyObject(payload.members(), depth + 1, heap);
    }
    if (value instanceof Map<?, ?> map) {
      return copyObject(map, depth + 1, heap);
    }
    if (value instanceof Iterable<?> elements) {
      return copyArray(elements, depth + 1, heap);
    }
    throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
  }

  private static void requireDepth(int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw new IllegalArgumentException("JSON is at most " + Json.MAX_DEPTH + " levels deep");
    }
  }

  private boolean isUnparsed() {
    return json != null || members == null;
  }

  @SuppressWarnings(
      "unchecked") // every map inside a payload was made by copyObject or Json, with string keys
  private static Map<String, @Nullable Object> asObject(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }

  @Override
  public String toString() {
    return "Payload[redacted]";
  }
}
