package dev.strongroom.kv;

import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A mount's storage without a vault, for properties that take thousands of steps: encoded records
 * by kind, place and name. What is to go later goes at once.
 */
final class MapStorage implements Storage {
  private final TreeMap<String, byte[]> rows = new TreeMap<>();

  @Override
  public <T> Optional<T> get(StorageKey<T> key) {
    return Optional.ofNullable(rows.get(name(key))).map(bytes -> decode(key.kind(), bytes));
  }

  @Override
  public <T> void put(StorageKey<T> key, T value) {
    rows.put(name(key), encode(key.kind(), value));
  }

  @Override
  public void delete(StorageKey<?> key) {
    rows.remove(name(key));
  }

  @Override
  public void deleteLater(RecordKind<?> kind, String owner, String from, String to) {
    String place = kind.name() + ' ' + owner + ' ';
    rows.subMap(place + from, true, place + to, true).clear();
  }

  @Override
  public List<String> list(RecordKind<?> kind, String folder) {
    throw new UnsupportedOperationException("no property lists");
  }

  @Override
  public List<String> someNames(RecordKind<?> kind, String folder, int max) {
    throw new UnsupportedOperationException("no property lists");
  }

  /** Returns how many records of a kind there are. */
  int count(RecordKind<?> kind) {
    return rows.subMap(kind.name() + ' ', kind.name() + '!').size();
  }

  /** Returns how many bytes the largest record of a kind takes. */
  int largest(RecordKind<?> kind) {
    Map<String, byte[]> ofKind = rows.subMap(kind.name() + ' ', kind.name() + '!');
    return ofKind.values().stream().mapToInt(bytes -> bytes.length).max().orElse(0);
  }

  private static String name(StorageKey<?> key) {
    return key.kind().name() + ' ' + key.parent() + ' ' + key.name();
  }

  private static <T> byte[] encode(RecordKind<T> kind, T value) {
    try (RecordWriter out = new RecordWriter()) {
      kind.codec()
          .ifPresentOrElse(codec -> codec.write(value, out), () -> out.fixed((byte[]) value));
      return out.toBytes();
    }
  }

  @SuppressWarnings("unchecked") // a kind without a codec is one of bytes
  private static <T> T decode(RecordKind<T> kind, byte[] bytes) {
    if (kind.codec().isEmpty()) {
      return (T) bytes.clone();
    }
    RecordReader in = new RecordReader(bytes);
    T value = kind.codec().get().read(in);
    in.end();
    return value;
  }
}
