package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {
  private static final DateTimeFormatter WRITTEN = new DateTimeFormatterBuilder()
      .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
      .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, /* decimalPoint= */ true)
      .appendLiteral('Z')
      .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
      .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
      .optionalStart()
      .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, /* decimalPoint= */ true)
      .optionalEnd()
      .appendOffset("+HH:MM", "Z")
      .toFormatter(Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-31T12:00:00Z",
        "1970-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "2026-01-31T12:00:00.5Z",
        "2026-01-31T12:00:00.000000001Z",
        "2024-02-29T00:00:00Z"
      })
  void formatThenParse_givesTheSameText(String text) {
    assertThat(InstantText.format(Instant.parse(text))).isEqualTo(text);
    assertThat(InstantText.parse(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:00+02:00, 2026-01-31T10:00:00Z",
    "2026-01-31T12:00:00-09:30, 2026-01-31T21:30:00Z",
    "2026-01-31T12:00:00+00:00, 2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00.500000000Z, 2026-01-31T12:00:00.5Z"
  })
  void parse_anyOffset_givesTheMoment(String text, String moment) {
    assertThat(InstantText.format(InstantText.parse(text))).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-01-31",
        "2026-01-31T12:00Z",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31t12:00:00Z",
        "2026-01-31T12:00:00z",
        "2026-01-31T12:00:00Z ",
        "2026-01-31T12:00:00Z\n",
        "2026-01-31T12:00:00+02",
        "2026-01-31T12:00:00+0200",
        "2026-01-31T12:00:00+02:00:30",
        "2026-01-31T12:00:00+19:00",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00,5Z",
        "2026-01-31T12:00:00.1234567890Z",
        "2026-02-30T12:00:00Z",
        "2025-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:59:60Z",
        "26-01-31T12:00:00Z",
        "+12026-01-31T12:00:00Z",
        "12026-01-31T12:00:00Z",
        "-2026-01-31T12:00:00Z",
        "٢٠٢٦-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z[UTC]"
      })
  void parse_whatIsNotRfc3339_isRefusedWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> InstantText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an RFC 3339 time such as 2026-01-31T12:00:00Z")
        .hasNoCause();
  }

  @Test
  void formatAndParse_anyText_areAsTheJdkDoesIt() {
    Random random = new Random(7);
    String characters = "0123456789-:.TZ+";
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      Instant moment = Instant.ofEpochSecond(
          random.nextLong(-62_167_219_200L, 253_402_300_800L),
          random.nextInt(3) * 500_000_000L / (long) Math.pow(10, random.nextInt(9)));
      StringBuilder text = new StringBuilder(InstantText.format(moment));
      assertThat(text).hasToString(WRITTEN.format(moment.atOffset(ZoneOffset.UTC)));
      if (random.nextBoolean()) {
        int minutes = random.nextInt(60 * 19);
        text.setLength(text.length() - 1);
        text.append(random.nextBoolean() ? '+' : '-')
            .append(String.format("%02d:%02d", minutes / 60, minutes % 60));
      }
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        text.setCharAt(
            random.nextInt(text.length()), characters.charAt(random.nextInt(characters.length())));
      }
      Optional<Instant> parsed = parse(InstantText::parse, text.toString());
      assertThat(parsed)
          .as("%s", text)
          .isEqualTo(parse(t -> OffsetDateTime.parse(t, READ).toInstant(), text.toString()));
      read += parsed.isPresent() ? 1 : 0;
    }
    assertThat(read).isBetween(8_000, 16_000);
  }

  private static Optional<Instant> parse(Function<String, Instant> how, String text) {
    try {
      return text.matches("[+-].*") ? Optional.empty() : Optional.of(how.apply(text));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
