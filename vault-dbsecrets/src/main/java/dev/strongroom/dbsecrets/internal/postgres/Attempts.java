package dev.strongroom.dbsecrets.internal.postgres;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

  /** Begins one, which somebody has to end. */
  Attempt begin(Duration limit) {
    return new Attempt(limit);
  }

  /** One attempt. */
  final class Attempt {
    private final Duration limit;
    private final ScheduledFuture<?> over;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Connection used;

    @GuardedBy("lock")
    private boolean late;

    private Attempt(Duration limit) {
      this.limit = limit;
      this.over = watcher.schedule(this::timeIsOver, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void timeIsOver() {
      lock.lock();
      try {
        late = true;
        abort(used);
      } finally {
        lock.unlock();
      }
    }

    /** Does something with a connection, which is closed when the time is over. */
    <R> R with(Connection connection, Pool.Work<R> work) throws SQLException, OutsideException {
      use(connection);
      try {
        return work.with(connection);
      } finally {
        use(null);
      }
    }

    private void use(@Nullable Connection connection) {
      lock.lock();
      try {
        used = connection;
        if (late) {
          abort(connection);
        }
      } finally {
        lock.unlock();
      }
    }

    private static void abort(@Nullable Connection connection) {
      try {
        if (connection != null) {
          connection.abort(Runnable::run);
        }
      } catch (SQLException e) {
        // It is closed by itself, then: the driver knows no other failure.
      }
    }

    void end() {
      boolean unused = over.cancel(false);
    }

    /** Whether the connection was closed because the time was over. */
    boolean isLate() {
      lock.lock();
      try {
        return late;
      } finally {
        lock.unlock();
      }
    }

    /** Returns a failure, or that it comes of the limit: then nobody knows what has happened. */
    OutsideException explained(OutsideException failure) {
      return isLate()
          ? new OutsideException(
              Kind.RETRYABLE,
              "the database took longer than the " + limit.toSeconds() + " s of an attempt",
              failure.getCause())
          : failure;
    }
  }
}
