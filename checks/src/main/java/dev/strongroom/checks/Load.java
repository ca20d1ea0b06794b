package dev.strongroom.checks;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Steps that threads repeat until they are stopped. A refusal because the vault is sealed is
 * counted; every other failure is kept. Thread-safe after {@link #start}.
 */
final class Load {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int MOST_FAILURES = 20;

  private final Map<String, AtomicLong> done = new TreeMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong sealed = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  /** Something a caller of the vault does. */
  interface Step {
    /**
     * Does it once.
     *
     * @param round counts from 0, for each thread
     */
    void run(int round) throws Exception;
  }

  void add(String name, int callers, Step step) {
    AtomicLong count = new AtomicLong();
    done.put(name, count);
    for (int caller = 0; caller < callers; caller++) {
      threads.add(new Thread(() -> repeat(name, count, step), "load-" + name + "-" + caller));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void repeat(String name, AtomicLong count, Step step) {
    for (int round = 0; !stopped; round++) {
      try {
        step.run(round);
        count.incrementAndGet();
      } catch (Exception e) {
        if (e instanceof VaultException refusal && refusal.code() == ErrorCode.SEALED) {
          sealed.incrementAndGet();
        } else {
          failed(name + ": " + e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  void failed(String what) {
    if (failures.size() < MOST_FAILURES) {
      failures.add(what);
    }
  }

  /** Returns those that nobody expected, at most 20. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public String toString() {
    return done + ", refused while sealed " + sealed;
  }
}
