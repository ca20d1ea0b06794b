package dev.strongroom.dbsecrets.internal.sql;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is put in place of the placeholders. Immutable; never printed. A password is a string here
 * because JDBC takes SQL as one: make this late and let it go early.
 */
public final class StatementValues {
  /** Always in UTC: the reference writes the zone of its server, and PostgreSQL takes any. */
  private static final DateTimeFormatter EXPIRATION =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String name;
  private final @Nullable String password;
  private final @Nullable String expiration;

  private StatementValues(String name, @Nullable String password, @Nullable String expiration) {
    this.name = name;
    this.password = password;
    this.expiration = expiration;
  }

  /**
   * Begins with the name of the database user.
   *
   * @throws IllegalArgumentException unless PostgreSQL can have a role of that name
   */
  public static StatementValues of(String name) {
    return new StatementValues(PgQuote.requireName(name), null, null);
  }

  /**
   * Adds what the password becomes: itself or its SCRAM verifier.
   *
   * @throws IllegalArgumentException if it holds NUL or half a character
   */
  public StatementValues withPassword(String text) {
    return new StatementValues(name, PgQuote.requireText(text, "password"), expiration);
  }

  /** Adds the moment the user's password stops working, cut to seconds. */
  public StatementValues withExpiration(Instant moment) {
    return new StatementValues(name, password, EXPIRATION.format(moment));
  }

  String of(Variable variable) {
    String value =
        switch (variable) {
          case NAME, USERNAME -> name;
          case PASSWORD -> password;
          case EXPIRATION -> expiration;
        };
    if (value == null) {
      throw new IllegalStateException("no value for " + variable.placeholder());
    }
    return value;
  }

  @Override
  public String toString() {
    return "StatementValues[" + name + "]";
  }
}
