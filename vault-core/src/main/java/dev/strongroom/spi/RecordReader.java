package dev.strongroom.spi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what {@link RecordWriter} wrote, trusting nothing: a field that does not fit what is there
 * is a {@link CorruptRecord}. For one thread.
 */
public final class RecordReader {
  private final byte[] bytes;
  private int position;

  /**
   * The bytes are not a record of the expected kind. Whoever knows the kind turns it into a
   * {@link StorageException}.
   */
  public static final class CorruptRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptRecord(String message) {
      super(message);
    }
  }

  /** Reads from {@code bytes}, which are not copied. */
  public RecordReader(byte[] bytes) {
    this.bytes = bytes;
  }

  public int u8() {
    require(1);
    return bytes[position++] & 0xff;
  }

  public int i32() {
    return (u8() << 24) | (u8() << 16) | (u8() << 8) | u8();
  }

  public long i64() {
    return ((long) i32() << 32) | (i32() & 0xffffffffL);
  }

  public boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new CorruptRecord("a flag is 0 or 1");
    }
    return value == 1;
  }

  public byte[] bytes() {
    return fixed(i32());
  }

  public byte[] fixed(int length) {
    require(length);
    byte[] value = new byte[length];
    System.arraycopy(bytes, position, value, 0, length);
    position += length;
    return value;
  }

  public String text() {
    int length = i32();
    require(length);
    try {
      String value = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, position, length))
          .toString();
      position += length;
      return value;
    } catch (CharacterCodingException e) {
      throw new CorruptRecord("text is not UTF-8");
    }
  }

  public Instant instant() {
    try {
      return Instant.ofEpochSecond(i64(), i32());
    } catch (DateTimeException | ArithmeticException e) {
      throw new CorruptRecord("a moment is out of range");
    }
  }

  public <T> Optional<T> optional(Function<RecordReader, T> read) {
    return flag() ? Optional.of(read.apply(this)) : Optional.empty();
  }

  public <T> List<T> all(Function<RecordReader, T> read) {
    int size = i32();
    require(size); // every element takes at least a byte
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(read.apply(this));
    }
    return List.copyOf(values);
  }

  public Map<String, String> texts() {
    int size = i32();
    require(size);
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      if (values.put(text(), text()) != null) {
        throw new CorruptRecord("a name is there twice");
      }
    }
    return Map.copyOf(values);
  }

  /** Reads the number a format begins with. */
  public void format(int expected) {
    int found = u8();
    if (found != expected) {
      throw new CorruptRecord("format " + found + " is not known");
    }
  }

  /** Checks that nothing is left. */
  public void end() {
    if (position != bytes.length) {
      throw new CorruptRecord("something follows the record");
    }
  }

  private void require(int length) {
    if (length < 0 || length > bytes.length - position) {
      throw new CorruptRecord("the record is too short");
    }
  }
}
