package dev.strongroom.dbsecrets;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A kind of users that are made for each caller. In statements {@code {{name}}},
 * {@code {{password}}} and {@code {{expiration}}} stand for what the vault chooses. Immutable.
 *
 * @param connection name of the configuration, which need not be there yet, and must allow the role
 * @param creation what makes a user; none: nobody gets one
 * @param revocation what drops it; none: privileges that the catalogue shows are revoked, then the
 *     user is dropped
 * @param renewal what lets its password live longer; none: {@code ALTER ROLE … VALID UNTIL …}
 * @param defaultTtl zero: the mount's; whole seconds
 * @param maxTtl renewals included; zero: the mount's; whole seconds
 * @param sessionGrace how long sessions of a user live on when it is revoked, 0 to 30 s; empty:
 *     they are not ended
 */
public record DatabaseRole(
    String connection,
    List<String> creation,
    List<String> revocation,
    List<String> renewal,
    Duration defaultTtl,
    Duration maxTtl,
    Optional<Duration> sessionGrace) {
  public DatabaseRole {
    Objects.requireNonNull(connection, "connection");
    creation = List.copyOf(creation);
    revocation = List.copyOf(revocation);
    renewal = List.copyOf(renewal);
    DurationText.requireWholeSeconds(defaultTtl);
    DurationText.requireWholeSeconds(maxTtl);
    sessionGrace.ifPresent(DurationText::requireWholeSeconds);
  }

  /** A role with lifetimes of the mount, and the vault's own statements for all but the making. */
  public static DatabaseRole of(String connection, String... creation) {
    return new DatabaseRole(
        connection,
        List.of(creation),
        List.of(),
        List.of(),
        Duration.ZERO,
        Duration.ZERO,
        Optional.empty());
  }

  public DatabaseRole withTtls(Duration newDefault, Duration newMax) {
    return new DatabaseRole(
        connection, creation, revocation, renewal, newDefault, newMax, sessionGrace);
  }

  public DatabaseRole withRevocation(String... statements) {
    return new DatabaseRole(
        connection, creation, List.of(statements), renewal, defaultTtl, maxTtl, sessionGrace);
  }

  public DatabaseRole withRenewal(String... statements) {
    return new DatabaseRole(
        connection, creation, revocation, List.of(statements), defaultTtl, maxTtl, sessionGrace);
  }

  public DatabaseRole withSessionGrace(Duration grace) {
    return new DatabaseRole(
        connection, creation, revocation, renewal, defaultTtl, maxTtl, Optional.of(grace));
  }

  Map<String, Object> parameters() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("db_name", connection);
    all.put("creation_statements", creation);
    all.put("revocation_statements", revocation);
    all.put("renew_statements", renewal);
    all.put("default_ttl", defaultTtl.toSeconds());
    all.put("max_ttl", maxTtl.toSeconds());
    all.put("session_grace", sessionGrace.map(grace -> grace.toSeconds() + "s").orElse(""));
    return all;
  }

  static DatabaseRole read(Payload data) {
    return new DatabaseRole(
        data.text("db_name").orElse(""),
        data.texts("creation_statements"),
        data.texts("revocation_statements"),
        data.texts("renew_statements"),
        seconds(data, "default_ttl").orElse(Duration.ZERO),
        seconds(data, "max_ttl").orElse(Duration.ZERO),
        seconds(data, "session_grace"));
  }

  private static Optional<Duration> seconds(Payload data, String member) {
    return data.number(member).map(number -> Duration.ofSeconds(number.longValue()));
  }
}
