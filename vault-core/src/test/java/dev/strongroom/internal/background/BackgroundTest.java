package dev.strongroom.internal.background;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.VirtualTime;
import dev.strongroom.internal.background.Background.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BackgroundTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualTime time = VirtualTime.at(START);
  private final Background background = new Background(time);
  private final List<String> ran = new ArrayList<>();

  @Test
  void schedule_aJob_runsItsStepsUntilNothingIsLeft() {
    background.schedule("a", ofSeconds(1), steps("a", ofSeconds(2), ZERO));

    time.advance(ofSeconds(100));

    assertThat(ran).containsExactly("a 1", "a 3", "a 3");
  }

  @Test
  void schedule_aNameThatWaits_keepsTheSoonerOfTheTwo() {
    background.schedule("a", ofSeconds(10), steps("first"));
    background.schedule("a", ofSeconds(20), steps("later"));
    background.schedule("b", ofSeconds(10), steps("first of b"));
    background.schedule("b", ofSeconds(5), steps("sooner"));
    background.schedule("b", ofSeconds(5), steps("as soon"));

    time.advance(ofSeconds(100));

    assertThat(ran).containsExactly("sooner 5", "first 10");
  }

  @Test
  void schedule_fromTheStepItself_isKeptIfItIsSoonerThanTheStepsOwnWish() {
    background.schedule("a", ZERO, () -> {
      ran.add("a");
      background.schedule("a", ofSeconds(1), steps("sooner"));
      return Optional.of(ofSeconds(5));
    });

    time.advance(ofSeconds(100));

    assertThat(ran).containsExactly("a", "sooner 1");
  }

  @Test
  void steps_ofDifferentJobs_takeTurns() {
    background.schedule("a", ZERO, steps("a", ZERO, ZERO));
    background.schedule("b", ZERO, steps("b", ZERO, ZERO));

    time.advance(ZERO);

    assertThat(ran).containsExactly("a 0", "b 0", "a 0", "b 0", "a 0", "b 0");
  }

  @Test
  void schedule_delaysBeyondWhatNanosecondsHold_areCut() {
    background.schedule("a", Duration.ofSeconds(Long.MAX_VALUE), steps("a"));
    background.schedule("b", Duration.ofSeconds(Long.MIN_VALUE), steps("b"));
    background.schedule("a", Duration.ofDays(999), steps("sooner"));

    time.advance(ZERO);
    assertThat(ran).containsExactly("b 0");
    time.advance(Duration.ofDays(1000));
    assertThat(ran).containsExactly("b 0", "sooner " + Duration.ofDays(999).toSeconds());
  }

  @Nested
  class Failures {
    @Test
    void step_thatFails_isTriedAgainAfterPausesFrom1SecondTo5Minutes() {
      List<Long> tries = new ArrayList<>();
      background.schedule("a", ZERO, () -> {
        tries.add(seconds());
        throw new OnPurpose();
      });

      time.advance(Duration.ofMinutes(20));

      assertThat(tries)
          .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L, 255L, 511L, 811L, 1111L);
    }

    @Test
    void step_thatFailsAfterASuccess_beginsWithTheShortPauseAgain() {
      List<Long> tries = new ArrayList<>();
      background.schedule("a", ZERO, () -> {
        tries.add(seconds());
        if (tries.size() == 4) {
          return Optional.of(ofSeconds(100));
        }
        throw new OnPurpose();
      });

      time.advance(ofSeconds(110));

      assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 107L, 108L, 110L);
    }

    @Test
    void step_thatFailsWithAnError_isTriedAgain() {
      background.schedule("a", ZERO, () -> {
        ran.add("a");
        if (ran.size() == 1) {
          throw new NoClassDefFoundError("Driver");
        }
        return Optional.empty();
      });

      assertThatThrownBy(() -> time.advance(ZERO)).isInstanceOf(NoClassDefFoundError.class);
      time.advance(ofSeconds(1));

      assertThat(ran).containsExactly("a", "a");
    }

    @Test
    void step_thatFails_doesNotHoldUpOthers() {
      background.schedule("a", ZERO, () -> {
        throw new OnPurpose();
      });
      background.schedule("b", ZERO, steps("b"));

      time.advance(ZERO);

      assertThat(ran).containsExactly("b 0");
    }
  }

  @Nested
  class WhenClosed {
    @Test
    void whatHasNotBegun_isDroppedAndNothingComesAfter() {
      background.schedule("a", ofSeconds(1), steps("a"));
      background.close();
      background.close();
      background.schedule("b", ZERO, steps("b"));

      time.advance(ofSeconds(10));

      assertThat(ran).isEmpty();
    }

    @Test
    void aStepThatRuns_endsAndHasNoNext() {
      background.schedule("a", ZERO, () -> {
        background.close();
        ran.add("a");
        return Optional.of(ZERO);
      });
      time.advance(ofSeconds(10));

      assertThat(ran).containsExactly("a");
    }

    @Test
    void aStepThatFails_isNotTriedAgain() {
      background.schedule("a", ZERO, () -> {
        background.close();
        ran.add("a");
        throw new OnPurpose();
      });
      time.advance(ofSeconds(10));

      assertThat(ran).containsExactly("a");
    }
  }

  private long seconds() {
    return Duration.between(START, time.instant()).toSeconds();
  }

  /** A job that notes when it runs, with these pauses between its steps. */
  private Job steps(String name, Duration... pauses) {
    Queue<Duration> left = new ArrayDeque<>(List.of(pauses));
    return () -> {
      ran.add(name + " " + seconds());
      return Optional.ofNullable(left.poll());
    };
  }

  /** Without a stack, for the sake of the log. */
  private static final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OnPurpose() {
      super("thrown on purpose by a test", null, false, false);
    }
  }
}
