package dev.strongroom.internal.seal;

import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.secret.SecretBytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One of at most two sets of shares that count: the present one, or the one that waits to replace
 * it.
 */
record ShareSet(KeyShares shares, boolean waiting) {

  /** Returns the sets of a seal, the announced one first. */
  static List<ShareSet> of(SealRecord record) {
    List<ShareSet> sets = new ArrayList<>(2);
    sets.add(new ShareSet(record.shares(), false));
    record
        .pending()
        .ifPresent(fresh ->
            sets.add(fresh.announced() ? 0 : 1, new ShareSet(fresh.shares(), /* waiting= */ true)));
    return sets;
  }

  /**
   * Tries every set whose threshold is reached; the last ones may need more shares. A wrong set of
   * shares shows nowhere but in what {@code attempt} makes of its key.
   *
   * @param attempt given a set and its key, which is wiped afterwards; empty if the key is wrong
   * @return empty if no key was right yet, but more shares may help
   * @throws VaultException with code {@code INVALID_REQUEST} if no key was right, and more shares
   *     do not help
   */
  static <T> Optional<T> tryAll(
      List<ShareSet> sets,
      GivenShares given,
      String otherwise,
      BiFunction<ShareSet, SecretBytes, Optional<T>> attempt) {
    VaultException failure = refused(otherwise);
    boolean first = true;
    for (ShareSet set : sets) {
      if (set.shares.threshold() <= given.count()) {
        try (SecretBytes key = set.combine(given)) {
          Optional<T> result = attempt.apply(set, key);
          if (result.isPresent()) {
            return result;
          }
        } catch (WrongShares e) {
          failure = first ? refused("invalid key: " + e.getMessage()) : failure;
        }
      }
      first = false;
    }
    if (sets.stream().anyMatch(set -> set.shares.threshold() > given.count())) {
      return Optional.empty();
    }
    throw failure;
  }

  /** Returns how many shares are needed, when so many were given in vain. */
  static int required(List<ShareSet> sets, int given) {
    int announced = sets.get(0).shares.threshold();
    return given < announced
        ? announced
        : sets.stream().mapToInt(set -> set.shares.threshold()).max().orElseThrow();
  }

  /** Returns whether shares combine to a key that hashes to {@code digest}. */
  boolean combinesTo(GivenShares given, byte[] digest) {
    try (SecretBytes key = combine(given)) {
      return MessageDigest.isEqual(digest, key.use(ShareSet::digest));
    } catch (WrongShares e) {
      return false;
    }
  }

  private SecretBytes combine(GivenShares given) {
    byte[] key = given.use(this::combine);
    if (key.length != Aead.KEY_BYTES) {
      Arrays.fill(key, (byte) 0);
      throw new WrongShares(
          "failed to setup unseal key: a key has " + Aead.KEY_BYTES + " bytes, not " + key.length);
    }
    return SecretBytes.takeOver(key);
  }

  private byte[] combine(List<byte[]> copies) {
    if (shares.threshold() == 1 && copies.size() == 1) {
      return copies.get(0).clone();
    }
    try {
      return Shamir.combine(copies);
    } catch (IllegalArgumentException e) {
      throw new WrongShares("failed to compute combined key: " + e.getMessage());
    }
  }

  /** A key of 32 random bytes: a plain hash does not give it away. */
  static byte[] digest(byte[] key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }

  /** These shares cannot be the shares of one key. */
  private static final class WrongShares extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongShares(String message) {
      super(message);
    }
  }
}
