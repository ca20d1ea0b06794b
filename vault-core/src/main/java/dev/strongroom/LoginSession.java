package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.listener.SessionListeners;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.unsealed.UnsealedVault;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session of somebody who has logged in. It renews its token at two thirds of its lifetime, and
 * logs in again where that does not give it as much time as it had.
 */
final class LoginSession implements Session {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Vault vault;
  private final Login login;
  private final SessionListeners listeners;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable ClientToken token;

  @GuardedBy("lock")
  private TimeSource.@Nullable Task renewal;

  private volatile @Nullable Bearer bearer;
  private volatile Duration granted = Duration.ZERO;
  private volatile boolean closed;

  LoginSession(Vault vault, Login login) {
    this.vault = vault;
    this.login = login;
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
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return listeners.add(prefix, listener);
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
   * Logs in, and takes the token that comes of it.
   *
   * @throws VaultException as the login fails; {@code INVALID_REQUEST} if no token comes of it
   */
  void logIn() {
    Response response = vault.handle(login.request(), Bearer.withoutToken()).orThrow();
    Auth auth = response
        .auth()
        .orElseThrow(() -> new VaultException(
            ErrorCode.INVALID_REQUEST, "the request of the login is answered without a token"));
    ClientToken fresh = auth.token().orElseThrow();
    granted = auth.ttl();
    if (keep(fresh)) {
      scheduleRenewal(beforeEndOf(auth.ttl()));
    } else {
      vault.revokeQuietly(fresh);
    }
  }

  private static Duration beforeEndOf(Duration ttl) {
    Duration most = ttl.multipliedBy(2).dividedBy(3);
    return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
  }

  /**
   * Returns false if the session was closed meanwhile. The token before is left to end by itself:
   * requests may be under way with it.
   */
  private boolean keep(ClientToken fresh) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      token = fresh;
      bearer = new Bearer(fresh);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The vault has been unsealed: the token may have ended meanwhile. */
  void resume() {
    scheduleRenewal(Duration.ZERO);
  }

  /** A sealed vault renews nothing; it resumes its sessions when it is unsealed. */
  private void renewIfUnsealed() {
    UnsealedVault open = vault.unsealedOrNull();
    ClientToken current = tokenIfOpen();
    if (open == null || current == null) {
      return;
    }
    try {
      Optional<Duration> renewed = renewed(open, current);
      if (renewed.filter(ttl -> ttl.compareTo(granted) >= 0).isPresent()) {
        scheduleRenewal(beforeEndOf(renewed.get()));
      } else {
        logIn();
      }
      vault.listeners().resume();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "a session could not renew its token or log in again; next try in a minute: "
              + (e instanceof VaultException ? e.getMessage() : e.getClass().getName()));
      scheduleRenewal(RETRY);
    }
  }

  /** A token that cannot be renewed is no failure: there is another way. */
  private static Optional<Duration> renewed(UnsealedVault open, ClientToken current) {
    try {
      return open.renewLogin(current);
    } catch (VaultException e) {
      return Optional.empty();
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
    if (last != null) {
      vault.revokeQuietly(last);
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
