package dev.strongroom.benchmarks;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What do many leases cost a vault with a SQLite file? Heap and unsealing with a number of leases
 * beside the same vault without, then leases that are due at one moment: how long until the last
 * one is revoked and its record gone, and the 99th percentile of reads meanwhile beside that
 * before. The secrets are nothing outside, so that only the vault's own work is measured. Floor:
 * the same rows by plain sqlite-jdbc, as many a transaction as the vault can put together, with
 * nobody reading.
 *
 * <p>Arguments: number of leases (default 1,000,000), number due at once (default 100,000), seconds
 * until they are due (default 120; they must be made in that time).
 */
public final class ManyLeases {
  private static final PrintStream OUT = System.out;
  private static final int CALLERS = 16;
  private static final int READS = 200_000;
  private static final int TOGETHER = 100;
  private static final Duration LONG = Duration.ofHours(24);

  // As the vault's own rows.
  private static final int LEASE_ROW_BYTES = 330;
  private static final int SMALL_ROW_BYTES = 130;
  private static final int STATE_ROW_BYTES = 90;

  private ManyLeases() {}

  public static void main(String[] args) throws Exception {
    int many = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int due = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 120;
    Nothing nothing = new Nothing();
    try (TemporaryFolder folder = TemporaryFolder.create();
        Vault vault = Vault.builder()
            .storage(SqliteStorage.at(folder.file("vault.db")))
            .mount("secret", Kv.version2())
            .mount("made", Mount.of(nothing))
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      String share = keys.shares().get(0).exposeHex();
      vault.unseal(keys.shares().get(0));
      Session root = vault.session(keys.rootToken());
      KvStore secrets = KvStore.at(root, "secret");
      secrets.put("app", Map.of("password", "x".repeat(210)));

      double unsealEmpty = reopen(vault, share);
      long before = heap();
      double rate = make(root, "made/one", many, () -> LONG);
      double unseal = reopen(vault, share);
      Floor floor = Floor.measure(folder.file("plain.db"));
      OUT.printf(
          "leases made: %,d, %.0f/s   floor %.0f/s   ratio %.2f%n",
          many, rate, floor.made, rate / floor.made);
      OUT.printf(
          "heap for them, unsealed: %.1f MiB   unseal %.0f ms   without leases %.0f ms%n",
          (heap() - before) / 1048576.0, unseal, unsealEmpty);

      double[] quiet = reads(secrets, () -> false);
      Instant moment = Instant.now().plusSeconds(seconds);
      make(root, "made/due", due, () -> Duration.between(Instant.now(), moment));
      if (!Instant.now().isBefore(moment)) {
        throw new IllegalStateException("they were not made in time: give more seconds");
      }
      Thread.sleep(Duration.between(Instant.now(), moment).toMillis());
      long begin = System.nanoTime();
      double[] meanwhile = reads(secrets, () -> nothing.revoked.get() < due);
      while (!Leases.of(root).list("made/due").isEmpty()) {
        Thread.sleep(10);
      }
      double cleared = (System.nanoTime() - begin) / 1e9;
      OUT.printf(
          "due at once: %,d, cleared in %.1f s, %.0f/s   floor %.0f/s   ratio %.2f%n",
          due, cleared, due / cleared, floor.cleared, due / cleared / floor.cleared);
      OUT.printf(
          "reads: p99 %.0f µs meanwhile, %.0f µs before   p99.9 %.0f and %.0f%n",
          percentile(meanwhile, 0.99),
          percentile(quiet, 0.99),
          percentile(meanwhile, 0.999),
          percentile(quiet, 0.999));
    }
  }

  private interface Lifetime {
    Duration ttl();
  }

  private interface Condition {
    boolean holds();
  }

  /**
   * Leases per second by plain rows.
   *
   * @param made with a plan and a confirmation, each in a transaction with those of other callers
   * @param cleared with a claim and a removal, each in a transaction with others
   */
  private record Floor(double made, double cleared) {
    static Floor measure(Path file) throws SQLException {
      try (PlainRows rows = PlainRows.in(file)) {
        int count = 20_000;
        double made = rate(rows, count, CALLERS, Floor::plan, Floor::confirm);
        return new Floor(made, rate(rows, count, TOGETHER, Floor::claim, Floor::remove));
      }
    }

