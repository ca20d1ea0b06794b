package dev.strongroom;

import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.unsealed.UnsealedVault;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A session of somebody who has logged in. It renews its token at two thirds of its lifetime, and
 * logs in again where that does not give it as much time as it had. A login may wait for somebody
 * outside the vault, so the thread of the background work only hands it over.
 */
final class LoginSession extends RenewedSession {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Vault vault;
  /** Null when the session is closed: a login holds a password. */
  private volatile @Nullable Login login;

  private volatile Duration granted = Duration.ZERO;

  /** Before the next try; twice as long after each failure. */
  private volatile Duration pause = RETRY;

  /** How often a renewal has fallen due since there was nothing to do; one runs at a time. */
  private final AtomicInteger due = new AtomicInteger();

  LoginSession(Vault vault, Login login) {
    super(vault);
    this.vault = vault;
    this.login = login;
  }

  /**
   * Logs in, and takes the token that comes of it.
   *
   * @throws VaultException as the login fails; {@code INVALID_REQUEST} if no token comes of it
   */
  void logIn() {
    Login credential = login;
    if (credential == null) {
      return;
    }
    Response response =
        vault.handle(credential.request(), Bearer.withoutToken()).orThrow();
    Auth auth = response
        .auth()
        .orElseThrow(() -> new VaultException(
            ErrorCode.INVALID_REQUEST, "the request of the login is answered without a token"));
    ClientToken fresh = auth.token().orElseThrow();
    granted = auth.ttl();
    if (keep(fresh)) {
      scheduleRenewal(beforeEndOf(auth.ttl()));
    } else {
      revoke(fresh);
    }
  }

  private static Duration beforeEndOf(Duration ttl) {
    Duration most = ttl.multipliedBy(2).dividedBy(3);
    return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
  }

  /** The vault has been unsealed: the token may have ended meanwhile. */
  void resume() {
    scheduleRenewal(Duration.ZERO);
  }

  @Override
  void renewIfUnsealed() {
    if (due.getAndIncrement() > 0) {
      return; // whoever runs sees that it is due again
    }
    try {
      vault.renewals().execute(this::renewWhileDue);
    } catch (RejectedExecutionException e) { // too much waits, or the vault is closed
      due.set(0);
      scheduleRetry();
    }
  }

  private void renewWhileDue() {
    int seen;
    do {
      seen = due.get();
      renewOnce();
    } while (!due.compareAndSet(seen, 0));
  }

  /** A sealed vault renews nothing; it resumes its sessions when it is unsealed. */
  private void renewOnce() {
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
      pause = RETRY;
      vault.listeners().resume();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "a session could not renew its token or log in again; next try within "
              + pause.toMinutes() + " min: "
              + (e instanceof VaultException ? e.getMessage() : e.getClass().getName()));
      scheduleRetry();
      Duration next = pause.multipliedBy(2);
      pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
  }

  /** Those that failed together, as when an API was away, do not all come back together. */
  private void scheduleRetry() {
    scheduleRenewal(pause.minus(vault.upTo(pause.dividedBy(4))));
  }

  /** A token that cannot be renewed is no failure: there is another way. */
  private static Optional<Duration> renewed(UnsealedVault open, ClientToken current) {
    try {
      return open.renewLogin(current);
    } catch (VaultException e) {
      return Optional.empty();
    }
  }

  @Override
  void revoke(ClientToken last) {
    vault.revokeQuietly(last, "a login");
  }

  @Override
  void forgetCredential() {
    login = null;
  }
}
