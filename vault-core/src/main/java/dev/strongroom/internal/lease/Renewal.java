package dev.strongroom.internal.lease;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.OUTSIDE_FAILED;

import dev.strongroom.VaultException;
import dev.strongroom.internal.lease.LeaseRecord.State;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Response;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.OutsideSecret.Terms;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets leases live longer, or shorter. The wish is durable before the secret changes, so that after
 * a crash the lesser of the two moments counts: the secret never outlives its lease.
 */
final class Renewal {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration LIMIT = Duration.ofSeconds(OutsideSecret.ATTEMPT_SECONDS);

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Secrets secrets;
  private final Hold hold;

  Renewal(Transactions transactions, LeaseRows rows, Secrets secrets, Hold hold) {
    this.transactions = transactions;
    this.rows = rows;
    this.secrets = secrets;
    this.hold = hold;
  }

  /** Stores the wish with the request; the secret changes when that is durable. */
  Response renew(Transaction tx, LeaseRecord lease, Duration increment) {
    Instant now = transactions.clock().instant();
    OutsideSecret secret = renewable(lease, now);
    hold.requireReleased();
    Terms terms = secret.termsNow(lease.plan(), lease.terms());
    TtlRules.Granted granted = secrets
        .rules(secrets.requireActive(tx, lease.mount()))
        .grant(
            increment.isZero() ? terms.ttl() : increment,
            Duration.ZERO,
            terms.maxTtl(),
            lease.issuedAt(),
            now);
    Instant until =
        lease.latest().filter(now.plus(granted.ttl())::isAfter).orElse(now.plus(granted.ttl()));
    if (until.isBefore(now.plusSeconds(1))) {
      throw refused("lease expired");
    }
    Instant deadline = now.plus(LIMIT);
    LeaseRecord renewing = lease.renewing(until, deadline);
    rows.put(
        tx,
        lease,
        renewing.withHint(Revocation.earlier(lease.expiresAt(), Revocation.settledAt(deadline))));
    tx.then((Response answer) -> {
      Response renewed = carryOut(renewing, secret, now);
      return renewed.isFailure()
          ? renewed
          : granted.warning().map(renewed::withWarning).orElse(renewed);
    });
    return Response.empty();
  }

  private OutsideSecret renewable(LeaseRecord lease, Instant now) {
    if (lease.state() == State.CREATING) {
      throw refused("lease not found");
    }
    if (lease.state() == State.IRREVOCABLE) {
      throw refused("lease is expired and has failed previous revocation attempts");
    }
    if (lease.isEnding() || lease.isExpired(now)) {
      throw refused("lease expired");
    }
    if (!lease.terms().renewable()) {
      throw refused("lease is not renewable");
    }
    if (lease.deadline().map(Revocation::settledAt).filter(now::isBefore).isPresent()) {
      throw new VaultException(
          CONFLICT, "the lease is being renewed by another request; try again");
    }
    return secrets
        .of(lease)
        .orElseThrow(() -> new VaultException(OUTSIDE_FAILED, Secrets.unknown().text()));
  }

  private Response carryOut(LeaseRecord renewing, OutsideSecret secret, Instant asked) {
    Instant until = renewing.until().orElseThrow();
    try {
      secret.renew(renewing.plan(), until);
    } catch (Exception e) {
      OutsideFailure failure = OutsideFailure.of(e);
      LOG.log(Level.WARNING, "the lease " + renewing.id() + " was not renewed: " + failure.text());
      giveUp(renewing, failure);
      return Response.failure(
          OUTSIDE_FAILED, "failed to renew entry; the log of the vault says why");
    }
    boolean confirmed = transactions.write(tx -> {
      Optional<LeaseRecord> now = mine(tx, renewing);
      now.ifPresent(lease -> {
        LeaseRecord active = lease.confirmed(transactions.clock().instant());
        rows.put(tx, lease, active.withHint(active.expiresAt()));
      });
      return now.isPresent();
    });
    if (!confirmed) {
      return Response.failure(INVALID_REQUEST, "lease expired");
    }
    Duration ttl = Duration.between(asked, until).plusMillis(500);
    return Response.empty()
        .withLease(
            new Lease(renewing.id(), /* renewable= */ true, Duration.ofSeconds(ttl.toSeconds())));
  }

  private void giveUp(LeaseRecord renewing, OutsideFailure failure) {
    transactions.change(tx -> mine(tx, renewing).ifPresent(lease -> {
      LeaseRecord before = failure.kind() == OutsideException.Kind.UNREACHABLE
          ? lease.notAsked()
          : lease.notRenewed();
      rows.put(tx, lease, before.withHint(before.expiresAt()));
    }));
  }

  /** Returns the lease if this renewal is still the one that is under way. */
  private Optional<LeaseRecord> mine(Transaction tx, LeaseRecord renewing) {
    return rows.get(tx, renewing.id())
        .filter(lease -> lease.state() == State.RENEWING)
        .filter(lease -> lease.deadline().equals(renewing.deadline()));
  }

  private static VaultException refused(String text) {
    return new VaultException(INVALID_REQUEST, text);
  }
}
