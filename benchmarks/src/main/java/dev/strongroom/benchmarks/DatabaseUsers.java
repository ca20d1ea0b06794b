package dev.strongroom.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many users of a database can a vault with a SQLite file issue and revoke per second, and how
 * long does it take until the last of many is dropped that are due at one moment? Floor: the bare
 * statements in the same transactions, under the same advisory lock, over as large a pool.
 *
 * <p>Both the store and the database write durably. Arguments: seconds per turn (default 5), number
 * of turns (default 5), users due at once (default 10,000), seconds until they are due (default
 * 300; they must be made in that time).
 */
public final class DatabaseUsers {
  private static final PrintStream OUT = System.out;
  private static final int POOL = 16;
  private static final int READS = 20_000;
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(6004519172735222); SELECT clock_timestamp()";
  private static final List<String> CREATION = List.of("""
      CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'""", """
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}\"""");
  private static final List<String> REVOCATION = List.of("""
      REVOKE ALL PRIVILEGES ON ALL TABLES IN SCHEMA public FROM "{{name}}\"""", """
      DROP ROLE "{{name}}\"""");

  /**
   * A table has no room for the grants of so many users, so these belong to a role that has them.
   */
  private static final List<String> MEMBER_CREATION = List.of("""
      CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers""");

  private static final List<String> MEMBER_REVOCATION = List.of("""
      DROP ROLE "{{name}}\"""");

  private final Session root;
  private final HikariDataSource pool;
  private final long nanos;
  private final int turns;
  private final AtomicLong plainUsers = new AtomicLong();

  private DatabaseUsers(Session root, HikariDataSource pool, long nanos, int turns) {
    this.root = root;
    this.pool = pool;
    this.nanos = nanos;
    this.turns = turns;
  }

