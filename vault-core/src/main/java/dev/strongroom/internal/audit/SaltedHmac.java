package dev.strongroom.internal.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an audit device shows instead of a value. Same as OpenBao v2.6.2 {@code sdk/helper/salt}:
 * the key is the text of the salt. Thread-safe.
 */
final class SaltedHmac {
  private static final String PREFIX = "hmac-sha256:";

  private final SecretKeySpec key;

  // Mac.getInstance costs more than the hash of a short text.
  private final ConcurrentLinkedQueue<Mac> idle = new ConcurrentLinkedQueue<>();

  SaltedHmac(String salt) {
    this.key = new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  String of(byte[] utf8) {
    Mac pooled = idle.poll();
    Mac mac = pooled == null ? make() : pooled;
    byte[] sum = mac.doFinal(utf8);
    idle.offer(mac);
    return PREFIX + HexFormat.of().formatHex(sum);
  }

  private Mac make() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is not usable in this JVM", e);
    }
  }
}
