package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Thread.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for what is due at once, never for a delay. */
@Timeout(60)
class SystemTimeTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final SystemTime time = new SystemTime();
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void clocks_areThoseOfTheSystem() {
    Instant before = Instant.now();
    long nanos = System.nanoTime();

    assertThat(time.instant()).isBetween(before, Instant.now());
    assertThat(time.nanos() - nanos).isNotNegative();
  }

  @Test
  void after_noDelay_runsInOrderOnOneDaemonThread() throws InterruptedException {
    for (Duration delay : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
      time.after(delay, () -> {
        Thread thread = Thread.currentThread();
        ran.add(thread.getName() + " " + thread.isDaemon());
      });
      assertThat(ran.take()).isEqualTo("strongroom-background true");
    }
  }

  @Test
  void after_workThatThrows_doesNotStopLaterWork() throws InterruptedException {
    time.after(Duration.ZERO, () -> {
      throw new OnPurpose();
    });
    time.after(Duration.ZERO, () -> {
      throw new OnPurposeToo();
    });
    time.after(Duration.ZERO, () -> ran.add("later"));

    assertThat(ran.take()).isEqualTo("later");
  }

  @Test
  void cancel_beforeItRuns_dropsTheWork() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    time.after(Duration.ZERO, () -> await(release));
    TimeSource.Task dropped = time.after(Duration.ZERO, () -> ran.add("dropped"));
    time.after(Duration.ZERO, () -> ran.add("kept"));

    dropped.cancel();
    dropped.cancel();
    release.countDown();

    assertThat(ran.take()).isEqualTo("kept");
  }

  @Test
  void close_dropsWhatHasNotBegun_andWhatComesLater() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    time.after(Duration.ZERO, () -> {
      begun.countDown();
      await(release);
      ran.add("running");
    });
    begun.await();
    time.after(Duration.ZERO, () -> ran.add("waiting"));
    time.after(NEVER, () -> ran.add("far"));
    time.after(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("beyond"));
    Thread closer = start(time::close);
    awaitState(closer);
    release.countDown();
    closer.join();

    time.after(Duration.ZERO, () -> ran.add("too late")).cancel();

    assertThat(ran).containsExactly("running");
  }

  @Test
  void close_whileWorkRuns_waitsForItAndKeepsTheInterrupt() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    List<Boolean> seen = new ArrayList<>();
    time.after(Duration.ZERO, () -> {
      begun.countDown();
      await(release);
      done.set(true);
    });
    begun.await();

    Thread closer = start(() -> {
      time.close();
      seen.add(done.get());
      seen.add(Thread.currentThread().isInterrupted());
    });
    awaitState(closer);
    closer.interrupt();
    release.countDown();
    closer.join();

    assertThat(seen).containsExactly(true, true);
  }

  @Test
  void close_fromTheWorkItself_returns() throws InterruptedException {
    time.after(Duration.ZERO, () -> {
      time.close();
      ran.add("closed");
    });

    assertThat(ran.take()).isEqualTo("closed");
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "test");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Returns when the thread waits for something, or has ended. */
  private static void awaitState(Thread thread) {
    while (!List.of(State.WAITING, State.TIMED_WAITING, State.TERMINATED)
        .contains(thread.getState())) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Without a stack, for the sake of the log. */
  private static final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OnPurpose() {
      super("thrown on purpose by a test", null, false, false);
    }
  }

  /** As {@link OnPurpose}. */
  private static final class OnPurposeToo extends Error {
    private static final long serialVersionUID = 1L;

    OnPurposeToo() {
      super("thrown on purpose by a test", null, false, false);
    }
  }
}
