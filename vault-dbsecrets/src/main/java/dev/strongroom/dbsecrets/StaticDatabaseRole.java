package dev.strongroom.dbsecrets;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A database user that exists, whose password the vault changes. Immutable.
 *
 * @param connection name of the configuration, which must be there and allow the role
 * @param username exactly as the database has it; a role that is there keeps its own
 * @param rotationPeriod between changes: 5 seconds to 36,500 days, whole seconds
 * @param rotation what sets a password; none: {@code ALTER ROLE … WITH PASSWORD …}
 */
public record StaticDatabaseRole(
    String connection, String username, Duration rotationPeriod, List<String> rotation) {
  public StaticDatabaseRole {
    Objects.requireNonNull(connection, "connection");
    Objects.requireNonNull(username, "username");
    DurationText.requireWholeSeconds(rotationPeriod);
    rotation = List.copyOf(rotation);
  }

  /** A role with the vault's own statement. */
  public static StaticDatabaseRole of(String connection, String username, Duration rotationPeriod) {
    return new StaticDatabaseRole(connection, username, rotationPeriod, List.of());
  }

  public StaticDatabaseRole withRotation(String... statements) {
    return new StaticDatabaseRole(connection, username, rotationPeriod, List.of(statements));
  }

  Map<String, Object> parameters() {
    return Map.of(
        "db_name",
        connection,
        "username",
        username,
        "rotation_period",
        rotationPeriod.toSeconds(),
        "rotation_statements",
        rotation);
  }

  static StaticDatabaseRole read(Payload data) {
    return new StaticDatabaseRole(
        data.text("db_name").orElse(""),
        data.text("username").orElse(""),
        Duration.ofSeconds(data.number("rotation_period").map(Number::longValue).orElse(0L)),
        data.texts("rotation_statements"));
  }
}
