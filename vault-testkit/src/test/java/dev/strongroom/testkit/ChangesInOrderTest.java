package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Bound;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners beside many writers, on threads as in production. */
@Timeout(120)
class ChangesInOrderTest {
  private static final int WRITERS = 8;
  private static final int WRITES = 60; // to each of two keys: fewer than may wait for a listener

  @Test
  void changes_inMemory_comeInTheOrderOfTheirCommits() throws Exception {
    listenBesideWriters(InMemoryStorage.create());
  }

  @Test
  void changes_onSqlite_comeInTheOrderOfTheirCommits(@TempDir Path folder) throws Exception {
    listenBesideWriters(SqliteStorage.at(folder.resolve("vault.db")));
  }

  /**
   * Every writer writes a key of its own and one that all share in turn, so that each of its writes
   * comes after the one before, whatever the others do.
   */
  private static void listenBesideWriters(StorageType storage) throws Exception {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger behind = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(2 * WRITERS * WRITES);
    List<List<String>> written = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try (Vault vault =
            Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Session root = vault.session(keys.rootToken());
      KvStore store = KvStore.at(root, "secret");
      root.onChange("secret/data/", change -> {
        String key = change.path().substring("secret/data/".length());
        int version = change.version().orElseThrow();
        if (store.get(key).version().number() < version) {
          behind.incrementAndGet();
        }
        told.add(key + " " + version);
        all.countDown();
      });
      List<Future<List<String>>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String own = "own" + i;
        writers.add(threads.submit(() -> write(store, own)));
      }
      for (Future<List<String>> writer : writers) {
        written.add(writer.get());
      }
      all.await();
    } finally {
      threads.shutdownNow();
    }

    assertThat(behind).as("reads that were behind what was told").hasValue(0);
    assertThat(told).doesNotHaveDuplicates().hasSize(2 * WRITERS * WRITES);
    assertThat(written).allSatisfy(own -> assertThat(told).containsSubsequence(own));
    assertThat(told.stream().filter(change -> change.startsWith("shared ")))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, WRITERS * WRITES)
            .mapToObj(version -> "shared " + version)
            .toList());
  }

  /** Returns what was written, in order. */
  private static List<String> write(KvStore store, String own) {
    List<String> written = new ArrayList<>();
    for (int n = 0; n < WRITES; n++) {
      for (String key : List.of(own, "shared")) {
        written.add(key + " " + store.put(key, Map.of("n", n)).number());
      }
    }
    return written;
  }

  record Config(int first, int second) {}

  @Test
  void bound_besideWritersAndSealing_endsWithTheNewestValue(@TempDir Path folder) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try (Vault vault = Vault.builder()
            .storage(SqliteStorage.at(folder.resolve("vault.db")))
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      KvStore store = KvStore.at(vault.session(keys.rootToken()), "secret");
      store.put("config", new Config(0, 0));
      AtomicInteger torn = new AtomicInteger();
      CountDownLatch newest = new CountDownLatch(1);
      Bound<Config> bound = store.bind("config", Config.class);
      bound.onChange(config -> {
        if (config.first() != config.second()) {
          torn.incrementAndGet();
        }
        if (config.first() == -1) {
          newest.countDown();
        }
      });
      for (int round = 0; round < 5; round++) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          int value = round * WRITERS + i + 1;
          writers.add(threads.submit(() -> store.put("config", new Config(value, value))));
        }
        for (Future<?> writer : writers) {
          writer.get();
        }
        vault.seal();
        vault.unseal(keys.shares().get(0));
      }
      store.put("config", new Config(-1, -1));
      newest.await();

      assertThat(bound.current()).isEqualTo(new Config(-1, -1));
      assertThat(bound.failure()).isEmpty();
      assertThat(torn).hasValue(0);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void listener_thatThrowsWhatItRead_isLoggedWithoutIt() throws Exception {
    CountDownLatch second = new CountDownLatch(2); // the first is logged then
    try (LogCanary log = LogCanary.listen();
        Vault vault = Vault.builder()
            .storage(InMemoryStorage.create())
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Session root = vault.session(keys.rootToken());
      KvStore store = KvStore.at(root, "secret");
      store.put("a", new Config(0, 0));
      store.bind("a", Config.class);
      root.onChange("secret/data/", change -> {
        second.countDown();
        throw new IllegalStateException(store.get("a").text("password"));
      });
      store.put("a", Map.of("password", "s3cr3t-canary", "first", "s3cr3t-canary"));
      store.put("a", Map.of("password", "s3cr3t-canary", "first", "s3cr3t-canary"));
      second.await();

      log.assertNeverLogged("s3cr3t-canary");
    }
  }
}
