package dev.strongroom.internal.time;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One vault time: the wall clock, made non-decreasing, and never before the latest moment the store
 * knows of. A clock that jumps forward expires tokens at once, as it must, but what cannot be
 * undone waits: an operator may have mistyped the year. Thread-safe.
 */
public final class VaultClock implements InstantSource {
  /** A forward jump against monotonic time beyond this is suspicious. */
  static final Duration SUSPICIOUS_JUMP = Duration.ofMinutes(5);

  /** How long destructive work waits after a suspicious jump. */
  static final Duration GRACE = Duration.ofMinutes(10);

  // Moments closer together than this are not worth a write that every thread waits for.
  private static final Duration GRAIN = Duration.ofMillis(1);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  // Written under the lock, so that no late thread lowers it.
  private volatile Latest latest;

  @GuardedBy("lock")
  private Instant seenWall;

  @GuardedBy("lock")
  private long seenNanos;

  @GuardedBy("lock")
  private long suspiciousSince;

  @GuardedBy("lock")
  private boolean suspicious;

  /** The latest moment that anybody was told, and when that was by the monotonic clock. */
  private record Latest(Instant at, long nanos) {}

  /**
   * Begins at {@code floor}, the latest moment the store knows of, or at the wall clock if that is
   * later.
   */
  public VaultClock(TimeSource time, Instant floor) {
    this.time = time;
    this.seenWall = time.instant();
    this.seenNanos = time.nanos();
    this.latest = new Latest(floor, seenNanos);
  }

  /**
   * Returns the current moment. While the wall clock is behind, because it was set back, time goes
   * on by the monotonic clock: standing still, nothing would expire.
   */
  @Override
  public Instant instant() {
    Instant wall = time.instant();
    Latest known = latest;
    Instant moment =
        wall.isBefore(known.at) ? known.at.plusNanos(time.nanos() - known.nanos) : wall;
    return Duration.between(known.at, moment).compareTo(GRAIN) < 0 ? moment : raise(moment);
  }

  private Instant raise(Instant moment) {
    lock.lock();
    try {
      if (moment.isAfter(latest.at)) {
        latest = new Latest(moment, time.nanos());
      }
      return latest.at;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the latest moment that anybody was told, without asking the wall clock. */
  public Instant latest() {
    return latest.at;
  }

  /**
   * Returns how long work that cannot be undone must still wait because the clock has jumped; zero
   * if it need not. To be called whenever such work is about to run.
   */
  public Duration destructiveWorkWaits() {
    lock.lock();
    try {
      Instant wall = time.instant();
      long nanos = time.nanos();
      Duration jump = Duration.between(seenWall, wall).minusNanos(nanos - seenNanos);
      seenWall = wall;
      seenNanos = nanos;
      if (jump.compareTo(SUSPICIOUS_JUMP) > 0) {
        suspicious = true;
        suspiciousSince = nanos;
      }
      Duration left = GRACE.minusNanos(nanos - suspiciousSince);
      suspicious = suspicious && !left.isNegative() && !left.isZero();
      return suspicious ? left : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }
}
