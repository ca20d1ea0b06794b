package dev.strongroom.spi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as clients write and read them: whole seconds ({@code 90}), days ({@code 2d}), or Go
 * durations ({@code 1h30m}, {@code 1.5h}, {@code 500ms}). Same rules as OpenBao v2.6.2 with
 * {@code go-secure-stdlib/parseutil} v0.2.0. The longest duration is that of Go, 2^63 nanoseconds
 * or about 292 years.
 */
public final class DurationText {
  private static final Pattern PART = Pattern.compile("(\\d*\\.?\\d*)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS = Map.of(
      "ns", BigDecimal.ONE,
      "us", BigDecimal.valueOf(1_000),
      "µs", BigDecimal.valueOf(1_000),
      "μs", BigDecimal.valueOf(1_000),
      "ms", BigDecimal.valueOf(1_000_000),
      "s", BigDecimal.valueOf(1_000_000_000L),
      "m", BigDecimal.valueOf(60_000_000_000L),
      "h", BigDecimal.valueOf(3_600_000_000_000L));
  private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int MAX_LENGTH = 64;

  private DurationText() {}

  /**
   * Reads a duration. Empty text is zero.
   *
   * @throws IllegalArgumentException if it is not a duration, or too long a one
   */
  public static Duration parse(String text) {
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a duration has at most " + MAX_LENGTH + " characters");
    }
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.isEmpty()) {
      throw notADuration();
    }
    BigDecimal nanos;
    if (isInteger(digits)) {
      nanos = new BigDecimal(digits).multiply(NANOS.get("s"));
    } else if (digits.endsWith("d") && isInteger(digits.substring(0, digits.length() - 1))) {
      nanos = new BigDecimal(digits.substring(0, digits.length() - 1))
          .multiply(NANOS.get("h"))
          .multiply(BigDecimal.valueOf(24));
    } else {
      nanos = parts(digits);
    }
    BigInteger whole = nanos.toBigInteger();
    if (whole.compareTo(MAX_NANOS) > 0) {
      throw new IllegalArgumentException(
          "multiplication of durations resulted in overflow, one operand may be too large");
    }
    Duration duration = Duration.ofNanos(whole.longValueExact());
    return negative ? duration.negated() : duration;
  }

  /**
   * Reads a duration of whole seconds; a fraction of the last one is cut off.
   *
   * @throws IllegalArgumentException as {@link #parse}, and for less than a second that is not
   *     zero: zero means something else wherever durations are asked for
   */
  public static Duration parseSeconds(String text) {
    Duration parsed = parse(text);
    Duration seconds = parsed.truncatedTo(ChronoUnit.SECONDS);
    if (seconds.isZero() && !parsed.isZero()) {
      throw new IllegalArgumentException("a duration is zero or at least a second");
    }
    return seconds;
  }

  /**
   * Writes a duration as Go does: {@code 0s}, {@code 1m30s}, {@code 24h0m0s}, {@code -1s},
   * {@code 500ms}.
   */
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    if (!duration.isZero() && duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return formatBelowOneSecond(duration.toNanos());
    }
    long hours = duration.toHours();
    int minutes = duration.toMinutesPart();
    BigDecimal seconds = BigDecimal.valueOf(duration.toSecondsPart())
        .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
        .stripTrailingZeros();
    String text = seconds.toPlainString() + "s";
    if (hours > 0) {
      return hours + "h" + minutes + "m" + text;
    }
    return minutes > 0 ? minutes + "m" + text : text;
  }

  /**
   * Checks a lifetime before it is sent as seconds. A fraction would be cut off, and what is left
   * of half a second is zero, which means something else everywhere.
   *
   * @return {@code lifetime}
   * @throws IllegalArgumentException if it is negative, or has a fraction of a second
   */
  public static Duration requireWholeSeconds(Duration lifetime) {
    if (lifetime.isNegative() || !isWholeSeconds(lifetime)) {
      throw new IllegalArgumentException(
          "lifetimes are whole seconds, zero or more, but got " + lifetime);
    }
    return lifetime;
  }

  /** Returns whether a duration, of either sign, has no fraction of a second. */
  public static boolean isWholeSeconds(Duration duration) {
    return duration.toNanosPart() == 0;
  }

  private static String formatBelowOneSecond(long nanos) {
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    boolean micros = nanos < 1_000_000;
    BigDecimal number = BigDecimal.valueOf(nanos, micros ? 3 : 6).stripTrailingZeros();
    return number.toPlainString() + (micros ? "µs" : "ms");
  }

  private static boolean isInteger(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static BigDecimal parts(String text) {
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher matcher = PART.matcher(text);
    int position = 0;
    while (position < text.length()) {
      if (!matcher.find(position)
          || matcher.start() != position
          || !matcher.group(1).chars().anyMatch(Character::isDigit)) {
        throw notADuration();
      }
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(NANOS.get(matcher.group(2))));
      position = matcher.end();
    }
    return nanos;
  }

  private static IllegalArgumentException notADuration() {
    return new IllegalArgumentException(
        "invalid duration: expected seconds, or a number with a unit such as 90s, 1h30m or 2d");
  }
}
