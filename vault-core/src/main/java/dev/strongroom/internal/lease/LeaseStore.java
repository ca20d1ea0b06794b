package dev.strongroom.internal.lease;

import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideSecret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Leases by their id. A secret outside the vault never exists without a record of it, and a record
 * goes only when its secret is known to be gone, whatever crashes when. Thread-safe.
 */
public final class LeaseStore implements TokenStore.Dependents, AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final int BATCH = 100;
  private static final String TIDY_JOB = "lease tidy";

  private final Transactions transactions;
  private final TokenStore tokens;
  private final Background background;
  private final TimeSource time;
  private final Optional<Executor> executor;
  private final LeaseRows rows;
  private final Lanes lanes;
  private final Hold hold;
  private final Revocation revocation;
  private final Issuing issuing;
  private final Renewal renewal;
  private final PrefixEnding prefixes;
  private final Unmounting unmounting;

  /**
   * Opens the leases of a store.
   *
   * @param tokens asked for when a lease needs its owner; they in turn tell {@link #end}
   * @param executor runs what waits for the outside; empty: the thread of the background work
   * @param restored names the snapshot the store was restored from, if it was
   */
  public LeaseStore(
      Transactions transactions,
      TokenStore tokens,
      Router router,
      Background background,
      DueIndex due,
      TtlRules ttls,
      TimeSource time,
      SecureRandom random,
      Optional<Executor> executor,
      Optional<String> restored) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.background = background;
    this.time = time;
    this.executor = executor;
    this.rows = new LeaseRows(transactions, due);
    this.lanes = new Lanes(executor, background, time, random);
    this.hold = new Hold(transactions, restored);
    Secrets secrets = new Secrets(router, ttls);
    Removal removal = new Removal(transactions, rows, background);
    this.revocation = new Revocation(transactions, rows, secrets, lanes, removal, hold, random);
    this.issuing = new Issuing(transactions, rows, secrets, revocation, hold, tokens, random);
    this.renewal = new Renewal(transactions, rows, secrets, hold);
    this.prefixes = new PrefixEnding(transactions, rows, revocation, tokens, background, random);
    this.unmounting = new Unmounting(transactions, rows, revocation, router, background);
    due.handle(DueIndex.Kind.LEASE, revocation);
  }

  /**
   * Who asks for a secret, and where.
   *
   * @param path of the request
   */
  public record Asked(Caller caller, MountEntry mount, String path) {}

  /**
   * What is known of a lease.
   *
   * @param path of the request that made it
   * @param revokeError what the last attempt to revoke it said; empty where none has failed
   */
  public record Found(
      String id,
      String path,
      Instant issuedAt,
      Instant expiresAt,
      Optional<Instant> lastRenewal,
      boolean renewable,
      String revokeError) {}

  /** A lease that could not be revoked. */
  public record Irrevocable(String id, UUID mount, Instant expiresAt, String error) {}

  /** Goes on with what was under way when the store was closed. */
  public void resume() {
    hold.load();
    prefixes.resume();
    unmounting.resume();
  }

  /**
   * Plans a secret and makes it when the plan is durable; what the transaction returns is not the
   * answer yet.
   *
   * @param made is told the id of the lease when it counts, before anybody gets the secret
   */
  public Response issue(
      Transaction tx, Asked asked, OutsideSecret secret, Call call, Consumer<String> made) {
    return issuing.issue(tx, asked, secret, call, made);
  }

  /** Ends a lease whose secret nobody has got, behind the requests. In no transaction. */
  public void withdraw(String id) {
    try {
      transactions.change(tx -> rows.get(tx, id).ifPresent(lease -> revocation.order(tx, lease)));
    } catch (RuntimeException e) { // the store may be why nobody has got it
      LOG.log(
          Level.ERROR,
          "the lease " + id + ", which nobody has got, stays until it expires: " + e.getMessage());
    }
  }

  /** Returns a lease that somebody has got; text that cannot be an id is one that nobody has. */
  public Optional<Found> find(Transaction tx, String id) {
    return record(tx, id)
        .filter(lease -> lease.state() != LeaseRecord.State.CREATING)
        .map(lease -> new Found(
            lease.id(),
            lease.path(),
            lease.issuedAt(),
            lease.expiresAt(),
            lease.lastRenewal(),
            lease.terms().renewable() && !lease.isEnding(),
            lease.lastError()));
  }

  /**
   * Begins a lifetime anew; empty where there is no such lease.
   *
   * @param increment zero: what its terms say
   * @throws VaultException with code {@code INVALID_REQUEST} if it cannot be renewed
   */
  public Optional<Response> renew(Transaction tx, String id, Duration increment) {
    return record(tx, id).map(lease -> renewal.renew(tx, lease, increment));
  }

  /** Ends a lease behind the requests; false where there is none. */
  public boolean order(Transaction tx, String id) {
    Optional<LeaseRecord> lease = record(tx, id);
    lease.ifPresent(found -> revocation.order(tx, found));
    return lease.isPresent();
  }

  /**
   * Ends a lease when the transaction has committed, before its answer goes out; false where there
   * is none.
   */
  public boolean revoke(Transaction tx, String id) {
    Optional<LeaseRecord> lease = record(tx, id);
    lease.ifPresent(found -> {
      revocation.claim(tx, found);
      tx.then((Response answer) -> revocation
          .attempt(id)
          .map(failure -> Response.failure(
              ErrorCode.OUTSIDE_FAILED,
              "failed to revoke \"" + id + "\": " + failure.text() + "; it is tried again"))
          .orElse(answer));
    });
    return lease.isPresent();
  }

  /** As {@link #order} for everything in a folder, tokens too. */
  public void orderPrefix(Transaction tx, String folder) {
    prefixes.order(tx, folder);
  }

  /** As {@link #revoke} for everything in a folder, tokens too; the first failure ends it. */
  public void revokePrefix(Transaction tx, String folder) {
    tx.then((Response answer) -> prefixes.endNow(folder).orElse(answer));
  }

  /** As {@link #revokePrefix} for a lease or a folder, and forgets what cannot be revoked. */
  public void forcePrefix(Transaction tx, String prefix) {
    tx.then((Response answer) -> {
      prefixes.forceNow(prefix);
      return answer;
    });
  }

  /** Returns the names in a folder of leases, those of tokens too; folders end in a slash. */
  public List<String> list(Transaction tx, String folder) {
    TreeSet<String> names = new TreeSet<>();
    names.addAll(tx.in(transactions.system()).list(LeaseRows.LEASE, folder));
    names.addAll(tx.in(transactions.system()).list(TokenStore.LEASE, folder));
    return List.copyOf(names);
  }

  /** As {@link Transactions#counting}: the leases of secrets. */
  public IntSupplier counting() {
    PrefixWalk walk = rows.walk("");
    return () -> walk.next(BATCH).size();
  }

  /** Returns up to {@code max} of the leases that could not be revoked. */
  public List<Irrevocable> irrevocable(Transaction tx, int max) {
    List<Irrevocable> found = new ArrayList<>();
    PrefixWalk walk = rows.walkIrrevocable();
    for (Optional<String> name = walk.next();
        name.isPresent() && found.size() < max;
        name = walk.next()) {
      rows.idOfIrrevocable(tx, name.get())
          .flatMap(id -> rows.get(tx, id))
          .map(lease ->
              new Irrevocable(lease.id(), lease.mount(), lease.expiresAt(), lease.lastError()))
          .ifPresent(found::add);
    }
    return found;
  }

  /**
   * Looks for leases whose token is gone, behind the requests, and ends them. There should be none.
   */
  public void tidy() {
    background.schedule(TIDY_JOB, Duration.ZERO, this::tidyAll);
  }

  private Optional<Duration> tidyAll() {
    PrefixWalk walk = rows.walk("");
    for (List<String> ids = walk.next(BATCH); !ids.isEmpty(); ids = walk.next(BATCH)) {
      List<String> some = ids;
      transactions.change(tx -> some.forEach(id -> rows.get(tx, id)
          .filter(lease -> !lease.isEnding())
          .filter(
              lease -> lease.owner().filter(hash -> !tokens.isStored(tx, hash)).isPresent())
          .ifPresent(lease -> revocation.order(tx, lease))));
    }
    return Optional.empty();
  }

  /** Unmounts an engine when its leases are revoked. */
  public Response unmount(Transaction tx, String path) {
    return unmounting.unmount(tx, path);
  }

  @Override
  public int end(Transaction tx, String tokenHash, int max) {
    List<String> ids = rows.ofToken(tx, tokenHash, max);
    ids.forEach(id -> {
      rows.get(tx, id)
          .filter(lease -> !lease.isEnding())
          .ifPresent(lease -> revocation.order(tx, lease));
      rows.forgetOwner(tx, tokenHash, id);
    });
    return ids.size();
  }

  /** Returns whether nothing outside is touched, because the store is a restored copy. */
  public boolean isHeld() {
    return hold.holds();
  }

  /** Returns why nothing outside may be touched; empty if it may. */
  public Optional<String> held() {
    return hold.holds() ? Optional.of(Hold.failure().text()) : Optional.empty();
  }

  /** Lets what waits go on. */
  public void release() {
    hold.release();
  }

  /** Returns up to {@code max} ids of leases that wait to be revoked. */
  public List<String> waiting(int max) {
    Instant now = transactions.clock().instant();
    List<String> waiting = new ArrayList<>();
    PrefixWalk walk = rows.walk("");
    for (Optional<String> next = walk.next();
        next.isPresent() && waiting.size() < max;
        next = walk.next()) {
      String id = next.get();
      transactions
          .read(tx -> rows.get(tx, id))
          .filter(lease -> lease.isEnding() || lease.isExpired(now))
          .ifPresent(lease -> waiting.add(id));
    }
    return waiting;
  }

  /**
   * Revokes everything and makes nothing more: for a store that is about to lose its records.
   *
   * @param limit no attempt begins after it, and this returns by then, even if one hangs, unless
   *     the thread that calls is the one that revokes; a mount that is not reached is not tried
   *     again
   * @return the ids of those whose secrets may still exist
   */
  public List<String> endAll(Duration limit) {
    issuing.stop();
    if (executor.isEmpty()) {
      return endEach(limit);
    }
    FutureTask<List<String>> ending = new FutureTask<>(() -> endEach(limit));
    try {
      executor.get().execute(ending);
      return ending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      LOG.log(Level.ERROR, "not all leases were revoked in time: " + e);
    }
    boolean unused = ending.cancel(/* mayInterruptIfRunning= */ true);
    return rows.walk("").next(Integer.MAX_VALUE);
  }

  private List<String> endEach(Duration limit) {
    long begun = time.nanos();
    List<String> left = new ArrayList<>();
    Set<Lanes.Place> notReached = new HashSet<>();
    PrefixWalk walk = rows.walk("");
    for (Optional<String> next = walk.next(); next.isPresent(); next = walk.next()) {
      boolean late = time.nanos() - begun > limit.toNanos();
      if (late || !endNow(next.get(), notReached)) {
        left.add(next.get());
      }
    }
    return left;
  }

  private boolean endNow(String id, Set<Lanes.Place> notReached) {
    try {
      Optional<Lanes.Place> place = transactions.write(tx -> rows.get(tx, id).map(lease -> {
        revocation.claim(tx, lease);
        return revocation.place(lease);
      }));
      if (place.filter(notReached::contains).isPresent()) {
        return false;
      }
      Optional<OutsideFailure> failure = revocation.attempt(id);
      failure
          .filter(why -> why.kind() == OutsideException.Kind.UNREACHABLE)
          .ifPresent(why -> place.ifPresent(notReached::add));
      return failure.isEmpty();
    } catch (VaultException e) {
      return false;
    }
  }

  @Override
  public void close() {
    lanes.close();
  }

  private Optional<LeaseRecord> record(Transaction tx, String id) {
    return isId(id) ? rows.get(tx, id) : Optional.empty();
  }

  private static boolean isId(String id) {
    try {
      return VaultPath.requireRelative(id).equals(id) && id.contains("/") && !id.endsWith("/");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
