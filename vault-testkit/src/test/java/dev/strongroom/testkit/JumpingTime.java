package dev.strongroom.testkit;

import dev.strongroom.TimeSource;
import dev.strongroom.VirtualTime;
import java.time.Duration;
import java.time.Instant;

/** A wall clock that a test can set, over time that passes when the test says so. */
final class JumpingTime implements TimeSource {
  private final VirtualTime passing = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private volatile Duration set = Duration.ZERO;

  /** Sets the clock ahead of, or behind, the time that passes. */
  void set(Duration ahead) {
    set = ahead;
  }

  void advance(Duration step) {
    passing.advance(step);
  }

  @Override
  public Instant instant() {
    return passing.instant().plus(set);
  }

  @Override
  public long nanos() {
    return passing.nanos();
  }

  @Override
  public Task after(Duration delay, Runnable work) {
    return passing.after(delay, work);
  }
}
