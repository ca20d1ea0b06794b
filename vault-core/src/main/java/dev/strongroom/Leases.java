package dev.strongroom;

import dev.strongroom.request.Lease;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up, renews and ends leases, with the rights of a session. All methods block and throw
 * {@link VaultException}: {@code PERMISSION_DENIED} where the session may not,
 * {@code INVALID_REQUEST} where there is no such lease or it is refused, {@code OUTSIDE_FAILED}
 * where something outside the vault did not do what was asked, {@code SEALED}. Thread-safe.
 */
public final class Leases {
  private static final String PATH = "sys/leases/";

  private final Session session;

  private Leases(Session session) {
    this.session = session;
  }

  public static Leases of(Session session) {
    return new Leases(session);
  }

  /**
   * What is known of a lease.
   *
   * @param path of the request that made it
   * @param expiresAt empty: never, which only leases of tokens may have
   * @param revokeError what the last attempt to revoke it failed with
   */
  public record LeaseInfo(
      String id,
      String path,
      Instant issuedAt,
      Optional<Instant> expiresAt,
      Optional<Instant> lastRenewal,
      boolean renewable,
      Optional<String> revokeError) {}

  public LeaseInfo lookup(String id) {
    Payload data = session
        .request(Request.write(PATH + "lookup", Map.of("lease_id", id)))
        .orThrow()
        .dataOrEmpty();
    return new LeaseInfo(
        data.text("id").orElse(""),
        data.text("path").orElse(""),
        data.text("issue_time").map(InstantText::parse).orElseThrow(),
        data.text("expire_time").map(InstantText::parse),
        data.text("last_renewal").map(InstantText::parse),
        data.flag("renewable").orElse(false),
        data.text("revoke_error"));
  }

  /**
   * Returns the names of leases and folders below a prefix; folders end in a slash. Needs sudo.
   *
   * @param prefix such as {@code database/creds/app}
   */
  public List<String> list(String prefix) {
    return session.request(Request.list(PATH + "lookup/" + prefix)).names();
  }

  /**
   * Begins the lifetime of a lease anew: {@code increment} from now, or what its maker says if that
   * is zero. May also shorten it.
   *
   * @throws IllegalArgumentException if the increment is negative, or has a fraction of a second
   */
  public Lease renew(String id, Duration increment) {
    long seconds = DurationText.requireWholeSeconds(increment).toSeconds();
    return session
        .request(Request.write(PATH + "renew", Map.of("lease_id", id, "increment", seconds)))
        .orThrow()
        .lease()
        .orElseThrow();
  }

  /** Ends a lease, and returns when its secret is gone; nothing happens if there is none. */
  public void revoke(String id) {
    session.request(Request.write(PATH + "revoke", Map.of("lease_id", id))).orThrow();
  }

  /**
   * Ends every lease below a prefix, those of tokens too, and returns when their secrets are gone.
   * The first failure ends it. Needs sudo.
   */
  public void revokePrefix(String prefix) {
    session.request(Request.write(PATH + "revoke-prefix/" + prefix, Map.of())).orThrow();
  }

  /**
   * As {@link #revokePrefix}, and forgets the leases that cannot be revoked: their secrets may stay
   * for ever. Needs sudo.
   */
  public void revokeForce(String prefix) {
    session.request(Request.write(PATH + "revoke-force/" + prefix, Map.of())).orThrow();
  }

  /**
   * Returns the leases that could not be revoked, at most 10,000, with the error of the last
   * attempt, by their ids; those that expired first come first. Needs sudo.
   */
  public Map<String, String> irrevocable() {
    Payload data = session
        .request(Request.read("sys/leases").with("type", "irrevocable"))
        .orThrow()
        .dataOrEmpty();
    Map<String, String> errors = new LinkedHashMap<>();
    if (data.toMap().get("leases") instanceof List<?> leases) {
      leases.forEach(lease -> {
        if (lease instanceof Map<?, ?> members) {
          errors.put(String.valueOf(members.get("lease_id")), String.valueOf(members.get("error")));
        }
      });
    }
    return errors;
  }
}
