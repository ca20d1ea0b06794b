package dev.strongroom;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualTime time = VirtualTime.at(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void time_untilItIsMoved_stands() {
    assertThat(time.instant()).isEqualTo(START);
    assertThat(time.nanos()).isZero();
    time.advance(ofSeconds(90));
    assertThat(time.instant()).isEqualTo(START.plusSeconds(90));
    assertThat(time.nanos()).isEqualTo(90_000_000_000L);
    assertThat(time).hasToString("VirtualTime[2026-01-01T00:01:30Z]");
  }

  @Test
  void advance_dueWork_runsInOrderEachAtItsMomentOnTheCaller() {
    after(20, "c");
    after(10, "a");
    after(10, "b");
    after(31, "never");

    time.advance(ofSeconds(30));

    assertThat(ran).containsExactly("a at 10", "b at 10", "c at 20");
    assertThat(time.instant()).isEqualTo(START.plusSeconds(30));
  }

  @Test
  void advance_workScheduledMeanwhile_runsIfItFallsInsideTheStep() {
    time.after(ofSeconds(10), () -> {
      after(5, "inside");
      after(20, "at the end");
      after(21, "outside");
    });

    time.advance(ofSeconds(30));

    assertThat(ran).containsExactly("inside at 15", "at the end at 30");
  }

  @Test
  void after_noDelay_runsAtTheNextAdvanceAndNotInsideTheCall() {
    after(0, "a");
    after(-5, "b");

    assertThat(ran).isEmpty();
    time.advance(Duration.ZERO);
    assertThat(ran).containsExactly("a at 0", "b at 0");
  }

  @Test
  void cancel_beforeItRuns_dropsTheWork_andLaterDoesNothing() {
    TimeSource.Task dropped = after(10, "dropped");
    TimeSource.Task kept = after(10, "kept");

    dropped.cancel();
    time.advance(ofSeconds(10));
    kept.cancel();
    dropped.cancel();

    assertThat(ran).containsExactly("kept at 10");
  }

  @Test
  void advance_workThatThrows_stopsNothingAndIsThrownAtTheEnd() {
    time.after(ofSeconds(1), () -> {
      throw new IllegalStateException("first");
    });
    after(2, "later");
    time.after(ofSeconds(3), () -> {
      throw new IllegalArgumentException("second");
    });

    assertThatThrownBy(() -> time.advance(ofSeconds(5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed())
            .singleElement()
            .satisfies(second -> assertThat(second).hasMessage("second")));
    assertThat(ran).containsExactly("later at 2");
    assertThat(time.instant()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void advance_workThatMovesTimeItself_neverMovesItBack() {
    time.after(ofSeconds(1), () -> time.advance(ofSeconds(100)));
    after(2, "inside");

    time.advance(ofSeconds(10));

    assertThat(ran).containsExactly("inside at 2");
    assertThat(time.instant()).isEqualTo(START.plusSeconds(101));
  }

  @Test
  void advance_backwards_isRefused() {
    assertThatThrownBy(() -> time.advance(ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time does not go back: PT-1S");
  }

  private TimeSource.Task after(long seconds, String name) {
    return time.after(
        ofSeconds(seconds),
        () -> ran.add(name + " at " + Duration.between(START, time.instant()).toSeconds()));
  }
}
