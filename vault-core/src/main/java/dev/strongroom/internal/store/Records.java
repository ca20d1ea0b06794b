package dev.strongroom.internal.store;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.util.Arrays;

/** Records as bytes: by their codec, or as they are for a secret kind. */
final class Records {
  private static final int MAX_BYTES = 8 * 1024 * 1024;

  private Records() {}

  /** Encodes a record; the caller wipes the bytes. */
  static <T> byte[] encode(StorageKey<T> key, T value) {
    byte[] bytes = key.kind().codec().map(codec -> write(codec, value)).orElseGet(() -> ((byte[])
            value)
        .clone());
    if (bytes.length > MAX_BYTES) {
      Arrays.fill(bytes, (byte) 0);
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED,
          "a record takes at most " + MAX_BYTES + " bytes, but this one takes " + bytes.length);
    }
    return bytes;
  }

  /**
   * Decodes a record of a kind with a codec, and wipes the bytes.
   *
   * @throws StorageException if they are no such record; the message names the kind
   */
  static <T> T decode(StorageKey<T> key, byte[] bytes) {
    try {
      RecordReader in = new RecordReader(bytes);
      T value = key.kind().codec().orElseThrow().read(in);
      in.end();
      return value;
    } catch (RecordReader.CorruptRecord | IllegalArgumentException e) {
      throw new StorageException(
          "a record of kind " + key.kind() + " is corrupt: " + e.getMessage());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static <T> byte[] write(RecordCodec<T> codec, T value) {
    try (RecordWriter out = new RecordWriter()) {
      codec.write(value, out);
      return out.toBytes();
    }
  }
}
