package dev.strongroom.internal.background;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Work that goes on behind the requests, a small step at a time, so that steps of different jobs
 * take turns and a crash loses at most one. A job that fails is tried again after a pause that
 * grows from one second to five minutes. Thread-safe; at most one step runs at any time.
 */
public final class Background implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  // Due moments are compared as nanoseconds, of which a long holds 292 years.
  private static final Duration LONGEST_DELAY = Duration.ofDays(1000);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Scheduled> scheduled = new HashMap<>();

  // Written under the lock, read without it.
  private volatile boolean closed;

  /** A piece of work in steps. */
  @FunctionalInterface
  public interface Job {
    /** Does a little; returns how long until the next step, empty when nothing is left to do. */
    Optional<Duration> step();
  }

  private record Scheduled(long dueNanos, TimeSource.Task task) {}

  public Background(TimeSource time) {
    this.time = time;
  }

  /**
   * Runs the next step of the job of that name {@code delay} from now, but within 1,000 days,
   * unless it runs sooner anyway.
   */
  public void schedule(String name, Duration delay, Job job) {
    boolean beyond = delay.compareTo(LONGEST_DELAY) > 0;
    schedule(
        name,
        beyond ? LONGEST_DELAY : delay.isNegative() ? Duration.ZERO : delay,
        job,
        FIRST_PAUSE);
  }

  private void schedule(String name, Duration delay, Job job, Duration pauseAfterFailure) {
    lock.lock();
    try {
      long dueNanos = time.nanos() + delay.toNanos();
      Scheduled earlier = scheduled.get(name);
      if (closed || (earlier != null && earlier.dueNanos - dueNanos <= 0)) {
        return;
      }
      if (earlier != null) {
        earlier.task.cancel();
      }
      TimeSource.Task task = time.after(delay, () -> run(name, dueNanos, job, pauseAfterFailure));
      scheduled.put(name, new Scheduled(dueNanos, task));
    } finally {
      lock.unlock();
    }
  }

  private void run(String name, long dueNanos, Job job, Duration pauseAfterFailure) {
    lock.lock();
    try {
      Scheduled mine = scheduled.get(name);
      if (closed || mine == null || mine.dueNanos != dueNanos) {
        return;
      }
      scheduled.remove(name);
    } finally {
      lock.unlock();
    }
    try {
      job.step().ifPresent(delay -> schedule(name, delay, job));
    } catch (RuntimeException e) {
      retry(name, job, pauseAfterFailure, e);
    } catch (
        Error e) { // as of an engine that lacks a class: what is due later must not wait for it
      retry(name, job, pauseAfterFailure, e);
      throw e;
    }
  }

  private void retry(String name, Job job, Duration pause, Throwable failure) {
    if (closed) {
      return;
    }
    LOG.log(
        Level.WARNING,
        "background work \"" + name + "\" failed; next try in " + pause.toSeconds() + " s",
        failure);
    Duration longer = pause.multipliedBy(2);
    schedule(name, pause, job, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE);
  }

  /** Drops what has not begun. A step that runs now ends on its own. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      scheduled.values().forEach(job -> job.task.cancel());
      scheduled.clear();
    } finally {
      lock.unlock();
    }
  }
}
