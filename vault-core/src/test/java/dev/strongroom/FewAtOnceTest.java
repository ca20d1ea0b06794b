package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FewAtOnceTest {
  private final Deque<Runnable> handed = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();

  @Test
  void execute_moreThanAFew_runsTheOthersInTheirPlace() {
    FewAtOnce few = new FewAtOnce(handed::add, 2);
    for (String name : List.of("a", "b", "c", "d")) {
      few.execute(() -> done.add(name));
    }

    assertThat(handed).hasSize(2);
    handed.remove().run();
    assertThat(done).containsExactly("a", "c", "d");
    handed.remove().run();
    assertThat(done).containsExactly("a", "c", "d", "b");
    few.execute(() -> done.add("e"));
    handed.remove().run();
    assertThat(done).endsWith("e");
  }

  @Test
  void execute_workFails_theOthersRunAllTheSame() {
    FewAtOnce few = new FewAtOnce(handed::add, 1);
    few.execute(() -> {
      throw new IllegalStateException("no");
    });
    few.execute(() -> done.add("b"));

    assertThatThrownBy(() -> handed.remove().run()).hasMessage("no");
    handed.remove().run();
    assertThat(done).containsExactly("b");
  }

  @Test
  void execute_notTaken_leavesThePlaceFree() {
    boolean[] full = new boolean[] {true};
    FewAtOnce few = new FewAtOnce(
        work -> {
          if (full[0]) {
            throw new RejectedExecutionException("full");
          }
          work.run();
        },
        1);
    assertThatThrownBy(() -> few.execute(() -> done.add("a")))
        .isInstanceOf(RejectedExecutionException.class);
    full[0] = false;

    few.execute(() -> done.add("b"));

    assertThat(done).containsExactly("b");
  }
}
