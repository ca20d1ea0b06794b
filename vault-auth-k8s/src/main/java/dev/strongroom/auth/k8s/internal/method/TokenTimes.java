package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.request.Payload;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From when until when a token says it is valid. What is missing is made up as in
 * {@code hashicorp/cap v0.13.0 jwt/jwt.go}; a token without any of the three, as in a secret, has
 * no times.
 */
record TokenTimes(
    Optional<Instant> notBefore, Optional<Instant> expiry, Optional<Instant> issuedAt) {
  /** How far clocks may differ. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration LIFETIME = Duration.ofSeconds(150);

  /** The last second of the year 9999. */
  private static final BigInteger LATEST = BigInteger.valueOf(253_402_300_799L);

  /**
   * Reads the claims.
   *
   * @throws IllegalArgumentException if one is no whole number of seconds since 1970
   */
  static TokenTimes of(Payload claims) {
    Optional<Instant> issuedAt = moment(claims, "iat");
    Optional<Instant> notBefore = moment(claims, "nbf");
    Optional<Instant> expiry = moment(claims, "exp");
    if (issuedAt.isEmpty() && notBefore.isEmpty() && expiry.isEmpty()) {
      return new TokenTimes(notBefore, expiry, issuedAt);
    }
    Instant end = expiry.orElseGet(() -> later(issuedAt, notBefore).plus(LIFETIME));
    Instant start = notBefore.or(() -> issuedAt).orElseGet(() -> end.minus(LIFETIME));
    return new TokenTimes(Optional.of(start), Optional.of(end), issuedAt);
  }

  private static Instant later(Optional<Instant> one, Optional<Instant> other) {
    Instant first = one.orElse(Instant.EPOCH);
    Instant second = other.orElse(Instant.EPOCH);
    return first.isAfter(second) ? first : second;
  }

  private static Optional<Instant> moment(Payload claims, String name) {
    @Nullable Object value = claims.get(name).orElse(null);
    if (value == null && !claims.has(name)) {
      return Optional.empty();
    }
    if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
      BigInteger seconds = new BigInteger(value.toString());
      if (seconds.signum() >= 0 && seconds.compareTo(LATEST) <= 0) {
        return Optional.of(Instant.ofEpochSecond(seconds.longValue()));
      }
    }
    throw new IllegalArgumentException(name + " is no whole number of seconds since 1970");
  }

  boolean isTooEarly(Instant now) {
    return notBefore.filter(start -> start.isAfter(now.plus(SKEW))).isPresent();
  }

  boolean isTooLate(Instant now) {
    return expiry.filter(end -> end.isBefore(now.minus(SKEW))).isPresent();
  }

  boolean isIssuedInTheFuture(Instant now) {
    return issuedAt.filter(issued -> issued.isAfter(now.plus(SKEW))).isPresent();
  }
}
