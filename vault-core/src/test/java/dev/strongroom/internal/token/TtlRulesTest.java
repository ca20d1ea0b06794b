package dev.strongroom.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TtlRulesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  // "cut" is what the warning says: the lifetime that was asked for and the one it was cut to.
  @ParameterizedTest(name = "default {0}, max {1}, wanted {2}, period {3}, explicit {4}, age {5}")
  @CsvSource({
    // default, max, wanted, period, explicit, age, ttl, cut
    "1h, 768h, 0, 0, 0, 0, 1h,",
    "1h, 768h, 2h, 0, 0, 0, 2h,",
    "1h, 768h, 768h, 0, 0, 0, 768h,",
    "1h, 768h, 9000h, 0, 0, 0, 768h, TTL 9000h 768h",
    "1h, 768h, 9223372036s, 0, 0, 0, 768h, TTL 2562047h47m16s 768h",
    "768h, 90m, 0, 0, 0, 0, 90m, TTL 768h 1h30m",
    "1h, 768h, 2h, 0, 90s, 0, 90s, TTL 2h 1m30s",
    "1h, 1h, 2h, 0, 3h, 0, 1h, TTL 2h 1h",
    // Renewing: what is left of the longest lifetime, counted from the start.
    "1h, 768h, 0, 0, 0, 767h, 1h,",
    "1h, 768h, 2h, 0, 0, 767h, 1h, TTL 2h 1h",
    "1h, 768h, 10m, 0, 20m, 5m, 10m,",
    "1h, 768h, 50m, 0, 20m, 0, 20m, TTL 50m 20m",
    "1h, 768h, 50m, 0, 20m, 1s, 1199s, TTL 50m 19m59s",
    "1h, 768h, 50m, 0, 20m, 1199s, 1s, TTL 50m 1s",
    "1h, 2h, 50m, 0, 20h, 119m, 1m, TTL 50m 1m",
    "1h, 768h, 5m, 0, 0, 0, 5m,", // a renewal may shorten
    // Periodic: the period, without an end unless there is an explicit maximum.
    "1h, 768h, 0, 2h, 0, 0, 2h,",
    "1h, 768h, 9h, 2h, 0, 0, 2h,",
    "1h, 768h, 0, 2h, 0, 9000h, 2h,",
    "1h, 768h, 0, 9000h, 0, 0, 768h, period 9000h 768h",
    "1h, 768h, 0, 9000h, 0, 9000h, 768h, period 9000h 768h",
    "1h, 768h, 0, 2h, 1h, 0, 1h, period 2h 1h",
    "1h, 768h, 0, 2h, 5h, 4h, 1h, TTL 2h 1h",
    "1h, 2h, 0, 9h, 1000h, 999h, 1h, TTL 2h 1h"
  })
  void grant_cutsAtWhateverEndsFirst(
      String defaultTtl,
      String max,
      String wanted,
      String period,
      String explicit,
      String age,
      String ttl,
      String cut) {
    Granted granted = new TtlRules(of(defaultTtl), of(max))
        .grant(of(wanted), of(period), of(explicit), START, START.plus(of(age)));

    assertThat(granted.ttl()).isEqualTo(of(ttl));
    assertThat(granted.warning()).isEqualTo(Optional.ofNullable(cut).map(TtlRulesTest::warning));
  }

  @ParameterizedTest
  @CsvSource({
    "768h, 0, 0, 768h",
    "768h, 0, 0, 769h",
    "768h, 0, 20m, 20m",
    "768h, 1h, 20m, 20m",
    "768h, 1h, 20m, 9000h",
    "1s, 0, 0, 1s"
  })
  void grant_nothingLeft_isRefused(String max, String period, String explicit, String age) {
    TtlRules rules = new TtlRules(of("1s"), of(max));

    assertThatThrownBy(
            () -> rules.grant(of("5m"), of(period), of(explicit), START, START.plus(of(age))))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("past the max TTL, cannot renew");
  }

  @ParameterizedTest
  @CsvSource({
    "00.999, 00.000, 10s", // a start that is later by a fraction has the whole lifetime
    "00.100, 00.900, 10s",
    "00.900, 01.100, 9s",
    "00.000, 09.999, 1s"
  })
  void grant_countsInWholeSeconds(String start, String now, String ttl) {
    TtlRules rules = new TtlRules(of("10s"), of("10s"));

    assertThat(rules
            .grant(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Instant.parse("2026-01-01T00:00:" + start + "Z"),
                Instant.parse("2026-01-01T00:00:" + now + "Z"))
            .ttl())
        .isEqualTo(of(ttl));
  }

  @Test
  void grant_anEndlessMaximum_doesNotOverflow() {
    TtlRules rules = new TtlRules(of("1h"), Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(rules.grant(of("2h"), Duration.ZERO, Duration.ZERO, START, START).ttl())
        .isEqualTo(of("2h"));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT1H",
    "PT1H, PT0S",
    "PT0.9S, PT1H",
    "PT1H, PT0.9S",
    "-PT1S, PT1H",
    "PT1H, -PT1S"
  })
  void rules_thatGrantNothing_areRefusedBecauseNothingMeansForever(
      Duration defaultTtl, Duration max) {
    assertThatThrownBy(() -> new TtlRules(defaultTtl, max))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lifetimes are at least a second");
  }

  private static String warning(String cut) {
    String[] parts = cut.split(" ");
    return parts[0] + " of \"" + parts[1] + "\" exceeded the effective max_ttl of \"" + parts[2]
        + "\"; " + parts[0] + " value is capped accordingly";
  }

  private static Duration of(String text) {
    return DurationText.parse(text);
  }
}
