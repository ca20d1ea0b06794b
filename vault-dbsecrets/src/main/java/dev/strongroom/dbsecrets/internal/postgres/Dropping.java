package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.sql.PgQuote;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a user is dropped. It succeeds only when the user is seen to be gone; a user that is not
 * there counts as dropped, unless its mark is found under another name.
 *
 * @param user exactly as it was made
 * @param statements in one transaction; empty: every privilege that PostgreSQL's catalogue shows is
 *     revoked, and the role dropped, as OpenBao v2.6.2 {@code plugins/database/postgresql} does
 * @param grace after which the sessions of the user are ended; empty: they stay, as PostgreSQL
 *     leaves them
 * @param mark see {@link Mark}; empty: none is known
 * @param onlyIfMarked whether only a user that has the mark is ours; otherwise whoever has the name
 *     is
 */
public record Dropping(
    String user,
    List<String> statements,
    Optional<Duration> grace,
    Optional<String> mark,
    boolean onlyIfMarked) {
  /** A cast, or a longer or differently typed name would never be found. */
  private static final String FACTS = "SELECT " + Mark.FOUND + """
      , pg_catalog.current_database(),
        EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public'),
        pg_catalog.pg_is_in_recovery()""";

  /** Beyond the transaction: each statement is one of its own. */
  private static final String LOCKED_FOR_LONG =
      "SELECT pg_catalog.pg_advisory_lock(" + UserChange.LOCK + "); ";

  private static final String SCHEMAS = """
      SELECT DISTINCT table_schema::pg_catalog.text FROM information_schema.role_column_grants\
       WHERE grantee = ?::pg_catalog.name ORDER BY 1""";

  private static final String SESSIONS = """
      SELECT pid FROM pg_catalog.pg_stat_activity\
       WHERE usename = ?::pg_catalog.name AND pid <> pg_catalog.pg_backend_pid()""";

  private static final String END = """
      SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity\
       WHERE usename = ?::pg_catalog.name""";

  public Dropping {
    Objects.requireNonNull(user, "user");
    statements = List.copyOf(statements);
    Objects.requireNonNull(grace, "grace");
    Objects.requireNonNull(mark, "mark");
  }

  /** Drops whoever has the name. */
  public Dropping(String user, List<String> statements, Optional<Duration> grace) {
    this(user, statements, grace, Optional.empty(), /* onlyIfMarked= */ false);
  }

  /** Drops whoever has the name, but fails if the user with the mark has got another name. */
  public Dropping markedWith(String text) {
    return new Dropping(user, statements, grace, Optional.of(text), /* onlyIfMarked= */ false);
  }

  /** Drops the user only if it has a mark; another one counts as not there. */
  public Dropping onlyIfMarked(String text) {
    return new Dropping(user, statements, grace, Optional.of(text), /* onlyIfMarked= */ true);
  }

  private record Facts(boolean exists, String database, boolean hasPublic) {}

  /**
   * Returns whether there was such a user. Looks behind the lock, so that what makes the user and
   * is not committed yet is waited for.
   */
  boolean carryOut(Connection connection) throws OutsideException, SQLException {
    connection.setAutoCommit(true);
    if (grace.isPresent() && facts(connection).exists()) {
      endSessions(connection, grace.get());
    }
    return statements.isEmpty() ? byCatalogue(connection) : byStatements(connection);
  }

  private boolean byStatements(Connection connection) throws OutsideException, SQLException {
    connection.setAutoCommit(false);
    boolean found;
    try {
      found = LockHolders.lock(connection, user, () -> facts(connection, UserChange.LOCKED))
          .exists();
      if (found) {
        ManagerSession.run(connection, statements);
      } else {
        requireNotRenamed(connection);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw withObstacles(connection, "the revocation statements failed", e);
    }
    ManagerSession.clean(connection, statements);
    connection.setAutoCommit(true);
    if (found && facts(connection).exists()) {
      throw new OutsideException(
          Kind.RETRYABLE,
          "the revocation statements leave the role there: let them end with DROP ROLE \"{{name}}\"");
    }
    return found;
  }

  private boolean byCatalogue(Connection connection) throws OutsideException, SQLException {
    Facts facts = LockHolders.lock(connection, user, () -> facts(connection, LOCKED_FOR_LONG));
    if (facts.exists()) {
      revokeAndDrop(connection, facts);
    } else {
      requireNotRenamed(connection);
    }
    unlock(connection);
    return facts.exists();
  }

  /** Whoever renames a role does not end its rights, and its lease must not forget it. */
  private void requireNotRenamed(Connection connection) throws OutsideException, SQLException {
    if (mark.isEmpty()) {
      return;
    }
    try (PreparedStatement query = connection.prepareStatement(Mark.ELSEWHERE)) {
      query.setString(1, mark.get());
      query.setString(2, user);
      try (ResultSet renamed = query.executeQuery()) {
        if (renamed.next()) {
          throw new OutsideException(
              Kind.RETRYABLE,
              "the role is there under another name: rename "
                  + PgQuote.identifier(Failures.printable(renamed.getString(1)))
                  + " back, or drop it");
        }
      }
    }
  }

  private static void unlock(Connection connection) throws SQLException {
    try (Statement statement = ManagerSession.statement(connection);
        ResultSet unlocked = statement.executeQuery(
            "SELECT pg_catalog.pg_advisory_unlock(" + UserChange.LOCK + ")")) {
      if (!unlocked.next() || !unlocked.getBoolean(1)) {
        throw new SQLException("the lock was not held");
      }
    }
  }

  /**
   * One statement after the other, each on its own: what can be revoked is, even if the rest fails.
   */
  private void revokeAndDrop(Connection connection, Facts facts)
      throws OutsideException, SQLException {
    SQLException last = null;
    for (String statement : revoking(facts, schemas(connection))) {
      try {
        ManagerSession.run(connection, List.of(statement));
      } catch (SQLException e) {
        if (connection.isClosed()) {
          throw e;
        }
        last = e;
      }
    }
    if (last != null) {
      throw withObstacles(connection, "could not perform all revocation statements", last);
    }
    try {
      ManagerSession.run(connection, List.of("DROP ROLE IF EXISTS " + quoted() + ";"));
    } catch (SQLException e) {
      throw withObstacles(connection, "the role was not dropped", e);
    }
  }

  private List<String> revoking(Facts facts, List<String> schemas) {
    List<String> statements = new ArrayList<>();
    for (String schema : schemas) {
      String name = PgQuote.identifier(schema);
      statements.add(
          "REVOKE ALL PRIVILEGES ON ALL TABLES IN SCHEMA " + name + " FROM " + quoted() + ";");
      statements.add("REVOKE USAGE ON SCHEMA " + name + " FROM " + quoted() + ";");
    }
    if (facts.hasPublic()) {
      for (String what : List.of(
          "ALL PRIVILEGES ON ALL TABLES IN", "ALL PRIVILEGES ON ALL SEQUENCES IN", "USAGE ON")) {
        statements.add("REVOKE " + what + " SCHEMA public FROM " + quoted() + ";");
      }
    }
    statements.add("REVOKE CONNECT ON DATABASE " + PgQuote.identifier(facts.database()) + " FROM "
        + quoted() + ";");
    return statements;
  }

  private String quoted() {
    return PgQuote.identifier(user);
  }

  /** Nobody can log in any more; whoever is there may finish. The database does the waiting. */
  private void endSessions(Connection connection, Duration grace)
      throws OutsideException, SQLException {
    try {
      ManagerSession.run(connection, List.of("ALTER ROLE " + quoted() + " NOLOGIN"));
      for (long waited = 0; waited < grace.toMillis() && hasSessions(connection); waited += 200) {
        ManagerSession.run(connection, List.of("SELECT pg_catalog.pg_sleep(0.2)"));
      }
      try (PreparedStatement end = prepared(connection, END);
          ResultSet ended = end.executeQuery()) {
        ended.next();
      }
      for (int tries = 0; tries < 25 && hasSessions(connection); tries++) {
        ManagerSession.run(connection, List.of("SELECT pg_catalog.pg_sleep(0.2)"));
      }
    } catch (SQLException e) {
      throw Failures.refused("the sessions of the role could not be ended", e, List.of());
    }
    if (hasSessions(connection)) {
      throw new OutsideException(Kind.RETRYABLE, "the sessions of the role have not ended yet");
    }
  }

  private boolean hasSessions(Connection connection) throws SQLException {
    try (PreparedStatement query = prepared(connection, SESSIONS);
        ResultSet found = query.executeQuery()) {
      return found.next();
    }
  }

  private Facts facts(Connection connection) throws OutsideException, SQLException {
    return facts(connection, "");
  }

  /**
   * A standby may not have heard of the user yet, so it says nothing.
   *
   * @param locked what takes the lock in the same message, or nothing
   */
  private Facts facts(Connection connection, String locked) throws OutsideException, SQLException {
    try (PreparedStatement query = prepared(connection, locked + FACTS)) {
      String wanted = onlyIfMarked ? mark.orElseThrow() : "";
      query.setString(2, wanted);
      query.setString(3, wanted);
      ResultSet found = locked.isEmpty() ? query.executeQuery() : UserChange.behindLock(query);
      found.next();
      if (found.getBoolean(4)) {
        throw new OutsideException(
            Kind.UNREACHABLE, "the server is a standby, where nothing can be dropped");
      }
      return new Facts(found.getBoolean(1), found.getString(2), found.getBoolean(3));
    }
  }

  private List<String> schemas(Connection connection) throws SQLException {
    List<String> schemas = new ArrayList<>();
    try (PreparedStatement query = prepared(connection, SCHEMAS);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        schemas.add(found.getString(1));
      }
    }
    return schemas;
  }

  private PreparedStatement prepared(Connection connection, String query) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(query);
    statement.setString(1, user);
    return statement;
  }

  /** Says why, and what would help, if the catalogue shows it. */
  private OutsideException withObstacles(Connection connection, String what, SQLException e) {
    OutsideException refused = Failures.refused(what, e, List.of());
    try {
      connection.setAutoCommit(true);
      Optional<String> found = Obstacles.of(connection, user).summary();
      return found
          .map(summary -> new OutsideException(Kind.RETRYABLE, what + ": " + summary, e))
          .orElse(refused);
    } catch (SQLException another) {
      refused.addSuppressed(another);
      return refused;
    }
  }
}
