package dev.strongroom.internal.ceremony;

import static dev.strongroom.internal.ceremony.Refusal.refused;
import static dev.strongroom.internal.ceremony.Refusal.requireNonce;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.seal.GivenShares;
import dev.strongroom.internal.seal.HeldKeys;
import dev.strongroom.internal.seal.HeldKeys.FreshShares;
import dev.strongroom.internal.seal.HeldKeys.Proof;
import dev.strongroom.internal.seal.VaultSeal;
import dev.strongroom.internal.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The holders of the present shares agree on new ones, and where wanted the new ones are verified
 * before the old ones end. Rules of OpenBao v2.6.2 {@code vault/rekey.go} and
 * {@code vault/rotate.go}; what is stored at which moment is our own, see {@link HeldKeys}. With an
 * automatic seal the ceremony of the barrier has no shares to give: its recovery shares authorise a
 * new root key.
 *
 * <p>A share is remembered only if nothing was stored with it, so that a transaction that runs
 * again finds everything as it was. Thread-safe.
 */
public final class RekeyCeremony {
  private final HeldKeys keys;
  private final boolean recovery;
  private final Deadline deadline;
  private final RandomText texts;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Running running;

  RekeyCeremony(HeldKeys keys, boolean recovery, Deadline deadline, RandomText texts) {
    this.keys = keys;
    this.recovery = recovery;
    this.deadline = deadline;
    this.texts = texts;
  }

  /**
   * How far the ceremony is.
   *
   * @param nonce of the first phase; empty if none is under way
   * @param wanted the new shares
   * @param given old shares so far; in the second phase 0
   * @param required old shares needed
   * @param verificationRequired whether there is a second phase
   * @param verification the second phase, if that is under way
   */
  public record Status(
      Optional<String> nonce,
      Optional<KeyShares> wanted,
      int given,
      int required,
      boolean verificationRequired,
      Optional<Verification> verification) {}

  /**
   * How far the second phase is.
   *
   * @param given new shares so far
   */
  public record Verification(String nonce, int given) {}

  /**
   * What an old share has brought.
   *
   * @param complete whether it was the last one needed
   * @param shares the new shares, which the caller closes; none where the root key alone is changed
   * @param verificationNonce of the second phase, if there is one
   */
  public record Given(boolean complete, List<KeyShare> shares, Optional<String> verificationNonce) {
    static final Given MORE_NEEDED = new Given(false, List.of(), Optional.empty());

    @Override
    public String toString() {
      return "Given[complete=" + complete + "]";
    }
  }

  private static final class Running {
    final String nonce;
    final KeyShares wanted;
    final boolean verify;
    final GivenShares given = new GivenShares();

    @Nullable
    SecondPhase second;

    Running(String nonce, KeyShares wanted, boolean verify) {
      this.nonce = nonce;
      this.wanted = wanted;
      this.verify = verify;
    }

    void wipe() {
      given.close();
      if (second != null) {
        second.given.close();
      }
    }
  }

  private static final class SecondPhase {
    String nonce;
    final byte[] digest;
    final GivenShares given = new GivenShares();

    SecondPhase(String nonce, byte[] digest) {
      this.nonce = nonce;
      this.digest = digest;
    }
  }

  public boolean isOfRecoveryShares() {
    return recovery;
  }

  /** Returns whether the ceremony has shares to give. */
  public boolean givesShares() {
    return recovery || !keys.isAutomatic();
  }

  /**
   * Fails if the ceremony is of recovery shares and the vault has none.
   *
   * @throws VaultException with code {@code INVALID_REQUEST}
   */
  public void requireShares(Wording wording) {
    if (recovery && !keys.isAutomatic()) {
      throw refused(wording.noRecoveryShares());
    }
  }

  /**
   * Begins.
   *
   * @param verify whether the new shares must be given before the old ones end
   * @throws VaultException with code {@code INVALID_REQUEST} if one is under way, or the vault has
   *     no such shares
   */
  public Status begin(KeyShares wanted, boolean verify, Wording wording) {
    requireShares(wording);
    if (verify && !givesShares()) {
      throw refused(
          "requiring verification not supported when rotating the barrier key with recovery keys");
    }
    lock.lock();
    try {
      endIfOld();
      if (running != null) {
        throw refused(wording.alreadyInProgress());
      }
      running = new Running(texts.uuid().toString(), wanted, verify);
      deadline.begin();
      return status();
    } finally {
      lock.unlock();
    }
  }

