package dev.strongroom.internal.time;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TwoClocks time = new TwoClocks();
  private final VaultClock clock = new VaultClock(time, START);

  @Nested
  class Moments {
    @ParameterizedTest
    @CsvSource({"0, 0", "-3600, 0", "3600, 3600"})
    void instant_atFirst_isTheLaterOfStoreAndWallClock(long wallSeconds, long expectedSeconds) {
      time.wall = START.plusSeconds(wallSeconds);

      assertThat(new VaultClock(time, START).instant())
          .isEqualTo(START.plusSeconds(expectedSeconds));
    }

    @Test
    void instant_whenTheWallClockGoesBack_stands() {
      time.wall = START.plusSeconds(60);
      Instant latest = clock.instant();

      time.wall = START.plusSeconds(59);
      assertThat(clock.instant()).isEqualTo(latest);
      time.wall = START.minusSeconds(1_000_000);
      assertThat(clock.instant()).isEqualTo(latest);
      time.wall = START.plusSeconds(61);
      assertThat(clock.instant()).isEqualTo(START.plusSeconds(61));
    }

    @Test
    void instant_stepsBackBelowAMillisecond_areNotSmoothed() {
      time.wall = START.plusNanos(900_000);
      assertThat(clock.instant()).isEqualTo(time.wall);
      time.wall = START.plusNanos(100_000);
      assertThat(clock.instant()).isEqualTo(time.wall);
      time.wall = START.minusNanos(1);
      assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void instant_readLateByAnotherThread_doesNotLowerIt() {
      time.wall = START.plusSeconds(10);
      time.whenRead = () -> { // another thread is faster between this one's look and its answer
        time.whenRead = () -> {};
        time.wall = START.plusSeconds(20);
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(20));
        time.wall = START.plusSeconds(10);
      };

      assertThat(clock.instant()).isEqualTo(START.plusSeconds(20));
      assertThat(clock.instant()).isEqualTo(START.plusSeconds(20));
    }
  }

  @Nested
  class Jumps {
    @ParameterizedTest
    @CsvSource({"PT0S, PT0S", "PT5M, PT0S", "PT5M0.001S, PT10M", "P365D, PT10M", "-PT1H, PT0S"})
    void destructiveWork_afterAJump_waitsIfItWentForwardMoreThan5Minutes(
        Duration jump, Duration wait) {
      time.pass(ofMinutes(60));
      time.wall = time.wall.plus(jump);

      assertThat(clock.destructiveWorkWaits()).isEqualTo(wait);
    }

    @Test
    void destructiveWork_whenTimePassesOnBothClocks_neverWaits() {
      for (int i = 0; i < 100; i++) {
        time.pass(Duration.ofDays(30));
        assertThat(clock.destructiveWorkWaits()).isEqualTo(ZERO);
      }
    }

    @Test
    void destructiveWork_afterAJump_waits10MinutesOfMonotonicTimeAndThenNoMore() {
      time.wall = time.wall.plus(Duration.ofDays(400));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ofMinutes(10));
      time.pass(ofMinutes(4));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ofMinutes(6));
      time.pass(ofMinutes(6).minus(ofMillis(1)));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ofMillis(1));
      time.pass(ofMillis(1));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ZERO);
      time.pass(Duration.ofDays(1));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ZERO);
    }

    @Test
    void destructiveWork_afterASecondJump_waitsAnew() {
      time.wall = time.wall.plus(ofMinutes(6));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ofMinutes(10));
      time.pass(ofMinutes(9));
      time.wall = time.wall.plus(ofMinutes(6));
      assertThat(clock.destructiveWorkWaits()).isEqualTo(ofMinutes(10));
    }

    @Test
    void instant_afterAJump_followsAtOnce() {
      time.wall = time.wall.plus(Duration.ofDays(400));

      assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofDays(400)));
    }
  }

  /** A wall clock that can be set, and a monotonic one that somebody started long ago. */
  private static final class TwoClocks implements TimeSource {
    private Instant wall = START;
    private long nanos = -5_000_000_000_000_000_000L;
    private Runnable whenRead = () -> {};

    void pass(Duration step) {
      wall = wall.plus(step);
      nanos += step.toNanos();
    }

    @Override
    public Instant instant() {
      Instant read = wall;
      whenRead.run();
      return read;
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Task after(Duration delay, Runnable work) {
      throw new UnsupportedOperationException();
    }
  }
}
