package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.postgres.Target;
import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.dbsecrets.internal.sql.Statements;
import dev.strongroom.dbsecrets.internal.url.ConnectionUrl;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.Glob;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a database is reached, and who may have users there.
 *
 * @param version another one after every change, so that pools follow
 * @param details what was written about the connection, as it was written, without the password;
 *     {@code connection_url} in it may hold one
 * @param pending the password that rotating is about to set; it counts when it is seen to work
 */
record ConnectionConfig(
    String version,
    String pluginName,
    List<String> allowedRoles,
    List<String> rootRotationStatements,
    String passwordPolicy,
    SecretDetails details,
    int maxOpen,
    boolean keepsIdle,
    Duration maxLifetime,
    boolean escaped,
    SecretText password,
    Optional<SecretText> pending) {
  /** JSON, because most of it is what callers wrote. */
  static final RecordKind<byte[]> KIND = RecordKind.secretTree("config");

  static final String SCRAM = "scram-sha-256";
  private static final int FORMAT = 1;

  ConnectionConfig {
    allowedRoles = List.copyOf(allowedRoles);
    rootRotationStatements = List.copyOf(rootRotationStatements);
    Objects.requireNonNull(details, "details");
  }

  /** What was written, which may hold a password in {@code connection_url}. Never printed. */
  static final class SecretDetails {
    private final Payload members;

    SecretDetails(Payload members) {
      this.members = members;
    }

    Payload expose() {
      return members;
    }

    String text(String name) {
      return members.text(name).orElse("");
    }

    @Override
    public String toString() {
      return "SecretDetails[redacted]";
    }
  }

  static Optional<ConnectionConfig> load(Storage storage, String name) {
    return storage.get(KIND.at(name)).map(bytes -> {
      try {
        return read(Payload.parse(bytes));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    });
  }

  /** Returns the configuration; the reference answers its absence with status 500. */
  static ConnectionConfig require(Storage storage, String name) {
    return load(storage, name).orElseThrow(() -> Refusals.noConfig(name));
  }

  void store(Storage storage, String name) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", FORMAT);
    members.put("version", version);
    members.put("plugin_name", pluginName);
    members.put("allowed_roles", allowedRoles);
    members.put("root_rotation_statements", rootRotationStatements);
    members.put("password_policy", passwordPolicy);
    members.put("details", details.expose().toMap());
    members.put("max_open", maxOpen);
    members.put("keeps_idle", keepsIdle);
    members.put("max_lifetime", maxLifetime.toSeconds());
    members.put("escaped", escaped);
    members.put("password", password.expose());
    pending.ifPresent(text -> members.put("pending", text.expose()));
    storage.put(KIND.at(name), Payload.of(members).toJson());
  }

  private static ConnectionConfig read(Payload stored) {
    if (number(stored, "format") != FORMAT) {
      throw new IllegalStateException("a configuration of an unknown format");
    }
    return new ConnectionConfig(
        stored.text("version").orElseThrow(),
        stored.text("plugin_name").orElseThrow(),
        stored.texts("allowed_roles"),
        stored.texts("root_rotation_statements"),
        stored.text("password_policy").orElseThrow(),
        new SecretDetails(stored.object("details").orElseThrow()),
        (int) number(stored, "max_open"),
        stored.flag("keeps_idle").orElseThrow(),
        Duration.ofSeconds(number(stored, "max_lifetime")),
        stored.flag("escaped").orElseThrow(),
        new SecretText(stored.text("password").orElseThrow()),
        stored.text("pending").map(SecretText::new));
  }

  private static long number(Payload stored, String name) {
    return stored.number(name).map(Number::longValue).orElseThrow();
  }

  boolean allows(String role) {
    return Glob.anyFits(allowedRoles, role);
  }

  String username() {
    return details.text("username");
  }

  ConnectionUrl url() {
    return ConnectionUrl.parse(details.text("connection_url"));
  }

  boolean wantsVerifiers() {
    return details.text("password_authentication").equals(SCRAM);
  }

  Statements rootStatements() {
    return Statements.parse(StatementKind.ROOT_ROTATION, rootRotationStatements).orDefault();
  }

  Target target(String name) {
    return target(name, password);
  }

  Target target(String name, SecretText with) {
    return new Target(
        name,
        version,
        url().resolve(username(), with.expose(), escaped),
        maxOpen,
        keepsIdle,
        maxLifetime);
  }

  ConnectionConfig withPending(SecretText next) {
    return with(version, password, next);
  }

  ConnectionConfig withoutPending() {
    return with(version, password, null);
  }

  /** The pending password is the one that counts. */
  ConnectionConfig promoted(String newVersion) {
    return with(newVersion, pending.orElseThrow(), null);
  }

  private ConnectionConfig with(String newVersion, SecretText current, @Nullable SecretText next) {
    return new ConnectionConfig(
        newVersion,
        pluginName,
        allowedRoles,
        rootRotationStatements,
        passwordPolicy,
        details,
        maxOpen,
        keepsIdle,
        maxLifetime,
        escaped,
        current,
        Optional.ofNullable(next));
  }
}
