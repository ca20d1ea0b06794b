package dev.strongroom.internal.ceremony;

import static dev.strongroom.internal.ceremony.Refusal.refused;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ClientToken;
import dev.strongroom.VaultException;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.seal.GivenShares;
import dev.strongroom.internal.seal.HeldKeys;
import dev.strongroom.internal.seal.HeldKeys.Proof;
import dev.strongroom.internal.seal.VaultSeal;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The holders of the shares make a root token. It leaves the vault under a one-time pad, which only
 * whoever began has, so the last one to give a share does not get the token. Rules and texts of
 * OpenBao v2.6.2 {@code vault/generate_root.go}. A share is remembered only if nothing was stored
 * with it, see {@link RekeyCeremony}. Thread-safe.
 */
public final class RootTokenCeremony {
  /** Characters of the one-time pad: those of a token that the vault makes. */
  public static final int PAD_LENGTH = OneTimePad.LENGTH;

  private final HeldKeys keys;
  private final Function<Transaction, ClientToken> rootTokens;
  private final Deadline deadline;
  private final RandomText texts;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Running running;

  RootTokenCeremony(
      HeldKeys keys,
      Function<Transaction, ClientToken> rootTokens,
      Deadline deadline,
      RandomText texts) {
    this.keys = keys;
    this.rootTokens = rootTokens;
    this.deadline = deadline;
    this.texts = texts;
  }

  private record Running(String nonce, SecretBytes otp, GivenShares given) {
    void wipe() {
      otp.close();
      given.close();
    }
  }

  /**
   * How far the ceremony is.
   *
   * @param nonce empty if none is under way
   */
  public record Status(Optional<String> nonce, int given, int required) {}

  /**
   * Begins.
   *
   * @param pad printable ASCII, as long as a token is; empty: the vault makes one
   * @return the pad
   * @throws VaultException with code {@code INVALID_REQUEST} if the pad is of another length, or
   *     one is under way
   */
  public String begin(Optional<String> pad) {
    if (pad.filter(RootTokenCeremony::isNoPad).isPresent()) {
      throw refused("OTP string has incorrect length");
    }
    lock.lock();
    try {
      endIfOld();
      if (running != null) {
        throw refused("root generation already in progress for this namespace");
      }
      String used = pad.orElseGet(() -> texts.base62(OneTimePad.LENGTH));
      running = new Running(
          texts.uuid().toString(),
          SecretBytes.takeOver(used.getBytes(StandardCharsets.US_ASCII)),
          new GivenShares());
      deadline.begin();
      return used;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isNoPad(String text) {
    return text.length() != OneTimePad.LENGTH || !text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  public Status status() {
    lock.lock();
    try {
      endIfOld();
      int given = running == null ? 0 : running.given.count();
      return new Status(
          Optional.ofNullable(running).map(Running::nonce), given, keys.required(given));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a share. With the last one needed the token is made; wrong shares are all forgotten, but
   * the ceremony goes on.
   *
   * @return the token under the pad; empty while more shares are needed
   * @throws VaultException with code {@code INVALID_REQUEST} if the share, the nonce or the moment
   *     is wrong
   */
  public Optional<String> give(Transaction tx, byte[] share, String nonce) {
    VaultSeal.requireLength(share);
    lock.lock();
    try {
      endIfOld();
      Running now = running;
      if (now == null) {
        throw refused("no root generation in progress");
      }
      requireNonce(nonce, now);
      if (now.given.has(share)) {
        throw refused("given key has already been provided during this generation operation");
      }
      Optional<Proof> proof = prove(now, share);
      if (proof.isEmpty()) {
        now.given.add(share);
        return Optional.empty();
      }
      try (Proof proven = proof.get()) {
        return Optional.of(complete(tx, now, proven));
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<Proof> prove(Running now, byte[] share) {
    try (GivenShares all = now.given.with(share)) {
      return keys.prove(all, "root generation aborted: these shares do not belong together");
    } catch (VaultException e) {
      now.given.close();
      throw e;
    }
  }

  @GuardedBy("lock")
  private String complete(Transaction tx, Running now, Proof proof) {
    tx.require(proof.holds());
    if (proof.waiting()) { // somebody has the new shares, so the old ones end
      keys.confirmShares(tx);
    }
    byte[] token = rootTokens.apply(tx).exposeBytes();
    try {
      String encoded = now.otp.use(pad -> OneTimePad.encode(token, pad));
      tx.afterCommit(revision -> endOf(now));
      return encoded;
    } finally {
      Arrays.fill(token, (byte) 0);
    }
  }

  /**
   * Takes the pad off a token.
   *
   * @throws IllegalArgumentException if these do not belong together; says nothing of them
   */
  public static ClientToken decode(String encoded, String pad) {
    return OneTimePad.decode(encoded, pad);
  }

  /**
   * Gives the ceremony up; nothing happens if none is under way.
   *
   * @param nonce which one is meant; empty: whichever is under way
   * @throws VaultException with code {@code INVALID_REQUEST} if it is another one
   */
  public void cancel(Optional<String> nonce) {
    lock.lock();
    try {
      endIfOld();
      Running now = running;
      if (now == null) {
        return;
      }
      nonce.ifPresent(given -> requireNonce(given, now));
      end();
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
      if (ended.equals(running)) {
        end();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void requireNonce(String given, Running now) {
    Refusal.requireNonce(
        given,
        now.nonce,
        "incorrect nonce supplied; nonce for this root generation operation is \"" + now.nonce
            + "\"");
  }
}
