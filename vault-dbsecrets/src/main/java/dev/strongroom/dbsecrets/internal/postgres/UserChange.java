package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** Makes and changes users, each time in one transaction. */
final class UserChange {
  /**
   * Held by everybody who makes, changes or drops users of a database, for PostgreSQL fails with
   * {@code tuple concurrently updated} where two grant on the same table. An advisory lock belongs
   * to its database, so one number serves all.
   */
  static final long LOCK = 0x5354524f4e474442L;

  /**
   * The clock is read behind the lock: what waited for it too long must not happen any more. One
   * message.
   */
  private static final String LOCK_AND_CLOCK =
      "SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK + "); SELECT pg_catalog.clock_timestamp()";

  private static final int MAX_TRIES = 4;

  private UserChange() {}

  private interface Step {
    void run() throws SQLException, OutsideException;
  }

  static void create(
      Connection connection, List<String> statements, Instant deadline, List<String> secrets)
      throws OutsideException, SQLException {
    inTransaction(connection, statements, secrets, () -> {
      Instant now = lockedClock(connection);
      if (!now.isBefore(deadline)) {
        throw new OutsideException(
            Kind.RETRYABLE,
            "it took too long, or the database's clock is ahead: by that, the deadline passed "
                + Duration.between(deadline, now).toSeconds() + " s ago");
      }
      ManagerSession.run(connection, statements);
    });
  }

  /** Behind the lock, too: statements of one's own may grant. */
  static void change(Connection connection, List<String> statements, List<String> secrets)
      throws OutsideException, SQLException {
    inTransaction(connection, statements, secrets, () -> {
      lockedClock(connection);
      ManagerSession.run(connection, statements);
    });
  }

  private static void inTransaction(
      Connection connection, List<String> statements, List<String> secrets, Step step)
      throws OutsideException, SQLException {
    for (int tried = 1; ; tried++) {
      connection.setAutoCommit(false);
      try {
        step.run();
        connection.commit();
        break;
      } catch (SQLException e) {
        connection.rollback();
        if (tried == MAX_TRIES || !Failures.mayTryAgain(e)) {
          throw Failures.refused("failed to execute query", e, secrets);
        }
      }
    }
    ManagerSession.clean(connection, statements);
  }

  /** Takes the lock until the transaction ends, and returns the time then. */
  static Instant lockedClock(Connection connection) throws SQLException {
    try (Statement statement = ManagerSession.statement(connection)) {
      boolean locked = statement.execute(LOCK_AND_CLOCK);
      boolean timed = statement.getMoreResults();
      if (!locked || !timed) {
        throw new SQLException("the lock was not taken");
      }
      try (ResultSet time = statement.getResultSet()) {
        return instant(time);
      }
    }
  }

  static Instant clock(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = ManagerSession.statement(connection);
        ResultSet time = statement.executeQuery("SELECT pg_catalog.clock_timestamp()")) {
      return instant(time);
    }
  }

  private static Instant instant(ResultSet time) throws SQLException {
    time.next();
    return time.getObject(1, OffsetDateTime.class).toInstant();
  }
}
