package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.listener.SessionListeners;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session that keeps a token alive, or gets another one, until it is closed. Thread-safe. */
abstract class RenewedSession implements Session {
  /** How long after a failure the next renewal is tried. */
  static final Duration RETRY = Duration.ofMinutes(1);

  private final Vault vault;
  private final SessionListeners listeners;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable ClientToken token;

  @GuardedBy("lock")
  private TimeSource.@Nullable Task renewal;

  private volatile @Nullable Bearer bearer;
  private volatile boolean closed;

  RenewedSession(Vault vault) {
    this.vault = vault;
    this.listeners = vault.listeners().ofSession(this::caller);
  }

  /** Renews, if the vault is unsealed, and sees to the next time. */
  abstract void renewIfUnsealed();

  /** Ends the token of a closed session; that it cannot is logged. */
  abstract void revoke(ClientToken last);

  /** Lets go of what it would log in with again, where there is such a thing. */
  void forgetCredential() {}

  @Override
  public final Response request(Request request) {
    return vault.handle(request, requireBearer());
  }

  @Override
  public final Registration onChange(String prefix, Consumer<Change> listener) {
    return vault.listen(prefix, requireBearer(), () -> listeners.add(prefix, listener));
  }

  private Bearer requireBearer() {
    Bearer current = bearer;
    if (closed || current == null) {
      throw new IllegalStateException("the session is closed");
    }
    return current;
  }

  /** A token that has ended is not the end: listeners wait for the next one. */
  private Optional<Caller> caller() {
    Bearer current = bearer;
    Optional<Caller> caller = current == null ? Optional.empty() : vault.identify(current);
    if (caller.isEmpty()) {
      throw Acl.denied();
    }
    return caller;
  }

  final boolean isClosed() {
    return closed;
  }

  final @Nullable ClientToken tokenIfOpen() {
    lock.lock();
    try {
      return closed ? null : token;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns false if the session was closed meanwhile. The token before, if it is another one, is
   * left to end by itself: requests may be under way with it.
   */
  final boolean keep(ClientToken current) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (current != token) {
        token = current;
        bearer = new Bearer(current);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  final void scheduleRenewal(Duration delay) {
    lock.lock();
    try {
      if (renewal != null) {
        renewal.cancel();
      }
      renewal = closed ? null : vault.time().after(delay, this::renewIfUnsealed);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void close() {
    ClientToken last = end();
    listeners.close();
    forgetCredential();
    if (last != null) {
      revoke(last);
    }
    vault.forget(this);
  }

  /**
   * Returns the token to be revoked; null if there is none, or if the session had ended already.
   */
  private @Nullable ClientToken end() {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      closed = true;
      if (renewal != null) {
        renewal.cancel();
      }
      ClientToken last = token;
      token = null;
      bearer = null;
      return last;
    } finally {
      lock.unlock();
    }
  }
}
