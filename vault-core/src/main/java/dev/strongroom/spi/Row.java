package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.Objects;

/**
 * One stored row.
 *
 * @param revision of the batch that wrote it; never used again, not even after the row was deleted
 * @param value opaque to the store; shared, so it must not be changed
 */
@Beta(until = "a second durable store exists")
@SuppressWarnings("ArrayRecordComponent") // a carrier between store and vault, never compared
public record Row(RowAddress address, long revision, byte[] value) {
  public Row {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return "Row[" + address + ", revision " + revision + ", " + value.length + " bytes]";
  }
}
