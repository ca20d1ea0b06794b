package dev.strongroom.dbsecrets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How the vault gets to a database, and which roles may have users there; see
 * {@link Database#configure}. Immutable, never printed: it holds a password.
 */
public final class DatabaseConfig {
  private final Map<String, Object> parameters;

  private DatabaseConfig(Map<String, Object> parameters) {
    this.parameters = parameters;
  }

  /**
   * A connection that no role may use yet. Passwords of users reach the database as SCRAM-SHA-256
   * verifiers, so that neither it nor its log has them.
   *
   * @param url a URL or {@code key=value} of libpq, with {@code {{username}}} and
   *     {@code {{password}}}, such as
   *     {@code postgresql://{{username}}:{{password}}@db.example:5432/orders}
   * @param username the vault's own user
   * @param password of that user; {@link Database#rotateRoot} replaces it by one that nobody knows
   */
  public static DatabaseConfig of(String url, String username, CharSequence password) {
    return new DatabaseConfig(Map.of())
        .with("plugin_name", "postgresql-database-plugin")
        .with("connection_url", url)
        .with("username", username)
        .with("password", password.toString())
        .with("password_authentication", "scram-sha-256");
  }

  /** Returns this configuration for roles of these names; {@code *} stands for any characters. */
  public DatabaseConfig withAllowedRoles(String... names) {
    return with("allowed_roles", List.of(names));
  }

  /**
   * Returns this configuration with another number of connections.
   *
   * @param most at the same time; default 4, 1 to 100
   */
  public DatabaseConfig withMaxConnections(int most) {
    if (most < 1 || most > 100) {
      throw new IllegalArgumentException("connections are 1 to 100, but got " + most);
    }
    return with("max_open_connections", most);
  }

  /** Returns this configuration with a template of the names of users, which has a random part. */
  public DatabaseConfig withUsernameTemplate(String template) {
    return with("username_template", template);
  }

  /** Returns this configuration with passwords by a password policy of the vault. */
  public DatabaseConfig withPasswordPolicy(String name) {
    return with("password_policy", name);
  }

  /** Returns this configuration with what changes the password of the vault's own user. */
  public DatabaseConfig withRootRotationStatements(String... statements) {
    return with("root_rotation_statements", List.of(statements));
  }

  /**
   * Returns this configuration, which sends passwords as they are: for statements that need them,
   * and for a database that keeps other hashes. The log of the database may hold them then.
   */
  public DatabaseConfig withPlainPasswords() {
    return with("password_authentication", "password");
  }

  /** Returns this configuration, which is stored without having connected. */
  public DatabaseConfig withoutVerification() {
    return with("verify_connection", false);
  }

  private DatabaseConfig with(String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    all.put(name, Objects.requireNonNull(value, name));
    return new DatabaseConfig(all);
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  @Override
  public String toString() {
    return "DatabaseConfig[redacted]";
  }
}
