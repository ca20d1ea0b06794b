package dev.strongroom.auth.k8s.internal.api;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many may ask at a time, and how many wait for their turn: an API that hangs must not hold
 * every thread of the vault's callers. Thread-safe.
 */
public final class Turns {
  private final Semaphore free;
  private final int line;
  private final Duration patience;

  public Turns(ApiLimits limits) {
    this.free = new Semaphore(limits.atOnce(), /* fair= */ true);
    this.line = limits.atOnce();
    this.patience = limits.turn();
  }

  /** Waits for a turn, which {@link #end} ends. */
  void begin() throws ApiFailure {
    try {
      if (free.tryAcquire()) {
        return;
      }
      if (free.getQueueLength() < line
          && free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(ApiFailure.Kind.ENDED, "the thread was interrupted", e);
    }
    throw new ApiFailure(ApiFailure.Kind.BUSY, "too many questions wait for its answers already");
  }

  void end() {
    free.release();
  }
}
