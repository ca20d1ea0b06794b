package dev.strongroom.internal.store;

import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.store.RowCache.Entry;
import dev.strongroom.internal.store.RowCache.Place;
import dev.strongroom.internal.time.VaultClock;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over an open store. A write runs on fresh reads until its batch commits, because
 * another request may have changed what it read: at most {@value #MAX_TRIES} times. What was
 * committed is visible to every thread before the commit returns. Thread-safe.
 */
public final class Transactions implements AutoCloseable {
  private static final int COUNTED_PAGE = 1_000;
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final int MAX_TRIES = 5;

  /** With 64 stripes, four of sixteen callers stood in line behind a stranger (measured). */
  private static final int STRIPE_BITS = 10;

  private static final String PURGE_JOB = "purge";
  private static final Duration PURGED_WITHIN = Duration.ofMinutes(1);
  private static final String TIME_JOB = "vault time";
  private static final Duration TIME_STORED_EVERY = Duration.ofMinutes(1);

  private final StorageBackend store;
  private final BarrierView system;
  private final VaultClock clock;
  private final Background background;
  private final SecureRandom random;
  private final boolean virtualTime;
  private final StateRow state;
  private final RowCache cache;
  private final CommitQueue queue;
  private final Announcements announcements;
  private final Sweeper sweeper;
  private final ReentrantLock[] stripes = new ReentrantLock[1 << STRIPE_BITS];
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

  /**
   * Opens the records of a store.
   *
   * @param system the container of the vault's own records
   * @param cacheBytes how much the cache may hold, roughly
   * @param whenUnknown told when the store cannot say whether a commit happened; nothing in memory
   *     can be trusted then
   * @param whenChanged told of changes in the order of their commits, one at a time, when they are
   *     visible; must be fast and must not fail
   */
  public Transactions(
      StorageBackend store,
      Barrier barrier,
      BarrierView system,
      TimeSource time,
      Background background,
      SecureRandom random,
      long cacheBytes,
      Consumer<StorageException> whenUnknown,
      Consumer<Change> whenChanged) {
    this.store = store;
    this.system = system;
    this.state = new StateRow(system, store);
    this.clock = new VaultClock(time, state.latest());
    this.background = background;
    this.random = random;
    this.virtualTime = time instanceof VirtualTime;
    this.cache = new RowCache(store, cacheBytes);
    this.queue = new CommitQueue(store, state, clock, whenUnknown);
    this.announcements = new Announcements(whenChanged);
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new ReentrantLock();
    }
    this.sweeper = new Sweeper(this, barrier, store, background, random);
  }

  /** Returns the container of the vault's own records. */
  public BarrierView system() {
    return system;
  }

  public VaultClock clock() {
    return clock;
  }

  public Sweeper sweeper() {
    return sweeper;
  }

  /** Goes on with removals that are ordered, and begins to store the vault's time. */
  public void resume() {
    sweeper.resume();
    background.schedule(TIME_JOB, TIME_STORED_EVERY, this::storeTime);
  }

  /**
   * Each group of commits stores the time; where there are none, but somebody was told the time,
   * this does. So a clock set back while the vault is closed brings nothing back that has expired.
   */
  private Optional<Duration> storeTime() {
    if (clock.latest().isAfter(state.latest())) {
      queue.commit(new Batch(List.of(), List.of()));
    }
    return Optional.of(TIME_STORED_EVERY);
  }

  /**
   * Returns the revision of the last group of commits; a store that was set back has a lower one.
   */
  public long revision() {
    return state.revision();
  }

  /** Returns how far the audit had come, as the store knew when it was opened. */
  public List<Anchor> anchorsFound() {
    return state.anchorsFound();
  }

  /**
   * Stores now, and with each group of commits, how far the audit has come.
   *
   * @param source must be fast and must not fail
   */
  public void anchor(Supplier<List<Anchor>> source) {
    state.anchors(source);
    queue.commit(new Batch(List.of(), List.of()));
  }

  /** Returns how many encryptions a term has seen. */
  public long encryptions(int term) {
    return state.encryptions(term);
  }

  /**
   * Runs {@code work} after every group of commits, on the thread that led it; it must be fast and
   * must not fail.
   */
  public void afterEachGroup(Runnable work) {
    queue.afterEachGroup(work);
  }

  public Transaction beginReadOnly() {
    return new Transaction(this, Transaction.Mode.READ);
  }

  /**
   * Runs work that only reads. Rows are read one by one, so a commit in between can make a row
   * missing that another one promises. Work that meets this throws a {@link StorageException} and
   * runs again on rows fresh from the store; the store is damaged only if that happens
   * {@value #MAX_TRIES} times.
   */
  public <R> R read(Function<Transaction, R> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.apply(
            new Transaction(this, attempt == 1 ? Transaction.Mode.READ : Transaction.Mode.REREAD));
      } catch (StorageException e) {
        if (attempt == MAX_TRIES) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /** As {@link #write(Function)}, for work that has nothing to tell. */
  public void change(Consumer<Transaction> work) {
    write(tx -> {
      work.accept(tx);
      return true;
    });
  }

  /**
   * As {@link #write(Object, Function, Predicate)}, for work that others do not compete with and
   * that always holds.
   */
  public <R> R write(Function<Transaction, R> work) {
    return write(new Object(), work, result -> true);
  }

  /**
   * Runs {@code work} and commits what it wrote, again on fresh reads if it lost a race or, as in
   * {@link #read}, met a row missing; if the work throws, nothing happens. Secret bytes it wrote
   * are wiped.
   *
   * @param contended work with an equal key takes turns here, so that a hot record is not fought
   *     over
   * @param holds says of a result whether the writes behind it are to be kept
   * @throws VaultException with code {@code CONFLICT} if it lost {@value #MAX_TRIES} times, which
   *     takes work inside other work, because the last try runs alone
   */
  public <R> R write(Object contended, Function<Transaction, R> work, Predicate<R> holds) {
    Written<R> written = writeInTurn(contended, work, holds);
    return written.next.apply(written.result);
  }

  /** What a write came to, and what follows it. */
  private record Written<R>(R result, UnaryOperator<R> next) {}

  private <R> Written<R> writeInTurn(
      Object contended, Function<Transaction, R> work, Predicate<R> holds) {
    // Held over handler and commit, against the rule: without it, callers that change one record
    // starve each other.
    ReentrantLock stripe = stripe(contended);
    stripe.lock();
    try {
      for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
        Lock turn = turn(attempt);
        turn.lock();
        try {
          Optional<Written<R>> written = writeOnce(work, holds, attempt);
          if (written.isPresent()) {
            return written.get();
          }
        } finally {
          turn.unlock();
        }
        pause(attempt);
      }
      throw new VaultException(
          ErrorCode.CONFLICT,
          "other requests changed the same data " + MAX_TRIES + " times meanwhile; try again");
    } finally {
      stripe.unlock();
    }
  }

  /** Spreads first: the hash codes of paths that differ in a digit lie close together. */
  private ReentrantLock stripe(Object contended) {
    return stripes[(contended.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - STRIPE_BITS)];
  }

  /**
   * The last try runs alone: otherwise a caller who renews a token again and again could keep
   * others from revoking it. Work inside other work never does, or it would wait for itself.
   */
  private Lock turn(int attempt) {
    return attempt == MAX_TRIES && running.getReadHoldCount() == 0
        ? running.writeLock()
        : running.readLock();
  }

  /** Returns what came of it; empty if it is to be tried again. */
  private <R> Optional<Written<R>> writeOnce(
      Function<Transaction, R> work, Predicate<R> holds, int attempt) {
    Transaction tx = new Transaction(this, Transaction.Mode.WRITE);
    try {
      Optional<R> result = attempt(tx, work, attempt);
      if (result.isEmpty()) {
        return Optional.empty();
      }
      boolean kept = holds.test(result.get());
      return !kept || tx.changesNothing() || commit(tx)
          ? Optional.of(new Written<>(result.get(), kept ? tx.next() : UnaryOperator.identity()))
          : Optional.empty();
    } finally {
      tx.wipe();
    }
  }

  /** Returns when every write that is running now has ended. */
  public void awaitRunningWrites() {
    running.writeLock().lock();
    try {
      // Having had it is all.
    } finally {
      running.writeLock().unlock();
    }
  }

  /** Returns the due rows up to a moment, the earliest first. */
  public List<DueRow> due(long untilSeconds, int max) {
    return store.due(untilSeconds, max);
  }

  /** Lets running commits finish and forgets everything read. */
  @Override
  public void close() {
    queue.close();
    cache.clear();
    announcements.close();
  }

  /** Returns up to {@code max} names under an owner, in no order that means anything. */
  public List<String> someNames(BarrierView view, RecordKind<?> kind, String owner, int max) {
    byte[] parent = view.children(kind, owner);
    List<String> names = new ArrayList<>();
    store.children(parent, null, max).forEach(row -> addName(names, view, kind, parent, row));
    return names;
  }

  /**
   * Some of the names under an owner.
   *
   * @param last where the next page begins; null if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Page(List<String> names, byte @Nullable [] last) {}

  /**
   * Returns the next names under an owner or in a folder, in no order that means anything: for
   * walks over more than fits into memory.
   *
   * @param after the end of the page before; null: from the first
   */
  public Page page(
      BarrierView view, RecordKind<?> kind, String owner, byte @Nullable [] after, int max) {
    byte[] parent = view.children(kind, owner);
    List<byte[]> rows = store.children(parent, after, max);
    List<String> names = new ArrayList<>();
    rows.forEach(row -> addName(names, view, kind, parent, row));
    return new Page(names, rows.size() < max ? null : rows.get(rows.size() - 1));
  }

  /**
   * Returns what counts the names under an owner, a page with each call; 0 at the end. Those that
   * come or go meanwhile are counted or not. For one thread.
   */
  public IntSupplier counting(BarrierView view, RecordKind<?> kind, String owner) {
    byte[] parent = view.children(kind, owner);
    return new IntSupplier() {
      private byte @Nullable [] last;
      private boolean ended;

      @Override
      public int getAsInt() {
        List<byte[]> rows = ended ? List.of() : store.children(parent, last, COUNTED_PAGE);
        ended = rows.size() < COUNTED_PAGE;
        last = rows.isEmpty() ? last : rows.get(rows.size() - 1);
        return rows.size();
      }
    };
  }

  Entry cached(Place place) {
    return cache.get(place);
  }

  Entry reread(Place place) {
    cache.evict(place);
    return cache.get(place);
  }

  List<String> names(BarrierView view, RecordKind<?> kind, String folder) {
    byte[] parent = view.children(kind, folder);
    List<String> names = new ArrayList<>();
    Children.forEach(store, parent, row -> {
      addName(names, view, kind, parent, row);
      return true;
    });
    names.sort(Names::compare);
    return names;
  }

  private static void addName(
      List<String> names, BarrierView view, RecordKind<?> kind, byte[] parent, byte[] row) {
    try {
      names.add(view.name(parent, row));
    } catch (StorageException e) { // one bad row must not hide the others
      LOG.log(
          Level.ERROR, "a row of kind " + kind + " is left out of a listing: " + e.getMessage());
    }
  }

  /** Returns what came of the work; empty if it is to run again because it met a row missing. */
  private <R> Optional<R> attempt(Transaction tx, Function<Transaction, R> work, int attempt) {
    try {
      return Optional.of(work.apply(tx));
    } catch (StorageException e) {
      if (attempt == MAX_TRIES) {
        throw e;
      }
      tx.evictReads(cache);
      return Optional.empty();
    }
  }

  private boolean commit(Transaction tx) {
    List<Place> together = tx.changedTogether();
    Announcements.Announcement announcement = announcements.of(tx.announced());
    cache.hold(together);
    try {
      Batch batch = tx.toBatch();
      return settle(tx, batch, queue.commit(batch, announcement::committed));
    } finally {
      cache.release(together);
      announcement.visible(); // whatever became of it: later ones wait behind it
    }
  }

  /** Shows what was committed; returns false if it lost a race. */
  private boolean settle(Transaction tx, Batch batch, CommitResult result) {
    if (result instanceof CommitResult.Committed committed) {
      tx.publish(cache, committed.revision());
      if (batch.changes().stream().anyMatch(Batch.Delete.class::isInstance)) {
        background.schedule(PURGE_JOB, PURGED_WITHIN, this::purge);
      }
      return true;
    }
    if (result instanceof CommitResult.Unknown unknown) {
      throw new StorageException(
          "the store cannot say whether the change happened; the vault seals itself",
          unknown.cause());
    }
    tx.evictReads(cache);
    return false;
  }

  /**
   * What was deleted must not stay in a log of the store; one pass serves all that came meanwhile.
   */
  private Optional<Duration> purge() {
    store.purge();
    return Optional.empty();
  }

  private void pause(int attempt) {
    if (!virtualTime) {
      LockSupport.parkNanos(random.nextInt(200_000 << attempt));
    }
  }
}
