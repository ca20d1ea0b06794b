package dev.strongroom.internal.hmac;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) for the rare message: makes a {@code Mac} for every call and leaves it to
 * the collector; where that costs too much, they are pooled.
 */
public final class HmacSha256 {
  private static final String ALGORITHM = "HmacSHA256";

  private HmacSha256() {}

  /** Returns the 32 bytes of a message under a key, which the caller wipes. */
  public static byte[] of(byte[] key, byte[] message) {
    return under(key).doFinal(message);
  }

  /** Returns what computes this for one message after the other. Its user has it alone. */
  public static Mac under(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is not usable in this JVM", e);
    }
  }
}
