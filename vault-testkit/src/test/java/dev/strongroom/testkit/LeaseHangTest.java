package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Request;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.SecretEngine;
import dev.strongroom.testkit.OutsideWorld.Hang;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that takes the call and never answers. */
@Timeout(60)
class LeaseHangTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int SIDE_BY_SIDE = 8;
  private static final int MAX_OVERDUE = 4;

  private final VirtualTime[] clock = new VirtualTime[1];
  private final OutsideWorld dead = new OutsideWorld(() -> clock[0].instant());
  private final OutsideWorld sound = new OutsideWorld(() -> clock[0].instant());
  private final Threads threads = new Threads();
  private final InMemoryVault vault = Vault.inMemory(builder -> builder
      .mount("dead", Mount.of(new LeasedEngine(dead)))
      .mount("sound", Mount.of(new NamedEngine("sound", new LeasedEngine(sound))))
      .outsideExecutor(threads));

  /** Threads of which a test knows how many are busy. */
  private static final class Threads implements Executor, AutoCloseable {
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @GuardedBy("this")
    private int busy;

    @Override
    public synchronized void execute(Runnable work) {
      busy++;
      pool.execute(() -> {
        try {
          work.run();
        } finally {
          ended();
        }
      });
    }

    private synchronized void ended() {
      busy--;
      notifyAll();
    }

    /** Waits until no more than so many are busy. */
    synchronized void awaitBusy(int most) throws InterruptedException {
      while (busy > most) {
        wait();
      }
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  @BeforeEach
  void makeRoles() {
    clock[0] = vault.time();
    role("dead");
    role("sound");
  }

  @AfterEach
  void close() {
    dead.hang(Hang.NONE);
    vault.close();
    threads.close();
  }

  private void role(String mount) {
    vault
        .root()
        .request(Request.write(mount + "/roles/app", Map.of("ttl", "1h")))
        .orThrow();
  }

  private String issue(String mount) {
    return vault
        .root()
        .request(Request.read(mount + "/creds/app"))
        .orThrow()
        .lease()
        .orElseThrow()
        .id();
  }

  private Leases leases() {
    return Leases.of(vault.root());
  }

  @Test
  void attempt_hangs_isInterruptedAfterItsLimitAndCounted() throws Exception {
    String id = issue("dead");
    dead.hang(Hang.INTERRUPTIBLY);
    vault.time().advance(Duration.ofHours(1));
    dead.awaitCalls(2);
    vault.time().advance(LIMIT.minusSeconds(1));
    assertThat(leases().lookup(id).revokeError()).isEmpty();

    vault.time().advance(Duration.ofSeconds(1));
    threads.awaitBusy(0);

    assertThat(leases().lookup(id).revokeError()).contains("took longer than 90 s");
    dead.hang(Hang.NONE);
    vault.time().advance(Duration.ofMinutes(1));
    threads.awaitBusy(0);
    vault.time().advance(Duration.ZERO);
    assertThat(dead.users()).isEmpty();
    assertThat(leases().list("dead")).isEmpty();
  }

  @Test
  void attempts_hangForEver_holdAFewThreadsAndNoOtherMount() throws Exception {
    for (int i = 0; i < 50; i++) {
      issue("dead");
      issue("sound");
    }
    dead.hang(Hang.STUBBORNLY);

    vault.time().advance(Duration.ofMinutes(75));
    threads.awaitBusy(SIDE_BY_SIDE + MAX_OVERDUE);

    assertThat(sound.users()).isEmpty();
    assertThat(dead.calls().stream().filter(call -> call.startsWith("drop")))
        .hasSizeLessThanOrEqualTo(SIDE_BY_SIDE + MAX_OVERDUE);
    dead.hang(Hang.NONE);
    threads.awaitBusy(0);
    vault.time().advance(Duration.ofMinutes(10));
    threads.awaitBusy(0);
    vault.time().advance(Duration.ofMinutes(10));
    threads.awaitBusy(0);
    vault.time().advance(Duration.ZERO);
    assertThat(dead.users()).isEmpty();
    assertThat(leases().list("dead")).isEmpty();
  }

  @Test
  void attempt_hangs_othersOfTheMountAreRevokedAndForgottenMeanwhile() throws Exception {
    String slow = issue("dead");
    String user = dead.users().keySet().iterator().next();
    for (int i = 0; i < 250; i++) {
      issue("dead");
    }
    dead.hang(Hang.STUBBORNLY, user);

    vault.time().advance(Duration.ofHours(1));
    threads.awaitBusy(1);
    vault.time().advance(Duration.ZERO);

    assertThat(dead.users()).containsOnlyKeys(user);
    assertThat(leases().list("dead/creds/app"))
        .containsExactly(slow.substring("dead/creds/app/".length()));
  }

  @Test
  void leases_areRevokedByCallersWhileTheyAreDue_allEnd() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      ids.add(issue("sound"));
    }
    FutureTask<Void> callers = new FutureTask<>(() -> ids.forEach(leases()::revoke), null);
    threads.execute(callers);

    vault.time().advance(Duration.ofHours(1));
    callers.get();
    threads.awaitBusy(0);
    vault.time().advance(Duration.ZERO);

    assertThat(sound.users()).isEmpty();
    assertThat(leases().list("sound")).isEmpty();
  }

  /** An engine under another name. */
  private record NamedEngine(String name, LeasedEngine engine) implements EngineType {
    @Override
    public SecretEngine create(MountContext context) {
      return engine.create(context);
    }
  }
}
