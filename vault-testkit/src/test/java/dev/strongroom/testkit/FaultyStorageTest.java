package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.CommitResult.Committed;
import dev.strongroom.spi.CommitResult.Unknown;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyStorageTest {
  private final FaultyStorage storage = FaultyStorage.inMemory();

  @Nested
  class RefusedCommits {
    private final StorageBackend store = storage.open();

    @Test
    void failCommit_failsThatOneWithoutATrace() {
      storage.failCommit(2);

      assertThat(put(store, "a")).containsExactly(new Committed(1));
      assertThatThrownBy(() -> put(store, "b"))
          .isInstanceOf(StorageException.class)
          .hasMessage("the commit number 2 fails on purpose");
      assertThat(put(store, "c")).containsExactly(new Committed(2));
      assertThat(names(store)).containsExactly("a", "c");
      assertThat(storage.commits()).isEqualTo(3);
    }

    @Test
    void failCommit_countsFromNowAndOverOpenings() {
      put(store, "a");
      storage.failCommit(2);
      store.close();
      try (StorageBackend again = storage.open()) {
        put(again, "b");
        assertThatThrownBy(() -> put(again, "c")).isInstanceOf(StorageException.class);
        assertThat(names(again)).containsExactly("a", "b");
      }
    }

    @Test
    void failCommit_ofARestore_leavesTheStoreEmpty() {
      storage.failCommit(1);

      assertThatThrownBy(() -> store.restore(sink -> sink.head(7)))
          .isInstanceOf(StorageException.class);
      assertThat(store.head()).isZero();
      store.restore(sink -> sink.head(7));
      assertThat(store.head()).isEqualTo(7);
    }

    @Test
    void heal_takesFaultsBack() {
      storage.failCommit(1);
      storage.failRead(1);
      storage.failAtRandom(1, 1);
      storage.heal();

      assertThat(put(store, "a")).containsExactly(new Committed(1));
      assertThat(names(store)).containsExactly("a");
    }
  }

  @Nested
  class Deaths {
    private final StorageBackend store = storage.open();

    @ParameterizedTest
    @CsvSource({"0, ''", "1, 'a'", "2, 'a,b'", "3, 'a,b,c'", "2147483647, 'a,b,c'"})
    void dieInCommit_keepsTheFirstBatchesOnly(int surviving, String expected) {
      storage.dieInCommit(1, surviving);

      assertThat(put(store, "a", "b", "c")).hasSize(3).allSatisfy(result -> assertThat(result)
          .isInstanceOf(Unknown.class));
      try (StorageBackend again = storage.open()) {
        assertThat(String.join(",", names(again))).isEqualTo(expected);
        assertThat(put(again, "d")).containsExactly(new Committed(again.head()));
      }
    }

    @Test
    void deadStore_everyCallFailsUntilItIsOpenedAgain() {
      put(store, "a");
      storage.die();

      assertThatThrownBy(() -> put(store, "b"))
          .isInstanceOf(StorageException.class)
          .hasMessage("the store has died on purpose; open it again");
      assertThatThrownBy(() -> names(store)).isInstanceOf(StorageException.class);
      assertThatThrownBy(store::head).isInstanceOf(StorageException.class);
      try (StorageBackend again = storage.open()) {
        assertThat(names(again)).containsExactly("a");
        store.close(); // late, as by a vault that notices
        assertThat(names(again)).containsExactly("a");
      }
    }

    @Test
    void dieInCommit_ofARestore_leavesNothing() {
      storage.dieInCommit(1, Integer.MAX_VALUE);

      assertThatThrownBy(() -> store.restore(sink -> sink.head(7)))
          .isInstanceOf(StorageException.class);
      try (StorageBackend again = storage.open()) {
        assertThat(again.head()).isZero();
      }
    }

    @Test
    void open_whileItIsOpenAndAlive_isRefused() {
      assertThatThrownBy(storage::open)
          .isInstanceOf(StorageException.class)
          .hasMessage("the store is open already");
    }

    @Test
    void dieInCommit_overAFile_leavesTheFileToTheNextOpening(@TempDir Path folder) {
      FaultyStorage faulty = FaultyStorage.over(SqliteStorage.at(folder.resolve("vault.db")));
      put(faulty.open(), "a");
      faulty.die();
      StorageBackend second = faulty.open();
      faulty.dieInCommit(1, 1);
      put(second, "b", "c");

      try (StorageBackend third = faulty.open()) {
        assertThat(names(third)).containsExactly("a", "b");
      }
      try (StorageBackend plain = SqliteStorage.at(folder.resolve("vault.db")).open()) {
        assertThat(names(plain)).containsExactly("a", "b");
      }
    }
  }

  @Nested
  class FailedReads {
    private final StorageBackend store = storage.open();

    @Test
    void failRead_failsThatOneOnly() {
      put(store, "a");
      storage.failRead(2);

      assertThat(names(store)).containsExactly("a");
      assertThatThrownBy(() -> names(store))
          .isInstanceOf(StorageException.class)
          .hasMessage("a read fails on purpose");
      assertThat(names(store)).containsExactly("a");
      assertThat(storage.reads()).isEqualTo(3);
    }

    @Test
    void failRead_countsEveryKindOfRead() {
      store.get(address("a"));
      store.getAll(List.of(address("a")));
      store.children(new byte[16], null, 1);
      store.due(0, 1);
      store.snapshot(new StoreContent());

      assertThat(storage.reads()).isEqualTo(5);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void failAtRandom_sameSeed_failsTheSameCalls(long seed) {
    List<Boolean> failures = failures(seed);

    assertThat(failures(seed)).isEqualTo(failures);
    assertThat(failures).contains(true, false);
    assertThat(failures(seed + 100)).isNotEqualTo(failures);
  }

  private static List<Boolean> failures(long seed) {
    FaultyStorage faulty = FaultyStorage.inMemory();
    faulty.failAtRandom(seed, 3);
    try (StorageBackend store = faulty.open()) {
      return IntStream.range(0, 50).mapToObj(i -> fails(store, i)).toList();
    }
  }

  private static boolean fails(StorageBackend store, int i) {
    try {
      if (i % 2 == 0) {
        put(store, "row " + i);
      } else {
        names(store);
      }
      return false;
    } catch (StorageException e) {
      return true;
    }
  }

  /** Commits a group with one batch for each name. */
  private static List<CommitResult> put(StorageBackend store, String... names) {
    return store.commit(List.of(names).stream()
        .map(name -> new Batch(List.of(), List.of(new Batch.Put(address(name), new byte[] {1}))))
        .toList());
  }

  private static List<String> names(StorageBackend store) {
    return store.children(new byte[16], null, 100).stream()
        .map(name -> new String(name, StandardCharsets.UTF_8))
        .toList();
  }

  private static RowAddress address(String name) {
    return RowAddress.of(new byte[16], name.getBytes(StandardCharsets.UTF_8));
  }
}
