package dev.strongroom.auth.k8s.internal.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many may ask at a time, and how many wait for their turn: an API that hangs must not hold
 * every thread of the vault's callers, and no caller take every turn. Thread-safe.
 */
public final class Turns {
  private static final int SHARE = 4;

  private final Semaphore free;
  private final Semaphore places;
  private final int line;
  private final int ofOne;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();

  /** Places that are taken, by caller. */
  @GuardedBy("lock")
  private final Map<String, Integer> callers = new HashMap<>();

  /**
   * Nobody asks yet.
   *
   * @param places of all mounts, for those who ask and those who wait
   */
  public Turns(ApiLimits limits, Semaphore places) {
    this.free = new Semaphore(limits.atOnce(), /* fair= */ true);
    this.places = places;
    this.line = limits.atOnce();
    this.ofOne = Math.max(1, 2 * limits.atOnce() / SHARE);
    this.patience = limits.turn();
  }

  /**
   * Waits for a turn, which {@link #end} ends.
   *
   * @param caller tells one from others; empty for the process itself, which may take all
   */
  void begin(String caller) throws ApiFailure {
    if (!places.tryAcquire()) {
      throw busy();
    }
    try {
      enter(caller);
    } catch (ApiFailure e) {
      places.release();
      throw e;
    }
    try {
      waitForTurn();
    } catch (ApiFailure e) {
      leave(caller);
      throw e;
    }
  }

  void end(String caller) {
    free.release();
    leave(caller);
  }

  private void waitForTurn() throws ApiFailure {
    try {
      boolean begun = free.tryAcquire()
          || (free.getQueueLength() < line
              && free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS));
      if (!begun) {
        throw busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(ApiFailure.Kind.ENDED, "the thread was interrupted", e);
    }
  }

  private void enter(String caller) throws ApiFailure {
    lock.lock();
    try {
      int taken = callers.getOrDefault(caller, 0);
      if (!caller.isEmpty() && taken == ofOne) {
        throw busy();
      }
      callers.put(caller, taken + 1);
    } finally {
      lock.unlock();
    }
  }

  private void leave(String caller) {
    lock.lock();
    try {
      callers.computeIfPresent(caller, (same, taken) -> taken == 1 ? null : taken - 1);
    } finally {
      lock.unlock();
    }
    places.release();
  }

  private static ApiFailure busy() {
    return new ApiFailure(ApiFailure.Kind.BUSY, "too many questions wait for its answers already");
  }
}