  public static void main(String[] args) throws Exception {
    long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 5) * 1_000_000_000L;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int due = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
    int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 300;
    System.setProperty("strongroom.test.postgres.durable", "true");
    try (TemporaryFolder folder = TemporaryFolder.create();
        TestPostgres postgres = TestPostgres.create();
        HikariDataSource pool = pool(postgres);
        Vault vault = Vault.builder()
            .storage(SqliteStorage.at(folder.file("vault.db")))
            .mount("secret", Kv.version2())
            .mount("database", DatabaseSecrets.postgresql())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      postgres.execute(
          "CREATE TABLE orders (id int)", "CREATE TABLE customers (id int)", "CREATE ROLE readers");
      DatabaseUsers benchmark =
          new DatabaseUsers(vault.session(keys.rootToken()), pool, nanos, turns);
      benchmark.configure(postgres);
      for (int callers : List.of(1, 4, 16)) {
        benchmark.issueAndRevoke(callers);
      }
      benchmark.dueAtOnce(due, seconds);
    }
  }

  private static HikariDataSource pool(TestPostgres postgres) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(postgres.jdbcUrl());
    config.setUsername(postgres.superuser());
    config.setPassword(postgres.superuserPassword());
    config.setMaximumPoolSize(POOL);
    return new HikariDataSource(config);
  }

  /** Plain, as the bare statements send them: the database makes the verifiers of both. */
  private void configure(TestPostgres postgres) {
    Database.at(root, "database")
        .configure(
            "pg",
            DatabaseConfig.of(
                    postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
                .withAllowedRoles("*")
                .withMaxConnections(POOL)
                .withPlainPasswords());
    role(Duration.ofHours(24), CREATION, REVOCATION);
  }

  private void role(Duration ttl, List<String> creation, List<String> revocation) {
    Database.at(root, "database")
        .putRole(
            "app",
            DatabaseRole.of("pg", creation.toArray(String[]::new))
                .withRevocation(revocation.toArray(String[]::new))
                .withTtls(Duration.ofSeconds(ttl.toSeconds()), Duration.ZERO));
  }

  private interface Step {
    void run() throws SQLException;
  }

  private void issueAndRevoke(int callers) throws InterruptedException {
    double[] vault = new double[turns];
    double[] bare = new double[turns];
    rate(callers, nanos, this::throughVault);
    rate(callers, nanos, this::bare);
    for (int turn = 0; turn < turns; turn++) {
      bare[turn] = rate(callers, nanos, this::bare);
      vault[turn] = rate(callers, nanos, this::throughVault);
    }
    OUT.printf(
        "issued and revoked, %2d callers: %.1f/s   bare statements %.1f/s   ratio %.2f%n",
        callers, Median.of(vault), Median.of(bare), Median.of(vault) / Median.of(bare));
  }

  private static double rate(int callers, long nanos, Step step) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    Callers.run(callers, () -> {
      while (System.nanoTime() - begin < nanos) {
        try {
          step.run();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
        done.incrementAndGet();
      }
    });
    return done.get() * 1e9 / (System.nanoTime() - begin);
  }

  private void throughVault() {
    revoke(issue());
  }

  private String issue() {
    Response issued = root.request(Request.read("database/creds/app")).orThrow();
    return issued.lease().orElseThrow().id();
  }

  private void revoke(String lease) {
    root.request(Request.write("sys/leases/revoke", Map.of("lease_id", lease, "sync", true)))
        .orThrow();
  }

  private void bare() throws SQLException {
    String user = "plain-" + plainUsers.incrementAndGet();
    try (Connection connection = pool.getConnection()) {
      transaction(connection, user, CREATION);
    }
    try (Connection connection = pool.getConnection()) {
      transaction(connection, user, REVOCATION);
    }
  }

  private static void transaction(Connection connection, String user, List<String> statements)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(LOCK);
      for (String text : statements) {
        unused = statement.execute(text.replace("{{name}}", user)
            .replace("{{password}}", "x".repeat(20))
            .replace("{{expiration}}", "2099-01-01 00:00:00+0000"));
      }
    }
    connection.commit();
  }

  private void dueAtOnce(int count, int seconds) throws InterruptedException {
    KvStore secrets = KvStore.at(root, "secret");
    secrets.put("app", Map.of("password", "x".repeat(210)));
    double[] quiet = reads(secrets, () -> false);
    Instant moment = Instant.now().plusSeconds(seconds);
    role(Duration.between(Instant.now(), moment), MEMBER_CREATION, MEMBER_REVOCATION);
    AtomicLong next = new AtomicLong();
    Callers.run(POOL, () -> {
      for (long number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
        if (number % 100 == 0) {
          role(Duration.between(Instant.now(), moment), MEMBER_CREATION, MEMBER_REVOCATION);
        }
        issue();
      }
    });
    if (!Instant.now().isBefore(moment)) {
      throw new IllegalStateException("they were not made in time: give more seconds");
    }
    Thread.sleep(Duration.between(Instant.now(), moment).toMillis());
    long begin = System.nanoTime();
    double[] meanwhile =
        reads(secrets, () -> !Leases.of(root).list("database/creds/app").isEmpty());
    double cleared = (System.nanoTime() - begin) / 1e9;
    OUT.printf("due at once: %,d, cleared in %.1f s, %.0f/s%n", count, cleared, count / cleared);
    OUT.printf("reads: p99 %.0f µs meanwhile, %.0f µs before%n", p99(meanwhile), p99(quiet));
  }

  private interface Condition {
    boolean holds();
  }

  /**
   * Returns microseconds of reads, a group of them at least, and as long as the condition holds.
   */
  private static double[] reads(KvStore store, Condition condition) {
    double[] micros = new double[READS];
    do {
      for (int i = 0; i < READS; i++) {
        long begin = System.nanoTime();
        store.get("app");
        micros[i] = (System.nanoTime() - begin) / 1e3;
      }
    } while (condition.holds());
    return micros;
  }

  private static double p99(double[] micros) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    return sorted[(int) (0.99 * (sorted.length - 1))];
  }
}
