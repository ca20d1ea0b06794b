package dev.strongroom.dbsecrets.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.OutsideException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameLocksTest {
  private final NameLocks locks = new NameLocks(Duration.ofMillis(20));
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    answered.countDown();
    thread.shutdownNow();
  }

  /** A database that does not answer. */
  private Future<Boolean> hold(String name) throws InterruptedException {
    Future<Boolean> holder = thread.submit(() -> locks.alone(name, () -> {
      held.countDown();
      try {
        answered.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    }));
    held.await();
    return holder;
  }

  @Test
  void alone_whileAnotherHoldsTheName_givesUp() throws Exception {
    Future<Boolean> holder = hold("dead");

    assertThatThrownBy(() -> locks.alone("dead", () -> true))
        .isInstanceOf(OutsideException.class)
        .hasMessageContaining("\"dead\" is being rotated");
    assertThat(locks.aloneNow("dead", () -> true)).isEmpty();
    assertThat(locks.<Boolean>alone("alive", () -> true)).isTrue();

    answered.countDown();
    assertThat(holder.get()).isTrue();
    assertThat(locks.aloneNow("dead", () -> true)).contains(true);
  }

  @Test
  void alone_whateverHappened_isForgotten() throws Exception {
    Future<Boolean> holder = hold("dead");
    assertThat(locks.aloneNow("dead", () -> true)).isEmpty();
    assertThatThrownBy(() -> locks.alone("fails", () -> {
          throw new OutsideException(OutsideException.Kind.RETRYABLE, "no");
        }))
        .hasMessage("no");
    assertThat(locks.size()).isEqualTo(1);

    answered.countDown();
    assertThat(holder.get()).isTrue();
    assertThat(locks.size()).isZero();
  }
}
