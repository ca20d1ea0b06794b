package dev.strongroom.dbsecrets.internal.url;

import java.util.Optional;

/**
 * Where a database is and how to connect to it: a {@code postgres://} or {@code postgresql://} URL,
 * or libpq's {@code keyword=value} form, in which <code>{{username}}</code> and <code>{{password}}
 * </code> stand for what is only known when connecting. It is taken apart once, with the
 * placeholders in it; their values are handed to the driver beside the address and never read as
 * part of one. Immutable and thread-safe.
 *
 * <p>Only hosts, ports, the database, the user and {@link Parameter} are taken; everything else is
 * refused, because drivers have parameters that load classes and write files. Forms: OpenBao v2.6.2
 * {@code plugins/database/postgresql} with pgx, PostgreSQL 17 libpq, section 32.1.1.
 */
public final class ConnectionUrl {
  private static final int MAX_LENGTH = 8_192;
  private static final String MASK = "xxxxx";

  private final String text;
  private final Settings settings;

  private ConnectionUrl(String text, Settings settings) {
    this.text = text;
    this.settings = settings;
  }

  /**
   * Reads a connection URL.
   *
   * @param text up to 8,192 characters
   * @throws IllegalArgumentException if it is none, or has something that is not allowed; the
   *     message repeats nothing of it, because it may hold a password anywhere
   */
  public static ConnectionUrl parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("connection_url cannot be empty");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "cannot parse connection url: it has more than " + MAX_LENGTH + " characters");
    }
    try {
      Settings settings = new Settings();
      if (text.startsWith("postgres://") || text.startsWith("postgresql://")) {
        new UrlForm(text, settings).read();
      } else if (text.contains("://")) {
        throw new IllegalArgumentException("it begins with postgres:// or postgresql://");
      } else {
        new KeywordForm(text, settings).read();
      }
      settings.requireUsable();
      return new ConnectionUrl(text, settings);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cannot parse connection url: " + e.getMessage(), e);
    }
  }

  /** Returns whether it holds a password itself, which rotating the root password cannot change. */
  public boolean hasLiteralPassword() {
    return settings.passwordIsLiteral();
  }

  /** Returns the text that may be shown: with a password of its own as {@code xxxxx}. */
  public String masked() {
    Optional<Settings.Span> span = settings.literalPassword();
    return span.map(s -> text.substring(0, s.start()) + MASK + text.substring(s.end()))
        .orElse(text);
  }

  /**
   * Returns what to connect with.
   *
   * @param username what <code>{{username}}</code> stands for, and the user if none is named
   * @param password what <code>{{password}}</code> stands for, and the password if none is given
   * @param escaped whether both are percent-encoded already, as {@code disable_escaping} has it;
   *     only looked at for URLs
   * @throws IllegalArgumentException if they should be and are not
   */
  public JdbcTarget resolve(String username, String password, boolean escaped) {
    boolean decodes = escaped && settings.isUrl();
    return settings.target(
        decodes ? Percent.decoded(username) : username,
        decodes ? Percent.decoded(password) : password);
  }

  /** Returns the text as it may be shown. */
  @Override
  public String toString() {
    return masked();
  }
}
