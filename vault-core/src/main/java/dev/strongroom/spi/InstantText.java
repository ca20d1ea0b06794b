package dev.strongroom.spi;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * Moments as clients read them: RFC 3339, UTC with {@code Z}, up to nine fraction digits without
 * trailing zeros.
 */
public final class InstantText {
  private static final DateTimeFormatter WRITTEN = seconds()
      .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, /* decimalPoint= */ true)
      .appendLiteral('Z')
      .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter READ = seconds()
      .optionalStart()
      .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, /* decimalPoint= */ true)
      .optionalEnd()
      .appendOffset("+HH:MM", "Z")
      .toFormatter(Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT);

  private InstantText() {}

  public static String format(Instant moment) {
    return WRITTEN.format(moment.atOffset(ZoneOffset.UTC));
  }

  /**
   * Reads a moment with any offset. Letters are upper case, as Go reads them.
   *
   * @throws IllegalArgumentException if it is not RFC 3339
   */
  public static Instant parse(String text) {
    try {
      if (text.startsWith("+") || text.startsWith("-")) { // a year beyond four digits
        throw new DateTimeException("signed");
      }
      return OffsetDateTime.parse(text, READ).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "not an RFC 3339 time such as 2026-01-31T12:00:00Z"); // without the cause: it quotes it
    }
  }

  private static DateTimeFormatterBuilder seconds() {
    return new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd'T'HH:mm:ss");
  }
}
