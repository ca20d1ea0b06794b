package dev.strongroom.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all connections twice a second, and closes those whose request takes too long to arrive:
 * a sender of one byte at a time is never silent, so that an idle timeout does not see it. Tells
 * requests that take too long to be answered. Thread-safe.
 */
final class JettyWatch extends AbstractLifeCycle implements Connection.Listener {
  private static final Logger LOG = System.getLogger("dev.strongroom.http");
  private static final long PAUSE_MILLIS = 500;

  private final Map<Connection, Watched> watched = new ConcurrentHashMap<>();
  private final Scheduler scheduler;
  private final long headNanos;
  private final long requestNanos;
  private volatile Scheduler.@Nullable Task next;

  /**
   * Watches when it is started.
   *
   * @param head how long the head of a request may take: the first from when the connection was
   *     opened, others from their first byte
   * @param request how long it may take from there until the answer has been sent
   */
  JettyWatch(Scheduler scheduler, Duration head, Duration request) {
    this.scheduler = scheduler;
    this.headNanos = head.toNanos();
    this.requestNanos = request.toNanos();
  }

  /** What happens when a request takes too long; called again and again until it has ended. */
  interface TooLong {
    void stop();
  }

  /** A connection; read by the watch while its own threads write. */
  private static final class Watched {
    /** When what is under way began: a head, or a request. */
    volatile long since = NanoTime.now();

    volatile @Nullable TooLong request;

    /** Whether a head is under way; if not, the connection may be silent. */
    volatile boolean awaitsHead = true;

    /** What had arrived when the last request had been answered. */
    volatile long bytesBefore;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) { // what is below it, as TLS, is the same one
      watched.put(connection, new Watched());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    watched.remove(connection);
  }

  /** Notes that the head of a request has arrived. */
  void begun(Connection connection, TooLong tooLong) {
    Watched one = watched.get(connection);
    if (one != null) {
      one.since = NanoTime.now();
      one.awaitsHead = false;
      one.request = tooLong;
    }
  }

  /** Notes that the request has been answered. */
  void ended(Connection connection) {
    Watched one = watched.get(connection);
    if (one != null) {
      one.bytesBefore = connection.getBytesIn();
      one.request = null;
    }
  }

  @Override
  protected void doStart() {
    next = scheduler.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void look() {
    watched.forEach(this::lookAt);
    if (isRunning() || isStarting()) {
      next = scheduler.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** One connection must not end the watch over the others. */
  private void lookAt(Connection connection, Watched one) {
    try {
      look(connection, one);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a connection could not be closed", e);
    }
  }

  private void look(Connection connection, Watched one) {
    TooLong request = one.request;
    if (request != null) {
      if (NanoTime.since(one.since) > requestNanos) {
        request.stop();
      }
    } else if (!one.awaitsHead) {
      if (connection.getBytesIn() > one.bytesBefore) {
        one.since = NanoTime.now();
        one.awaitsHead = true;
      }
    } else if (NanoTime.since(one.since) > headNanos) {
      connection.close();
    }
  }
}
