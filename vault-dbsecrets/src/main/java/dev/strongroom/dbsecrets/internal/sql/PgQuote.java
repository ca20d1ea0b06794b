package dev.strongroom.dbsecrets.internal.sql;

import java.nio.charset.StandardCharsets;

/**
 * Names and texts as PostgreSQL reads them, with {@code standard_conforming_strings} on, as it is
 * unless somebody turned it off: a backslash is a character like any other. Thread-safe.
 */
public final class PgQuote {
  /** What PostgreSQL keeps of a name: NAMEDATALEN - 1. */
  public static final int MAX_NAME_BYTES = 63;

  private PgQuote() {}

  /**
   * Returns a name in double quotes.
   *
   * @throws IllegalArgumentException unless PostgreSQL can have something of that name: 1 to 63
   *     UTF-8 bytes without NUL
   */
  public static String identifier(String name) {
    return '"' + doubled(requireName(name), '"') + '"';
  }

  /**
   * Returns a text in single quotes.
   *
   * @throws IllegalArgumentException if it holds NUL or half a character
   */
  public static String literal(String text) {
    return '\'' + doubled(requireText(text, "text"), '\'') + '\'';
  }

  /**
   * Returns the name, if PostgreSQL can have something of that name.
   *
   * @throws IllegalArgumentException otherwise: longer names are cut there, so that two could be
   *     one
   */
  public static String requireName(String name) {
    requireText(name, "name");
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a name in PostgreSQL has 1 to " + MAX_NAME_BYTES + " bytes, but this has " + bytes);
    }
    return name;
  }

  static String requireText(String text, String what) {
    if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("a " + what + " holds a character that PostgreSQL cannot");
    }
    return text;
  }

  static String doubled(String text, char quote) {
    return text.replace(String.valueOf(quote), String.valueOf(quote) + quote);
  }
}
