package dev.strongroom.dbsecrets.internal.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** When a piece of work is done next: at one moment or none. Thread-safe. */
final class Schedule {
  private final TimeSource time;
  private final Runnable work;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private TimeSource.@Nullable Task task;

  @GuardedBy("lock")
  private long dueNanos;

  @GuardedBy("lock")
  private boolean closed;

  Schedule(TimeSource time, Runnable work) {
    this.time = time;
    this.work = work;
  }

  /** Does the work then, and not when it was said before. */
  void at(Duration delay) {
    lock.lock();
    try {
      set(delay);
    } finally {
      lock.unlock();
    }
  }

  /** Does the work then, unless it is done sooner. */
  void sooner(Duration delay) {
    lock.lock();
    try {
      if (task == null || dueNanos - time.nanos() > delay.toNanos()) {
        set(delay);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void set(Duration delay) {
    if (closed) {
      return;
    }
    if (task != null) {
      task.cancel();
    }
    dueNanos = time.nanos() + delay.toNanos();
    task = time.after(delay, this::run);
  }

  private void run() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      task = null;
    } finally {
      lock.unlock();
    }
    work.run();
  }

  /** Does it no more. What runs now ends on its own. */
  void close() {
    lock.lock();
    try {
      closed = true;
      if (task != null) {
        task.cancel();
      }
    } finally {
      lock.unlock();
    }
  }
}
