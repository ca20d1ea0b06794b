package dev.strongroom.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that call at the same time. */
final class Callers {
  private Callers() {}

  /**
   * Runs {@code work} on {@code count} threads and waits until all have ended.
   *
   * @throws IllegalStateException if one of them failed: figures of fewer callers mean nothing
   */
  static void run(int count, Runnable work) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(work);
      thread.setUncaughtExceptionHandler((failed, e) -> failure.compareAndSet(null, e));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a caller failed", failure.get());
    }
  }
}
