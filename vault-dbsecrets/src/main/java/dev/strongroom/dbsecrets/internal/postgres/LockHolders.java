package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Who holds the lock that users are changed behind. Anybody who may connect can take it, also a
 * user that is to be dropped.
 */
final class LockHolders {
  private static final String NOT_AVAILABLE = "55P03";

  private static final String HOLDERS =
      " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
          + " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
          + " AND (l.classid::pg_catalog.int8 << 32) + l.objid::pg_catalog.int8 = "
          + UserChange.LOCK
          + " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
          + " WHERE datname = pg_catalog.current_database())";

  private LockHolders() {}

  /** How the lock is taken, which may be tried again. */
  interface Taking<R> {
    R take() throws SQLException, OutsideException;
  }

  /**
   * Takes the lock; if that takes too long because sessions of a user hold it who is to go anyway,
   * these are ended.
   *
   * @throws OutsideException if somebody else holds it
   */
  static <R> R lock(Connection connection, String user, Taking<R> taking)
      throws OutsideException, SQLException {
    try {
      return taking.take();
    } catch (SQLException e) {
      if (!Failures.state(e).equals(NOT_AVAILABLE)) {
        throw e;
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      if (!end(connection, user)) {
        throw held(connection, e);
      }
      return taking.take();
    }
  }

  private static boolean end(Connection connection, String user)
      throws OutsideException, SQLException {
    try (PreparedStatement end =
        connection.prepareStatement("SELECT pg_catalog.pg_terminate_backend(l.pid)" + HOLDERS
            + " AND a.usename = ?::pg_catalog.name")) {
      end.setString(1, user);
      try (ResultSet ended = end.executeQuery()) {
        return ended.next();
      }
    } catch (SQLException e) {
      throw Failures.refused(
          "the user holds the lock of the vault, and its session could not be ended", e, List.of());
    }
  }

  private static OutsideException held(Connection connection, SQLException cause)
      throws SQLException {
    try (Statement statement = ManagerSession.statement(connection);
        ResultSet holder = statement.executeQuery("SELECT a.usename" + HOLDERS)) {
      String who =
          holder.next() ? ": a session of \"" + Failures.printable(holder.getString(1)) + "\"" : "";
      return new OutsideException(
          Kind.RETRYABLE, "somebody holds the lock of the vault" + who, cause);
    }
  }
}
