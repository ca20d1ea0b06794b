package dev.strongroom.internal.ceremony;

import dev.strongroom.TimeSource;
import java.time.Duration;

/** When a ceremony is given up, whatever the wall clock does meanwhile. Guarded by its owner. */
final class Deadline {
  private final TimeSource time;
  private final Duration lifetime;
  private final Runnable whenBegun;
  private long begunNanos;

  /** Counts from {@link #begin()}, which runs {@code whenBegun}. */
  Deadline(TimeSource time, Duration lifetime, Runnable whenBegun) {
    this.time = time;
    this.lifetime = lifetime;
    this.whenBegun = whenBegun;
  }

  void begin() {
    begunNanos = time.nanos();
    whenBegun.run();
  }

  boolean isOver() {
    return time.nanos() - begunNanos >= lifetime.toNanos();
  }
}
