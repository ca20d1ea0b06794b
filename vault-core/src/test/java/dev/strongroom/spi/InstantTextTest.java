package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {
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
}
