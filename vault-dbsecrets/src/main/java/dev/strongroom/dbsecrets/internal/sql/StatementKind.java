package dev.strongroom.dbsecrets.internal.sql;

import java.util.List;
import java.util.Set;

/**
 * What statements are for, and so which placeholders they have. Same as OpenBao v2.6.2
 * {@code plugins/database/postgresql/postgresql.go}; every other placeholder is text like any.
 */
public enum StatementKind {
  CREATION,
  /** Without statements, what has to be revoked is looked up in the database: no text does it. */
  REVOCATION,
  /** Kept for clients that send them. */
  ROLLBACK,
  RENEW,
  ROTATION,
  ROOT_ROTATION;

  Set<Variable> variables() {
    return switch (this) {
      case CREATION ->
        Set.of(Variable.NAME, Variable.USERNAME, Variable.PASSWORD, Variable.EXPIRATION);
      case REVOCATION, ROLLBACK -> Set.of(Variable.NAME, Variable.USERNAME);
      case RENEW -> Set.of(Variable.NAME, Variable.USERNAME, Variable.EXPIRATION);
      case ROTATION, ROOT_ROTATION -> Set.of(Variable.NAME, Variable.USERNAME, Variable.PASSWORD);
    };
  }

  /** Returns what is done without statements. */
  List<String> defaults() {
    return switch (this) {
      case CREATION, REVOCATION, ROLLBACK -> List.of();
      case RENEW -> List.of("ALTER ROLE \"{{name}}\" VALID UNTIL '{{expiration}}'");
      case ROTATION, ROOT_ROTATION ->
        List.of("ALTER ROLE \"{{username}}\" WITH PASSWORD '{{password}}'");
    };
  }

  boolean isNeverRun() {
    return this == ROLLBACK;
  }

  /**
   * Whether the word END has a text sent whole, as in the reference; see {@link StatementTexts}.
   */
  boolean knowsBlocks() {
    return this == CREATION || this == REVOCATION;
  }
}
