package dev.strongroom.dbsecrets.internal.sql;

import java.util.List;
import java.util.Set;

/**
 * What statements are for, and so which placeholders they have. Same as OpenBao v2.6.2
 * {@code plugins/database/postgresql/postgresql.go}; every other placeholder is text like any.
 */
public enum StatementKind {
  CREATION(
      Set.of(Variable.NAME, Variable.USERNAME, Variable.PASSWORD, Variable.EXPIRATION), List.of()),
  /** Without statements, what has to be revoked is looked up in the database: no text does it. */
  REVOCATION(Set.of(Variable.NAME, Variable.USERNAME), List.of()),
  RENEW(
      Set.of(Variable.NAME, Variable.USERNAME, Variable.EXPIRATION),
      List.of("ALTER ROLE \"{{name}}\" VALID UNTIL '{{expiration}}'")),
  ROTATION(
      Set.of(Variable.NAME, Variable.USERNAME, Variable.PASSWORD),
      List.of("ALTER ROLE \"{{username}}\" WITH PASSWORD '{{password}}'")),
  ROOT_ROTATION(ROTATION.variables, ROTATION.defaults);

  private final Set<Variable> variables;
  private final List<String> defaults;

  StatementKind(Set<Variable> variables, List<String> defaults) {
    this.variables = variables;
    this.defaults = defaults;
  }

  Set<Variable> variables() {
    return variables;
  }

  List<String> defaults() {
    return defaults;
  }

  /**
   * Whether the word END has a text sent whole, as in the reference; see {@link StatementTexts}.
   */
  boolean knowsBlocks() {
    return this == CREATION || this == REVOCATION;
  }
}
