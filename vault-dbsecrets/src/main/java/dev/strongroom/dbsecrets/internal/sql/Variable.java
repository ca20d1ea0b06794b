package dev.strongroom.dbsecrets.internal.sql;

import java.util.Locale;

/** What a placeholder stands for. */
enum Variable {
  NAME,
  /** The same as {@link #NAME}. */
  USERNAME,
  PASSWORD,
  EXPIRATION;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what stands in a statement. */
  String placeholder() {
    return "{{" + word() + "}}";
  }
}
