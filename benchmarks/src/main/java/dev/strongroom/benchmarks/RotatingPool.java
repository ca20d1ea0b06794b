package dev.strongroom.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.dbsecrets.RotationEvent;
import dev.strongroom.fixture.TestPostgres;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Does anything fail when a pool's credentials rotate under load? A pool of ten, borrowed by twelve
 * threads that pause a few milliseconds between two statements, follows a role whose users live for
 * seconds; and what a borrow costs beside a plain pool. A user must be made within two thirds of
 * its life, which a machine that is busy with other things may not do for the shortest.
 *
 * <p>Arguments: rotations (default 1,000), lifetime of a user in seconds (default 3).
 */
public final class RotatingPool {
  private static final PrintStream OUT = System.out;
  private static final int POOL_SIZE = 10;
  private static final int THREADS = 12;
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int BORROWS = 200_000;

  private RotatingPool() {}

  public static void main(String[] args) throws SQLException, InterruptedException {
    int rotations = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    try (TestPostgres postgres = TestPostgres.create();
        Vault vault = Vault.builder()
            .storage(InMemoryStorage.create())
            .mount("database", DatabaseSecrets.postgresql())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      try (Session root = vault.session(keys.rootToken())) {
        configure(root, postgres, seconds);
        rotate(root, postgres, rotations);
        compare(root, postgres);
      }
    }
  }

  private static void configure(Session root, TestPostgres postgres, int seconds) {
    postgres.execute("CREATE TABLE t (n int)");
    Database database = Database.at(root, "database");
    database.configure(
        "pg",
        DatabaseConfig.of(
                postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
            .withAllowedRoles("*")
            .withPlainPasswords());
    role(database, "short", seconds);
    role(database, "long", 86_400);
  }

  private static void role(Database database, String name, int seconds) {
    Duration ttl = Duration.ofSeconds(seconds);
    DatabaseRole role = DatabaseRole.of("pg", """
        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';
        GRANT INSERT, SELECT ON public.t TO "{{name}}";
        """);
    database.putRole(name, role.withTtls(ttl, ttl));
  }

  private static void rotate(Session root, TestPostgres postgres, int rotations)
      throws SQLException, InterruptedException {
    AtomicLong rotated = new AtomicLong();
    AtomicLong ended = new AtomicLong();
    AtomicLong troubles = new AtomicLong();
    Load load = new Load();
    try (RotatingDataSource pool = RotatingDataSource.builder()
        .role(Database.at(root, "database"), "short")
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(POOL_SIZE)
        .onEvent(event -> {
          if (event instanceof RotationEvent.Rotated) {
            rotated.incrementAndGet();
          } else if (event instanceof RotationEvent.ConnectionsEnded) {
            ended.incrementAndGet();
          } else if (event instanceof RotationEvent.Failed
              || event instanceof RotationEvent.Expired) {
            troubles.incrementAndGet();
            OUT.println(event);
          }
        })
        .open()) {
      load.start(pool);
      while (rotated.get() < rotations) {
        Thread.sleep(Duration.ofSeconds(1).toMillis());
      }
      load.stop();
    }
    OUT.printf(
        "%d rotations, %d statements, %d failed borrows, %d failed statements,%n"
            + "%d times connections ended, %d troubles, longest borrow %d ms, users left %d%n",
        rotated.get(),
        load.done.get(),
        load.failedBorrows.get(),
        load.failedStatements.get(),
        ended.get(),
        troubles.get(),
        Duration.ofNanos(load.longestNanos.get()).toMillis(),
        usersLeftSoon(postgres));
  }

  /** The vault may still be removing the last of them. */
  private static int usersLeftSoon(TestPostgres postgres)
      throws SQLException, InterruptedException {
    for (int tries = 0; tries < 10 && usersLeft(postgres) > 0; tries++) {
      Thread.sleep(Duration.ofSeconds(1).toMillis());
    }
    return usersLeft(postgres);
  }

  private static int usersLeft(TestPostgres postgres) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'v-root-short-%'")) {
      count.next();
      return count.getInt(1);
    }
  }

  /** Borrows, inserts and gives back, from many threads. */
  private static final class Load {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failedBorrows = new AtomicLong();
    private final AtomicLong failedStatements = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    void start(DataSource pool) {
      for (int i = 0; i < THREADS; i++) {
        Thread thread = new Thread(() -> run(pool), "load-" + i);
        threads.add(thread);
        thread.start();
      }
    }

    private void run(DataSource pool) {
      while (!stop.get()) {
        long begin = System.nanoTime();
        try (Connection connection = pool.getConnection()) {
          longestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
          insert(connection);
        } catch (SQLException e) {
          failedBorrows.incrementAndGet();
          OUT.println("borrow: " + e.getMessage());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    private void insert(Connection connection) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO t VALUES (1)");
        done.incrementAndGet();
      } catch (SQLException e) {
        failedStatements.incrementAndGet();
        OUT.println("statement: " + e.getMessage());
      }
    }

    void stop() throws InterruptedException {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** Borrows and gives back in turns from both pools, by one thread. */
  private static void compare(Session root, TestPostgres postgres) throws SQLException {
    HikariConfig plain = new HikariConfig();
    plain.setJdbcUrl(postgres.jdbcUrl());
    plain.setUsername(postgres.superuser());
    plain.setPassword(postgres.superuserPassword());
    plain.setMaximumPoolSize(POOL_SIZE);
    try (HikariDataSource without = new HikariDataSource(plain);
        RotatingDataSource with = RotatingDataSource.builder()
            .role(Database.at(root, "database"), "long")
            .jdbcUrl(postgres.jdbcUrl())
            .maximumPoolSize(POOL_SIZE)
            .open()) {
      double[] ratios = new double[21];
      for (int round = 0; round < ratios.length; round++) {
        double plainNanos = nanosOfBorrow(without);
        double rotatingNanos = nanosOfBorrow(with);
        ratios[round] = rotatingNanos / plainNanos;
        if (round == ratios.length - 1) {
          OUT.printf(
              "a borrow: %.0f ns, plain %.0f ns, median ratio %.3f%n",
              rotatingNanos, plainNanos, Median.of(ratios));
        }
      }
    }
  }

  private static double nanosOfBorrow(DataSource pool) throws SQLException {
    long begin = System.nanoTime();
    for (int i = 0; i < BORROWS; i++) {
      pool.getConnection().close();
    }
    return (double) (System.nanoTime() - begin) / BORROWS;
  }
}
