package dev.strongroom;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The only source of moments, waits and delays in a vault. The default follows the system clock;
 * tests use {@link VirtualTime}. Implementations are thread-safe.
 */
public interface TimeSource extends InstantSource {

  /** Returns the wall-clock time. It may jump; the vault makes it non-decreasing. */
  @Override
  Instant instant();

  /** Returns a monotonic count of nanoseconds, meaningful only in differences. */
  long nanos();

  /**
   * Runs {@code work} once, {@code delay} from now; a delay of zero or less means as soon as
   * possible, but never inside this call. Work runs one at a time, in order of due time. What
   * {@code work} throws must not stop later work.
   */
  Task after(Duration delay, Runnable work);

  /** Work that has not run yet. */
  interface Task {
    /** Drops the work if it has not begun. Calling it again, or too late, does nothing. */
    void cancel();
  }
}
