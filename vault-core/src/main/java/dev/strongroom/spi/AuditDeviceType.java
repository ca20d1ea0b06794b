package dev.strongroom.spi;

import dev.strongroom.Beta;
import dev.strongroom.TimeSource;
import java.io.IOException;
import java.util.Map;

/** An audit device that is described but not open: what a builder is given. Thread-safe. */
@Beta(until = "a second kind of durable audit device exists")
public interface AuditDeviceType {

  /** Returns the kind of the device, as {@code sys/audit} shows it: {@code file}. */
  String type();

  /** Returns what {@code sys/audit} shows of the device; no secrets. */
  Map<String, String> options();

  /** Returns how records are written for this device. */
  AuditFormat format();

  /**
   * Opens the device; called at each unseal, and again after a failure. Whoever calls it closes it.
   *
   * @param time for what the device does now and then
   * @throws IOException if it cannot be opened; the text is for operators
   */
  AuditDevice open(TimeSource time) throws IOException;
}
