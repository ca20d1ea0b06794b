package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.VirtualTime;
import dev.strongroom.dbsecrets.RotationEvent.Failed;
import dev.strongroom.dbsecrets.RotationEvent.Rotated;
import dev.strongroom.fixture.RestartableServer;
import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server is stopped and started again under a pool, while its credential is replaced. */
@Timeout(value = 120, unit = TimeUnit.SECONDS) // not a measure: only what never comes takes it
@Tag("slow")
class RestartedServerTest {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration ACTION = Duration.ofMinutes(7);
  private static final int WORKERS = 4;

  private final RestartableServer server = RestartableServer.start();
  private final TestPostgres postgres = server.create();
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final RolesOfDatabase roles = new RolesOfDatabase(postgres, time, TTL, TTL);
  private final List<RotationEvent> events = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger done = new AtomicInteger();

  @AfterEach
  void close() {
    stop.set(true);
    threads.shutdownNow();
    server.close();
  }

  @Test
  void pool_whoseServerIsRestarted_borrowsOnAndRotates() throws Exception {
    try (RotatingDataSource pool = RotatingDataSource.builder()
        .source(roles)
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(3)
        .minimumIdle(1)
        .connectionTimeout(Duration.ofMinutes(2)) // a busy machine restarts slowly
        .time(time)
        .onEvent(events::add)
        .open()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(threads.submit(() -> work(pool)));
      }
      awaitMoreWork();

      roles.fail(ErrorCode.OUTSIDE_FAILED); // the vault does not reach it either
      server.stop();
      time.advance(ACTION);
      assertThat(events).hasAtLeastOneElementOfType(Failed.class);
      server.startAgain();
      roles.fail(null);
      awaitMoreWork();
      time.advance(Duration.ofSeconds(40)); // the longest pause
      assertThat(events).hasAtLeastOneElementOfType(Rotated.class);
      awaitMoreWork();

      stop.set(true);
      for (Future<?> worker : workers) {
        worker.get(); // throws what failed
      }
      time.advance(Duration.ofMinutes(1)); // the old user is retired
      assertThat(roles.live()).hasSize(1);
      assertThat(pool.status().active()).isZero();
    }
    assertThat(roles.live()).isEmpty();
    assertThat(roles.droppedWithSessions()).isEmpty();
    roles.close();
  }

  /** Borrowing never fails; statements do whose connection was cut. */
  private Void work(RotatingDataSource pool) throws SQLException {
    while (!stop.get()) {
      try (Connection connection = pool.getConnection()) {
        try (ResultSet one = connection.createStatement().executeQuery("SELECT 1")) {
          assertThat(one.next()).isTrue();
          done.incrementAndGet();
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isIn("57P01", "57P02", "08006", "08003");
        }
      }
    }
    return null;
  }

  private void awaitMoreWork() {
    int before = done.get();
    while (done.get() < before + 10) {
      if (Thread.interrupted()) {
        throw new AssertionError("it never came");
      }
      Thread.onSpinWait();
    }
  }
}
