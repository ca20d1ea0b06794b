package dev.strongroom.dbsecrets;

import dev.strongroom.dbsecrets.internal.pool.FollowedPool;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections that follows the credentials of a role for as long as the application runs:
 * it renews their lease while that goes, and replaces them before it ends. Who borrows notices
 * nothing.
 *
 * <pre>{@code
 * try (RotatingDataSource pool = RotatingDataSource.builder()
 *     .role(Database.at(session, "database"), "my-role")
 *     .jdbcUrl("jdbc:postgresql://db.example:5432/app")
 *     .maximumPoolSize(10)
 *     .open()) {
 *   …
 * }
 * }</pre>
 *
 * <p>When a credential is replaced, the new one is tried first; then connections are opened with it
 * only, those that are idle are closed, and those that are borrowed when they come back. When none
 * is left, the user before is removed. A connection that stays borrowed beyond the drain limit is
 * ended: what it does fails, and the listener is told.
 *
 * <p>Nothing fails while the vault or the database is away for a while and the credential in use
 * still works: it stays in use, and the next one is asked for again and again. Thread-safe.
 */
public final class RotatingDataSource implements DataSource, AutoCloseable {
  private final FollowedPool pool;
  private final Runnable closing;

  RotatingDataSource(FollowedPool pool, Runnable closing) {
    this.pool = pool;
    this.closing = closing;
  }

  /** Begins a pool. */
  public static RotatingDataSourceBuilder builder() {
    return new RotatingDataSourceBuilder();
  }

  /**
   * What a pool is doing.
   *
   * @param user that new connections have
   * @param active connections that are borrowed
   * @param idle connections that are not
   * @param waiting threads that wait for a connection
   * @param draining connections of users that were replaced
   */
  public record Status(String user, int active, int idle, int waiting, int draining) {}

  /** Returns what the pool is doing; may wait for a rotation that is under way. */
  public Status status() {
    return new Status(pool.user(), pool.active(), pool.idle(), pool.waiting(), pool.draining());
  }

  /**
   * Borrows a connection: to be closed, which gives it back. Waits up to the connection time-out.
   */
  @Override
  public Connection getConnection() throws SQLException {
    return pool.borrow();
  }

  /** Is not supported: the vault says who the user is. */
  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the vault says who the user is");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() throws SQLException {
    return pool.pool().getLogWriter();
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    pool.pool().setLogWriter(out);
  }

  /** Is not supported: the builder says how long to wait. */
  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("set connectionTimeout when building the pool");
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return pool.pool().getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return pool.pool().getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(this) ? type.cast(this) : pool.pool().unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this) || pool.pool().isWrapperFor(type);
  }

  /**
   * Ends all connections, borrowed ones too, and then removes the users, and returns when that is
   * done. A user that cannot be removed now ends with its lease; the listener is told. Closing
   * again does nothing.
   */
  @Override
  public void close() {
    pool.close();
    closing.run();
  }

  @Override
  public String toString() {
    return "RotatingDataSource[" + pool + "]";
  }
}
