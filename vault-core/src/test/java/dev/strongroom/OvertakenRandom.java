package dev.strongroom;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Randomness that lets something else happen before the next draw, on the thread that draws: a
 * request that draws holds no part of a cache, and its own locks it may take again.
 */
final class OvertakenRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient AtomicReference<Runnable> beforeNextDraw = new AtomicReference<>();

  void beforeNextDraw(Runnable work) {
    beforeNextDraw.set(work);
  }

  boolean hasOvertaken() {
    return beforeNextDraw.get() == null;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    Runnable work = beforeNextDraw == null ? null : beforeNextDraw.getAndSet(null);
    if (work != null) {
      work.run();
    }
    super.nextBytes(bytes);
  }
}
