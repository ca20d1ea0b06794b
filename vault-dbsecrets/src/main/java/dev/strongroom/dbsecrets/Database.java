package dev.strongroom.dbsecrets;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.engine.DatabaseEngineType;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The connections, roles and users of one mount, with the rights of a session. All methods block
 * and throw {@link VaultException}: {@code PERMISSION_DENIED} where the session may not,
 * {@code INVALID_REQUEST} where there is no such role, it is refused, or the mount is of another
 * engine, {@code OUTSIDE_FAILED} or {@code INTERNAL} where the database did not do what was asked,
 * {@code SEALED}. Thread-safe.
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
   * Says how the vault gets to a database, and connects, unless it is not to.
   *
   * @return warnings
   * @throws IllegalArgumentException if that cannot be the name of a connection
   */
  public List<String> configure(String connection, DatabaseConfig config) {
    return ask(Operation.UPDATE, "config/", connection, config.parameters())
        .orThrow()
        .warnings();
  }

  /** Returns the names of the connections. */
  public List<String> connections() {
    return names("config/");
  }

  /**
   * Removes a connection, if it is there. Users that were made over it stay until it is there
   * again.
   *
   * @throws IllegalArgumentException if that cannot be the name of a connection
   */
  public void deleteConnection(String connection) {
    ask(Operation.DELETE, "config/", connection, Map.of()).orThrow();
  }

  /**
   * Makes a role, or replaces one; parameters that {@link DatabaseRole} does not have stay.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void putRole(String name, DatabaseRole role) {
    ask(Operation.UPDATE, "roles/", name, role.parameters()).orThrow();
  }

  /**
   * Returns a role.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public Optional<DatabaseRole> role(String name) {
    return read("roles/", name).map(DatabaseRole::read);
  }

  /** Returns the names of the roles. */
  public List<String> roles() {
    return names("roles/");
  }

  /**
   * Removes a role, if it is there. Users that were made by it live until their leases end.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void deleteRole(String name) {
    ask(Operation.DELETE, "roles/", name, Map.of()).orThrow();
  }

  /**
   * Makes a static role, which gives its user another password at once, or changes one; parameters
   * that {@link StaticDatabaseRole} does not have stay.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void putStaticRole(String name, StaticDatabaseRole role) {
    ask(Operation.UPDATE, "static-roles/", name, role.parameters()).orThrow();
  }

  /**
   * Returns a static role.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public Optional<StaticDatabaseRole> staticRole(String name) {
    return read("static-roles/", name).map(StaticDatabaseRole::read);
  }

  /** Returns the names of the static roles. */
  public List<String> staticRoles() {
    return names("static-roles/");
  }

  /**
   * Removes a static role, if it is there. Its user stays, with the password it has.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void deleteStaticRole(String name) {
    ask(Operation.DELETE, "static-roles/", name, Map.of()).orThrow();
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

  private Optional<Payload> read(String folder, String name) {
    Response response = ask(Operation.READ, folder, name, Map.of());
    return response.isMissing()
        ? Optional.empty()
        : Optional.of(response.orThrow().dataOrEmpty());
  }

  private List<String> names(String folder) {
    return request(Operation.LIST, folder, Map.of()).names();
  }

  private Response ask(Operation operation, String folder, String name, Map<String, ?> members) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a name is one part of a path, such as my-role, but got \"" + name + "\"");
    }
    return request(operation, folder + name, members);
  }

  /** No other engine, whatever it would make of the path, answers. */
  private Response request(Operation operation, String path, Map<String, ?> members) {
    return session.request(Request.of(operation, VaultPath.parse(mount + path), Payload.of(members))
        .forApi(DatabaseEngineType.API));
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
