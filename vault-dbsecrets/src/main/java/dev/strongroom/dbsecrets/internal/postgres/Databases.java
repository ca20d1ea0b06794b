package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The databases of one mount: a pool for each configuration, and what is done there. Everything
 * blocks, and limits its own waiting. What is thrown holds no secret and no text of the driver but
 * in its cause. Thread-safe.
 */
public final class Databases implements AutoCloseable {
  /** How long an attempt may take, from asking for a connection to the last answer. */
  public static final Duration ATTEMPT = Duration.ofSeconds(60);

  /**
   * For what only looks: it fits beside an attempt into {@value OutsideSecret#ATTEMPT_SECONDS} s.
   */
  private static final Duration LOOK = Duration.ofSeconds(25);

  private final Map<String, Pool> pools = new ConcurrentHashMap<>();
  private final Attempts attempts = new Attempts("strongroom-database-limit");
  private final Runnable mayConnect;
  private final TlsFiles files;
  private final Duration limit;
  private volatile boolean closed;

  /**
   * Begins without connections.
   *
   * @param mayConnect throws if nothing outside may be touched now
   * @param files that connections may name; looked at again whenever one is made, because stored
   *     configurations may come from elsewhere
   */
  public Databases(Runnable mayConnect, TlsFiles files) {
    this(mayConnect, files, ATTEMPT);
  }

  Databases(Runnable mayConnect, TlsFiles files, Duration limit) {
    this.mayConnect = mayConnect;
    this.files = files;
    this.limit = limit;
  }

  /**
   * Connects once, without a pool.
   *
   * @throws OutsideException of kind {@code UNREACHABLE} if that fails
   */
  public void verify(Target target) throws OutsideException {
    mayConnect.run();
    Attempts.Attempt attempt = attempts.begin(LOOK);
    try (Connection connection = ManagerSession.open(located(target).address())) {
      boolean unused = attempt.with(connection, opened -> {
        ManagerSession.run(opened, List.of("SELECT 1"));
        return true;
      });
    } catch (SQLException e) {
      throw Failures.notConnected(e);
    } finally {
      attempt.end();
    }
  }

  /**
   * Makes a user: all statements in one transaction, or none.
   *
   * @throws OutsideException of kind {@code UNREACHABLE} if nothing was made: also where the user
   *     exists already, is not there after the statements, or the server is a standby
   */
  public void create(Target target, Creation creation) throws OutsideException {
    use(target, connection -> {
      UserChange.create(connection, creation);
      return true;
    });
  }

  /**
   * Changes a user, in one transaction.
   *
   * @param secrets that must not be in an error
   */
  public void change(Target target, List<String> statements, List<String> secrets)
      throws OutsideException {
    use(target, connection -> {
      UserChange.change(connection, statements, secrets);
      return true;
    });
  }

  /**
   * Drops a user and proves that it is gone.
   *
   * @return whether there was one
   */
  public boolean drop(Target target, Dropping dropping) throws OutsideException {
    return use(target, dropping::carryOut);
  }

  /** Returns the database's clock. */
  public Instant clock(Target target) throws OutsideException {
    return use(target, LOOK, UserChange::clock);
  }

  /** Returns what keeps a user from being dropped. */
  public Obstacles obstacles(Target target, String user) throws OutsideException {
    return use(target, connection -> Obstacles.of(connection, user));
  }

  /**
   * Returns whether a failure means that nothing was changed: no connection was made, or the server
   * refused. Otherwise the answer may have been lost.
   */
  public static boolean didNothing(OutsideException e) {
    return e.kind() != OutsideException.Kind.RETRYABLE
        || (e.getCause() instanceof SQLException sql && Failures.isRefusal(sql));
  }

  /** Returns whether a failure means that whatever is asked there now is likely to fail. */
  public static boolean isAway(OutsideException e) {
    return e.kind() == OutsideException.Kind.UNREACHABLE
        || (e.getCause() instanceof SQLException sql && Failures.state(sql).startsWith("08"));
  }

  /** Returns whether a failure means that the server refused user or password. */
  public static boolean refusedLogin(OutsideException e) {
    return e.getCause() instanceof SQLException sql && Failures.state(sql).startsWith("28");
  }

  /** Closes the pool of a configuration, when those who use it are done. */
  public void forget(String name) {
    Pool pool = pools.remove(name);
    if (pool != null) {
      pool.retire();
    }
  }

  @Override
  public void close() {
    closed = true;
    new HashMap<>(pools).keySet().forEach(this::forget);
  }

  private <R> R use(Target target, Pool.Work<R> work) throws OutsideException {
    return use(target, limit, work);
  }

  private <R> R use(Target target, Duration most, Pool.Work<R> work) throws OutsideException {
    mayConnect.run();
    Pool pool = enter(target);
    Attempts.Attempt attempt = attempts.begin(most);
    try {
      return pool.use(attempt, work);
    } finally {
      attempt.end();
      pool.leave();
    }
  }

  private Target located(Target target) throws OutsideException {
    try {
      return target.at(files.located(target.address()));
    } catch (IllegalArgumentException e) {
      throw new OutsideException(
          OutsideException.Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private Pool enter(Target target) throws OutsideException {
    while (true) {
      Pool pool = pool(target);
      if (closed) {
        forget(target.name());
        throw new OutsideException(
            OutsideException.Kind.UNREACHABLE, "the mount is closed, or the vault is sealed");
      }
      if (pool.enter()) {
        return pool;
      }
      boolean unused = pools.remove(target.name(), pool);
    }
  }

  /** Made outside of the map's own locks, because others wait for these. */
  private Pool pool(Target target) throws OutsideException {
    Pool before = pools.get(target.name());
    if (before != null && before.isOf(target)) {
      return before;
    }
    Pool made = new Pool(located(target));
    boolean first = before == null
        ? pools.putIfAbsent(target.name(), made) == null
        : pools.replace(target.name(), before, made);
    Pool superseded = first ? before : made;
    if (superseded != null) {
      superseded.retire();
    }
    return first ? made : pool(target);
  }
}
