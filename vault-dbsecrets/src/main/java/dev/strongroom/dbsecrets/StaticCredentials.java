package dev.strongroom.dbsecrets;

import dev.strongroom.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The password that a database user has now. The user stays; its password changes when the period
 * is over. Thread-safe; never printed. Closing it wipes the password and changes nothing else.
 */
public final class StaticCredentials implements AutoCloseable {
  private final String user;
  private final SecretBytes password;
  private final Duration validFor;
  private final Duration rotationPeriod;
  private final Optional<Instant> lastRotation;

  StaticCredentials(
      String user,
      String password,
      Duration validFor,
      Duration rotationPeriod,
      Optional<Instant> lastRotation) {
    this.user = user;
    this.password = SecretBytes.takeOver(password.getBytes(StandardCharsets.UTF_8));
    this.validFor = validFor;
    this.rotationPeriod = rotationPeriod;
    this.lastRotation = lastRotation;
  }

  public String user() {
    return user;
  }

  /**
   * Returns the password as text. A {@code String} cannot be wiped: use it late and do not keep it.
   *
   * @throws IllegalStateException once this is closed
   */
  public String exposePassword() {
    return password.use(utf8 -> new String(utf8, StandardCharsets.UTF_8));
  }

  /**
   * Returns how long it was until the next change when this was read, in whole seconds; zero: it is
   * due.
   */
  public Duration validFor() {
    return validFor;
  }

  public Duration rotationPeriod() {
    return rotationPeriod;
  }

  /** Returns when the password was changed last; empty if it never was. */
  public Optional<Instant> lastRotation() {
    return lastRotation;
  }

  @Override
  public void close() {
    password.close();
  }

  @Override
  public String toString() {
    return "StaticCredentials[" + user + "]";
  }
}
