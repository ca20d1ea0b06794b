package dev.strongroom.internal.policy;

import dev.strongroom.PolicyExplanation.Missing;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How long a response must and may stay wrapped; with either bound it must be wrapped.
 *
 * @param min zero: none
 * @param max zero: none
 */
record WrappingBounds(Duration min, Duration max) {
  static final WrappingBounds NONE = new WrappingBounds(Duration.ZERO, Duration.ZERO);

  /** Returns the smaller of each; so the minimum may get looser, as in OpenBao v2.6.2. */
  WrappingBounds and(WrappingBounds other) {
    return new WrappingBounds(smaller(min, other.min), smaller(max, other.max));
  }

  private static Duration smaller(Duration one, Duration other) {
    if (one.isZero() || other.isZero()) {
      return one.isZero() ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns whether a response may be wrapped for that long; for zero it would not be wrapped. */
  boolean admit(Optional<Duration> ttl) {
    if (min.isZero() && max.isZero()) {
      return true;
    }
    Duration wrapped = ttl.orElse(Duration.ZERO);
    return wrapped.compareTo(Duration.ZERO) > 0
        && wrapped.compareTo(min) >= 0
        && (max.isZero() || wrapped.compareTo(max) <= 0);
  }

  /** Adds the bounds that are there, in seconds. */
  void show(Map<String, Object> members) {
    if (!min.isZero()) {
      members.put("min_wrapping_ttl", min.toSeconds());
    }
    if (!max.isZero()) {
      members.put("max_wrapping_ttl", max.toSeconds());
    }
  }

  /** Says how long a response must be wrapped. */
  Missing unmet() {
    String atLeast = min.isZero() ? "" : " of at least " + min.toSeconds() + " seconds";
    String atMost = max.isZero() ? "" : " of at most " + max.toSeconds() + " seconds";
    return new Missing(
        Missing.Kind.WRAPPING, "the response must be wrapped, with a lifetime" + atLeast + atMost);
  }
}
