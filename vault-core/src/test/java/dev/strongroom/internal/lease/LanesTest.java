package dev.strongroom.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.VirtualTime;
import dev.strongroom.internal.background.Background;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Lanes.Place MOUNT = new Lanes.Place(new UUID(0, 1), "");
  private static final Duration ATTEMPT = Duration.ofMillis(10);
  private static final int ROOM = 5_000;
  private static final int SIDE_BY_SIDE = 8;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final Deque<Runnable> handedOver = new ArrayDeque<>();
  private final Lanes lanes =
      new Lanes(Optional.of(handedOver::add), new Background(time), time, new SecureRandom());
  private int added;

  private static final class Nothing implements Lanes.Work {
    @Override
    public void run(Lanes.Attempt attempt) {}

    @Override
    public void overdue() {}
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      lanes.add(MOUNT, "lease" + added++, new Nothing());
    }
  }

  private Duration turn() {
    return lanes.wait(MOUNT, time.instant());
  }

  /** Runs attempts one after the other, and fills what they leave. */
  private void run(int attempts, Duration each) {
    lanes.run();
    for (int i = 0; i < attempts; i++) {
      time.advance(each);
      handedOver.remove().run();
    }
    add(attempts + SIDE_BY_SIDE);
  }

  @Test
  void lane_withRoom_takesMore() {
    add(ROOM - 1);

    assertThat(turn()).isZero();
  }

  @Test
  void pause_ofOnePlace_keepsNobodyElsewhereWaiting() {
    Lanes.Place other = new Lanes.Place(MOUNT.mount(), "other");

    assertThat(lanes.pause(MOUNT, time.instant())).isPositive();

    assertThat(turn()).isPositive();
    assertThat(lanes.wait(other, time.instant())).isZero();
  }

  @Test
  void wait_whereThereAreVeryManyPlaces_hasLessRoomForEach() {
    for (int place = 0; place < 4; place++) {
      for (int i = 0; i < ROOM - 1; i++) {
        lanes.add(new Lanes.Place(MOUNT.mount(), "p" + place), "lease" + added++, new Nothing());
      }
    }
    assertThat(turn()).isZero();
    add(100);

    assertThat(turn()).isPositive();
  }

  @Test
  void lane_full_hasOthersBackWhenItHasGotHalfway() {
    add(ROOM);
    run(1_000, ATTEMPT);

    assertThat(turn()).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(26));
  }

  @Test
  void lane_full_spreadsManyAtTwiceItsPace() {
    add(ROOM);
    run(1_000, ATTEMPT);
    Duration first = turn();
    for (int i = 0; i < 2_000; i++) {
      turn();
    }

    Duration later = turn().minus(first);
    assertThat(later).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
  }

  @Test
  void lane_full_keepsNobodyAwayForEver() {
    add(ROOM);
    for (int i = 0; i < 100_000; i++) {
      time.advance(Duration.ofMillis(1));
      assertThat(turn()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(320));
    }
  }

  @Test
  void lane_getsFaster_bringsThemBackSooner() {
    add(ROOM);
    run(1_000, ATTEMPT);
    assertThat(turn()).isGreaterThan(Duration.ofSeconds(20));
    time.advance(Duration.ofMinutes(1));
    run(2_000, Duration.ZERO);

    assertThat(turn()).isEqualTo(Duration.ofSeconds(1));
  }
}
