package dev.strongroom.internal.lease;

import static dev.strongroom.ErrorCode.OUTSIDE_FAILED;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.request.Response;
import dev.strongroom.spi.OutsideException.Kind;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ends everything below a prefix, tokens and other leases: for the caller who waits, or behind the
 * requests by an order that outlives a crash. Memory does not grow with their number.
 */
final class PrefixEnding {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "leases of a prefix";
  private static final int BATCH = 100;

  /** What is to end: what was there at a moment. */
  private record Order(String folder, Instant at) {
    private void write(RecordWriter out) {
      out.text(folder).instant(at);
    }

    private static Order read(RecordReader in) {
      return new Order(in.text(), in.instant());
    }
  }

  private static final RecordKind<Order> ORDER =
      RecordKind.attached("lease-prefix", RecordCodec.of(1, Order::write, Order::read));

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Revocation revocation;
  private final TokenStore tokens;
  private final Background background;
  private final RandomText names;

  PrefixEnding(
      Transactions transactions,
      LeaseRows rows,
      Revocation revocation,
      TokenStore tokens,
      Background background,
      SecureRandom random) {
    this.transactions = transactions;
    this.rows = rows;
    this.revocation = revocation;
    this.tokens = tokens;
    this.background = background;
    this.names = new RandomText(random);
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  /** Orders the end of everything in a folder. */
  void order(Transaction tx, String folder) {
    tx.in(transactions.system())
        .put(ORDER.at("", names.hex(16)), new Order(folder, transactions.clock().instant()));
    tx.afterCommit(revision -> resume());
  }

  private Optional<Duration> step() {
    List<String> orders = transactions.someNames(transactions.system(), ORDER, "", 1);
    for (String name : orders) {
      Optional<Order> order =
          transactions.read(tx -> tx.in(transactions.system()).get(ORDER.at("", name)));
      order.ifPresent(this::carryOut);
      transactions.change(tx -> tx.in(transactions.system()).delete(ORDER.at("", name)));
    }
    return orders.isEmpty() ? Optional.empty() : Optional.of(Duration.ZERO);
  }

  private void carryOut(Order order) {
    PrefixWalk walk = rows.walk(order.folder);
    for (List<String> ids = walk.next(BATCH); !ids.isEmpty(); ids = walk.next(BATCH)) {
      List<String> some = ids;
      transactions.change(tx -> some.forEach(id -> rows.get(tx, id)
          .filter(lease -> !lease.isEnding() && !lease.issuedAt().isAfter(order.at))
          .ifPresent(lease -> revocation.order(tx, lease))));
    }
    endTokens(order.folder, order.at);
  }

  private void endTokens(String folder, Instant upTo) {
    PrefixWalk walk = new PrefixWalk(transactions, TokenStore.LEASE, folder);
    for (List<String> ids = walk.next(BATCH); !ids.isEmpty(); ids = walk.next(BATCH)) {
      List<String> some = ids;
      transactions.change(tx -> some.forEach(id -> tokens
          .findByLease(tx, id)
          .filter(found -> !found.record().createdAt().isAfter(upTo))
          .ifPresent(found -> tokens.revokeTree(tx, found.hash()))));
    }
  }

  /**
   * Ends everything in a folder now. In no transaction.
   *
   * @return the failure that stopped it
   */
  Optional<Response> endNow(String folder) {
    Instant upTo = transactions.clock().instant();
    PrefixWalk walk = rows.walk(folder);
    int number = 0;
    for (Optional<String> id = walk.next(); id.isPresent(); id = walk.next()) {
      number++;
      claim(id.get());
      Optional<OutsideFailure> failure = revocation.attempt(id.get());
      if (failure.isPresent()) {
        return Optional.of(Response.failure(
            OUTSIDE_FAILED,
            "failed to revoke \"" + id.get() + "\" (" + number + "): "
                + failure.get().text()));
      }
    }
    endTokens(folder, upTo);
    return Optional.empty();
  }

  /**
   * Ends a lease or everything in a folder, and forgets what cannot be revoked: it may stay outside
   * for ever. In no transaction.
   */
  void forceNow(String prefix) {
    Instant upTo = transactions.clock().instant();
    Set<Lanes.Place> notReached = new HashSet<>();
    if (!prefix.endsWith("/") && force(prefix, notReached)) {
      return;
    }
    String folder = prefix.endsWith("/") ? prefix : prefix + "/";
    PrefixWalk walk = rows.walk(folder);
    for (Optional<String> id = walk.next(); id.isPresent(); id = walk.next()) {
      force(id.get(), notReached);
    }
    endTokens(folder, upTo);
  }

  /** A place that was not reached once is not waited for again. False if there is no such lease. */
  private boolean force(String id, Set<Lanes.Place> notReached) {
    Optional<LeaseRecord> lease = claim(id);
    if (lease.isEmpty()) {
      return false;
    }
    Lanes.Place place = revocation.place(lease.get());
    Optional<OutsideFailure> failure = notReached.contains(place)
        ? Optional.of(new OutsideFailure(Kind.UNREACHABLE, "where it is was not reached"))
        : revocation.attempt(id);
    failure.ifPresent(why -> {
      LOG.log(
          Level.WARNING,
          "the lease " + id + " is given up, its secret may still exist: " + why.text());
      if (why.kind() == Kind.UNREACHABLE) {
        notReached.add(place);
      }
    });
    transactions.change(tx -> rows.get(tx, id).ifPresent(left -> rows.remove(tx, left)));
    return true;
  }

  /** Returns the lease as it was. */
  private Optional<LeaseRecord> claim(String id) {
    return transactions.write(tx -> {
      Optional<LeaseRecord> lease = rows.get(tx, id);
      lease.ifPresent(found -> revocation.claim(tx, found));
      return lease;
    });
  }
}
