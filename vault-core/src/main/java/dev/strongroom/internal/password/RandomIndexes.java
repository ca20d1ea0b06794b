package dev.strongroom.internal.password;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Draws numbers below a bound, each equally likely, from single random bytes: a byte beyond the
 * greatest multiple of the bound is thrown away. Bytes are fetched many at a time and wiped at the
 * end. For one thread.
 */
final class RandomIndexes implements AutoCloseable {
  private static final int VALUES = 256;

  private final SecureRandom random;
  private final int bound;
  private final int limit;
  private final byte[] bytes = new byte[256];
  private int used = bytes.length;

  /**
   * Begins.
   *
   * @param bound 1 to 256
   */
  RandomIndexes(SecureRandom random, int bound) {
    if (bound < 1 || bound > VALUES) {
      throw new IllegalArgumentException("a bound is 1 to " + VALUES + ", not " + bound);
    }
    this.random = random;
    this.bound = bound;
    this.limit = VALUES - VALUES % bound;
  }

  int next() {
    int value = nextByte();
    while (value >= limit) {
      value = nextByte();
    }
    return value % bound;
  }

  private int nextByte() {
    if (used == bytes.length) {
      random.nextBytes(bytes);
      used = 0;
    }
    return bytes[used++] & 0xff;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
