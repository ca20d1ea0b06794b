package dev.strongroom.auth.basic;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/** Makes random UUIDs of version 4, 122 bits, from the vault's own source of randomness. */
final class Identifiers {
  private final SecureRandom random;

  Identifiers(SecureRandom random) {
    this.random = random;
  }

  String next() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    ByteBuffer bits = ByteBuffer.wrap(bytes);
    return new UUID(bits.getLong(), bits.getLong()).toString();
  }
}
