package dev.strongroom.internal.lease;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;
import static dev.strongroom.ErrorCode.OUTSIDE_FAILED;
import static dev.strongroom.ErrorCode.SEALED;

import dev.strongroom.VaultException;
import dev.strongroom.internal.lease.LeaseRecord.State;
import dev.strongroom.internal.lease.LeaseStore.Asked;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.OutsideSecret.Plan;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes secrets: the plan is durable before anything is made, and the lease before anybody gets it.
 */
final class Issuing {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration LIMIT = Duration.ofSeconds(OutsideSecret.ATTEMPT_SECONDS);
  private static final int MAX_PLAN_BYTES = 64 * 1024;

  /** 143 bits. */
  private static final int RANDOM_LENGTH = 24;

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Secrets secrets;
  private final Revocation revocation;
  private final Hold hold;
  private final TokenStore tokens;
  private final RandomText names;
  private volatile boolean stopped;

  Issuing(
      Transactions transactions,
      LeaseRows rows,
      Secrets secrets,
      Revocation revocation,
      Hold hold,
      TokenStore tokens,
      SecureRandom random) {
    this.transactions = transactions;
    this.rows = rows;
    this.secrets = secrets;
    this.revocation = revocation;
    this.hold = hold;
    this.tokens = tokens;
    this.names = new RandomText(random);
  }

  /** Hands out nothing more. */
  void stop() {
    stopped = true;
  }

  private void requireGoing() {
    if (stopped) {
      throw new VaultException(SEALED, "the vault is being closed");
    }
  }

  /**
   * Plans a secret with the request; it is made when the plan is durable.
   *
   * @param made is told the id of the lease when it counts
   */
  Response issue(
      Transaction tx, Asked asked, OutsideSecret secret, Call call, Consumer<String> made) {
    Plan plan = secret.plan(call);
    if (plan.content().toJson().length > MAX_PLAN_BYTES) {
      throw new IllegalStateException("a plan takes at most " + MAX_PLAN_BYTES + " bytes");
    }
    requireGoing();
    hold.requireReleased();
    requireNotLastUse(tx, asked.caller());
    MountEntry mount = secrets.requireActive(tx, asked.mount().uuid());
    Instant now = transactions.clock().instant();
    TtlRules.Granted granted = secrets
        .rules(mount)
        .grant(plan.terms().ttl(), Duration.ZERO, plan.terms().maxTtl(), now, now);
    LeaseRecord lease = record(asked, secret, plan, now, granted.ttl());
    requireOwner(tx, asked.caller(), lease);
    rows.add(tx, lease);
    tx.then((Response answer) -> {
      Response warned = granted.warning().map(answer::withWarning).orElse(answer);
      return make(lease, secret, warned, made);
    });
    return Response.of(Payload.empty());
  }

  /** As the reference answers, which makes the secret and destroys it at once. */
  private void requireNotLastUse(Transaction tx, Caller caller) {
    if (caller.isUseLimited() && tokens.usesLeft(tx, caller.hash()).orElse(0L) <= 0) {
      throw new VaultException(
          INVALID_REQUEST,
          "Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.");
    }
  }

  private LeaseRecord record(
      Asked asked, OutsideSecret secret, Plan plan, Instant now, Duration ttl) {
    TokenRecord token = asked.caller().token();
    Optional<Instant> latest = token.isBatch() ? token.expiresAt() : Optional.empty();
    Instant expiresAt = latest.filter(now.plus(ttl)::isAfter).orElse(now.plus(ttl));
    Instant deadline = now.plus(LIMIT);
    return new LeaseRecord(
        newId(asked.path()),
        State.CREATING,
        asked.mount().uuid(),
        secret.kind(),
        token.isBatch() ? token.parent() : Optional.of(asked.caller().hash()),
        latest,
        plan.content(),
        plan.terms(),
        now,
        expiresAt,
        Optional.empty(),
        Optional.of(deadline),
        Optional.empty(),
        0,
        "",
        Revocation.settledAt(deadline));
  }

