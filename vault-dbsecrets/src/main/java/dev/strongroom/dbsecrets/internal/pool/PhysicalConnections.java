package dev.strongroom.dbsecrets.internal.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections that a pool keeps, each with the credential of the moment, and remembers
 * which connection has which. Thread-safe.
 *
 * <p>The pool gets what the driver made, and the borrower what the pool makes of it: nothing is
 * wrapped for the sake of rotation, so that a borrow and a statement cost what they cost without.
 * That the pool has a credential of its own, as HikariCP may, would not do: nobody could say then
 * which user a connection belongs to, and so when the last one of a user is gone.
 */
final class PhysicalConnections implements DataSource {
  /** SQLSTATE class 28: the password or the user is not, or no longer, accepted. */
  private static final String REFUSED = "28";

  private final String url;
  private final Driver driver;
  private final Map<String, String> properties;
  private final int connectSeconds;
  private volatile Runnable whenRefused = () -> {};
  private volatile @Nullable Generation current;
  private final List<Generation> replaced = new CopyOnWriteArrayList<>();

  /**
   * Finds the driver.
   *
   * @param properties of the driver, without user and password
   * @param connectSeconds how long opening one may take
   * @throws IllegalArgumentException if there is no driver for that URL
   */
  PhysicalConnections(String url, Map<String, String> properties, int connectSeconds) {
    this.url = url;
    this.connectSeconds = connectSeconds;
    this.properties = Map.copyOf(properties);
    try {
      this.driver = DriverManager.getDriver(url);
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "no JDBC driver takes the URL: write jdbc:postgresql://host:port/database, without user"
              + " and password",
          e);
    }
  }

  /** Runs {@code work} each time that the database refuses the credential. */
  void whenRefused(Runnable work) {
    whenRefused = work;
  }

  /**
   * Opens one connection with a credential, asks the database something, and closes it.
   *
   * @throws SQLException if any of that fails
   */
  void probe(Credential credential) throws SQLException {
    try (Connection connection = connect(credential)) {
      if (!connection.isValid(connectSeconds)) {
        throw new SQLException("the database accepted the credential and answers nothing");
      }
    }
  }

  /**
   * Uses a credential from now on.
   *
   * @return the connections of the one before; empty for the first
   */
  Optional<Generation> use(Credential credential) {
    Generation before = current;
    if (before != null) {
      replaced.add(before);
    }
    current = new Generation(credential);
    return Optional.ofNullable(before);
  }

  /** Forgets a credential that was replaced, and has no connections any more. */
  void forget(Generation generation) {
    replaced.remove(generation);
  }

  /**
   * Returns whether the credential of a connection was replaced: it came into the pool when the
   * others had been evicted. Costs nothing while no credential is being replaced.
   *
   * @param connection as the pool lends it
   */
  boolean isReplaced(Connection connection) throws SQLException {
    if (replaced.isEmpty()) {
      return false;
    }
    Connection physical = connection.unwrap(Connection.class);
    return replaced.stream().anyMatch(generation -> generation.has(physical));
  }

  boolean isCurrent(Generation generation) {
    return generation == current;
  }

  /** Opens a connection with the credential of the moment at which it is handed out. */
  @Override
  public Connection getConnection() throws SQLException {
    while (true) {
      Generation generation = current;
      if (generation == null) {
        throw new SQLException("there is no credential yet");
      }
      Optional<Connection> connection = generation.open(this);
      if (connection.isPresent()) {
        return connection.get();
      }
    }
  }

  Connection connect(Credential credential) throws SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    all.setProperty("user", credential.user());
    all.setProperty("password", credential.exposePassword());
    Connection connection = driver.connect(url, all);
    if (connection == null) {
      throw new SQLException("the JDBC driver does not take the URL any more");
    }
    return connection;
  }

  /** Takes note that a connection could not be opened. */
  void failed(Generation generation, SQLException e) {
    if (isRefusal(e) && isCurrent(generation)) {
      whenRefused.run();
    }
  }

  /** Returns whether the database does not take user and password. */
  static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.startsWith(REFUSED);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the vault says who the user is");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // Connections write no log.
  }

  /** The driver's properties say how long opening one may take. */
  @Override
  public void setLoginTimeout(int seconds) {
    // As the pool asks for the same on its own.
  }

  @Override
  public int getLoginTimeout() {
    return connectSeconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
