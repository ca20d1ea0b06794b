package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 500);
  }

  @ParameterizedTest
  @CsvSource({
    "'', PT0S",
    "0, PT0S",
    "-0, PT0S",
    "90, PT1M30S",
    "+90, PT1M30S",
    "-1, PT-1S",
    "007, PT7S",
    "2d, PT48H",
    "-2d, PT-48H",
    "0d, PT0S",
    "90s, PT1M30S",
    "1h30m, PT1H30M",
    "30m1h, PT1H30M",
    "1h1h, PT2H",
    "1.5h, PT1H30M",
    ".5h, PT30M",
    "1.h, PT1H",
    "-1.5h, PT-1H-30M",
    "500ms, PT0.5S",
    "1us, PT0.000001S",
    "1µs, PT0.000001S",
    "1μs, PT0.000001S",
    "1ns, PT0.000000001S",
    "0.9ns, PT0S",
    "768h0m0s, PT768H",
    "9223372036s, PT2562047H47M16S",
    "9223372036854775807ns, PT2562047H47M16.854775807S",
    "106751d, PT2562024H"
  })
  void parse_whatClientsWrite_isUnderstood(String text, Duration expected) {
    assertThat(DurationText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-",
        "+",
        "--1",
        "+-1",
        "-+1s",
        "s",
        "d",
        ".",
        ".s",
        "-.h",
        "1.5",
        "1.0",
        "1w",
        "1y",
        "1D",
        "1H",
        "1S",
        "1h1",
        "1 h",
        " 1",
        "1 ",
        "1h ",
        "1e3",
        "1e3s",
        "0x10",
        "1d1h",
        "1.5d",
        "1h-5m",
        "1,5h",
        "٣",
        "٣s",
        "１",
        "1\n",
        "292278994y",
        "true",
        "system",
        "NaN",
        "1..5h",
        "1.2.3s"
      })
  void parse_whatIsNoDuration_isRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "invalid duration: expected seconds, or a number with a unit such as 90s, 1h30m or 2d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372037",
        "9223372036854775807",
        "-9223372036854775807",
        "9223372036854775808ns",
        "106752d",
        "2562048h",
        "99999999999999999999999999999999999999999999999999999999999999h"
      })
  void parse_beyond292Years_isRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "multiplication of durations resulted in overflow, one operand may be too large");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 100_000})
  void parse_longText_isRefusedUnread(int length) {
    assertThat(DurationText.parse("0".repeat(64))).isZero();
    assertThatThrownBy(() -> DurationText.parse("1".repeat(length - 1) + "!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a duration has at most 64 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT1S, 1s",
    "PT-1S, -1s",
    "PT1M30S, 1m30s",
    "PT1M, 1m0s",
    "PT24H, 24h0m0s",
    "PT3H25M19S, 3h25m19s",
    "PT1H0.5S, 1h0m0.5s",
    "PT1.000000001S, 1.000000001s",
    "PT0.5S, 500ms",
    "PT0.0015S, 1.5ms",
    "PT0.0000015S, 1.5µs",
    "PT0.000000015S, 15ns",
    "PT-0.5S, -500ms"
  })
  void format_asGoDoes(Duration duration, String expected) {
    assertThat(DurationText.format(duration)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void formatThenParse_anyDuration_givesItBack(long seed) {
    Random random = new Random(seed);
    Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(63));

    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT1S", "PT87600H"})
  void requireWholeSeconds_ofThem_returnsThem(Duration lifetime) {
    assertThat(DurationText.requireWholeSeconds(lifetime)).isEqualTo(lifetime);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.5S", "PT-0.5S", "PT1.000000001S"})
  void requireWholeSeconds_ofAnythingElse_isRefused(Duration lifetime) {
    assertThatThrownBy(() -> DurationText.requireWholeSeconds(lifetime))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lifetimes are whole seconds, zero or more, but got " + lifetime);
  }
}
