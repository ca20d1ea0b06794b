package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.jws.Jws;
import dev.strongroom.auth.k8s.internal.jws.VerificationKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The keys that tokens must be signed with; none: any. Thread-safe. */
final class TokenKeys {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<VerificationKey> keys;
  private final Semaphore atOnce;

  /** Whether one of the keys was used. */
  enum Answer {
    SIGNED,
    NOT_SIGNED,
    /** So many are being checked that nobody looked. */
    BUSY
  }

  /**
   * Takes the keys.
   *
   * @param atOnce how many tokens are looked at at the same time
   */
  TokenKeys(List<VerificationKey> keys, Semaphore atOnce) {
    this.keys = List.copyOf(keys);
    this.atOnce = atOnce;
  }

  int size() {
    return keys.size();
  }

  Answer check(Jws token) {
    if (!isMyTurn()) {
      return Answer.BUSY;
    }
    try {
      return keys.stream().anyMatch(token::isSignedBy) ? Answer.SIGNED : Answer.NOT_SIGNED;
    } finally {
      atOnce.release();
    }
  }

  private boolean isMyTurn() {
    try {
      return atOnce.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
