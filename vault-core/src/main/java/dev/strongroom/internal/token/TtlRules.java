package dev.strongroom.internal.token;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.MountSettings;
import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How long a token lives. Same arithmetic as OpenBao v2.6.2 {@code sdk/framework/lease.go}
 * (CalculateTTL): whole seconds, cut at the explicit maximum, the mount's maximum and the vault's.
 *
 * @param defaultTtl for tokens that ask for nothing
 * @param maxTtl of the mount, or of the vault where the mount has none
 */
public record TtlRules(Duration defaultTtl, Duration maxTtl) {
  public TtlRules {
    Duration second = Duration.ofSeconds(1);
    if (defaultTtl.compareTo(second) < 0 || maxTtl.compareTo(second) < 0) {
      // What is granted would be zero, and zero means forever.
      throw new IllegalArgumentException("lifetimes are at least a second");
    }
  }

  /** Returns the rules of a mount: its own lifetimes, or these where it has zero. */
  public TtlRules of(MountSettings mount) {
    return new TtlRules(
        mount.defaultLeaseTtl().isZero() ? defaultTtl : mount.defaultLeaseTtl(),
        mount.maxLeaseTtl().isZero() ? maxTtl : mount.maxLeaseTtl());
  }

  /** Returns these rules with a shorter longest lifetime; zero: none is wanted. */
  public TtlRules within(Duration max) {
    return max.isZero() || max.compareTo(maxTtl) >= 0 ? this : new TtlRules(defaultTtl, max);
  }

  /**
   * What is granted.
   *
   * @param warning says what was cut, if something was
   */
  public record Granted(Duration ttl, Optional<String> warning) {
    private Granted cut(String what, Duration max) {
      return ttl.compareTo(max) <= 0
          ? this
          : new Granted(
              max,
              Optional.of(what + " of \"" + text(ttl) + "\" exceeded the effective max_ttl of \""
                  + text(max) + "\"; " + what + " value is capped accordingly"));
    }
  }

  /**
   * Computes a lifetime from {@code now}. Zero durations mean "not given".
   *
   * @param wanted at creation the TTL, at renewal the increment; a periodic token ignores it
   * @param start when the token was made
   * @throws VaultException with code {@code INVALID_REQUEST} if nothing is left of the longest
   *     lifetime
   */
  public Granted grant(
      Duration wanted, Duration period, Duration explicitMax, Instant start, Instant now) {
    Duration max = explicitMax.isZero() || maxTtl.compareTo(explicitMax) < 0 ? maxTtl : explicitMax;
    if (period.isZero()) {
      Granted asked = new Granted(wanted.isZero() ? defaultTtl : wanted, Optional.empty());
      return asked.cut("TTL", left(max, start, now));
    }
    Granted asked = new Granted(period, Optional.empty()).cut("period", max);
    return explicitMax.isZero() ? asked : asked.cut("TTL", left(explicitMax, start, now));
  }

  /** Returns the lesser of two limits, of which zero is none. */
  public static Duration lesser(Duration one, Duration other) {
    if (one.isZero() || other.isZero()) {
      return one.isZero() ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration left(Duration lifetime, Instant start, Instant now) {
    Duration age = Duration.between(
        start.truncatedTo(ChronoUnit.SECONDS), now.truncatedTo(ChronoUnit.SECONDS));
    Duration left = lifetime.minus(age);
    if (left.isNegative() || left.isZero()) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "past the max TTL, cannot renew");
    }
    return left;
  }

  /** Go's text without its zero tail: {@code 768h}, not {@code 768h0m0s}. */
  private static String text(Duration duration) {
    String text = DurationText.format(duration);
    text = text.endsWith("m0s") ? text.substring(0, text.length() - 2) : text;
    return text.endsWith("h0m") ? text.substring(0, text.length() - 2) : text;
  }
}
