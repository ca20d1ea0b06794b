package dev.strongroom.secret;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Secret bytes with an end: copied in, lent out, compared in constant time, wiped by
 * {@link #close()}, never printed. Wiping is best effort, because a garbage collector may have
 * moved the array before. Thread-safe, except that a caller who closes while others still use it
 * gets them an {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable {
  private byte @Nullable [] bytes;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code source}; the caller still owns it and wipes it. */
  public static SecretBytes copyOf(byte[] source) {
    return new SecretBytes(source.clone());
  }

  /** Takes {@code source} over: the caller must not touch it again. */
  public static SecretBytes takeOver(byte[] source) {
    return new SecretBytes(source);
  }

  /** Runs {@code action} on a copy that is wiped afterwards; the action must not keep it. */
  public <T> T use(Function<byte[], T> action) {
    byte[] copy = exposeCopy();
    try {
      return action.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** Runs {@code action} on a copy that is wiped afterwards; the action must not keep it. */
  public void lend(Consumer<byte[]> action) {
    use(copy -> {
      action.accept(copy);
      return true;
    });
  }

  /** Returns a copy that the caller must wipe. */
  public synchronized byte[] exposeCopy() {
    return open().clone();
  }

  /** Compares in constant time for equal lengths. */
  public synchronized boolean matches(byte[] candidate) {
    return MessageDigest.isEqual(open(), candidate);
  }

  /** Returns the number of bytes. */
  public synchronized int length() {
    return open().length;
  }

  /**
   * Wipes the bytes. Later use throws {@link IllegalStateException}; closing again does nothing.
   */
  @Override
  public synchronized void close() {
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
      bytes = null;
    }
  }

  private byte[] open() {
    if (bytes == null) {
      throw new IllegalStateException("the secret was already wiped");
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "SecretBytes[redacted]";
  }
}
