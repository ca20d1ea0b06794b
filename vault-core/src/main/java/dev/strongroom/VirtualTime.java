package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it. {@link #advance} runs everything that falls due on
 * the way, in order, on the calling thread, so that a month passes in milliseconds and nothing
 * happens at any other moment. Thread-safe.
 */
public final class VirtualTime implements TimeSource {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();

  @GuardedBy("lock")
  private Instant now;

  @GuardedBy("lock")
  private long sequence;

  private final Instant start;

  private VirtualTime(Instant start) {
    this.start = start;
    this.now = start;
  }

  /** Returns a time that stands at {@code start}. */
  public static VirtualTime at(Instant start) {
    return new VirtualTime(Objects.requireNonNull(start, "start"));
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long nanos() {
    return Duration.between(start, instant()).toNanos();
  }

  @Override
  public Task after(Duration delay, Runnable work) {
    lock.lock();
    try {
      Scheduled task =
          new Scheduled(now.plus(delay.isNegative() ? Duration.ZERO : delay), sequence++, work);
      queue.add(task);
      return () -> cancel(task);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves time forward by {@code step}, running due work in order, each at its own moment. Work
   * that is scheduled meanwhile and falls inside the step runs too. {@code Duration.ZERO} runs what
   * is due now. Work that throws stops nothing; the first exception is thrown at the end, with the
   * others suppressed in it. For one thread at a time.
   *
   * @throws IllegalArgumentException if {@code step} is negative
   */
  public void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + step);
    }
    Instant target = instant().plus(step);
    RuntimeException failure = null;
    for (Scheduled due = nextUntil(target); due != null; due = nextUntil(target)) {
      try {
        due.work.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    lock.lock();
    try {
      now = target.isAfter(now) ? target : now;
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable Scheduled nextUntil(Instant target) {
    lock.lock();
    try {
      Scheduled head = queue.peek();
      if (head == null || head.at.isAfter(target)) {
        return null;
      }
      now = head.at.isAfter(now) ? head.at : now;
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void cancel(Scheduled task) {
    lock.lock();
    try {
      queue.remove(task);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "VirtualTime[" + instant() + "]";
  }

  private static final class Scheduled implements Comparable<Scheduled> {
    final Instant at;
    final long order;
    final Runnable work;

    Scheduled(Instant at, long order, Runnable work) {
      this.at = at;
      this.order = order;
      this.work = work;
    }

    @Override
    public int compareTo(Scheduled other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
