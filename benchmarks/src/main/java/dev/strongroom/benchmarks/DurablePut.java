package dev.strongroom.benchmarks;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many secrets of 256 bytes can be put per second, durably, with one caller and with sixteen?
 * Floor: the same rows (a key, a version, the state, without the version that leaves the window)
 * written by sqlite-jdbc with the same settings, one put a transaction and sixteen puts a
 * transaction. Floor and vault take turns in one run, when the JVM has compiled both. Then the time
 * of a read beside sixteen writers.
 *
 * <p>Arguments: seconds per turn (default 3), number of turns (default 5).
 */
public final class DurablePut {
  private static final PrintStream OUT = System.out;
  private static final int KEYS = 2000;
  private static final int WRITERS = 16;
  private static final long WARM_UP_NANOS = 10_000_000_000L;
  private static final Map<String, String> SECRET =
      Map.of("username", "app", "password", "x".repeat(210));

  // As the vault's own rows: a key with a few versions, a version, the state.
  private static final int KEY_ROW_BYTES = 260;
  private static final int VERSION_ROW_BYTES = 290;
  private static final int STATE_ROW_BYTES = 90;

  private static final int VERSIONS = 10; // that a key keeps

  private final AtomicLong next = new AtomicLong();
  private long plainNext;

  private DurablePut() {}

  public static void main(String[] args) throws Exception {
    long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 3) * 1_000_000_000L;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    new DurablePut().run(nanos, turns);
  }

  private void run(long nanos, int turns) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create();
        PlainRows plain = PlainRows.in(folder.file("plain.db"));
        Vault vault = Vault.builder()
            .storage(SqliteStorage.at(folder.file("vault.db")))
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Session root = vault.session(keys.rootToken());
      KvStore store = KvStore.at(root, "secret");
      for (int key = 0; key < KEYS; key++) {
        store.put(name(key), SECRET);
      }
      for (int callers : List.of(1, WRITERS)) {
        plainRate(plain, WARM_UP_NANOS, callers);
        vaultRate(store, WARM_UP_NANOS, callers);
      }
      double[][] rates = new double[4][turns];
      for (int turn = 0; turn < turns; turn++) {
        rates[0][turn] = plainRate(plain, nanos, 1);
        rates[1][turn] = vaultRate(store, nanos, 1);
        rates[2][turn] = plainRate(plain, nanos, WRITERS);
        rates[3][turn] = vaultRate(store, nanos, WRITERS);
      }
      row("put, 1 caller", rates[1], rates[0]);
      row("put, 16 callers", rates[3], rates[2]);
      readsBesideWriters(root, store, nanos * turns);
    }
  }

  private static void row(String what, double[] vault, double[] floor) {
    double mine = Median.of(vault);
    double plain = Median.of(floor);
    OUT.printf("%-18s %8.0f/s   floor %8.0f/s   ratio %.2f%n", what, mine, plain, mine / plain);
  }

  private static String name(long number) {
    return "folder" + number % 20 + "/key" + number % KEYS;
  }

  private double vaultRate(KvStore store, long nanos, int callers) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    Callers.run(callers, () -> {
      while (System.nanoTime() - begin < nanos) {
        store.put(name(next.getAndIncrement()), SECRET);
        done.incrementAndGet();
      }
    });
    return done.get() * 1e9 / (System.nanoTime() - begin);
  }

  private double plainRate(PlainRows plain, long nanos, int perTransaction) throws SQLException {
    long done = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      for (int i = 0; i < perTransaction; i++) {
        long number = plainNext++;
        plain.put("keys", number % KEYS, KEY_ROW_BYTES);
        plain.put("versions", number, VERSION_ROW_BYTES);
        if (number >= (long) VERSIONS * KEYS) {
          plain.delete("versions", number - (long) VERSIONS * KEYS);
        }
        done++;
      }
      plain.put("state", 0, STATE_ROW_BYTES);
      plain.commit();
    }
    return done * 1e9 / (System.nanoTime() - begin);
  }

  private void readsBesideWriters(Session root, KvStore store, long nanos)
      throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    long[] times = new long[2_000_000];
    Thread reader = new Thread(() -> {
      int count = 0;
      while (!stop.get() && count < times.length) {
        Request read = Request.read("secret/data/" + name(count * 7L));
        long begin = System.nanoTime();
        root.request(read).orThrow();
        times[count++] = System.nanoTime() - begin;
      }
      long[] sorted = Arrays.copyOf(times, count);
      Arrays.sort(sorted);
      OUT.printf(
          "read beside 16 writers: p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs, of %d reads%n",
          sorted[count / 2] / 1e3,
          sorted[(int) (count * 0.99)] / 1e3,
          sorted[(int) (count * 0.999)] / 1e3,
          count);
    });
    reader.start();
    double rate = vaultRate(store, nanos, WRITERS);
    stop.set(true);
    reader.join();
    OUT.printf("  meanwhile %.0f puts/s%n", rate);
  }
}
