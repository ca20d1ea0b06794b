package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.sql.PgQuote;

/**
 * Says which lease a user was made for, in the transaction that makes it: whether that took place
 * can be seen afterwards, and somebody else's user of the same name is not taken for ours.
 *
 * <p>It is a setting of the role in {@code template0}, a database that nobody can connect to. So no
 * session ever has it, statements of one's own do not meet it, whoever may drop the role may set
 * it, and it goes with the role.
 */
final class Mark {
  /** True for every user if there is no mark to look for. Takes the user, and the mark twice. */
  static final String FOUND = """
      EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = ?::pg_catalog.name
        AND (?::pg_catalog.text = '' OR EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s
          WHERE s.setrole = r.oid AND 'application_name=strongroom ' || ? = ANY (s.setconfig))))""";

  /** Finds the user that has a mark under another name. Takes the mark, then the name. */
  static final String ELSEWHERE = """
      SELECT r.rolname::pg_catalog.text FROM pg_catalog.pg_roles r
        JOIN pg_catalog.pg_db_role_setting s ON s.setrole = r.oid
        WHERE 'application_name=strongroom ' || ? = ANY (s.setconfig)
          AND r.rolname <> ?::pg_catalog.name""";

  private Mark() {}

  /** Returns what sets it; fails if there is no such role. One message, which begins by looking. */
  static String setting(String user, String mark) {
    return "SELECT oid FROM pg_catalog.pg_roles WHERE rolname = " + PgQuote.literal(user)
        + "; ALTER ROLE " + PgQuote.identifier(user)
        + " IN DATABASE template0 SET application_name TO "
        + PgQuote.literal("strongroom " + mark);
  }
}
