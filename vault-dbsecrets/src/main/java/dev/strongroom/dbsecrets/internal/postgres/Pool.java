package dev.strongroom.dbsecrets.internal.postgres;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import dev.strongroom.spi.OutsideException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Connections to one database. Opens none before the first is asked for, and closes when it is
 * retired and the last of its users is done. Thread-safe.
 */
final class Pool {
  /** HikariCP takes nothing shorter. */
  private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(30);

  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration SHORT_IDLE = Duration.ofSeconds(10);
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final String version;
  private final JdbcTarget address;
  private final HikariDataSource connections;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private int users;

  @GuardedBy("lock")
  private boolean retired;

  /** What is done with a connection, which goes back when it returns, or is closed if it throws. */
  interface Work<R> {
    R with(Connection connection) throws SQLException, OutsideException;
  }

  Pool(Target target) {
    this.version = target.version();
    this.address = target.address();
    HikariConfig config = new HikariConfig();
    config.setPoolName("strongroom-" + target.name());
    config.setJdbcUrl(target.address().url());
    config.setUsername(target.address().user());
    config.setPassword(target.address().password());
    ManagerSession.properties(target.address()).forEach(config::addDataSourceProperty);
    config.setMaximumPoolSize(target.maxOpen());
    config.setMinimumIdle(0);
    config.setIdleTimeout((target.keepsIdle() ? IDLE : SHORT_IDLE).toMillis());
    config.setMaxLifetime(lifetime(target.maxLifetime()).toMillis());
    config.setConnectionTimeout(WAIT.toMillis());
    config.setInitializationFailTimeout(-1);
    this.connections = new HikariDataSource(config);
  }

  private static Duration lifetime(Duration asked) {
    return asked.isZero() || asked.compareTo(SHORTEST_LIFETIME) > 0 ? asked : SHORTEST_LIFETIME;
  }

  boolean isOf(Target target) {
    return version.equals(target.version());
  }

  /** Counts a user; false if this is retired, and another pool must be taken. */
  boolean enter() {
    lock.lock();
    try {
      if (retired) {
        return false;
      }
      users++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** For who has entered. */
  <R> R use(Attempts.Attempt attempt, Work<R> work) throws OutsideException {
    try (Connection connection = connect()) {
      boolean done = false;
      try {
        R result = attempt.with(connection, work);
        done = true;
        return result;
      } finally {
        if (!done || attempt.isLate()) {
          connections.evictConnection(connection);
        }
      }
    } catch (SQLException e) {
      throw attempt.explained(Failures.refused("the database failed", e, List.of()));
    } catch (OutsideException e) {
      throw attempt.explained(e);
    }
  }

  /**
   * A pool waits as long as it may for a server that refuses, so where it has nothing the first
   * connection is tried beside it.
   */
  private Connection connect() throws OutsideException {
    try {
      if (connections.getHikariPoolMXBean().getTotalConnections() == 0) {
        ManagerSession.open(address).close();
      }
      return connections.getConnection();
    } catch (SQLException e) {
      throw Failures.notConnected(e);
    }
  }

  void leave() {
    boolean last;
    lock.lock();
    try {
      users--;
      last = retired && users == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      connections.close();
    }
  }

  void retire() {
    boolean idle;
    lock.lock();
    try {
      idle = !retired && users == 0;
      retired = true;
    } finally {
      lock.unlock();
    }
    if (idle) {
      connections.close();
    }
  }
}
