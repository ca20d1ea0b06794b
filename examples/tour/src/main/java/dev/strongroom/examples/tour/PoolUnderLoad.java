package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.progress;
import static dev.strongroom.examples.tour.Console.require;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.Session;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.dbsecrets.RotationEvent;
import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** A connection pool that goes from one user to the next while it is used. */
final class PoolUnderLoad {
  /** Of a database user; seconds where an application has hours. */
  static final Duration LIFETIME = Duration.ofSeconds(4);

  private static final int ROTATIONS = 5;
  private static final int THREADS = 8;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private PoolUnderLoad() {}

  static void tell(Session root, TestPostgres postgres) throws Exception {
    chapter("A pool that nobody sees rotating");
    say(THREADS + " threads query without a pause to speak of; the pool's users live for "
        + LIFETIME.toSeconds() + " s.");
    CountDownLatch rotations = new CountDownLatch(ROTATIONS);
    AtomicLong queries = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (RotatingDataSource pool = RotatingDataSource.builder()
        .role(Database.at(root, "database"), "pool")
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(THREADS)
        .onEvent(event -> count(event, rotations))
        .open()) {
      List<Future<?>> load = new ArrayList<>();
      progress("rotations", 0, ROTATIONS);
      for (int i = 0; i < THREADS; i++) {
        load.add(threads.submit(() -> query(pool, rotations, queries)));
      }
      for (Future<?> each : load) {
        each.get(); // a borrow or a query that failed ends the tour
      }
    } finally {
      threads.shutdown();
    }
    require(queries.get() > 0, "queries were made");
    say(queries + " queries over " + ROTATIONS + " rotations: none failed.");
  }

  private static void count(RotationEvent event, CountDownLatch rotations) {
    if (event instanceof RotationEvent.Rotated && rotations.getCount() > 0) {
      rotations.countDown();
      progress("rotations", ROTATIONS - rotations.getCount(), ROTATIONS);
    }
  }

  private static boolean query(DataSource pool, CountDownLatch rotations, AtomicLong queries)
      throws SQLException {
    while (rotations.getCount() > 0) {
      try (Connection connection = pool.getConnection()) {
        queries.addAndGet(Orders.count(connection) > 0 ? 1 : 0);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }
}
