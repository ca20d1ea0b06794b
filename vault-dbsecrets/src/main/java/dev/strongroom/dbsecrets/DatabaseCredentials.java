package dev.strongroom.dbsecrets;

import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Request;
import dev.strongroom.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A database user that was made for this caller, and ends with its lease. Closing it removes the
 * user:
 *
 * <pre>{@code
 * try (DatabaseCredentials credentials = database.credentials("my-role");
 *     Connection connection = DriverManager.getConnection(
 *         url, credentials.user(), credentials.exposePassword())) {
 *   …
 * }
 * }</pre>
 *
 * <p>Without {@link #close} the vault removes it when the lease ends. Thread-safe; never printed.
 */
public final class DatabaseCredentials implements AutoCloseable {
  private final Session session;
  private final String user;
  private final SecretBytes password;
  private final Lease lease;
  private volatile boolean revoked;

  DatabaseCredentials(Session session, String user, String password, Lease lease) {
    this.session = session;
    this.user = user;
    this.password = SecretBytes.takeOver(password.getBytes(StandardCharsets.UTF_8));
    this.lease = lease;
  }

  public String user() {
    return user;
  }

  /**
   * Returns the password as text. A {@code String} cannot be wiped: use it late and do not keep it.
   *
   * @throws IllegalStateException once this is closed or wiped
   */
  public String exposePassword() {
    return password.use(utf8 -> new String(utf8, StandardCharsets.UTF_8));
  }

  /** Returns the lease as it was when the user was made: its duration counts from then. */
  public Lease lease() {
    return lease;
  }

  /**
   * Begins the lifetime anew; the database accepts the password that much longer.
   *
   * @param increment from now, in whole seconds; zero for what the role says. Cut where the role's
   *     longest lifetime ends
   * @return the lease as it is now
   * @throws IllegalArgumentException if the increment is negative, or has a fraction of a second
   * @throws VaultException with code {@code INVALID_REQUEST} if the lease has ended or cannot be
   *     renewed; {@code OUTSIDE_FAILED} if the database did not follow, and the lease is as before
   */
  public Lease renew(Duration increment) {
    return Leases.of(session).renew(lease.id(), increment);
  }

  /** Wipes the password. The user stays until its lease ends. */
  public void wipe() {
    password.close();
  }

  /**
   * Wipes the password and has the user removed: returns when the vault has written that down, and
   * the vault tries until it is done. Nothing happens if it was closed before.
   */
  public void revokeLater() {
    password.close();
    if (!revoked) {
      session
          .request(
              Request.write("sys/leases/revoke", Map.of("lease_id", lease.id(), "sync", false)))
          .orThrow();
      revoked = true;
    }
  }

  /**
   * Wipes the password and removes the user, and returns when it is gone. Nothing happens if that
   * was done before.
   *
   * @throws VaultException if the user could not be removed now: the vault tries again by itself,
   *     at the latest when the lease ends; and so may the caller
   */
  @Override
  public void close() {
    password.close();
    if (!revoked) {
      Leases.of(session).revoke(lease.id());
      revoked = true;
    }
  }

  @Override
  public String toString() {
    return "DatabaseCredentials[" + user + ", lease " + lease.id() + "]";
  }
}
