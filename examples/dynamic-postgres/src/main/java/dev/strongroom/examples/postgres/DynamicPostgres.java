package dev.strongroom.examples.postgres;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.dbsecrets.RotationEvent;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.request.Lease;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Users of a database that live as long as their lease, and a pool that follows them. */
public final class DynamicPostgres {
  private static final PrintStream OUT = System.out;
  private static final int ROTATIONS = 10;
  private static final int BORROWERS = 12;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private DynamicPostgres() {}

  public static void main(String[] args) throws SQLException, InterruptedException {
    try (TestPostgres postgres = TestPostgres.create();
        Vault vault = Vault.builder()
            .storage(InMemoryStorage.create())
            .mount("database", DatabaseSecrets.postgresql())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      postgres.execute(
          "CREATE TABLE public.orders (id int PRIMARY KEY, customer text)",
          "INSERT INTO public.orders VALUES (1, 'Ada'), (2, 'Grace')");
      try (Session root = vault.session(keys.rootToken())) {
        title("A connection and its roles");
        Database database = Database.at(root, "database");
        configure(database, postgres);
        readOnlyUser(database, postgres);
        writingUser(database, postgres);
        rotatingPool(database, postgres);
      }
    }
  }

  private static void configure(Database database, TestPostgres postgres) {
    database.configure(
        "mypostgres",
        DatabaseConfig.of(
                postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
            .withAllowedRoles("my-role", "backend-role", "data-role", "pool-role"));
    role(database, "my-role", "SELECT", Duration.ofHours(1), Duration.ofHours(24));
    role(database, "backend-role", "SELECT", Duration.ofHours(1), Duration.ofHours(24));
    role(
        database, "data-role", "SELECT, INSERT, UPDATE", Duration.ofHours(4), Duration.ofHours(48));
    role(database, "pool-role", "SELECT, INSERT", Duration.ofSeconds(4), Duration.ofSeconds(4));
    say("mypostgres, with my-role and backend-role (read, 1h/24h), data-role (write, 4h/48h), and");
    say("pool-role, whose users live for four seconds.");
  }

  private static void role(
      Database database, String name, String rights, Duration ttl, Duration maxTtl) {
    DatabaseRole role = DatabaseRole.of("mypostgres", """
        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';
        GRANT %s ON ALL TABLES IN SCHEMA public TO "{{name}}";""".formatted(rights));
    database.putRole(name, role.withTtls(ttl, maxTtl));
  }

  private static void readOnlyUser(Database database, TestPostgres postgres) throws SQLException {
    title("A user that may read");
    String user;
    try (DatabaseCredentials credentials = database.credentials("my-role")) {
      user = credentials.user();
      say("my-role gave " + user + " for " + credentials.lease().duration().toMinutes() + " min");
      try (Connection connection = connect(postgres, credentials);
          Statement statement = connection.createStatement()) {
        say("It reads " + count(statement) + " orders.");
        try {
          statement.execute("INSERT INTO public.orders VALUES (3, 'Mallory')");
          throw new IllegalStateException("a read-only user has written");
        } catch (SQLException e) {
          say("It may not write: " + e.getMessage());
        }
      }
      Lease renewed = credentials.renew(Duration.ofHours(2));
      say("Renewed for " + renewed.duration().toMinutes() + " min; PostgreSQL lets it in until "
          + validUntil(postgres, user));
      say("pg_roles has it: " + exists(postgres, user));
    }
    say("Revoked. pg_roles has it: " + exists(postgres, user));
  }

  private static void writingUser(Database database, TestPostgres postgres) throws SQLException {
    title("A user that may write");
    try (DatabaseCredentials credentials = database.credentials("data-role");
        Connection connection = connect(postgres, credentials);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO public.orders VALUES (3, 'Barbara')");
      statement.execute("UPDATE public.orders SET customer = 'Ada L.' WHERE id = 1");
      say(credentials.user() + " has added one: " + count(statement) + " orders.");
    }
  }

  private static void rotatingPool(Database database, TestPostgres postgres)
      throws SQLException, InterruptedException {
    title("A pool under load, over " + ROTATIONS + " rotations");
    CountDownLatch rotations = new CountDownLatch(ROTATIONS);
    Load load = new Load();
    try (RotatingDataSource pool = RotatingDataSource.builder()
        .role(database, "pool-role")
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(10)
        .onEvent(event -> {
          if (event instanceof RotationEvent.Rotated rotated) {
            rotations.countDown();
            say("rotated to " + rotated.user());
          } else if (event instanceof RotationEvent.Failed
              || event instanceof RotationEvent.ConnectionsEnded) {
            say(event.toString());
          }
        })
        .open()) {
      load.start(pool);
      rotations.await();
      load.stop();
    }
    OUT.printf(
        "  %d queries by %d threads: %d failed borrows, %d failed statements.%n",
        load.done.get(), BORROWERS, load.failedBorrows.get(), load.failedStatements.get());
    if (load.failedBorrows.get() + load.failedStatements.get() > 0) {
      throw new IllegalStateException("a rotation was noticed");
    }
  }

  /** Threads that borrow, ask and give back, until they are told to stop. */
  private static final class Load {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failedBorrows = new AtomicLong();
    private final AtomicLong failedStatements = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    void start(DataSource pool) {
      for (int i = 0; i < BORROWERS; i++) {
        Thread thread = new Thread(() -> run(pool));
        threads.add(thread);
        thread.start();
      }
    }

    private void run(DataSource pool) {
      while (!stop.get()) {
        try (Connection connection = pool.getConnection()) {
          ask(connection);
        } catch (SQLException e) {
          failedBorrows.incrementAndGet();
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    private void ask(Connection connection) {
      try (Statement statement = connection.createStatement()) {
        count(statement);
        done.incrementAndGet();
      } catch (SQLException e) {
        failedStatements.incrementAndGet();
      }
    }

    void stop() throws InterruptedException {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static Connection connect(TestPostgres postgres, DatabaseCredentials credentials)
      throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(), credentials.user(), credentials.exposePassword());
  }

  private static long count(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.orders")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static boolean exists(TestPostgres postgres, String user) throws SQLException {
    return !validUntil(postgres, user).isEmpty();
  }

  /** Returns until when a user may log in; empty if there is none. */
  private static String validUntil(TestPostgres postgres, String user) throws SQLException {
    try (Connection connection = postgres.connect();
        PreparedStatement query = connection.prepareStatement(
            "SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = ?::name")) {
      query.setString(1, user);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }

  private static void title(String text) {
    OUT.println();
    OUT.println(text);
    OUT.println("-".repeat(text.length()));
  }

  private static void say(String text) {
    OUT.println("  " + text);
  }
}
