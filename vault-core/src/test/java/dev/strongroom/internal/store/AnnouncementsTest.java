package dev.strongroom.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Change;
import dev.strongroom.internal.store.Announcements.Announcement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
  private final List<Integer> told = new ArrayList<>();
  private final Announcements announcements =
      new Announcements(change -> told.add(change.version().orElseThrow()));

  private Announcement of(int... versions) {
    return announcements.of(IntStream.of(versions)
        .mapToObj(version -> new Change("notes/a", Change.Kind.WRITTEN, OptionalInt.of(version)))
        .toList());
  }

  private Announcement committed(int... versions) {
    Announcement announcement = of(versions);
    announcement.committed();
    return announcement;
  }

  @Test
  void committed_notVisibleYet_isNotTold() {
    committed(1);

    assertThat(told).isEmpty();
  }

  @Test
  void visible_outOfOrder_isToldInTheOrderOfTheCommits() {
    Announcement first = committed(1, 2);
    Announcement second = committed(3);
    Announcement third = committed(4);

    third.visible();
    second.visible();
    assertThat(told).isEmpty();
    first.visible();

    assertThat(told).containsExactly(1, 2, 3, 4);
  }

  @Test
  void visible_withoutACommit_isNotToldAndHoldsNobodyUp() {
    Announcement lost = of(1);
    Announcement next = committed(2);

    lost.visible();
    next.visible();

    assertThat(told).containsExactly(2);
  }

  @Test
  void close_tellsWhatNobodyHasSeenYet_andNothingTwice() {
    Announcement first = committed(1);
    Announcement second = committed(2);
    second.visible();

    announcements.close();
    first.visible();

    assertThat(told).containsExactly(1, 2);
  }

  @Test
  void committed_withNothingToTell_holdsNobodyUp() {
    committed();
    Announcement next = committed(1);

    next.visible();

    assertThat(told).containsExactly(1);
  }
}
