package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

  /** What follows it in the same message happens behind the lock; see {@link #behindLock}. */
  static final String LOCKED = "SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK + "); ";

  /** What waited for the lock too long must not happen any more. Takes the user. */
  private static final String STATE =
      LOCKED + "SELECT pg_catalog.clock_timestamp(), pg_catalog.pg_is_in_recovery(),"
          + " EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ?::pg_catalog.name)";

  private static final int MAX_TRIES = 4;
  private static final String NO_SUCH_ROLE = "42704";

  private UserChange() {}

  private interface Step {
    void run() throws SQLException, OutsideException;
  }

  /** What is refused here was not made, and is not to be undone: the user may be another's. */
  static void create(Connection connection, Creation creation)
      throws OutsideException, SQLException {
    inTransaction(connection, creation.statements(), creation.secrets(), () -> {
      requirePossible(connection, creation);
      make(connection, creation);
    });
  }

  private static void requirePossible(Connection connection, Creation creation)
      throws OutsideException, SQLException {
    try (PreparedStatement query = connection.prepareStatement(STATE)) {
      query.setString(1, creation.user());
      ResultSet state = behindLock(query);
      Instant now = instant(state);
      if (state.getBoolean(2)) {
        throw new OutsideException(
            Kind.UNREACHABLE, "the server is a standby, where nothing can be made");
      }
      if (!now.isBefore(creation.deadline())) {
        throw new OutsideException(
            Kind.RETRYABLE,
            "it took too long, or the database's clock is ahead: by that, the deadline passed "
                + Duration.between(creation.deadline(), now).toSeconds() + " s ago");
      }
      if (state.getBoolean(3)) {
        throw new OutsideException(
            Kind.UNREACHABLE,
            "the database has a role of that name already: let username_template make names that nobody else has, with {{random 20}}");
      }
    }
  }

  private static void make(Connection connection, Creation creation)
      throws OutsideException, SQLException {
    ManagerSession.run(connection, creation.statements());
    if (!creation.named() && !exists(connection, creation.user())) {
      return; // they make nobody, and are not meant to
    }
    try {
      ManagerSession.run(connection, List.of(Mark.setting(creation.user(), creation.mark())));
    } catch (SQLException e) {
      if (Failures.state(e).equals(NO_SUCH_ROLE)) {
        throw new OutsideException(
            Kind.UNREACHABLE,
            "the creation statements did not make a role of exactly that name: write \"{{name}}\", with its double quotes");
      }
      throw e;
    }
  }

  private static boolean exists(Connection connection, String user) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(
        "SELECT FROM pg_catalog.pg_roles WHERE rolname = ?::pg_catalog.name")) {
      query.setString(1, user);
      try (ResultSet found = query.executeQuery()) {
        return found.next();
      }
    }
  }

  /** Behind the lock, too: statements of one's own may grant. */
  static void change(Connection connection, List<String> statements, List<String> secrets)
      throws OutsideException, SQLException {
    inTransaction(connection, statements, secrets, () -> {
      ManagerSession.run(connection, List.of(LOCKED));
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
      } catch (OutsideException e) {
        connection.rollback();
        throw e;
      }
    }
    try {
      ManagerSession.clean(connection, statements);
    } catch (SQLException e) {
      throw Failures.afterCommit(e);
    }
  }

  /** Returns the answer to a query that begins with {@link #LOCKED}. */
  static ResultSet behindLock(PreparedStatement query) throws SQLException {
    if (!query.execute() || !query.getMoreResults()) {
      throw new SQLException("the lock was not taken");
    }
    return query.getResultSet();
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
