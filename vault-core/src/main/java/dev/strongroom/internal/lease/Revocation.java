package dev.strongroom.internal.lease;

import dev.strongroom.VaultException;
import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.lease.LeaseRecord.State;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.OutsideException.Kind;
import dev.strongroom.spi.OutsideSecret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Ends leases: the order to do so is durable first, for many at once where many are due; then the
 * secret is destroyed, and only when that has succeeded the record goes. What fails is tried again
 * after pauses that grow; after {@value #MAX_ATTEMPTS} attempts somebody must look at it, and it is
 * tried once a day. Same figures as OpenBao v2.6.2 {@code vault/expiration.go}.
 */
final class Revocation implements DueIndex.Handler {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  static final int MAX_ATTEMPTS = 6;

  /** An attempt ends within 90 seconds, so a claim that is older belongs to nobody. */
  static final Duration CLAIM = Duration.ofMinutes(2);

  /** What was sent before a deadline may still be on its way. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration IRREVOCABLE_PAUSE = Duration.ofHours(24);
  private static final Duration HELD_PAUSE = Duration.ofMinutes(5);

  private static final OutsideFailure OVERDUE = new OutsideFailure(
      Kind.RETRYABLE, "took longer than " + OutsideSecret.ATTEMPT_SECONDS + " s");

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Secrets secrets;
  private final Lanes lanes;
  private final Removal removal;
  private final Hold hold;
  private final SecureRandom random;

  Revocation(
      Transactions transactions,
      LeaseRows rows,
      Secrets secrets,
      Lanes lanes,
      Removal removal,
      Hold hold,
      SecureRandom random) {
    this.transactions = transactions;
    this.rows = rows;
    this.secrets = secrets;
    this.lanes = lanes;
    this.removal = removal;
    this.hold = hold;
    this.random = random;
  }

  /** Returns from when on a creation or renewal that was not confirmed cannot happen any more. */
  static Instant settledAt(Instant deadline) {
    return deadline.plus(MARGIN);
  }

  /** Orders the end of a lease, to be carried out behind the requests. */
  void order(Transaction tx, LeaseRecord lease) {
    end(tx, lease, transactions.clock().instant());
  }

  /** Orders the end of a lease that the caller carries out with {@link #attempt}. */
  void claim(Transaction tx, LeaseRecord lease) {
    end(tx, lease, transactions.clock().instant().plus(CLAIM));
  }

  private void end(Transaction tx, LeaseRecord lease, Instant next) {
    LeaseRecord ending = lease.isEnding() ? lease : lease.revoking();
    rows.put(tx, lease, ending.withHint(next));
  }

  @Override
  public void settle(Transaction tx, String id, Instant now) {
    rows.get(tx, id).ifPresent(lease -> {
      if (lease.isEnding()) {
        claimOrWait(tx, lease, lease, now);
      } else if (lease.state() == State.CREATING) {
        settleCreating(tx, lease, now);
      } else if (lease.isExpired(now)) {
        claimOrWait(tx, lease, lease.revoking(), now);
      } else {
        settleLiving(tx, lease, now);
      }
    });
  }

  @Override
  public void settled() {
    lanes.run();
  }

  private void settleCreating(Transaction tx, LeaseRecord lease, Instant now) {
    Instant settled = settledAt(lease.deadline().orElseThrow());
    if (now.isBefore(settled)) {
      rows.put(tx, lease, lease.withHint(settled));
    } else {
      claimOrWait(tx, lease, lease.revoking(), now);
    }
  }

  private void settleLiving(Transaction tx, LeaseRecord lease, Instant now) {
    Optional<Instant> settled = lease.deadline().map(Revocation::settledAt);
    if (settled.filter(now::isBefore).isPresent()) {
      rows.put(tx, lease, lease.withHint(earlier(settled.get(), lease.expiresAt())));
      return;
    }
    LeaseRecord known = lease.state() == State.RENEWING ? lease.notRenewed() : lease;
    rows.put(tx, lease, known.withHint(known.expiresAt()));
  }

  static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Returns where the secret of a lease is. */
  Lanes.Place place(LeaseRecord lease) {
    String name = secrets.of(lease).map(secret -> secret.place(lease.plan())).orElse("");
    return new Lanes.Place(lease.mount(), name);
  }

  /** A place that is not reached, or has enough to do, keeps nobody else waiting. */
  private void claimOrWait(Transaction tx, LeaseRecord before, LeaseRecord after, Instant now) {
    Duration wait = hold.holds() ? HELD_PAUSE : lanes.wait(place(before), now);
    if (!wait.isZero()) {
      rows.put(tx, before, after.withHint(now.plus(wait)));
      return;
    }
    rows.put(tx, before, after.withHint(now.plus(CLAIM)));
    tx.afterCommit(revision -> lanes.add(place(before), before.id(), workOn(before.id())));
  }

  private Lanes.Work workOn(String id) {
    return new Lanes.Work() {
      @Override
      public void run(Lanes.Attempt attempt) {
        quietly(() -> attempt(id, attempt::returned, removal::soon));
      }

      @Override
      public void overdue() {
        quietly(() -> ending(id).ifPresent(lease -> storeFailure(lease, OVERDUE)));
      }
    };
  }

  /** The claim lapses, and the lease comes back from the index. */
  private static void quietly(Runnable work) {
    try {
      work.run();
    } catch (VaultException e) {
      LOG.log(Level.WARNING, "a lease that is due waits: " + e.getMessage());
    }
  }

  /**
   * Destroys the secret of a lease whose end is ordered, and stores what came of it. In no
   * transaction.
   *
   * @return why it failed; empty if nothing is left outside
   */
  Optional<OutsideFailure> attempt(String id) {
    return attempt(id, () -> false, removal::now);
  }

  /**
   * As {@link #attempt(String)}.
   *
   * @param returned is told when the outside has answered; returns whether that took so long that a
   *     failure is stored already
   * @param remove removes the record when nothing is left outside; told since when at least
   */
  private Optional<OutsideFailure> attempt(
      String id, BooleanSupplier returned, BiConsumer<String, Instant> remove) {
    Optional<LeaseRecord> lease = ending(id);
    if (lease.isEmpty()) {
      return Optional.empty();
    }
    if (hold.holds()) {
      return Optional.of(Hold.failure());
    }
    Instant begun = transactions.clock().instant();
    Optional<OutsideFailure> failure = destroy(lease.get());
    boolean counted = returned.getAsBoolean();
    if (failure.isEmpty()) {
      lanes.reached(place(lease.get()));
      remove.accept(id, begun);
    } else if (!counted) {
      storeFailure(lease.get(), failure.get());
    }
    return failure;
  }

  private Optional<LeaseRecord> ending(String id) {
    return transactions.read(tx -> rows.get(tx, id)).filter(LeaseRecord::isEnding);
  }

  /** Destroys what a lease stands for. In no transaction. */
  Optional<OutsideFailure> destroy(LeaseRecord lease) {
    Optional<OutsideSecret> secret = secrets.of(lease);
    return secret.isPresent() ? destroy(lease, secret.get()) : Optional.of(Secrets.unknown());
  }

  Optional<OutsideFailure> destroy(LeaseRecord lease, OutsideSecret secret) {
    try {
      if (lease.deadline().isPresent()) {
        secret.undo(lease.plan(), lease.deadline().get());
      } else {
        secret.revoke(lease.plan());
      }
      return Optional.empty();
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return Optional.of(OutsideFailure.of(e)); // a driver that is missing must show, too
    }
  }

  private void storeFailure(LeaseRecord tried, OutsideFailure failure) {
    Instant now = transactions.clock().instant();
    Duration pause = failure.kind() == Kind.UNREACHABLE
        ? lanes.pause(place(tried), now)
        : pauseAfter(tried.attempts() + 1);
    transactions.change(tx -> rows.get(tx, tried.id())
        .filter(LeaseRecord::isEnding)
        .ifPresent(
            lease -> rows.put(tx, lease, afterFailure(lease, failure, now, now.plus(pause)))));
  }

  private static LeaseRecord afterFailure(
      LeaseRecord lease, OutsideFailure failure, Instant now, Instant next) {
    if (failure.kind() == Kind.UNREACHABLE) {
      return lease.failed(lease.state(), lease.attempts(), failure.text()).withHint(next);
    }
    int attempts = lease.attempts() + 1;
    boolean givenUp = lease.state() == State.IRREVOCABLE
        || failure.kind() == Kind.UNRECOVERABLE
        || attempts >= MAX_ATTEMPTS;
    if (givenUp) {
      String text =
          failure.kind() == Kind.UNRECOVERABLE ? failure.text() : failure.after("out of retries: ");
      LOG.log(Level.ERROR, "the lease " + lease.id() + " could not be revoked: " + text);
      return lease.failed(State.IRREVOCABLE, attempts, text).withHint(now.plus(IRREVOCABLE_PAUSE));
    }
    return lease.failed(State.REVOKING, attempts, failure.text()).withHint(next);
  }

  /** Around 20, 40, 80, 160, 320 seconds. */
  private Duration pauseAfter(int attempts) {
    int doublings = Math.min(attempts, MAX_ATTEMPTS - 1);
    return Lanes.spread(FIRST_PAUSE.multipliedBy(1L << doublings), random);
  }
}
