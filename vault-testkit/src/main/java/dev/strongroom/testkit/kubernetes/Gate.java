package dev.strongroom.testkit.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where requests wait until they are let go. */
final class Gate {
  private static final long PATIENCE_SECONDS = 30;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private int held;

  @GuardedBy("lock")
  private long openings;

  @GuardedBy("lock")
  private boolean closed;

  /** Returns how often it has been opened: what {@link #pass} waits beyond. */
  long openings() {
    lock.lock();
    try {
      return openings;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is opened once more than {@code seen}. */
  void pass(long seen) throws InterruptedException {
    lock.lock();
    try {
      held++;
      changed.signalAll();
      while (openings == seen && !closed) {
        changed.await();
      }
      held--;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go who waits now. */
  void open() {
    lock.lock();
    try {
      openings++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets go who waits now or later. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void awaitHeld(int number) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (held < number) {
        if (left <= 0) {
          throw new IllegalStateException(
              "after " + PATIENCE_SECONDS + " s " + held + " requests wait, not " + number);
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
