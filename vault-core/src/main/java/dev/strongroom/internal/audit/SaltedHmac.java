package dev.strongroom.internal.audit;

import dev.strongroom.internal.hmac.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;

/**
 * What an audit device shows instead of a value. Same as OpenBao v2.6.2 {@code sdk/helper/salt}:
 * the key is the text of the salt. Thread-safe.
 */
final class SaltedHmac {
  private static final String PREFIX = "hmac-sha256:";

  private final byte[] key;
  private final String ofNothing;

  // Mac.getInstance costs more than the hash of a short text.
  private final ConcurrentLinkedQueue<Mac> idle = new ConcurrentLinkedQueue<>();

  SaltedHmac(String salt) {
    this.key = salt.getBytes(StandardCharsets.UTF_8);
    this.ofNothing = of(new byte[0]);
  }

  /** Hashes a text; the empty one was hashed before, since many answers have one. */
  String of(String text) {
    return text.isEmpty() ? ofNothing : of(text.getBytes(StandardCharsets.UTF_8));
  }

  String of(byte[] utf8) {
    Mac pooled = idle.poll();
    Mac mac = pooled == null ? HmacSha256.under(key) : pooled;
    byte[] sum = mac.doFinal(utf8);
    idle.offer(mac);
    return PREFIX + HexFormat.of().formatHex(sum);
  }
}
