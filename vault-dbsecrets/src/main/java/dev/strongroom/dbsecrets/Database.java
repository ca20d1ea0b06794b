package dev.strongroom.dbsecrets;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The database users of one mount, with the rights of a session. All methods block and throw
 * {@link VaultException}: {@code PERMISSION_DENIED} where the session may not,
 * {@code INVALID_REQUEST} where there is no such role or it is refused, {@code OUTSIDE_FAILED} or
 * {@code INTERNAL} where the database did not do what was asked, {@code SEALED}. Thread-safe.
 */
public final class Database {
  private final Session session;

  /** With a trailing slash. */
  private final String mount;

  private Database(Session session, String mount) {
    this.session = session;
    this.mount = mount;
  }

  /**
   * Returns the users of the mount at {@code mount}, such as {@code database}; whether there is one
   * shows at the first call.
   *
   * @throws IllegalArgumentException if that cannot be a path
   */
  public static Database at(Session session, String mount) {
    Objects.requireNonNull(session, "session");
    VaultPath path = VaultPath.parse(mount);
    if (path.text().isEmpty()) {
      throw new IllegalArgumentException("a mount has a path, such as database");
    }
    return new Database(session, path.asFolder().text());
  }

  /**
   * Makes a database user by a role: {@code read} on {@code creds/<role>}. What is asked of the
   * credentials later needs {@code update} on {@code sys/leases/renew} and
   * {@code sys/leases/revoke}.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public DatabaseCredentials credentials(String role) {
    Response response = ask(Operation.READ, "creds/", role, Map.of()).orThrow();
    Payload data = response.dataOrEmpty();
    Lease lease = response.lease().orElseThrow(Database::noDatabaseMount);
    return new DatabaseCredentials(
        session, required(data, "username"), required(data, "password"), lease);
  }

  /**
   * Reads the password of a static role's user: {@code read} on {@code static-creds/<role>}.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public StaticCredentials staticCredentials(String role) {
    Payload data =
        ask(Operation.READ, "static-creds/", role, Map.of()).orThrow().dataOrEmpty();
    return new StaticCredentials(
        required(data, "username"),
        required(data, "password"),
        seconds(data, "ttl"),
        seconds(data, "rotation_period"),
        data.text("last_vault_rotation").map(InstantText::parse));
  }

  /**
   * Gives the user of a static role another password now, whenever the next change was due.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void rotateRole(String role) {
    ask(Operation.UPDATE, "rotate-role/", role, Map.of()).orThrow();
  }

  /**
   * Gives the vault's own user of a connection another password, which nobody can read.
   *
   * @throws IllegalArgumentException if that cannot be the name of a connection
   */
  public void rotateRoot(String connection) {
    ask(Operation.UPDATE, "rotate-root/", connection, Map.of()).orThrow();
  }

  /**
   * Asks what keeps a user from being dropped: {@code update} on {@code preflight/<connection>}.
   * Changes nothing.
   *
   * @param user exactly as the database has it
   * @throws IllegalArgumentException if the connection cannot be called that
   */
  public DropPreflight preflight(String connection, String user) {
    Payload data = ask(Operation.UPDATE, "preflight/", connection, Map.of("username", user))
        .orThrow()
        .dataOrEmpty();
    return new DropPreflight(
        data.flag("exists").orElseThrow(Database::noDatabaseMount),
        data.flag("default_revocation").orElseThrow(Database::noDatabaseMount),
        data.texts("reasons"),
        data.texts("statements"));
  }

  /** Opens a connection anew. */
  public void reset(String connection) {
    ask(Operation.UPDATE, "reset/", connection, Map.of()).orThrow();
  }

  private Response ask(Operation operation, String folder, String name, Map<String, ?> members) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a name is one part of a path, such as my-role, but got \"" + name + "\"");
    }
    return session.request(
        Request.of(operation, VaultPath.parse(mount + folder + name), Payload.of(members)));
  }

  private static String required(Payload data, String member) {
    return data.text(member).orElseThrow(Database::noDatabaseMount);
  }

  private static VaultException noDatabaseMount() {
    return new VaultException(ErrorCode.UNSUPPORTED, "this mount makes no database users");
  }

  private static Duration seconds(Payload data, String member) {
    return Duration.ofSeconds(data.number(member).map(Number::longValue).orElse(0L));
  }
}
