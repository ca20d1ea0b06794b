package dev.strongroom.internal.listener;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.Registration;
import dev.strongroom.VaultException;
import dev.strongroom.internal.pipeline.WithoutText;
import dev.strongroom.internal.policy.AclRule;
import dev.strongroom.internal.policy.Asked;
import dev.strongroom.internal.policy.Capability;
import dev.strongroom.internal.policy.ParameterReading;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listener and the changes that wait for it. It is handed to the executor once for each change,
 * so that listeners take turns, and never twice at a time, so that its changes stay in order.
 * Thread-safe.
 */
final class Listener implements Registration {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  /** Which listener this thread runs. */
  private static final ThreadLocal<@Nullable Listener> INSIDE = new ThreadLocal<>();

  /** How many changes may wait. */
  static final int MAX_WAITING = 1024;

  private static final Asked PLAIN_READ =
      Asked.plainly(Operation.READ, Payload.empty(), ParameterReading.AS_IT_IS);

  private final String prefix;
  private final Rights rights;
  private final Consumer<Change> consumer;
  private final Executor executor;
  private final Consumer<Listener> whenEnded;

  // Held over the listener, against the rule: close() returns when it is not running.
  private final ReentrantLock running = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Change> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private boolean scheduled;

  @GuardedBy("lock")
  private boolean woken;

  private volatile boolean closed;

  Listener(
      String prefix,
      Rights rights,
      Consumer<Change> consumer,
      Executor executor,
      Consumer<Listener> whenEnded) {
    this.prefix = prefix;
    this.rights = rights;
    this.consumer = consumer;
    this.executor = executor;
    this.whenEnded = whenEnded;
  }

  /** Asks as for a read without parameters and without wrapping. */
  static boolean mayRead(Caller caller, String path) {
    AclRule rule = caller.acl().ruleFor(Operation.READ, path);
    return rule.allows(Capability.READ) && rule.admit(PLAIN_READ).isPresent();
  }

  String prefix() {
    return prefix;
  }

  void tell(Change change) {
    lock.lock();
    try {
      if (waiting.size() < MAX_WAITING) {
        waiting.add(change);
      } else {
        waiting.clear();
        waiting.add(new Change(prefix, Change.Kind.MISSED, OptionalInt.empty()));
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    lock.lock();
    try {
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Names of secrets are not for the log. */
  private String mount() {
    return prefix.substring(0, prefix.indexOf('/') + 1);
  }

  /** Ends it without waiting: for one that nobody has yet. */
  void drop() {
    closed = true;
    whenEnded.accept(this);
  }

  @Override
  public void close() {
    drop();
    if (INSIDE.get() != null) { // two that closed each other would wait for ever
      return;
    }
    running.lock();
    try {
      // Having had it is all.
    } finally {
      running.unlock();
    }
  }

  @GuardedBy("lock")
  private void wake() {
    woken = true;
    if (!scheduled) {
      schedule();
    }
  }

  @GuardedBy("lock")
  private void schedule() {
    scheduled = false;
    if (closed || waiting.isEmpty()) {
      return;
    }
    scheduled = true;
    try {
      executor.execute(this::run);
    } catch (RuntimeException e) { // the writer who gets here has done its work
      scheduled = false;
      LOG.log(Level.WARNING, "nothing runs a listener to " + mount(), e);
    }
  }

  private void run() {
    boolean goOn = false;
    running.lock();
    INSIDE.set(this);
    try {
      goOn = deliverNext();
    } finally {
      INSIDE.remove();
      running.unlock();
      goOn(goOn);
    }
  }

  /** What waits though it cannot be delivered now waits until somebody wakes this. */
  private void goOn(boolean delivered) {
    lock.lock();
    try {
      if (delivered || woken) {
        schedule();
      } else {
        scheduled = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns false if the next change cannot be delivered now; it is the next one again then. */
  private boolean deliverNext() {
    Change next = next();
    if (next == null || closed) {
      return true;
    }
    try {
      return deliver(next);
    } catch (VaultException e) {
      if (e.code() != ErrorCode.SEALED && e.code() != ErrorCode.PERMISSION_DENIED && !closed) {
        LOG.log(Level.WARNING, "a listener to " + mount() + " waits", e);
      }
    }
    putBack(next);
    return false;
  }

  /**
   * Tells the listener of a change, if it may know.
   *
   * @throws VaultException if that cannot be said now, or if the vault was sealed meanwhile
   */
  private boolean deliver(Change change) {
    Optional<Caller> caller = rights.caller();
    if (caller.isEmpty()) {
      LOG.log(Level.INFO, "a listener to " + mount() + " has ended with its token");
      close();
    } else if (mayRead(caller.get(), prefix) && mayRead(caller.get(), change.path())) {
      call(change);
    }
    return true;
  }

  private void call(Change change) {
    try {
      consumer.accept(change);
    } catch (RuntimeException | Error e) {
      if (e instanceof VaultException known && known.code() == ErrorCode.SEALED) {
        throw known;
      }
      LOG.log(Level.WARNING, "a listener to " + mount() + " failed", new WithoutText(e));
    }
  }

  private @Nullable Change next() {
    lock.lock();
    try {
      woken = false;
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  private void putBack(Change change) {
    lock.lock();
    try {
      waiting.addFirst(change);
    } finally {
      lock.unlock();
    }
  }
}
