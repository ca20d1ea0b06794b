package dev.strongroom.spi;

import dev.strongroom.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Writes the fields of a record one after the other: numbers big-endian, text and byte strings with
 * their length before them. For one thread.
 */
public final class RecordWriter implements AutoCloseable {
  private byte[] buffer = new byte[256];
  private int length;

  /** Begins an empty record. */
  public RecordWriter() {}

  public RecordWriter u8(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  public RecordWriter i32(int value) {
    return u8(value >>> 24).u8(value >>> 16).u8(value >>> 8).u8(value);
  }

  public RecordWriter i64(long value) {
    return i32((int) (value >>> 32)).i32((int) value);
  }

  public RecordWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  public RecordWriter bytes(byte[] value) {
    i32(value.length);
    return fixed(value);
  }

  /** Writes bytes whose number the reader knows. */
  public RecordWriter fixed(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
    return this;
  }

  /**
   * Writes text.
   *
   * @throws IllegalArgumentException if it has lone surrogates, which would come back as another
   *     text
   */
  public RecordWriter text(String value) {
    return bytes(Json.requireText(value).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes seconds and nanoseconds. */
  public RecordWriter instant(Instant value) {
    return i64(value.getEpochSecond()).i32(value.getNano());
  }

  public <T> RecordWriter optional(Optional<T> value, BiConsumer<RecordWriter, T> write) {
    flag(value.isPresent());
    value.ifPresent(present -> write.accept(this, present));
    return this;
  }

  public <T> RecordWriter all(Collection<T> values, BiConsumer<RecordWriter, T> write) {
    i32(values.size());
    values.forEach(value -> write.accept(this, value));
    return this;
  }

  public RecordWriter texts(Map<String, String> values) {
    return all(values.entrySet(), (out, entry) -> out.text(entry.getKey()).text(entry.getValue()));
  }

  /** Returns what was written, as a copy. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /** Wipes what was written. */
  @Override
  public void close() {
    Arrays.fill(buffer, (byte) 0);
    length = 0;
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      byte[] larger =
          Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(length, more)));
      Arrays.fill(buffer, (byte) 0);
      buffer = larger;
    }
  }
}
