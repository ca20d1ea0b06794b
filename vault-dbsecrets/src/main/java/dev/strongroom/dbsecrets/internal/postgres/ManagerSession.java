package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** What every connection of a manager has in common. */
final class ManagerSession {
  /**
   * Nothing but the system's own functions is found without a schema (CVE-2018-1058), nothing waits
   * for ever, no statement floods us with notices, and the server sees when we are gone.
   */
  private static final String OPTIONS = """
      -c search_path=pg_catalog -c standard_conforming_strings=on -c statement_timeout=60s\
       -c lock_timeout=30s -c idle_in_transaction_session_timeout=90s -c client_min_messages=error\
       -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3""";

  private static final int SOCKET_SECONDS = 75;

  /** What one answer may take in memory. */
  private static final String MAX_RESULT = "16M";

  /**
   * Statements that change nothing of the session itself, and answer without rows; temporary things
   * are a part of it.
   */
  private static final Pattern LEAVES_NOTHING = Pattern.compile(
      "\\s*(?![^;$]*\\bTEMP(?:ORARY)?\\b)(CREATE|ALTER|GRANT|REVOKE|DROP|REASSIGN|COMMENT)\\s[^;$]*",
      Pattern.CASE_INSENSITIVE);

  private ManagerSession() {}

  static Map<String, String> properties(JdbcTarget target) {
    Map<String, String> properties = new HashMap<>(target.properties());
    properties.put("options", OPTIONS);
    properties.put("socketTimeout", String.valueOf(SOCKET_SECONDS));
    properties.put("maxResultBuffer", MAX_RESULT);
    return properties;
  }

  /** Opens a connection that is in no pool. */
  static Connection open(JdbcTarget target) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(properties(target));
    properties.setProperty("user", target.user());
    properties.setProperty("password", target.password());
    return DriverManager.getConnection(target.url(), properties);
  }

  /** Returns a statement that sends texts as they are. */
  static Statement statement(Connection connection) throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** Runs texts in their order: in one message, if none of them can answer with rows. */
  static void run(Connection connection, List<String> texts) throws SQLException {
    try (Statement statement = statement(connection)) {
      if (texts.size() > 1 && leaveNothing(texts)) {
        runTogether(statement, texts);
      } else {
        for (String text : texts) {
          boolean unused = statement.execute(text);
        }
      }
    }
  }

  private static void runTogether(Statement statement, List<String> texts) throws SQLException {
    for (String text : texts) {
      statement.addBatch(text);
    }
    try {
      int[] unused = statement.executeBatch();
    } catch (BatchUpdateException e) { // its message holds the text, and with it a password
      throw e.getNextException() == null
          ? new SQLException("a statement failed", e.getSQLState())
          : e.getNextException();
    }
  }

  private static boolean leaveNothing(List<String> texts) {
    return texts.stream().allMatch(LEAVES_NOTHING.asMatchPredicate());
  }

  /** Brings back the session's settings, if such statements may have changed them. */
  static void clean(Connection connection, List<String> texts) throws SQLException {
    if (!leaveNothing(texts)) {
      connection.setAutoCommit(true);
      run(connection, List.of("DISCARD ALL"));
    }
  }
}
