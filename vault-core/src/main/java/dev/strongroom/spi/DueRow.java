package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.Objects;

/**
 * Work that falls due at a time, kept in an index ordered by time.
 *
 * @param atSeconds when, in seconds since 1970-01-01T00:00:00Z
 * @param id 16 bytes, unique together with {@code atSeconds}
 * @param reference opaque to the store: what is due
 */
@Beta(until = "a second durable store exists")
@SuppressWarnings("ArrayRecordComponent") // a carrier between store and vault, never compared
public record DueRow(long atSeconds, byte[] id, byte[] reference) {
  public static final int ID_BYTES = 16;

  public DueRow {
    Objects.requireNonNull(reference, "reference");
    if (id.length != ID_BYTES) {
      throw new IllegalArgumentException(
          "a due row has an id of " + ID_BYTES + " bytes, but got " + id.length);
    }
  }

  @Override
  public String toString() {
    return "DueRow[" + atSeconds + "]";
  }
}
