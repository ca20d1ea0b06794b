package dev.strongroom.dbsecrets.internal.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The connections that were opened with one credential. Thread-safe. */
final class Generation {
  private static final Logger LOG = System.getLogger("dev.strongroom.dbsecrets");

  private final Credential credential;

  /** Those that may be open; the pool closes them, and looking tells. */
  @GuardedBy("this")
  private final List<Connection> connections = new ArrayList<>();

  @GuardedBy("this")
  private int opening;

  Generation(Credential credential) {
    this.credential = credential;
  }

  Credential credential() {
    return credential;
  }

  /** Opens a connection; empty if the credential was replaced meanwhile. */
  Optional<Connection> open(PhysicalConnections all) throws SQLException {
    beginOpening();
    try {
      if (!all.isCurrent(this)) {
        return Optional.empty();
      }
      Connection connection = all.connect(credential);
      add(connection);
      if (all.isCurrent(this)) {
        return Optional.of(connection);
      }
      connection.close();
      return Optional.empty();
    } catch (SQLException e) {
      all.failed(this, e);
      throw e;
    } catch (IllegalStateException e) {
      throw new SQLTransientConnectionException("the credential was replaced and wiped", e);
    } finally {
      endOpening();
    }
  }

  private synchronized void beginOpening() {
    opening++;
  }

  private synchronized void endOpening() {
    opening--;
  }

  private synchronized void add(Connection connection) {
    connections.removeIf(Generation::isClosed);
    connections.add(connection);
  }

  /** Returns how many connections there are, those that are just being opened included. */
  synchronized int size() {
    connections.removeIf(Generation::isClosed);
    return connections.size() + opening;
  }

  synchronized boolean has(Connection connection) {
    return connections.stream().anyMatch(mine -> mine == connection);
  }

  /** Ends all connections, whoever uses them, and returns how many. */
  int end() {
    List<Connection> open = takeAll();
    for (Connection connection : open) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.log(Level.WARNING, "a connection could not be ended", e);
      }
    }
    return open.size();
  }

  private synchronized List<Connection> takeAll() {
    connections.removeIf(Generation::isClosed);
    List<Connection> open = List.copyOf(connections);
    connections.clear();
    return open;
  }

  /** Asks nobody: the driver knows. */
  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}
