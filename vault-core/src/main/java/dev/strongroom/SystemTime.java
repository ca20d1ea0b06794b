package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The system's clocks, and one daemon thread that begins with the first delayed work and ends with
 * {@link #close()}. A vault has its own; this is for what goes on beside one. Thread-safe.
 */
public final class SystemTime implements TimeSource, AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration LONGEST_DELAY = Duration.ofDays(1000);

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable ScheduledThreadPoolExecutor executor;

  // Written under the lock, read without it.
  private volatile boolean closed;

  private volatile @Nullable Thread worker;

  private final String threadName;

  SystemTime() {
    this("strongroom-background");
  }

  /** Returns the system's time, whose work is done on a thread of that name. */
  public SystemTime(String threadName) {
    this.threadName = threadName;
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Task after(Duration delay, Runnable work) {
    long nanos = delay.isNegative()
        ? 0
        : (delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay).toNanos();
    lock.lock();
    try {
      if (closed) {
        return () -> {};
      }
      ScheduledFuture<?> future = executor().schedule(() -> run(work), nanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(/* mayInterruptIfRunning= */ false);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private ScheduledThreadPoolExecutor executor() {
    if (executor == null) {
      executor = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, threadName);
        thread.setDaemon(true);
        worker = thread;
        return thread;
      });
      executor.setRemoveOnCancelPolicy(true);
      executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }
    return executor;
  }

  /** An executor that is shut down still runs what is due. */
  private void run(Runnable work) {
    if (closed) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException | Error e) { // the executor would keep it to itself
      LOG.log(Level.ERROR, "background work failed", e);
    }
  }

  /** Drops what has not begun and waits for what runs, unless it is this very work that closes. */
  @Override
  public void close() {
    ScheduledThreadPoolExecutor running;
    lock.lock();
    try {
      closed = true;
      running = executor;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.shutdown();
      if (Thread.currentThread() != worker) {
        awaitEnd(running);
      }
    }
  }

  private static void awaitEnd(ScheduledThreadPoolExecutor running) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = running.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
