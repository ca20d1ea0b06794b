package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import java.time.Duration;
import java.util.Objects;

/**
 * A database, and how many connections to it may be open.
 *
 * @param name of the configuration
 * @param version changes with everything else, so that a pool is not used for longer than it is
 *     right
 * @param maxOpen 1 to 100
 * @param keepsIdle whether connections that nobody needs stay open for minutes, not seconds
 * @param maxLifetime after how long a connection is replaced; zero: never
 */
public record Target(
    String name,
    String version,
    JdbcTarget address,
    int maxOpen,
    boolean keepsIdle,
    Duration maxLifetime) {
  public Target {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(maxLifetime, "maxLifetime");
  }

  Target at(JdbcTarget other) {
    return new Target(name, version, other, maxOpen, keepsIdle, maxLifetime);
  }
}