  public Status status() {
    lock.lock();
    try {
      endIfOld();
      Running now = running;
      if (now == null) {
        return new Status(
            Optional.empty(), Optional.empty(), 0, keys.required(0), false, Optional.empty());
      }
      int given = now.given.count();
      return new Status(
          Optional.of(now.nonce),
          Optional.of(now.wanted),
          given,
          keys.required(given),
          now.verify,
          Optional.ofNullable(now.second)
              .map(second -> new Verification(second.nonce, second.given.count())));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives an old share. With the last one needed the new shares are made and stored; wrong shares
   * are all forgotten, but the ceremony goes on.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if the share, the nonce or the moment
   *     is wrong
   */
  public Given give(Transaction tx, byte[] share, String nonce, Wording wording) {
    VaultSeal.requireLength(share);
    lock.lock();
    try {
      Running now = requireRunning(wording.noneInProgress(recovery));
      if (now.second != null) {
        throw refused(wording.verificationDue(now.second.nonce));
      }
      requireNonce(nonce, now.nonce, wording.wrongNonce(now.nonce));
      if (now.given.has(share)) {
        throw refused(wording.repeated(recovery));
      }
      Optional<Proof> proof = prove(now, share);
      if (proof.isEmpty()) {
        now.given.add(share);
        return Given.MORE_NEEDED;
      }
      try (Proof proven = proof.get()) {
        return complete(tx, now, proven);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<Proof> prove(Running now, byte[] share) {
    try (GivenShares all = now.given.with(share)) {
      return keys.prove(
          all,
          keys.isAutomatic()
              ? "recovery key verification failed: recovery key does not match submitted values"
              : "failed to read root key: invalid key: failed to decrypt keys from storage: these shares do not belong together");
    } catch (VaultException e) {
      now.given.close();
      throw e;
    }
  }

  @GuardedBy("lock")
  private Given complete(Transaction tx, Running now, Proof proof) {
    tx.require(proof.holds());
    if (!givesShares()) {
      keys.replaceRootKey(tx, /* confirm= */ proof.waiting());
      tx.afterCommit(revision -> endOf(now));
      return new Given(true, List.of(), Optional.empty());
    }
    try (FreshShares fresh = keys.makeShares(now.wanted)) {
      keys.replaceShares(tx, proof, fresh, /* announced= */ !now.verify);
      Optional<String> verificationNonce =
          now.verify ? Optional.of(texts.uuid().toString()) : Optional.empty();
      byte[] digest = fresh.digest();
      tx.afterCommit(revision -> verificationNonce.ifPresentOrElse(
          second -> verifyNext(now, new SecondPhase(second, digest)), () -> endOf(now)));
      return new Given(
          true,
          fresh.parts().stream().map(part -> part.use(KeyShare::copyOf)).toList(),
          verificationNonce);
    }
  }

  /**
   * Gives a new share. With the last one needed the old shares end; wrong shares are all forgotten,
   * and the second phase begins again with another nonce.
   *
   * @return whether it was the last one needed
   * @throws VaultException with code {@code INVALID_REQUEST} if the share, the nonce or the moment
   *     is wrong
   */
  public boolean verify(Transaction tx, byte[] share, String nonce, Wording wording) {
    VaultSeal.requireLength(share);
    lock.lock();
    try {
      Running now = requireRunning(wording.noVerification(false));
      SecondPhase second = now.second;
      if (second == null) {
        throw refused(wording.noVerification(true));
      }
      requireNonce(
          nonce,
          second.nonce,
          "incorrect nonce supplied; nonce for this verify operation is \"" + second.nonce + "\"");
      if (second.given.has(share)) {
        throw refused("given key has already been provided during this verify operation");
      }
      try (GivenShares all = second.given.with(share)) {
        if (all.count() < now.wanted.threshold()) {
          second.given.add(share);
          return false;
        }
        if (!HeldKeys.combine(all, now.wanted, second.digest)) {
          restart(second);
          throw refused(wording.verificationFailed());
        }
      }
      if (keys.confirmShares(tx)) {
        tx.afterCommit(revision -> endOf(now));
      } else { // somebody has used them already
        end();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the new shares given so far; the second phase begins again with another nonce. */
  public void restartVerification() {
    lock.lock();
    try {
      endIfOld();
      if (running != null && running.second != null) {
        restart(running.second);
      }
    } finally {
      lock.unlock();
    }
  }

  private void restart(SecondPhase second) {
    second.given.close();
    second.nonce = texts.uuid().toString();
  }

  /**
   * Gives the ceremony up; nothing happens if none is under way. New shares that were not verified
   * are worth nothing then.
   *
   * @param nonce which one is meant; empty: whichever is under way
   * @throws VaultException with code {@code INVALID_REQUEST} if it is another one
   */
  public void cancel(Transaction tx, Optional<String> nonce, Wording wording) {
    lock.lock();
    try {
      endIfOld();
      Running now = running;
      if (now == null) {
        return;
      }
      nonce.ifPresent(given -> requireNonce(given, now.nonce, wording.wrongNonce(now.nonce)));
      if (now.second != null && keys.dropWaitingShares(tx)) {
        tx.afterCommit(revision -> endOf(now));
      } else {
        end();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends a ceremony that took too long; returns whether one is under way still. */
  boolean endIfOld() {
    lock.lock();
    try {
      if (running != null && deadline.isOver()) {
        end();
      }
      return running != null;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      if (running != null) {
        running.wipe();
        running = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private void endOf(Running ended) {
    lock.lock();
    try {
      if (running == ended) {
        end();
      }
    } finally {
      lock.unlock();
    }
  }

  private void verifyNext(Running verified, SecondPhase second) {
    lock.lock();
    try {
      verified.given.close();
      verified.second = second;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Running requireRunning(String otherwise) {
    endIfOld();
    if (running == null) {
      throw refused(otherwise);
    }
    return running;
  }
}