  private String newId(String path) {
    String id = (path.endsWith("/") ? path : path + "/") + names.base62(RANDOM_LENGTH);
    try {
      return VaultPath.requireRelative(id);
    } catch (IllegalArgumentException e) {
      throw new VaultException(LIMIT_EXCEEDED, "there is no room for a lease id at this path", e);
    }
  }

  /** What hangs on a token is found when it ends: nothing is added to one that has ended. */
  private void requireOwner(Transaction tx, Caller caller, LeaseRecord lease) {
    lease.owner().ifPresent(hash -> tokens.requireActive(tx, hash));
    if (lease.isExpired(transactions.clock().instant())) {
      throw Acl.denied();
    }
    if (caller.token().isBatch() && !caller.token().expiresAt().isPresent()) {
      throw Acl.denied(); // nothing would ever end it
    }
  }

  private Response make(
      LeaseRecord lease, OutsideSecret secret, Response answer, Consumer<String> made) {
    Payload data;
    try {
      data = secret.create(lease.plan(), lease.expiresAt(), lease.deadline().orElseThrow());
    } catch (Exception e) {
      OutsideFailure failure = OutsideFailure.of(e);
      LOG.log(
          Level.WARNING,
          "the secret of the lease " + lease.id() + " was not made: " + failure.text());
      abandonQuietly(lease, secret, failure);
      return Response.failure(
          OUTSIDE_FAILED,
          e instanceof OutsideException
              ? failure.text()
              : "the secret could not be made; the log of the vault says why");
    }
    boolean confirmed = false;
    try {
      confirm(lease);
      confirmed = true;
    } finally {
      if (!confirmed) {
        undoQuietly(lease, secret);
      }
    }
    made.accept(lease.id());
    Duration ttl = Duration.between(lease.issuedAt(), lease.expiresAt());
    Response full = Response.of(data)
        .withLease(new Lease(
            lease.id(),
            lease.terms().renewable(),
            Duration.ofSeconds(ttl.plusMillis(500).toSeconds())));
    for (String warning : answer.warnings()) {
      full = full.withWarning(warning);
    }
    return full;
  }

  /** Nobody gets a secret before this has returned. */
  private void confirm(LeaseRecord lease) {
    transactions.change(tx -> {
      LeaseRecord now = rows.get(tx, lease.id())
          .filter(found -> found.state() == State.CREATING)
          .orElseThrow(
              () -> new VaultException(CONFLICT, "the secret was revoked while it was being made"));
      requireGoing();
      lease.owner().ifPresent(hash -> tokens.requireActive(tx, hash));
      secrets.requireActive(tx, lease.mount());
      LeaseRecord active = now.confirmed(transactions.clock().instant());
      rows.put(tx, now, active.withHint(active.expiresAt()));
    });
  }

  /**
   * The secret was made, and cannot be handed out. It is destroyed first: the store may have
   * failed.
   */
  private void undoQuietly(LeaseRecord lease, OutsideSecret secret) {
    Optional<OutsideFailure> failure = revocation.destroy(lease, secret);
    settleQuietly(lease, tx -> rows.get(tx, lease.id()).ifPresent(now -> {
      if (failure.isEmpty()) {
        rows.remove(tx, now);
      } else {
        revocation.order(tx, now);
      }
    }));
  }

  /**
   * Creating it failed. If nothing can have happened, that is the end of it; otherwise it may still
   * happen until the deadline.
   */
  private void abandonQuietly(LeaseRecord lease, OutsideSecret secret, OutsideFailure failure) {
    if (failure.kind() == OutsideException.Kind.UNREACHABLE) {
      settleQuietly(lease, tx -> rows.get(tx, lease.id()).ifPresent(now -> rows.remove(tx, now)));
      return;
    }
    revocation.destroy(lease, secret);
    settleQuietly(lease, tx -> rows.get(tx, lease.id())
        .filter(now -> !now.isEnding())
        .ifPresent(now -> rows.put(tx, now, now.revoking())));
  }

  /** What is not stored here is found when the deadline has passed. */
  private void settleQuietly(LeaseRecord lease, Consumer<Transaction> change) {
    try {
      transactions.change(change);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "the lease " + lease.id() + " is settled after its deadline: " + e.getMessage());
    }
  }
}
