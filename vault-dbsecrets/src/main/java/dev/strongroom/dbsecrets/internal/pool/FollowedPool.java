package dev.strongroom.dbsecrets.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.strongroom.TimeSource;
import dev.strongroom.dbsecrets.RotationEvent;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A pool of HikariCP, and the rotation that it follows. Thread-safe. */
public final class FollowedPool implements AutoCloseable {
  private final HikariDataSource pool;
  private final PhysicalConnections connections;
  private final Rotation rotation;

  private FollowedPool(HikariDataSource pool, PhysicalConnections connections, Rotation rotation) {
    this.pool = pool;
    this.connections = connections;
    this.rotation = rotation;
  }

  /**
   * How the pool is to be.
   *
   * @param url of the database, for the driver
   * @param properties of the driver
   * @param drainLimit how long connections of a replaced user may stay borrowed
   */
  public record Settings(
      String name,
      String url,
      Map<String, String> properties,
      int maximumSize,
      int minimumIdle,
      Duration connectionTimeout,
      Duration maxLifetime,
      Duration idleTimeout,
      Duration drainLimit,
      boolean autoCommit,
      boolean readOnly) {
    public Settings {
      properties = Map.copyOf(properties);
    }

    int connectSeconds() {
      return (int) Math.max(1, connectionTimeout.toSeconds());
    }
  }

  /**
   * Gets the first credential, tries it, and opens the pool.
   *
   * @throws SQLException if the database does not take the credential; it is given back then
   */
  public static FollowedPool open(
      CredentialSource source,
      Settings settings,
      TimeSource time,
      SecureRandom random,
      Consumer<RotationEvent> listener)
      throws SQLException {
    PhysicalConnections connections =
        new PhysicalConnections(settings.url(), settings.properties(), settings.connectSeconds());
    Rotation rotation =
        new Rotation(source, connections, settings.drainLimit(), time, random, listener);
    rotation.start();
    try {
      HikariDataSource pool = new HikariDataSource(configuration(settings, connections));
      rotation.pool(new Lent(pool));
      return new FollowedPool(pool, connections, rotation);
    } catch (RuntimeException e) {
      rotation.close();
      throw e;
    }
  }

  private record Lent(HikariDataSource pool) implements Pool {
    @Override
    public void evict() {
      pool.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public int active() {
      return pool.getHikariPoolMXBean().getActiveConnections();
    }
  }

  private static HikariConfig configuration(Settings settings, PhysicalConnections connections) {
    HikariConfig configuration = new HikariConfig();
    configuration.setDataSource(connections);
    configuration.setPoolName(settings.name());
    configuration.setMaximumPoolSize(settings.maximumSize());
    configuration.setMinimumIdle(settings.minimumIdle());
    configuration.setConnectionTimeout(settings.connectionTimeout().toMillis());
    configuration.setMaxLifetime(settings.maxLifetime().toMillis());
    configuration.setIdleTimeout(
        settings.idleTimeout().compareTo(settings.maxLifetime()) < 0
            ? settings.idleTimeout().toMillis()
            : 0);
    configuration.setAutoCommit(settings.autoCommit());
    configuration.setReadOnly(settings.readOnly());
    configuration.setInitializationFailTimeout(-1); // the credential was tried already
    return configuration;
  }

  /** Borrows a connection whose credential was not replaced. */
  public Connection borrow() throws SQLException {
    Connection connection = pool.getConnection();
    while (connections.isReplaced(connection)) {
      pool.evictConnection(connection);
      connection = pool.getConnection();
    }
    return connection;
  }

  /** Returns the pool for what has nothing to do with rotation. */
  public DataSource pool() {
    return pool;
  }

  /** Returns the user that new connections have. */
  public String user() {
    return rotation.user();
  }

  /** Returns how many connections are borrowed. */
  public int active() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  public int idle() {
    return pool.getHikariPoolMXBean().getIdleConnections();
  }

  /** Returns how many threads wait for a connection. */
  public int waiting() {
    return pool.getHikariPoolMXBean().getThreadsAwaitingConnection();
  }

  /** Returns how many connections there are whose user was replaced. */
  public int draining() {
    return rotation.draining();
  }

  /** Ends all connections, and then what they were opened with. */
  @Override
  public void close() {
    rotation.stop();
    pool.close();
    rotation.close();
  }

  @Override
  public String toString() {
    return pool.getPoolName();
  }
}