    private interface Step {
      void of(PlainRows rows, long lease) throws SQLException;
    }

    private static double rate(PlainRows rows, int count, int together, Step... steps)
        throws SQLException {
      long begin = System.nanoTime();
      for (int first = 0; first < count; first += together) {
        for (Step step : steps) {
          for (int lease = first; lease < first + together; lease++) {
            step.of(rows, lease);
          }
          rows.put("state", 0, STATE_ROW_BYTES);
          rows.commit();
        }
      }
      return count * 1e9 / (System.nanoTime() - begin);
    }

    private static void plan(PlainRows rows, long lease) throws SQLException {
      rows.put("lease", lease, LEASE_ROW_BYTES);
      rows.put("token", lease, SMALL_ROW_BYTES);
      rows.put("mount", lease, SMALL_ROW_BYTES);
      rows.put("due", lease, SMALL_ROW_BYTES);
    }

    private static void confirm(PlainRows rows, long lease) throws SQLException {
      rows.put("lease", lease, LEASE_ROW_BYTES);
      rows.delete("due", lease);
      rows.put("due", lease, SMALL_ROW_BYTES);
    }

    private static void claim(PlainRows rows, long lease) throws SQLException {
      confirm(rows, lease);
    }

    private static void remove(PlainRows rows, long lease) throws SQLException {
      rows.delete("lease", lease);
      rows.delete("token", lease);
      rows.delete("mount", lease);
      rows.delete("due", lease);
    }
  }

  private static double make(Session session, String path, int count, Lifetime lifetime)
      throws InterruptedException {
    AtomicLong next = new AtomicLong();
    long begin = System.nanoTime();
    Callers.run(CALLERS, () -> {
      while (next.getAndIncrement() < count) {
        long ttl = Math.max(1, lifetime.ttl().toSeconds());
        session.request(Request.write(path, Map.of("ttl", ttl))).orThrow();
      }
    });
    return count * 1e9 / (System.nanoTime() - begin);
  }

  /** Returns microseconds of reads: at least so many, and as long as the condition holds. */
  private static double[] reads(KvStore store, Condition condition) {
    double[] micros = new double[READS];
    int done = 0;
    for (; done < READS || condition.holds(); done++) {
      long begin = System.nanoTime();
      store.get("app");
      micros[done % READS] = (System.nanoTime() - begin) / 1e3;
    }
    return micros;
  }

  private static double percentile(double[] micros, double part) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    return sorted[(int) (part * (sorted.length - 1))];
  }

  private static double reopen(Vault vault, String share) {
    vault.seal();
    long begin = System.nanoTime();
    try (KeyShare given = KeyShare.parse(share)) {
      vault.unseal(given);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** An engine whose secrets are nothing. */
  private static final class Nothing implements EngineType, OutsideSecret {
    final AtomicLong revoked = new AtomicLong();

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public SecretEngine create(MountContext context) {
      List<Route> routes = List.of(Route.at("{name}", "A secret.")
          .field("ttl", FieldType.DURATION, "How long it lives.")
          .onSecret(Operation.UPDATE, this));
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return routes;
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }

        @Override
        public List<OutsideSecret> outsideSecrets() {
          return List.of(Nothing.this);
        }
      };
    }

    @Override
    public String kind() {
      return "one";
    }

    @Override
    public Plan plan(Call call) {
      return new Plan(
          Payload.of(Map.of("user", "app")),
          new Terms(call.duration("ttl").orElse(Duration.ZERO), Duration.ZERO, true));
    }

    @Override
    public Payload create(Payload plan, Instant until, Instant deadline) {
      return plan;
    }

    @Override
    public void renew(Payload plan, Instant until) {}

    @Override
    public void revoke(Payload plan) {
      revoked.incrementAndGet();
    }
  }
}
