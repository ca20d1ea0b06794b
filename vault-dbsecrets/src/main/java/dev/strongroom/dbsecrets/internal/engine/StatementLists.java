package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.dbsecrets.internal.sql.Statements;
import dev.strongroom.spi.Call;
import java.util.List;

/** Statements as callers give them, and as they are stored and shown: trimmed, and none empty. */
final class StatementLists {
  private StatementLists() {}

  static List<String> of(Call call, String field) {
    return call.texts(field).stream()
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /**
   * As {@link #of}, and checks that they can be read.
   *
   * @throws dev.strongroom.VaultException with code {@code INVALID_REQUEST} and a text that names
   *     the field
   */
  static List<String> of(Call call, String field, StatementKind kind) {
    List<String> given = of(call, field);
    try {
      Statements.parse(kind, given);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(field + ": " + e.getMessage());
    }
    return given;
  }
}
