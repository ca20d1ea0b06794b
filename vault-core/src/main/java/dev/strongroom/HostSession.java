package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.listener.SessionListeners;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.unsealed.UnsealedVault;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session of a caller inside this process. It keeps a token alive, and gets another one where
 * sealing outlasted the token.
 */
final class HostSession implements Session {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Vault vault;
  private final String name;
  private final List<String> policies;
  private final SessionListeners listeners;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable ClientToken token;

  @GuardedBy("lock")
  private TimeSource.@Nullable Task renewal;

  private volatile @Nullable Bearer bearer;
  private volatile boolean closed;

  HostSession(Vault vault, String name, List<String> policies) {
    this.vault = vault;
    this.name = name;
    this.policies = policies;
    this.listeners = vault.listeners().ofSession(this::caller);
  }

  @Override
  public Response request(Request request) {
    Bearer current = bearer;
    if (closed || current == null) {
      throw new IllegalStateException("the session is closed");
    }
    return vault.handle(request, current);
  }

  @Override
  public Registration onChange(String prefix, Consumer<Change> listener) {
    Bearer current = bearer;
    if (closed || current == null) {
      throw new IllegalStateException("the session is closed");
    }
    return vault.listen(prefix, current, () -> listeners.add(prefix, listener));
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

  /**
   * Begins the token's period again, or gets a token if there is none or it has ended, and sees to
   * the next time. Waits for the store without the lock: a store that fails seals the vault, which
   * waits for its sessions.
   */
  void renew(UnsealedVault open) {
    ClientToken before = tokenIfOpen();
    if (closed) {
      return;
    }
    ClientToken now = before != null && open.renewHostToken(before, Vault.HOST_PERIOD)
        ? before
        : open.createHostToken(name, policies, Vault.HOST_PERIOD);
    if (keep(now)) {
      scheduleRenewal(Vault.HOST_PERIOD.dividedBy(2));
    } else {
      open.revoke(now);
    }
  }

  private @Nullable ClientToken tokenIfOpen() {
    lock.lock();
    try {
      return closed ? null : token;
    } finally {
      lock.unlock();
    }
  }

  /** Returns false if the session was closed meanwhile. */
  private boolean keep(ClientToken current) {
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

  /** A sealed vault renews its sessions when it is unsealed. */
  private void renewIfUnsealed() {
    UnsealedVault open = vault.unsealedOrNull();
    if (open == null) {
      return;
    }
    try {
      renew(open);
      vault.listeners().resume();
    } catch (VaultException e) {
      LOG.log(
          Level.WARNING,
          "the token of the host " + name + " could not be renewed; next try in a minute",
          e);
      scheduleRenewal(RETRY);
    }
  }

  private void scheduleRenewal(Duration delay) {
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
  public void close() {
    ClientToken last = end();
    listeners.close();
    UnsealedVault open = vault.unsealedOrNull();
    if (last != null && open != null) {
      try {
        open.revoke(last);
      } catch (VaultException e) {
        LOG.log(
            Level.WARNING,
            "the token of the host " + name + " could not be revoked; it ends within an hour",
            e);
      }
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
      return token;
    } finally {
      lock.unlock();
    }
  }
}
