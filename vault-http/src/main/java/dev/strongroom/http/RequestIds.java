package dev.strongroom.http;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids of answers that no audit has given one: random UUIDs (RFC 9562, version 4). They are drawn
 * many at a time: {@link UUID#randomUUID()} holds a lock of the whole JVM so long that callers on
 * many connections queue for it. Thread-safe.
 */
final class RequestIds {
  private static final int ID_BYTES = 16;
  private static final int DRAWN_AT_ONCE = 256;

  private final SecureRandom random;

  private final ByteBuffer drawn; // guarded by this

  RequestIds(SecureRandom random) {
    this.random = random;
    this.drawn = ByteBuffer.allocate(DRAWN_AT_ONCE * ID_BYTES).limit(0);
  }

  synchronized UUID next() {
    if (!drawn.hasRemaining()) {
      random.nextBytes(drawn.clear().array());
    }
    long high = (drawn.getLong() & ~0xf000L) | 0x4000L;
    long low = (drawn.getLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low);
  }
}
