package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvMetadata;
import dev.strongroom.kv.KvSettings;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvVersion;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot that is taken while others write is one moment: no batch in it is cut. Each writer has
 * two keys and writes the same number to the one, then to the other; the number is that of the
 * version, too, and older versions leave the window all the time.
 */
class SnapshotUnderLoadTest {
  private static final int WRITERS = 4;
  private static final int WINDOW = 3;
  private static final int SNAPSHOTS = 5;

  /** The number a writer writes, and the last one that both its keys have for certain. */
  private final AtomicIntegerArray begun = new AtomicIntegerArray(WRITERS);

  private final AtomicIntegerArray finished = new AtomicIntegerArray(WRITERS);

  @TempDir
  private Path folder;

  @Test
  void snapshotsUnderLoad_ofAStoreInMemory_areWhole() throws Exception {
    snapshotUnderLoad(FaultyStorage.inMemory());
  }

  @Test
  void snapshotsUnderLoad_ofSqlite_areWhole() throws Exception {
    snapshotUnderLoad(SqliteStorage.at(folder.resolve("vault.db")));
  }

  private void snapshotUnderLoad(StorageType storage) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try (Vault vault = open(storage);
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      KvStore store = unsealed(vault, keys);
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> writeUntil(stop, store, writer)));
      }
      for (int i = 0; i < SNAPSHOTS; i++) {
        waitForMore(writers);
        int[] before = copy(finished);
        Path file = folder.resolve(i + ".snapshot");
        vault.snapshot(file);
        check(file, i, keys, before, copy(begun));
      }
      stop.set(true);
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private static Vault open(StorageType storage) {
    return Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
  }

  private static KvStore unsealed(Vault vault, InitialKeys keys) {
    vault.unseal(keys.shares().get(0));
    Session root = vault.session(keys.rootToken());
    return KvStore.at(root, "secret");
  }

  private void writeUntil(AtomicBoolean stop, KvStore store, int writer) {
    for (String key : keysOf(writer)) {
      store.setMetadata(key, KvSettings.unchanged().withMaxVersions(WINDOW));
    }
    for (int n = 1; !stop.get(); n++) {
      begun.set(writer, n);
      for (String key : keysOf(writer)) {
        store.put(key, Map.of("n", n));
      }
      finished.set(writer, n);
    }
  }

  private static List<String> keysOf(int writer) {
    return List.of("writer" + writer + "/first", "writer" + writer + "/second");
  }

  /** Waits until every writer has written something, but not for one that has ended. */
  private void waitForMore(List<Future<?>> writers) {
    int[] before = copy(finished);
    for (int i = 0; i < WRITERS; i++) {
      while (finished.get(i) <= before[i] && writers.stream().noneMatch(Future::isDone)) {
        Thread.onSpinWait();
      }
    }
  }

  private static int[] copy(AtomicIntegerArray numbers) {
    int[] copy = new int[numbers.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = numbers.get(i);
    }
    return copy;
  }

  /**
   * Restores a snapshot and reads everything in it.
   *
   * @param least what the writers had finished before it was taken
   * @param most what they had begun after it was taken
   */
  private void check(Path file, int number, InitialKeys keys, int[] least, int[] most) {
    StorageType copy = SqliteStorage.at(folder.resolve(number + ".db"));
    Vault.restore(file, copy);
    try (Vault restored = open(copy)) {
      KvStore store = unsealed(restored, keys);
      assertThat(store.list("")).hasSize(WRITERS);
      for (int writer = 0; writer < WRITERS; writer++) {
        List<String> names = keysOf(writer);
        assertThat(store.list("writer" + writer)).containsExactly("first", "second");
        int first = checkKey(store, names.get(0));
        int second = checkKey(store, names.get(1));
        assertThat(first).isBetween(least[writer], most[writer]);
        assertThat(second).isBetween(Math.max(least[writer], first - 1), first);
      }
    }
  }

  /** Every version that is listed can be read, and none is missing; returns the newest. */
  private static int checkKey(KvStore store, String key) {
    KvMetadata metadata = store.metadata(key);
    int current = metadata.currentVersion();
    assertThat(metadata.versions()).hasSize(Math.min(current, WINDOW));
    for (KvVersion version : metadata.versions()) {
      assertThat(store.get(key, version.number()).text("n"))
          .isEqualTo(String.valueOf(version.number()));
    }
    assertThat(store.find(key).map(secret -> secret.version().number()).orElse(0))
        .isEqualTo(current);
    return current;
  }
}
