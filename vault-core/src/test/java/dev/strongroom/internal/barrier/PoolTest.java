package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final AtomicInteger made = new AtomicInteger();
  private final Set<Integer> wiped = ConcurrentHashMap.newKeySet();
  private final Pool<Integer> pool = new Pool<>(made::incrementAndGet, wiped::add);

  @Test
  void borrow_whatWasGivenBack_makesNothingNew() {
    Integer first = pool.borrow();
    pool.giveBack(first);

    assertThat(pool.borrow()).isSameAs(first);
    assertThat(made).hasValue(1);
    assertThat(wiped).isEmpty();
  }

  @Test
  void borrow_twice_givesTwoObjects() {
    assertThat(pool.borrow()).isNotEqualTo(pool.borrow());
  }

  @Test
  void giveBack_moreThanThePoolHolds_wipesTheRest() {
    List<Integer> borrowed =
        IntStream.range(0, 1000).mapToObj(i -> pool.borrow()).toList();
    borrowed.forEach(pool::giveBack);
    int kept = 1000 - wiped.size();

    assertThat(kept).isBetween(1, 2 * Runtime.getRuntime().availableProcessors());
    Set<Integer> again = new HashSet<>();
    IntStream.range(0, kept).forEach(i -> again.add(pool.borrow()));
    assertThat(again).hasSize(kept).doesNotContainAnyElementsOf(wiped);
    assertThat(made).hasValue(1000);
  }

  @Test
  void close_wipesWhatLiesInThePool_andWhatComesBackLater() {
    Integer pooled = pool.borrow();
    Integer out = pool.borrow();
    pool.giveBack(pooled);

    pool.close();
    assertThat(wiped).containsExactly(pooled);
    pool.giveBack(out);
    assertThat(wiped).containsExactlyInAnyOrder(pooled, out);
  }

  @Test
  void borrow_byManyThreads_neverGivesOneObjectToTwo() throws InterruptedException {
    Pool<AtomicBoolean> flags = new Pool<>(AtomicBoolean::new, flag -> {});
    Set<String> failures = Collections.synchronizedSet(new HashSet<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(new Thread(() -> {
        for (int i = 0; i < 20_000; i++) {
          AtomicBoolean mine = flags.borrow();
          if (!mine.compareAndSet(false, true)) {
            failures.add("somebody else has it");
          }
          mine.set(false);
          flags.giveBack(mine);
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
  }

  @Test
  void close_whileOthersWork_leavesNothingUnwiped() throws InterruptedException {
    Set<Object> all =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    Set<Object> clean =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    Pool<Object> objects = new Pool<>(
        () -> {
          Object object = new Object();
          all.add(object);
          return object;
        },
        clean::add);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(new Thread(() -> {
        for (int i = 0; i < 5_000; i++) {
          objects.giveBack(objects.borrow());
        }
      }));
    }
    threads.forEach(Thread::start);
    objects.close();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(clean).hasSameSizeAs(all);
  }
}
