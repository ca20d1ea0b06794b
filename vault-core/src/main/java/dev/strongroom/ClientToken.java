package dev.strongroom;

import dev.strongroom.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The token of a caller: 24 random base62 characters behind {@code s.}, but any printable ASCII
 * text of up to {@value #MAX_LENGTH} characters may be one. Never printed, without {@code equals};
 * {@link #exposeText()} where a {@code String} cannot be avoided. Immutable and thread-safe.
 */
public final class ClientToken {
  private static final int MAX_LENGTH = 8 * 1024;

  private final SecretBytes ascii;

  private ClientToken(SecretBytes ascii) {
    this.ascii = ascii;
  }

  /**
   * Reads a token.
   *
   * @param text copied
   * @throws IllegalArgumentException if it is empty, too long or not printable ASCII
   */
  public static ClientToken parse(CharSequence text) {
    int length = text.length();
    if (length == 0 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "tokens have 1 to " + MAX_LENGTH + " characters, not " + length);
    }
    byte[] ascii = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        Arrays.fill(ascii, (byte) 0);
        throw new IllegalArgumentException("tokens consist of printable ASCII characters");
      }
      ascii[i] = (byte) c;
    }
    return new ClientToken(SecretBytes.takeOver(ascii));
  }

  /**
   * Returns the token as text. A {@code String} cannot be wiped: use it late and do not keep it.
   */
  public String exposeText() {
    return ascii.use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  /** Returns the token as bytes that the caller must wipe. */
  public byte[] exposeBytes() {
    return ascii.exposeCopy();
  }

  /** Compares in constant time. */
  public boolean matches(CharSequence candidate) {
    byte[] bytes = new byte[candidate.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = candidate.charAt(i);
      bytes[i] = c <= '~' ? (byte) c : 0; // no token holds a zero
    }
    try {
      return ascii.matches(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Returns whether the token begins with a text, which must be no secret. */
  public boolean startsWith(String prefix) {
    byte[] begin = prefix.getBytes(StandardCharsets.US_ASCII);
    return ascii.use(bytes -> bytes.length >= begin.length
        && Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length));
  }

  @Override
  public String toString() {
    return "ClientToken[redacted]";
  }
}
