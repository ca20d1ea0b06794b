package dev.strongroom.internal.seal;

import dev.strongroom.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The distinct key shares given towards one unsealing. Shares that are not followed by enough
 * others are forgotten after {@link #LIFETIME}. For one thread at a time.
 */
final class UnsealProgress {
  static final Duration LIFETIME = Duration.ofHours(24);

  private final InstantSource time;
  private final SecureRandom random;
  private final List<SecretBytes> given = new ArrayList<>();
  private @Nullable String nonce;
  private Instant begun = Instant.EPOCH;

  UnsealProgress(InstantSource time, SecureRandom random) {
    this.time = time;
    this.random = random;
  }

  /** Adds a share, which is copied; one that was given before changes nothing. */
  void add(byte[] share) {
    forgetIfOld();
    if (nonce == null) {
      nonce = randomUuid();
      begun = time.instant();
    }
    boolean known = false;
    for (SecretBytes earlier : given) { // all of them, in constant time
      known |= earlier.matches(share);
    }
    if (!known) {
      given.add(SecretBytes.copyOf(share));
    }
  }

  int given() {
    forgetIfOld();
    return given.size();
  }

  /** Returns what identifies the attempt, if one runs. */
  Optional<String> nonce() {
    forgetIfOld();
    return Optional.ofNullable(nonce);
  }

  /** Returns copies of the shares, which the caller wipes. */
  List<byte[]> copies() {
    return given.stream().map(SecretBytes::exposeCopy).toList();
  }

  void reset() {
    given.forEach(SecretBytes::close);
    given.clear();
    nonce = null;
  }

  private void forgetIfOld() {
    if (nonce != null && begun.plus(LIFETIME).isBefore(time.instant())) {
      reset();
    }
  }

  /** RFC 9562 version 4, from the vault's own randomness. */
  private String randomUuid() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    ByteBuffer bits = ByteBuffer.wrap(bytes);
    return new UUID(
            (bits.getLong() & ~0xf000L) | 0x4000L, (bits.getLong() & ~(3L << 62)) | (2L << 62))
        .toString();
  }
}
