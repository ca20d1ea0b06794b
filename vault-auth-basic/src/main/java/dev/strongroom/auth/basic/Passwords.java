package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.auth.basic.PasswordHash.Cost;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Hashes passwords, a few at a time, because each takes much memory. Strangers who log in wait in a
 * line of their own, which has an end: they hold up nobody who sets a password. Thread-safe.
 */
final class Passwords {
  static final int MAX_BYTES = 4096;

  private static final int MAX_LOGINS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final int MAX_WAITING = 100;

  private final Cost cost;
  private final PasswordHash nobodys;
  private final Semaphore logins = new Semaphore(MAX_LOGINS, /* fair= */ true);
  private final Semaphore changes = new Semaphore(1, /* fair= */ true);

  Passwords(Cost cost) {
    this.cost = cost;
    this.nobodys = PasswordHash.ofNobody(cost);
  }

  /** Returns the hash of somebody who does not exist. */
  PasswordHash nobodys() {
    return nobodys;
  }

  /**
   * Returns whether a password is the one that was hashed.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} if too many wait already
   */
  boolean matches(String password, PasswordHash hash) {
    if (logins.getQueueLength() >= MAX_WAITING) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED, "too many logins at the same time; try again");
    }
    return with(logins, password, hash::matches);
  }

  PasswordHash hash(String password, SecureRandom random) {
    byte[] salt = new byte[Cost.SALT_BYTES];
    random.nextBytes(salt);
    return with(changes, password, bytes -> PasswordHash.argon2id(bytes, salt, cost));
  }

  private static <T> T with(Semaphore turns, String password, Function<byte[], T> work) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    turns.acquireUninterruptibly();
    try {
      return work.apply(bytes);
    } finally {
      turns.release();
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Checks that a password is not too long; says nothing else of it. */
  static String requireFitting(String password) {
    if (password.length() > MAX_BYTES
        || password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST, "password has at most " + MAX_BYTES + " bytes");
    }
    return password;
  }
}
