package dev.strongroom.internal.barrier;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * Derives keys for one purpose each: HKDF-SHA-256 (RFC 5869) without salt, because all key material
 * here is uniformly random.
 */
final class Hkdf {
  private Hkdf() {}

  static byte[] derive(byte[] keyMaterial, String purpose, int length) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(keyMaterial, null, purpose.getBytes(StandardCharsets.US_ASCII)));
    byte[] key = new byte[length];
    hkdf.generateBytes(key, 0, length);
    return key;
  }
}
