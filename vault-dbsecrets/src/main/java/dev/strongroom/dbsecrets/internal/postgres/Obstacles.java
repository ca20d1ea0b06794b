package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.sql.PgQuote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps a role from being dropped, as PostgreSQL's own list of dependencies shows it.
 *
 * @param exists whether there is such a role
 * @param revocable whether revoking without statements of one's own would drop it
 * @param reasons at most {@value #MAX_REASONS}, in words for people
 * @param statements that would clear the way; each says in which database
 */
public record Obstacles(
    boolean exists, boolean revocable, List<String> reasons, List<String> statements) {
  static final int MAX_REASONS = 50;

  private static final String ROLE = """
      SELECT oid::pg_catalog.int8, pg_catalog.current_database(), session_user::pg_catalog.text\
       FROM pg_catalog.pg_roles WHERE rolname = ?::pg_catalog.name""";

  /** Objects of other databases have no name here. Role memberships go with the role. */
  private static final String DEPENDENCIES = """
      SELECT d.deptype::pg_catalog.text,
             CASE WHEN d.dbid = 0 THEN '' ELSE b.datname::pg_catalog.text END,
             CASE WHEN d.dbid IN (0, (SELECT oid FROM pg_catalog.pg_database\
       WHERE datname = pg_catalog.current_database()))
                  THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END,
             d.classid = 'pg_catalog.pg_default_acl'::pg_catalog.regclass,
             d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
               OR d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
               OR d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass
      FROM pg_catalog.pg_shdepend d LEFT JOIN pg_catalog.pg_database b ON b.oid = d.dbid
      WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.refobjid = ?::pg_catalog.oid
      ORDER BY 1 DESC, 2, 3 LIMIT 51""";

  public Obstacles {
    reasons = List.copyOf(reasons);
    statements = List.copyOf(statements);
  }

  static Obstacles of(Connection connection, String user) throws SQLException {
    connection.setAutoCommit(true);
    try (PreparedStatement query = connection.prepareStatement(ROLE)) {
      query.setString(1, user);
      try (ResultSet role = query.executeQuery()) {
        return role.next()
            ? of(connection, user, role.getLong(1), role.getString(2), role.getString(3))
            : new Obstacles(false, true, List.of(), List.of());
      }
    }
  }

  private static Obstacles of(
      Connection connection, String user, long oid, String here, String manager)
      throws SQLException {
    List<String> reasons = new ArrayList<>();
    Set<String> statements = new LinkedHashSet<>();
    boolean revocable = true;
    try (PreparedStatement query = connection.prepareStatement(DEPENDENCIES)) {
      query.setLong(1, oid);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          boolean owner = found.getString(1).equals("o");
          String database = found.getString(2);
          String object = found.getString(3);
          boolean elsewhere = object == null;
          revocable &= !owner && !elsewhere && !found.getBoolean(4) && found.getBoolean(5);
          if (reasons.size() < MAX_REASONS) {
            reasons.add((owner ? "owns " : "has privileges on ")
                + Failures.printable(elsewhere ? "something in database " + database : object));
          }
          String where = "-- in database " + (database.isEmpty() ? here : database) + "\n";
          if (owner) {
            statements.add(where + "REASSIGN OWNED BY " + PgQuote.identifier(user) + " TO "
                + PgQuote.identifier(manager));
          }
          statements.add(where + "DROP OWNED BY " + PgQuote.identifier(user));
        }
      }
    }
    return new Obstacles(true, revocable, reasons, List.copyOf(statements));
  }

  /** Returns the first reasons and what helps, in a line; empty if nothing is in the way. */
  Optional<String> summary() {
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    List<String> first = reasons.subList(0, Math.min(2, reasons.size()));
    int more = reasons.size() - first.size();
    boolean owns = reasons.get(0).startsWith("owns ");
    return Optional.of("the role " + String.join(", ", first)
        + (more > 0 ? " and " + more + " more" : "") + "; "
        + (owns ? "REASSIGN OWNED BY and DROP OWNED BY" : "DROP OWNED BY") + " would help");
  }
}
