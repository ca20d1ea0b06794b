package dev.strongroom.benchmarks;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.Kv1Store;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvWrite;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does a store of a million secrets of 256 bytes answer as one of a thousand does? Reads and lists
 * in both, import, heap and file; then lists of a large folder, writes of ten secrets in one step,
 * and the upgrade of a version 1 mount. Floor: the same rows in a SQLite file, by sqlite-jdbc.
 *
 * <p>Argument: number of secrets in the large store (default 1,000,000).
 */
public final class AtSize {
  private static final PrintStream OUT = System.out;
  private static final int SMALL = 1000;
  private static final int FOLDER = 100;
  private static final int LARGE_FOLDER = 100_000;
  private static final int STEP = 1000; // secrets in one step of an import
  private static final int ROUNDS = 5;
  private static final int READS = 500;
  private static final int LISTS = 50;
  private static final int UPGRADED = 100_000;
  private static final int CALLERS = 16;
  private static final int KEY_ROW_BYTES = 130;
  private static final int VERSION_ROW_BYTES = 290;
  private static final Map<String, String> SECRET =
      Map.of("username", "app", "password", "x".repeat(210));

  private final TemporaryFolder folder;
  private final Random random = new Random(1);

  private AtSize(TemporaryFolder folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    int large = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      AtSize benchmark = new AtSize(folder);
      benchmark.compare(large);
      benchmark.largeFolder();
      benchmark.writeAll();
      benchmark.upgrade();
    }
  }

  /** A vault that can be sealed and opened again, so that nothing is in its cache. */
  private record Opened(Vault vault, String share, Session root) implements AutoCloseable {
    static Opened at(Path file) {
      Vault vault = Vault.builder()
          .storage(SqliteStorage.at(file))
          .mount("secret", Kv.version2())
          .mount("kv", Kv.version1())
          .open();
      try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        vault.unseal(keys.shares().get(0));
        return new Opened(vault, keys.shares().get(0).exposeHex(), vault.session(keys.rootToken()));
      }
    }

    void forget() {
      vault.seal();
      try (KeyShare given = KeyShare.parse(share)) {
        vault.unseal(given);
      }
    }

    KvStore store() {
      return KvStore.at(root, "secret");
    }

    @Override
    public void close() {
      vault.close();
    }
  }

  private static String key(int number) {
    return "f" + number / FOLDER + "/k" + number;
  }

  private void compare(int large) throws Exception {
    long before = heap();
    try (Opened small = Opened.at(folder.file("small.db"));
        Opened big = Opened.at(folder.file("large.db"));
        PlainRows plainSmall = PlainRows.in(folder.file("plain-small.db"));
        PlainRows plainLarge = PlainRows.in(folder.file("plain-large.db"))) {
      importPlain(plainSmall, SMALL);
      importSecrets(small.store(), SMALL);
      double floor = importPlain(plainLarge, large);
      double rate = importSecrets(big.store(), large);
      OUT.printf(
          "import of %,d: %.0f/s   floor %.0f/s   ratio %.2f%n", large, rate, floor, rate / floor);
      big.forget();
      OUT.printf(
          "heap, unsealed with %,d secrets: %.1f MiB%n", large, (heap() - before) / 1048576.0);
      double[][] micros = new double[6][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        micros[0][round] = reads(small, SMALL);
        micros[1][round] = reads(big, large);
        micros[2][round] = lists(small, SMALL);
        micros[3][round] = lists(big, large);
        micros[4][round] = plainReads(plainSmall, SMALL);
        micros[5][round] = plainReads(plainLarge, large);
      }
      row("read, not cached", micros[0], micros[1]);
      row("  floor: two rows", micros[4], micros[5]);
      row("list of " + FOLDER, micros[2], micros[3]);
      row("read, cached", hotReads(small, SMALL), hotReads(big, large));
      OUT.printf("heap after reading: %.1f MiB%n", (heap() - before) / 1048576.0);
    }
    OUT.printf(
        "file: %.0f bytes a secret   floor %.0f%n",
        (double) Files.size(folder.file("large.db")) / large,
        (double) Files.size(folder.file("plain-large.db")) / large);
  }

  private static void row(String what, double[] small, double[] large) {
    OUT.printf(
        "%-20s %8.1f µs of %,d   %8.1f µs in the large store   ratio %.2f%n",
        what, Median.of(small), SMALL, Median.of(large), Median.of(large) / Median.of(small));
  }

  private static double importSecrets(KvStore store, int count) {
    long begin = System.nanoTime();
    for (int start = 0; start < count; start += STEP) {
      Map<String, KvWrite> step = new LinkedHashMap<>();
      for (int i = start; i < Math.min(start + STEP, count); i++) {
        step.put(key(i), KvWrite.of(SECRET));
      }
      store.writeAll(step);
    }
    return count * 1e9 / (System.nanoTime() - begin);
  }

  private static double importPlain(PlainRows plain, int count) throws SQLException {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      plain.put("f" + i / FOLDER, i, KEY_ROW_BYTES);
      plain.put("v" + i, i, VERSION_ROW_BYTES);
      if (i % STEP == STEP - 1) {
        plain.commit();
      }
    }
    plain.commit();
    return count * 1e9 / (System.nanoTime() - begin);
  }

  private double reads(Opened opened, int size) {
    opened.forget();
    KvStore store = opened.store();
    store.get(key(random.nextInt(size)));
    long begin = System.nanoTime();
    for (int i = 0; i < READS; i++) {
      store.get(key(random.nextInt(size)));
    }
    return (System.nanoTime() - begin) / 1e3 / READS;
  }

  private double plainReads(PlainRows plain, int size) throws SQLException {
    long begin = System.nanoTime();
    for (int i = 0; i < READS; i++) {
      int number = random.nextInt(size);
      if (plain.get("f" + number / FOLDER, number) + plain.get("v" + number, number) == 0) {
        throw new IllegalStateException("a row is missing");
      }
    }
    return (System.nanoTime() - begin) / 1e3 / READS;
  }

  private double[] hotReads(Opened opened, int size) {
    KvStore store = opened.store();
    double[] micros = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < 100 * READS; i++) {
        store.get(key(i % FOLDER * (size / FOLDER)));
      }
      micros[round] = (System.nanoTime() - begin) / 1e3 / (100 * READS);
    }
    return micros;
  }

  private double lists(Opened opened, int size) {
    KvStore store = opened.store();
    long begin = System.nanoTime();
    for (int i = 0; i < LISTS; i++) {
      if (store.list("f" + random.nextInt(size / FOLDER)).size() != FOLDER) {
        throw new IllegalStateException("a name is missing");
      }
    }
    return (System.nanoTime() - begin) / 1e3 / LISTS;
  }

  private void largeFolder() throws Exception {
    try (Opened opened = Opened.at(folder.file("folder.db"));
        PlainRows plain = PlainRows.in(folder.file("plain-folder.db"))) {
      KvStore store = opened.store();
      for (int start = 0; start < LARGE_FOLDER; start += STEP) {
        Map<String, KvWrite> step = new LinkedHashMap<>();
        for (int i = start; i < start + STEP; i++) {
          step.put("all/k" + i, KvWrite.of(SECRET));
          plain.put("all", i, KEY_ROW_BYTES);
        }
        store.writeAll(step);
        plain.commit();
      }
      double[] mine = new double[ROUNDS];
      double[] floor = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        int found = store.list("all").size();
        mine[round] = (System.nanoTime() - begin) / 1e6;
        begin = System.nanoTime();
        int plainFound = plain.list("all", LARGE_FOLDER);
        floor[round] = (System.nanoTime() - begin) / 1e6;
        if (found != LARGE_FOLDER || plainFound != LARGE_FOLDER) {
          throw new IllegalStateException("a name is missing");
        }
      }
      OUT.printf(
          "list of %,d: %.0f ms   floor %.0f ms   ratio %.1f%n",
          LARGE_FOLDER, Median.of(mine), Median.of(floor), Median.of(mine) / Median.of(floor));
    }
  }

  private void writeAll() {
    try (Opened opened = Opened.at(folder.file("ten.db"))) {
      KvStore store = opened.store();
      double[] together = new double[ROUNDS];
      double[] alone = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        together[round] = times(200, () -> {
          Map<String, KvWrite> ten = new LinkedHashMap<>();
          for (int i = 0; i < 10; i++) {
            ten.put(key(i), KvWrite.of(SECRET));
          }
          store.writeAll(ten);
        });
        alone[round] = times(200, () -> {
          for (int i = 0; i < 10; i++) {
            store.put(key(i), SECRET);
          }
        });
      }
      OUT.printf(
          "writeAll of 10: %.0f µs   floor, 10 puts: %.0f µs   ratio %.2f%n",
          Median.of(together), Median.of(alone), Median.of(together) / Median.of(alone));
    }
  }

  private static double times(int count, Runnable work) {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      work.run();
    }
    return (System.nanoTime() - begin) / 1e3 / count;
  }

  private void upgrade() throws Exception {
    try (Opened opened = Opened.at(folder.file("upgrade.db"));
        PlainRows plain = PlainRows.in(folder.file("plain-upgrade.db"))) {
      fillVersion1(Kv1Store.at(opened.root(), "kv"));
      for (int i = 0; i < UPGRADED; i++) {
        plain.put("f" + i / FOLDER, i, VERSION_ROW_BYTES);
      }
      plain.commit();
      long begin = System.nanoTime();
      for (int i = 0; i < UPGRADED; i++) {
        plain.delete("f" + i / FOLDER, i);
        plain.put("k" + i / FOLDER, i, KEY_ROW_BYTES);
        plain.put("v" + i, i, VERSION_ROW_BYTES);
        if (i % 100 == 99) {
          plain.commit();
        }
      }
      double floor = (System.nanoTime() - begin) / 1e9;
      begin = System.nanoTime();
      opened
          .root()
          .request(Request.write("sys/mounts/kv/tune", Map.of("options", Map.of("version", "2"))))
          .orThrow();
      Response response;
      do {
        Thread.sleep(20);
        response = opened.root().request(Request.read("kv/config"));
      } while (response.failure().filter(ErrorCode.INVALID_REQUEST::equals).isPresent());
      response.orThrow();
      double mine = (System.nanoTime() - begin) / 1e9;
      OUT.printf(
          "upgrade of %,d: %.1f s   floor %.1f s   ratio %.2f%n",
          UPGRADED, mine, floor, mine / floor);
    }
  }

  private static void fillVersion1(Kv1Store store) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    Callers.run(CALLERS, () -> {
      for (long n = next.getAndIncrement(); n < UPGRADED; n = next.getAndIncrement()) {
        store.put(key((int) n), SECRET);
      }
    });
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
