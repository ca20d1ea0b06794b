package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VirtualTime;
import dev.strongroom.dbsecrets.RotationEvent.ConnectionsEnded;
import dev.strongroom.dbsecrets.RotationEvent.Expired;
import dev.strongroom.dbsecrets.RotationEvent.Failed;
import dev.strongroom.dbsecrets.RotationEvent.Renewed;
import dev.strongroom.dbsecrets.RotationEvent.Retired;
import dev.strongroom.dbsecrets.RotationEvent.Rotated;
import dev.strongroom.dbsecrets.RotationEvent.Step;
import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

/** Rotation on virtual time, with a real database: what happens there takes real moments. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // not a measure: only what never comes takes it
@Tag("slow")
class RotatingDataSourceTest {
  private static final Duration TTL = Duration.ofMinutes(10);

  /** After this a credential of {@link #TTL} is renewed or replaced, whatever the scatter. */
  private static final Duration ACTION = Duration.ofMinutes(7);

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<RotationEvent> events = new CopyOnWriteArrayList<>();
  private TestPostgres postgres;
  private RolesOfDatabase roles;

  @BeforeEach
  void makeDatabase() {
    postgres = TestPostgres.create();
    roles = new RolesOfDatabase(postgres, time, TTL, TTL); // never longer: each action is another
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    roles.close();
    postgres.close();
    assertThat(roles.droppedWithSessions()).isEmpty();
  }

  private RotatingDataSourceBuilder pool() {
    return RotatingDataSource.builder()
        .source(roles)
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(3)
        .minimumIdle(1)
        .time(time)
        .onEvent(events::add);
  }

  private String user(int number) {
    return postgres.database() + "_u" + number;
  }

  private static String userOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet user = statement.executeQuery("SELECT current_user")) {
      user.next();
      return user.getString(1);
    }
  }

  private static String borrowedUser(RotatingDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return userOf(connection);
    }
  }

  /** Waits for what takes real time, while which the virtual one goes on as fast. */
  private void await(BooleanSupplier condition) {
    long last = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new AssertionError("it never came");
      }
      Thread.onSpinWait();
      long now = System.nanoTime();
      time.advance(Duration.ofNanos(now - last));
      last = now;
    }
  }

  private <T> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void rotation_idlePool_hasTheNewUserAndDropsTheOld() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      assertThat(borrowedUser(pool)).isEqualTo(user(1));

      await(() -> advanceUntilRotated(1));
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
      await(() -> pool.status().draining() == 0);
      time.advance(Duration.ofSeconds(2));

      assertThat(roles.live()).containsExactly(user(2));
      assertThat(events).endsWith(new Rotated(user(1), user(2)), new Retired(user(1)));
    }
    assertThat(roles.live()).isEmpty();
    assertThat(events).last().isEqualTo(new Retired(user(2)));
  }

  @Test
  void rotation_leaseThatCanBeRenewed_isRenewedUntilItsEnd() throws SQLException {
    roles = new RolesOfDatabase(postgres2(), time, TTL, Duration.ofMinutes(20));
    try (RotatingDataSource pool = pool().open()) {
      time.advance(ACTION);
      assertThat(events).containsExactly(new Renewed(user(1), TTL));
      assertThat(borrowedUser(pool)).isEqualTo(user(1));

      time.advance(Duration.ofMinutes(12)); // before 20 minutes of the first are over
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
      assertThat(events(Rotated.class)).hasSize(1);
      assertThat(events(Expired.class)).isEmpty();
    }
  }

  /** The same database: only the table is there already. */
  private TestPostgres postgres2() {
    postgres.execute("DROP TABLE t");
    return postgres;
  }

  @Test
  void rotation_borrowedConnection_worksUntilItComesBack() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      try (Connection borrowed = pool.getConnection()) {
        borrowed.setAutoCommit(false);
        insert(borrowed);
        await(() -> advanceUntilRotated(1));
        insert(borrowed);
        borrowed.commit();
        assertThat(userOf(borrowed)).isEqualTo(user(1));
        assertThat(borrowedUser(pool)).isEqualTo(user(2));
        assertThat(roles.live()).containsExactly(user(1), user(2));
        assertThat(pool.status().active()).isEqualTo(1);
        assertThat(pool.status().draining()).isEqualTo(1);
      }
      await(() -> pool.status().draining() == 0);
      time.advance(Duration.ofSeconds(2));
      assertThat(roles.live()).containsExactly(user(2));
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (1)");
    }
  }

  @Test
  void rotation_transactionBeyondTheDrainLimit_isEndedAndReported() throws SQLException {
    try (RotatingDataSource pool = pool().drainLimit(Duration.ofSeconds(20)).open();
        Connection borrowed = pool.getConnection()) {
      borrowed.setAutoCommit(false);
      insert(borrowed);

      await(() -> advanceUntilRotated(1));
      await(() -> pool.status().draining() == 1); // the idle ones are closed
      assertThat(events(ConnectionsEnded.class)).isEmpty();
      time.advance(Duration.ofSeconds(20));
      assertThat(events).contains(new ConnectionsEnded(user(1), 1));
      assertThatThrownBy(() -> insert(borrowed)).isInstanceOf(SQLException.class);
      await(() -> roles.sessionsOf(user(1)) == 0);
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
    }
    assertThat(events).contains(new Retired(user(1)));
  }

  @Test
  void rotation_newCredentialDoesNotWork_staysWithTheOldAndTriesAgain() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      roles.sayWrongPasswords(true);
      time.advance(ACTION);
      assertThat(borrowedUser(pool)).isEqualTo(user(1));
      assertThat(events(Failed.class)).isNotEmpty().allSatisfy(failed -> {
        assertThat(failed.step()).isEqualTo(Step.PROBE);
        assertThat(failed.user()).isEqualTo(user(1));
        assertThat(failed.nextTry()).isPresent();
      });
      assertThat(roles.live()).as("what was not used is given back").containsExactly(user(1));

      roles.sayWrongPasswords(false);
      time.advance(Duration.ofSeconds(40));
      assertThat(borrowedUser(pool)).isEqualTo(user(roles.made()));
      assertThat(events(Expired.class)).isEmpty();
    }
  }

  @Test
  void rotation_somethingFailsUnexpectedly_isTriedAgain() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      roles.failPasswords(true);
      time.advance(ACTION);
      assertThat(events(Failed.class)).isNotEmpty();

      roles.failPasswords(false);
      time.advance(Duration.ofSeconds(40));
      assertThat(borrowedUser(pool)).isEqualTo(user(roles.made()));
      assertThat(events(Expired.class)).isEmpty();
    }
  }

  @Test
  void rotation_vaultIsAway_staysWithTheOldAndTriesAgain() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      roles.fail(ErrorCode.SEALED);
      time.advance(ACTION);
      assertThat(borrowedUser(pool)).isEqualTo(user(1));
      List<Duration> pauses = events(Failed.class).stream()
          .map(failed -> failed.nextTry().orElseThrow())
          .toList();
      assertThat(pauses).hasSizeGreaterThan(3).allSatisfy(pause -> assertThat(pause)
          .isBetween(Duration.ofMillis(800), Duration.ofSeconds(36)));
      assertThat(pauses.get(3)).isGreaterThan(pauses.get(0).multipliedBy(2));

      time.advance(TTL);
      assertThat(events(Expired.class)).containsExactly(new Expired(user(1)));

      roles.fail(null);
      time.advance(Duration.ofSeconds(40));
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
    }
  }

  @Test
  void rotation_revocationFails_isTriedAgain() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      try (Connection borrowed = pool.getConnection()) {
        await(() -> advanceUntilRotated(1));
        roles.fail(ErrorCode.STORAGE_FAILED);
        assertThat(userOf(borrowed)).isEqualTo(user(1));
      }
      await(() -> pool.status().draining() == 0);
      time.advance(Duration.ofSeconds(2));
      assertThat(events(Failed.class)).isNotEmpty().allSatisfy(failed -> {
        assertThat(failed.step()).isEqualTo(Step.REVOKE);
        assertThat(failed.user()).isEqualTo(user(1));
      });
      roles.fail(null);
      time.advance(Duration.ofSeconds(10));
      assertThat(roles.live()).containsExactly(user(2));
    }
  }

  private boolean advanceUntilRotated(int times) {
    if (events(Rotated.class).size() < times) {
      time.advance(Duration.ofSeconds(1));
    }
    return events(Rotated.class).size() >= times;
  }

  @Test
  void rotation_poolAtItsMaximum_opensNoMoreConnections() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (RotatingDataSource pool = pool().open()) {
      List<Connection> borrowed = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        borrowed.add(pool.getConnection());
      }
      await(() -> advanceUntilRotated(1));
      Future<String> waiting = threads.submit(() -> borrowedUser(pool));
      await(() -> pool.status().waiting() == 1);
      assertThat(roles.sessionsOf(user(1))).isEqualTo(3);
      assertThat(roles.sessionsOf(user(2))).isZero();

      borrowed.get(0).close();
      assertThat(waiting.get()).isEqualTo(user(2));
      assertThat(userOf(borrowed.get(1))).isEqualTo(user(1));
      borrowed.get(1).close();
      borrowed.get(2).close();
      await(() -> pool.status().draining() == 0);
      time.advance(Duration.ofSeconds(2));
      assertThat(roles.live()).containsExactly(user(2));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void rotation_userIsGone_isReplacedWithoutWaiting() throws SQLException {
    try (RotatingDataSource pool = pool().open()) {
      roles.clear(); // somebody revoked it
      CompletableFuture<String> borrowed = CompletableFuture.supplyAsync(() -> {
        try {
          return borrowedUser(pool);
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      });
      await(() -> {
        time.advance(Duration.ofMillis(1));
        return borrowed.isDone();
      });
      assertThat(borrowed.join()).isEqualTo(user(2));
    }
  }

  @Test
  void rotation_databaseIsAway_workGoesOnAfterwards() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (RotatingDataSource pool = pool().open()) {
      assertThat(borrowedUser(pool)).isEqualTo(user(1));
      away(true);
      Future<String> waiting = threads.submit(() -> userAfterRestart(pool));
      time.advance(ACTION);
      assertThat(events(Failed.class)).isNotEmpty();
      away(false);
      time.advance(Duration.ofSeconds(40));
      assertThat(waiting.get()).isIn(user(1), user(2));
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
    } finally {
      threads.shutdownNow();
    }
  }

  /** Borrowing never fails; a connection that was used a moment ago may be cut. */
  private static String userAfterRestart(RotatingDataSource pool) throws SQLException {
    while (true) {
      try (Connection connection = pool.getConnection()) {
        try {
          return userOf(connection);
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isIn("57P01", "08006", "08003");
        }
      }
    }
  }

  /** As at a restart: everybody is thrown out, and nobody comes in. */
  private void away(boolean away) throws SQLException {
    String server = postgres.jdbcUrl().replace(postgres.database(), "postgres");
    roles.fail(away ? ErrorCode.OUTSIDE_FAILED : null);
    try (Connection connection = java.sql.DriverManager.getConnection(
            server, postgres.superuser(), postgres.superuserPassword());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + postgres.database() + " ALLOW_CONNECTIONS " + !away);
      if (away) {
        statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + postgres.database() + "'");
      }
    }
  }

  @Test
  void rotation_underLoad_failsNothing() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try (RotatingDataSource pool = pool().maximumPoolSize(4).minimumIdle(4).open()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        workers.add(threads.submit(() -> {
          while (!stop.get()) {
            try (Connection connection = pool.getConnection()) {
              insert(connection);
              done.incrementAndGet();
            }
          }
          return null;
        }));
      }
      for (int rotations = 1; rotations <= 30; rotations++) {
        int wanted = rotations;
        await(() -> advanceUntilRotated(wanted));
        await(() -> pool.status().draining() == 0);
        time.advance(Duration.ofSeconds(1)); // looks, finds none, and drops the user
      }
      stop.set(true);
      for (Future<?> worker : workers) {
        worker.get(); // throws what failed
      }
      assertThat(done).hasValueGreaterThan(30);
      assertThat(events(ConnectionsEnded.class)).isEmpty();
      assertThat(roles.live()).hasSize(1);
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  @Test
  void rotation_listenerThrows_goesOn() throws SQLException {
    try (RotatingDataSource pool = pool()
        .onEvent(event -> {
          throw new IllegalStateException("a listener of the test");
        })
        .open()) {
      time.advance(ACTION);
      assertThat(borrowedUser(pool)).isEqualTo(user(2));
    }
  }

  @Test
  void getConnection_isWhatTheDriverMadeInThePoolsOwnWrapper() throws SQLException {
    try (RotatingDataSource pool = pool().open();
        Connection connection = pool.getConnection()) {
      assertThat(connection.getClass().getPackageName()).isEqualTo("com.zaxxer.hikari.pool");
      assertThat(connection.unwrap(PGConnection.class).getClass().getPackageName())
          .isEqualTo("org.postgresql.jdbc");
    }
  }

  @Test
  void close_borrowedConnection_isEndedAndTheUserDropped() throws SQLException {
    RotatingDataSource pool = pool().open();
    Connection borrowed = pool.getConnection();
    pool.close();
    pool.close();
    assertThatThrownBy(() -> insert(borrowed)).isInstanceOf(SQLException.class);
    assertThatThrownBy(pool::getConnection).isInstanceOf(SQLException.class);
    assertThat(roles.live()).isEmpty();
  }

  @Test
  void open_credentialThatDoesNotWork_failsAndGivesItBack() {
    roles.sayWrongPasswords(true);
    assertThatThrownBy(() -> pool().open())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
        .hasMessageNotContaining("p-");
    assertThat(roles.made()).isEqualTo(1);
    assertThat(roles.live()).isEmpty();
  }

  @Test
  void builder_badValues_areRefusedWithTheRange() {
    RotatingDataSourceBuilder builder = RotatingDataSource.builder();
    assertThatThrownBy(builder::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a pool needs a role and a jdbcUrl");
    assertRefused(() -> builder.maximumPoolSize(0), "maximumPoolSize is 1 to 10000, but got 0");
    assertRefused(() -> builder.minimumIdle(0), "minimumIdle is 1 to 10000, but got 0");
    assertRefused(
        () -> builder.connectionTimeout(Duration.ofMillis(249)),
        "connectionTimeout is PT0.25S to PT10M, but got PT0.249S");
    assertRefused(
        () -> builder.maxLifetime(Duration.ofSeconds(29)),
        "maxLifetime is PT30S to PT24H, but got PT29S");
    assertRefused(
        () -> builder.idleTimeout(Duration.ZERO), "idleTimeout is PT10S to PT24H, but got PT0S");
    assertRefused(
        () -> builder.drainLimit(Duration.ofDays(2)),
        "drainLimit is PT0.1S to PT24H, but got PT48H");
    assertRefused(() -> builder.name("a:b"), "a name has 1 to 64 characters and no colon");
    assertRefused(() -> builder.jdbcUrl("jdbc:mysql://h/d"), "a URL begins with jdbc:postgresql:");
    assertRefused(
        () -> builder.jdbcUrl("jdbc:postgresql://h/d?ssl=true&PASSWORD=x"),
        "user and password come from the vault, not from the URL");
    assertRefused(
        () -> builder.driverProperty("user", "x"), "user and password come from the vault");
    assertRefused(() -> pool().minimumIdle(4).open(), "minimumIdle is 1 to 3, but got 4");
    assertThatThrownBy(() -> pool().source(roles)).isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
