package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.io.IOException;
import java.util.Optional;

/**
 * Where audit records go, open. The vault calls it from one thread at a time, and waits: a request
 * goes on when a device has its record, so {@link #write} returns within two seconds or throws.
 * Longer is logged as slow, and every caller stands in line meanwhile. What it throws, of any kind,
 * counts as a failure: the vault closes the device and opens another one of its type when a second
 * has passed. It must not call the vault.
 */
@Beta(until = "a second kind of durable audit device exists")
public interface AuditDevice extends AutoCloseable {

  /**
   * Returns the end of what the device held when it was opened, so that the chain of its records
   * goes on; empty for a device that cannot read what it wrote.
   */
  Optional<Tail> tail();

  /**
   * Takes one record. When this returns it has the record as durably as its documentation says.
   *
   * @param record one line of UTF-8 text with its newline; it belongs to the vault and is not to be
   *     changed
   * @throws IOException if the record may be incomplete or missing
   */
  void write(byte[] record) throws IOException;

  /** Releases what {@link AuditDeviceType#open} took. Closing again does nothing. */
  @Override
  void close();

  /**
   * The end of what a device holds.
   *
   * @param lastRecord the last complete line, without its newline; empty if it holds none
   * @param torn whether something incomplete came after it, which the device has ended with a
   *     newline
   */
  record Tail(Optional<byte[]> lastRecord, boolean torn) {
    @Override
    public String toString() {
      return "Tail[" + (lastRecord.isPresent() ? "a record" : "nothing") + (torn ? ", torn]" : "]");
    }
  }
}
