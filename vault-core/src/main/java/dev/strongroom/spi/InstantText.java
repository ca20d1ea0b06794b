package dev.strongroom.spi;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Moments as clients read them: RFC 3339, UTC with {@code Z}, up to nine fraction digits without
 * trailing zeros.
 */
public final class InstantText {
  private static final String SECONDS = "0000-00-00T00:00:00";

  private InstantText() {}

  public static String format(Instant moment) {
    OffsetDateTime at = moment.atOffset(ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(30).append(at.toLocalDate()).append('T');
    appendTwoDigits(text, at.getHour()).append(':');
    appendTwoDigits(text, at.getMinute()).append(':');
    appendTwoDigits(text, at.getSecond());
    int nanos = at.getNano();
    if (nanos > 0) {
      text.append('.');
      for (int unit = 100_000_000; nanos > 0; unit /= 10) {
        text.append((char) ('0' + nanos / unit));
        nanos %= unit;
      }
    }
    return text.append('Z').toString();
  }

  private static StringBuilder appendTwoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /**
   * Reads a moment with any offset. Letters are upper case, as Go reads them.
   *
   * @throws IllegalArgumentException if it is not RFC 3339
   */
  public static Instant parse(String text) {
    try {
      return read(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "not an RFC 3339 time such as 2026-01-31T12:00:00Z"); // without the cause: it quotes it
    }
  }

  private static Instant read(String text) {
    for (int i = 0; i < SECONDS.length(); i++) {
      char form = SECONDS.charAt(i);
      require(i < text.length() && (form == '0' || form == text.charAt(i)));
    }
    int end = SECONDS.length();
    int nanos = 0;
    if (text.startsWith(".", end)) {
      int unit = 1_000_000_000;
      for (end++; end < text.length() && isDigit(text.charAt(end)) && unit > 1; end++) {
        unit /= 10;
        nanos += unit * (text.charAt(end) - '0');
      }
      require(unit < 1_000_000_000);
    }
    String offset = text.substring(end);
    require(offset.equals("Z") || offset.length() == "+00:00".length());
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            nanos)
        .toInstant(ZoneOffset.of(offset));
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      require(isDigit(text.charAt(i)));
      number = 10 * number + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static void require(boolean met) {
    if (!met) {
      throw new DateTimeException("not of the form " + SECONDS);
    }
  }
}
