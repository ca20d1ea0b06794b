package dev.strongroom.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version to be written, and perhaps on which condition. Immutable; never printed. */
public final class KvWrite {
  private final Map<String, ?> data;
  private final @Nullable Integer expected;

  private KvWrite(Map<String, ?> data, @Nullable Integer expected) {
    this.data = data;
    this.expected = expected;
  }

  /** Writes in any case. Values as in {@link KvStore#put(String, Map)}, which are copied. */
  public static KvWrite of(Map<String, ?> data) {
    return new KvWrite(RecordMapper.toJson(data), null);
  }

  /**
   * Writes the components of a record in any case; an empty {@code Optional} is left out.
   *
   * @throws IllegalArgumentException if a component is null
   */
  public static KvWrite of(Record data) {
    return new KvWrite(RecordMapper.toJson(data), null);
  }

  /**
   * Writes only if the newest version has this number, deleted or not; 0: as {@link #ifAbsent}.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public KvWrite ifVersion(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("versions begin at 1, but got " + number);
    }
    return new KvWrite(data, number);
  }

  /**
   * Writes only if the key has never had a version, or none since its metadata was deleted. A
   * version that was deleted or destroyed counts: there {@link #ifVersion} is the condition.
   */
  public KvWrite ifAbsent() {
    return new KvWrite(data, 0);
  }

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("data", data);
    if (expected != null) {
      members.put("options", Map.of("cas", expected));
    }
    return members;
  }

  @Override
  public String toString() {
    return "KvWrite[redacted]";
  }
}
