package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits what one attempt takes in all: waiting for a connection, for locks, and for every
 * statement. Beyond that its connection is closed under it, whatever it waits for: time-outs of the
 * server are its own to keep, and those of the driver begin again with each answer.
 *
 * <p>Time is the machine's, because what is waited for is. One thread, which ends when there was
 * nothing to watch for a while. Thread-safe.
 */
final class Attempts {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor watcher;

  Attempts(String name) {
    watcher = new ScheduledThreadPoolExecutor(1, work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    });
    watcher.setRemoveOnCancelPolicy(true);
    watcher.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
    watcher.allowCoreThreadTimeOut(true);
  }

  Attempt begin(Duration limit) {
    return new Attempt(limit, System.nanoTime() + limit.toNanos());
  }

  /** One attempt. For one thread. */
  final class Attempt {
    private final Duration limit;
    private final long end;
    private volatile boolean late;

    private Attempt(Duration limit, long end) {
      this.limit = limit;
      this.end = end;
    }

    /** Does something with a connection, which is closed when the time is over. */
    <R> R with(Connection connection, Pool.Work<R> work) throws SQLException, OutsideException {
      AtomicBoolean over = new AtomicBoolean();
      ScheduledFuture<?> closing = watcher.schedule(
          () -> {
            if (over.compareAndSet(false, true)) {
              late = true;
              abort(connection);
            }
          },
          Math.max(0, end - System.nanoTime()),
          TimeUnit.NANOSECONDS);
      try {
        return work.with(connection);
      } finally {
        over.set(true);
        boolean unused = closing.cancel(false);
      }
    }

    private static void abort(Connection connection) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is closed by itself, then: the driver knows no other failure.
      }
    }

    /** Whether the connection was closed because the time was over. */
    boolean isLate() {
      return late;
    }

    /** Returns a failure, or that it comes of the limit: then nobody knows what has happened. */
    OutsideException explained(OutsideException failure) {
      return late
          ? new OutsideException(
              Kind.RETRYABLE,
              "the database took longer than the " + limit.toSeconds() + " s of an attempt",
              failure.getCause())
          : failure;
    }
  }
}
