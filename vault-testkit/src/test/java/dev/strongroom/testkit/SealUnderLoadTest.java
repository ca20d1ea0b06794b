package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvSecret;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealing stops callers in the middle of what they do, and leaves nothing half done. */
class SealUnderLoadTest {
  private static final int WRITERS = 4;
  private static final int SEALINGS = 20;

  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  void sealedAgainAndAgain_inMemory_everyWriteIsWholeOrAbsent() throws Exception {
    sealUnderLoad(FaultyStorage.inMemory());
  }

  @Test
  void sealedAgainAndAgain_onSqlite_everyWriteIsWholeOrAbsent(@TempDir Path folder)
      throws Exception {
    sealUnderLoad(SqliteStorage.at(folder.resolve("vault.db")));
  }

  private void sealUnderLoad(StorageType storage) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try (Vault vault =
            Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Session root = vault.session(keys.rootToken());
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> writeUntil(stop, KvStore.at(root, "secret"), writer)));
      }
      for (int i = 0; i < SEALINGS; i++) {
        int before = written();
        spinWhile(() -> written() < before + 20, writers);
        int refusedBefore = refused.get();
        vault.seal();
        spinWhile(() -> refused.get() == refusedBefore, writers);
        vault.unseal(keys.shares().get(0));
      }
      stop.set(true);
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(refused).as("writes refused because the vault was sealed").hasPositiveValue();
      check(KvStore.at(root, "secret"));
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private int written() {
    return acknowledged.values().stream().mapToInt(version -> version).sum();
  }

  /** Waits, but not for writers of which one has ended: that fails the test later. */
  private static void spinWhile(BooleanSupplier condition, List<Future<?>> writers) {
    while (condition.getAsBoolean() && writers.stream().noneMatch(Future::isDone)) {
      Thread.onSpinWait();
    }
  }

  /** Counts the writes that were refused; any other failure ends the writer. */
  private void writeUntil(AtomicBoolean stop, KvStore store, int writer) {
    for (int i = 0; !stop.get(); i++) {
      String name = "writer" + writer + "/key" + i % 10;
      String value = "value " + i;
      try {
        int version = store.put(name, Map.of("value", value, "copy", value)).number();
        acknowledged.put(name, version);
      } catch (VaultException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.SEALED);
        refused.incrementAndGet();
      }
    }
  }

  private void check(KvStore store) {
    assertThat(acknowledged).isNotEmpty();
    acknowledged.forEach((name, version) -> {
      assertThat(store.metadata(name).currentVersion()).isGreaterThanOrEqualTo(version);
      store.history(name).forEach(kept -> {
        KvSecret secret = store.get(name, kept.number());
        assertThat(secret.text("copy")).isEqualTo(secret.text("value"));
      });
    });
  }
}
