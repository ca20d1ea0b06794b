package dev.strongroom.internal.chain;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs checkpoints with Ed25519 (RFC 8032). Bouncy Castle's, because the JDK's keeps the key in
 * objects that cannot be wiped, and derives no public key from a private one. For one thread at a
 * time, but for {@link #publicKey()}.
 */
public final class ChainKey implements AutoCloseable {
  private final byte[] seed;
  private final String publicKey;

  /**
   * Takes {@code seed} over.
   *
   * @param seed 32 bytes
   */
  public ChainKey(byte[] seed) {
    this.seed = seed;
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    this.publicKey = HexFormat.of().formatHex(point);
  }

  /** Returns the public key, 32 bytes in hexadecimal digits. */
  public String publicKey() {
    return publicKey;
  }

  String sign(byte[] hash) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, hash, 0, hash.length, signature, 0);
    return HexFormat.of().formatHex(signature);
  }

  static boolean verifies(String publicKey, String hash, String signature) {
    byte[] message = HexFormat.of().parseHex(hash);
    return Ed25519.verify(
        HexFormat.of().parseHex(signature),
        0,
        HexFormat.of().parseHex(publicKey),
        0,
        message,
        0,
        message.length);
  }

  /** Wipes the key. */
  @Override
  public void close() {
    Arrays.fill(seed, (byte) 0);
  }
}
