package dev.strongroom.internal.ceremony;

import dev.strongroom.ClientToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A token under a one-time pad: both of equal length, combined byte by byte, as base64 without
 * padding. Same form as OpenBao v2.6.2 {@code vault/generate_root.go}.
 */
final class OneTimePad {
  /** Characters of a token that the vault makes, and so of the pad. */
  static final int LENGTH = 26;

  private static final int MAX_TEXT = 2048;

  private OneTimePad() {}

  static String encode(byte[] token, byte[] pad) {
    byte[] sum = combined(token, pad);
    try {
      return Base64.getEncoder().withoutPadding().encodeToString(sum);
    } finally {
      Arrays.fill(sum, (byte) 0);
    }
  }

  /**
   * Takes the pad off.
   *
   * @throws IllegalArgumentException if these do not belong together; says nothing of them
   */
  static ClientToken decode(String encoded, String pad) {
    if (encoded.length() > MAX_TEXT || pad.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "an encoded token and its otp have at most " + MAX_TEXT + " characters");
    }
    byte[] sum = bytes(encoded);
    byte[] token = combined(sum, pad.getBytes(StandardCharsets.UTF_8));
    try {
      return ClientToken.parse(new String(token, StandardCharsets.ISO_8859_1));
    } finally {
      Arrays.fill(token, (byte) 0);
    }
  }

  private static byte[] bytes(String encoded) {
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) { // without the cause: it quotes the text
      throw new IllegalArgumentException("the encoded token is not base64");
    }
  }

  private static byte[] combined(byte[] a, byte[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("the otp is not as long as the token");
    }
    byte[] sum = new byte[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (byte) (a[i] ^ b[i]);
    }
    return sum;
  }
}
