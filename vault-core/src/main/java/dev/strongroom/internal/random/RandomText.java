package dev.strongroom.internal.random;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/** Makes texts that nobody can guess. Thread-safe. */
public final class RandomText {
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** The largest number of values of a byte that give each character as often as any other. */
  private static final int EVEN = 256 - 256 % BASE62.length();

  private final SecureRandom random;

  public RandomText(SecureRandom random) {
    this.random = random;
  }

  /** A random UUID: RFC 9562, version 4. */
  public UUID uuid() {
    ByteBuffer bits = ByteBuffer.wrap(bytes(16));
    long high = (bits.getLong() & ~0xf000L) | 0x4000L;
    long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low);
  }

  /** Letters and digits, each as likely as any other. */
  public String base62(int length) {
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      for (byte drawn : bytes(length - text.length())) {
        int value = Byte.toUnsignedInt(drawn);
        if (value < EVEN) {
          text.append(BASE62.charAt(value % BASE62.length()));
        }
      }
    }
    return text.toString();
  }

  /** Lower-case hex of that many bytes. */
  public String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
