package dev.strongroom.internal.identity;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/** Makes ids and names where nobody chose one. */
final class Identifiers {
  private final SecureRandom random;

  Identifiers(SecureRandom random) {
    this.random = random;
  }

  /** A random UUID: RFC 9562, version 4. */
  String id() {
    ByteBuffer bits = ByteBuffer.wrap(bytes(16));
    long high = (bits.getLong() & ~0xf000L) | 0x4000L;
    long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low).toString();
  }

  /** As OpenBao v2.6.2 {@code vault/identity/store_util.go} does; the end is its root namespace. */
  String name(String what) {
    return what + "_" + HexFormat.of().formatHex(bytes(4)) + ".root";
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
