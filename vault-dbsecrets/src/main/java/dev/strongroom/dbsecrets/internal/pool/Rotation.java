package dev.strongroom.dbsecrets.internal.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.RotationEvent;
import dev.strongroom.dbsecrets.RotationEvent.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a pool on a credential that works: renews it while that goes, replaces it before it ends,
 * and ends the one before when no connection has it any more. Thread-safe.
 *
 * <pre>
 *   issue → probe → use → evict what is idle → wait for what is borrowed → revoke
 *             ↘ fails: revoke, keep the old one, try later
 * </pre>
 *
 * <p>New connections have the new credential from the moment it is used; those that exist keep the
 * old one and work, because its user lives until the last step. So nothing that is borrowed or
 * running fails, unless it takes longer than the drain limit.
 */
final class Rotation implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom.dbsecrets");
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  private static final Set<ErrorCode> FINAL =
      EnumSet.of(ErrorCode.INVALID_REQUEST, ErrorCode.NOT_FOUND, ErrorCode.PERMISSION_DENIED);

  private final CredentialSource source;
  private final PhysicalConnections connections;
  private final Duration drainLimit;
  private final TimeSource time;
  private final SecureRandom random;
  private final Consumer<RotationEvent> listener;

  /**
   * Held for the whole of a step, with its calls of vault, database and listener: there is one step
   * at a time, and closing waits for it. Borrowers never want it.
   */
  private final ReentrantLock step = new ReentrantLock();

  @GuardedBy("step")
  private final List<Draining> draining = new ArrayList<>();

  @GuardedBy("step")
  private @Nullable Held held;

  @GuardedBy("step")
  private int failures;

  @GuardedBy("step")
  private @Nullable Pool pool;

  private final Schedule nextAction;
  private final Schedule nextLook;
  private volatile boolean closed;

  /** The database refused the credential, so that it is not waited for its end. */
  private volatile boolean refused;

  /**
   * A credential in use, and its lifetime as it was at a moment: the one at which it was asked for,
   * because the vault counts from when it began to make it, and making it may take long.
   */
  private record Held(Credential credential, Lifetime lifetime, long sinceNanos, boolean toldEnd) {
    Duration left(long nowNanos) {
      return lifetime.rest().minusNanos(nowNanos - sinceNanos);
    }
  }

  /** Connections whose credential was replaced. */
  private static final class Draining {
    private final Generation generation;

    /** Empty: they may take as long as they like, because their user stays. */
    private final Optional<Long> deadlineNanos;

    private final long endNanos;
    private int looks;
    private int failures;
    private long nextTryNanos;

    Draining(Generation generation, Optional<Long> deadlineNanos, long endNanos, long nowNanos) {
      this.generation = generation;
      this.deadlineNanos = deadlineNanos;
      this.endNanos = endNanos;
      this.nextTryNanos = nowNanos;
    }

    /** Ever longer, but not beyond the deadline. */
    long nanosToNextLook(long now) {
      Duration longer = FIRST_LOOK.multipliedBy(1L << Math.min(looks, 5));
      long pause = Math.min(longer.toNanos(), LONGEST_LOOK.toNanos());
      long left = deadlineNanos.map(deadline -> deadline - now).orElse(pause);
      return left > 0 ? Math.min(left, pause) : pause;
    }
  }

  /**
   * Makes a rotation that {@link #start} begins.
   *
   * @param drainLimit how long connections of a replaced user may stay borrowed
   */
  Rotation(
      CredentialSource source,
      PhysicalConnections connections,
      Duration drainLimit,
      TimeSource time,
      SecureRandom random,
      Consumer<RotationEvent> listener) {
    this.source = source;
    this.connections = connections;
    this.drainLimit = drainLimit;
    this.time = time;
    this.random = random;
    this.listener = listener;
    this.nextAction = new Schedule(time, this::act);
    this.nextLook = new Schedule(time, this::look);
  }

  /**
   * Gets the first credential, tries it, and follows it from now on.
   *
   * @throws VaultException if there is none
   * @throws SQLException if the database does not take it; it is revoked then
   */
  void start() throws SQLException {
    step.lock();
    try {
      long asked = time.nanos();
      use(first(), asked);
      connections.whenRefused(this::refused);
      scheduleAction();
    } finally {
      step.unlock();
    }
  }

  /** A password that changes may have done so after it was read: then it is read again, once. */
  private Credential first() throws SQLException {
    Credential first = source.issue();
    boolean changes = first.lifetime().changes();
    try {
      probe(first);
      return first;
    } catch (SQLException e) {
      if (!changes || !PhysicalConnections.isRefusal(e)) {
        throw e;
      }
    }
    Credential again = source.issue();
    probe(again);
    return again;
  }

  /** Sets the pool that the connections are in. */
  void pool(Pool value) {
    step.lock();
    try {
      pool = value;
    } finally {
      step.unlock();
    }
  }

  /** Returns the user that new connections have. */
  String user() {
    step.lock();
    try {
      return requireHeld().credential.user();
    } finally {
      step.unlock();
    }
  }

  /** Returns how many connections there are whose user was replaced. */
  int draining() {
    step.lock();
    try {
      return draining.stream().mapToInt(d -> d.generation.size()).sum();
    } finally {
      step.unlock();
    }
  }

  @GuardedBy("step")
  private Held requireHeld() {
    if (held == null) {
      throw new IllegalStateException("the rotation has not begun");
    }
    return held;
  }

  /** The password was changed or the user removed: what comes next is not waited for. */
  private void refused() {
    if (!refused) {
      refused = true;
      nextAction.sooner(SHORTEST_PAUSE);
    }
  }

  /** Renews or replaces the credential, and sees to the next time. */
  private void act() {
    step.lock();
    try {
      if (closed) {
        return;
      }
      boolean wasRefused = refused;
      refused = false;
      Held current = requireHeld();
      if (current.lifetime.renewable() && !wasRefused) {
        renew(current);
      } else {
        replace(current);
      }
    } catch (RuntimeException e) { // whatever it is, there is a next time
      LOG.log(Level.WARNING, "following a credential failed", e);
      nextAction.sooner(LONGEST_PAUSE);
    } finally {
      step.unlock();
    }
  }

  @GuardedBy("step")
  private void renew(Held current) {
    long asked = time.nanos();
    try {
      Lifetime renewed = current.credential.renew(current.lifetime);
      held = new Held(current.credential, renewed, asked, /* toldEnd= */ false);
      failures = 0;
      tell(new RotationEvent.Renewed(current.credential.user(), renewed.rest()));
      scheduleAction();
    } catch (RuntimeException e) {
      boolean tooLate =
          current.left(time.nanos()).compareTo(current.lifetime.whole().dividedBy(6)) < 0;
      if (isFinal(e) || tooLate) {
        held = new Held(
            current.credential, current.lifetime.ending(), current.sinceNanos, current.toldEnd);
      }
      if (isFinal(e)) {
        replace(requireHeld());
      } else {
        failed(Step.RENEW, e);
      }
    }
  }

  @GuardedBy("step")
  private void replace(Held current) {
    long asked = time.nanos();
    Credential next;
    try {
      next = source.issue();
    } catch (RuntimeException e) {
      failed(Step.ISSUE, e);
      return;
    }
    if (next.isSameAs(current.credential)) {
      held = new Held(current.credential, next.lifetime(), asked, /* toldEnd= */ false);
      next.wipe();
      failures = 0;
      scheduleAction();
      return;
    }
    try {
      probe(next);
    } catch (SQLException | RuntimeException e) {
      failed(Step.PROBE, e);
      return;
    }
    if (next.lifetime().rest().toNanos() <= time.nanos() - asked) {
      giveBack(next);
      failed(Step.ISSUE, new VaultException(ErrorCode.OUTSIDE_FAILED, "it came when it had ended"));
      return;
    }
    Optional<Generation> before = use(next, asked);
    tell(new RotationEvent.Rotated(current.credential.user(), next.user()));
    if (pool != null) {
      pool.evict();
    }
    before.ifPresent(generation -> drain(generation, current));
    scheduleAction();
  }

  /** Tries a credential; one that does not work is given back. */
  private void probe(Credential credential) throws SQLException {
    try {
      connections.probe(credential);
    } catch (SQLException | RuntimeException e) {
      giveBack(credential);
      throw e;
    }
  }

  private void giveBack(Credential credential) {
    try {
      credential.revoke(/* wait= */ false);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a user that was not used stays until its lease ends", e);
    } finally {
      credential.wipe();
    }
  }

  @GuardedBy("step")
  private Optional<Generation> use(Credential credential, long asked) {
    held = new Held(credential, credential.lifetime(), asked, /* toldEnd= */ false);
    failures = 0;
    refused = false;
    return connections.use(credential);
  }

  @GuardedBy("step")
  private void drain(Generation generation, Held before) {
    long now = time.nanos();
    Optional<Long> deadline =
        before.lifetime.drain(before.left(now), drainLimit).map(limit -> now + limit.toNanos());
    draining.add(new Draining(generation, deadline, now + before.left(now).toNanos(), now));
    nextLook.sooner(FIRST_LOOK);
  }

  @GuardedBy("step")
  private void scheduleAction() {
    Held current = requireHeld();
    Duration passed = Duration.ofNanos(time.nanos() - current.sinceNanos);
    nextAction.at(current.lifetime.untilAction(drainLimit, random.nextDouble()).minus(passed));
  }

  /** Tells, and tries again soon: the sooner, the less time there is. */
  @GuardedBy("step")
  private void failed(Step what, Exception cause) {
    Held current = requireHeld();
    Duration left = current.left(time.nanos());
    Duration pause = pauseAfter(failures);
    if (!left.isNegative() && left.dividedBy(4).compareTo(pause) < 0) {
      pause = left.dividedBy(4);
    }
    pause = pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    failures++;
    nextAction.at(pause);
    tell(new RotationEvent.Failed(what, current.credential.user(), cause, Optional.of(pause)));
    if (left.isNegative() && !current.toldEnd && !current.lifetime.changes()) {
      held =
          new Held(current.credential, current.lifetime, current.sinceNanos, /* toldEnd= */ true);
      tell(new RotationEvent.Expired(current.credential.user()));
    }
  }

  /** Returns a pause that doubles, give or take a fifth. */
  private Duration pauseAfter(int failuresBefore) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failuresBefore, 5));
    Duration most = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    return Duration.ofNanos((long) (most.toNanos() * (0.8 + 0.4 * random.nextDouble())));
  }

  /** Looks whether connections of replaced users are gone, and ends what has taken too long. */
  private void look() {
    step.lock();
    try {
      if (closed) {
        return;
      }
      for (Iterator<Draining> each = draining.iterator(); each.hasNext(); ) {
        if (isDone(each.next())) {
          each.remove();
        }
      }
      long now = time.nanos();
      draining.stream()
          .mapToLong(old -> old.nanosToNextLook(now))
          .min()
          .ifPresent(nanos -> nextLook.at(Duration.ofNanos(nanos)));
    } finally {
      step.unlock();
    }
  }

  @GuardedBy("step")
  private boolean isDone(Draining old) {
    long now = time.nanos();
    boolean late = old.deadlineNanos.isPresent() && now - old.deadlineNanos.get() >= 0;
    if (old.generation.size() > 0 && !late) {
      evictLate(old);
      old.looks++;
      return false;
    }
    int ended = late ? old.generation.end() : 0;
    if (ended > 0) {
      tell(new RotationEvent.ConnectionsEnded(old.generation.credential().user(), ended));
    }
    return isRevoked(old, now);
  }

  /**
   * Evicts a connection that came into the pool after the eviction, because it was opened just
   * before: there are more than can be borrowed.
   */
  @GuardedBy("step")
  private void evictLate(Draining old) {
    if (pool != null && old.generation.size() > pool.active()) {
      pool.evict();
    }
  }

  /** Returns whether nothing is left to do for a user that no connection has. */
  @GuardedBy("step")
  private boolean isRevoked(Draining old, long now) {
    if (now - old.nextTryNanos < 0) {
      return false;
    }
    Credential credential = old.generation.credential();
    if (old.deadlineNanos.isEmpty()) {
      retired(old); // its user stays
      return true;
    }
    try {
      credential.revoke(/* wait= */ false);
    } catch (RuntimeException e) {
      Duration pause = pauseAfter(old.failures);
      boolean again = !isFinal(e) && now - old.endNanos < 0;
      old.failures++;
      old.nextTryNanos = now + pause.toNanos();
      tell(new RotationEvent.Failed(
          Step.REVOKE,
          credential.user(),
          e,
          again ? Optional.of(pause) : Optional.empty())); // the lease ends by itself
      if (again) {
        return false;
      }
    }
    retired(old);
    tell(new RotationEvent.Retired(credential.user()));
    return true;
  }

  /** Returns whether asking again is no use; a closed session or a defect may be gone next time. */
  private static boolean isFinal(RuntimeException e) {
    return e instanceof VaultException failure && FINAL.contains(failure.code());
  }

  private void retired(Draining old) {
    connections.forget(old.generation);
    old.generation.credential().wipe();
  }

  private void tell(RotationEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a listener failed on " + event, e);
    }
  }

  /** Ends following. Credentials stay as they are until {@link #close}. */
  void stop() {
    closed = true;
    nextAction.close();
    nextLook.close();
  }

  /**
   * Revokes what is in use, and what was; to be called when no connection is open any more. What
   * cannot be revoked now ends with its lease.
   */
  @Override
  public void close() {
    stop();
    step.lock();
    try {
      if (held != null) {
        end(held.credential);
        held = null;
      }
      draining.forEach(old -> end(old.generation.credential()));
      draining.clear();
    } finally {
      step.unlock();
    }
  }

  private void end(Credential credential) {
    try {
      credential.revoke(/* wait= */ true);
      tell(new RotationEvent.Retired(credential.user()));
    } catch (RuntimeException e) { // as of a session that was closed before
      tell(new RotationEvent.Failed(Step.REVOKE, credential.user(), e, Optional.empty()));
    } finally {
      credential.wipe();
    }
  }
}
