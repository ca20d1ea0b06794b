package dev.strongroom.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Threads that call at the same time. */
final class Callers {
  private Callers() {}

  /** Runs {@code work} on {@code count} threads and waits until all have ended. */
  static void run(int count, Runnable work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(work);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
