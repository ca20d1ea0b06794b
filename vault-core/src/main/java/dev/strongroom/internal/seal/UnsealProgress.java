package dev.strongroom.internal.seal;

import dev.strongroom.TimeSource;
import dev.strongroom.internal.random.RandomText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The distinct key shares given towards one unsealing. Shares that are not followed by enough
 * others are forgotten after {@link #LIFETIME}, whatever the wall clock does meanwhile. For one
 * thread at a time.
 */
final class UnsealProgress {
  static final Duration LIFETIME = Duration.ofHours(24);

  private final TimeSource time;
  private final RandomText random;
  private final GivenShares given = new GivenShares();
  private @Nullable String nonce;
  private long begunNanos;

  UnsealProgress(TimeSource time, RandomText random) {
    this.time = time;
    this.random = random;
  }

  /** Adds a share, which is copied; returns false for one that was given before. */
  boolean add(byte[] share) {
    forgetIfOld();
    if (nonce == null) {
      nonce = random.uuid().toString();
      begunNanos = time.nanos();
    }
    return given.add(share);
  }

  /** Returns the shares given so far. */
  GivenShares given() {
    forgetIfOld();
    return given;
  }

  /** Returns what identifies the attempt, if one runs. */
  Optional<String> nonce() {
    forgetIfOld();
    return Optional.ofNullable(nonce);
  }

  void reset() {
    given.close();
    nonce = null;
  }

  void forgetIfOld() {
    if (nonce != null && time.nanos() - begunNanos > LIFETIME.toNanos()) {
      reset();
    }
  }
}
