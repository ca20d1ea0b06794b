package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault as a file, and back. */
class SnapshotTest {
  @TempDir
  private Path folder;

  private final FaultyStorage storage = FaultyStorage.inMemory();
  private Vault vault;
  private InitialKeys keys;
  private Path file;

  @BeforeEach
  void writeSomething() {
    file = folder.resolve("vault.snapshot");
    vault = open(storage);
    keys = vault.initialize(new KeyShares(3, 2));
    unseal(vault);
    secrets(vault).put("a", Map.of("v", "kept"));
  }

  @AfterEach
  void close() {
    keys.close();
    vault.close();
  }

  private static Vault open(StorageType storage) {
    return Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
  }

  private void unseal(Vault opened) {
    opened.unseal(keys.shares().get(0));
    opened.unseal(keys.shares().get(2));
  }

  private KvStore secrets(Vault opened) {
    Session root = opened.session(keys.rootToken());
    return KvStore.at(root, "secret");
  }

  @Test
  void snapshot_ofASealedVault_isRefused() {
    vault.seal();
    assertThatThrownBy(() -> vault.snapshot(file))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));
    assertThat(file).doesNotExist();
  }

  @Test
  void snapshot_isForItsOwnerAndLeavesNothingElse() throws IOException {
    vault.snapshot(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void restore_intoAnotherKindOfStore_opensWithTheSameKeysAndHoldsThatMoment() {
    vault.snapshot(file);
    secrets(vault).put("a", Map.of("v", "later"));

    StorageType copy = SqliteStorage.at(folder.resolve("copy.db"));
    Vault.restore(file, copy);

    try (Vault restored = open(copy)) {
      unseal(restored);
      assertThat(secrets(restored).get("a").text("v")).isEqualTo("kept");
      secrets(restored).put("a", Map.of("v", "goes on"));
    }
    assertThat(secrets(vault).get("a").text("v")).isEqualTo("later");
  }

  @Test
  void snapshot_underLoad_isOneMoment() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing = threads.submit(() -> {
        for (int i = 0; !stop.get(); i++) {
          secrets(vault).put("first", Map.of("v", i));
          secrets(vault).put("second", Map.of("v", i));
        }
      });
      for (int round = 0; round < 10; round++) {
        vault.snapshot(file);
        FaultyStorage copy = FaultyStorage.inMemory();
        Vault.restore(file, copy);
        try (Vault restored = open(copy)) {
          unseal(restored);
          int first = number(secrets(restored), "first");
          assertThat(number(secrets(restored), "second")).isBetween(first - 1, first);
        }
      }
      stop.set(true);
      writing.get();
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private static int number(KvStore store, String key) {
    return store.find(key).map(secret -> Integer.parseInt(secret.text("v"))).orElse(-1);
  }

  @Test
  void restore_intoAStoreWithContent_isRefused() {
    vault.snapshot(file);
    FaultyStorage copy = FaultyStorage.inMemory();
    Vault.restore(file, copy);
    assertThatThrownBy(() -> Vault.restore(file, copy)).isInstanceOf(StorageException.class);
  }

  @Test
  void restore_damagedAnywhere_isRefusedAndNothingIsWritten() throws IOException {
    vault.snapshot(file);
    byte[] good = Files.readAllBytes(file);
    for (int position = 0; position < good.length - 32; position += 37) {
      byte[] bad = good.clone();
      bad[position] ^= 1;
      Files.write(file, bad);
      FaultyStorage copy = FaultyStorage.inMemory();
      assertThatThrownBy(() -> Vault.restore(file, copy)).isInstanceOf(StorageException.class);
      try (StorageBackend untouched = copy.open()) {
        assertThat(untouched.head()).isZero();
      }
    }
  }

  @Test
  void restore_forged_isNoticedAtTheNextUnseal() throws IOException {
    vault.snapshot(file);
    byte[] forged = Files.readAllBytes(file);
    forged[forged.length - 1] ^= 1; // the digest is right, but whoever made it had no key
    Files.write(file, forged);
    FaultyStorage copy = FaultyStorage.inMemory();
    Vault.restore(file, copy);
    try (Vault restored = open(copy)) {
      assertThatThrownBy(() -> unseal(restored))
          .hasMessageContaining("from a snapshot that this vault did not write");
      assertThat(restored.sealStatus().sealed()).isTrue();
    }
  }

  @Test
  void restore_somethingElse_isRefused() throws IOException {
    Files.writeString(file, "no snapshot");
    assertThatThrownBy(() -> Vault.restore(file, FaultyStorage.inMemory()))
        .hasMessageContaining("is not a snapshot");
  }

  @Test
  void sealRow_changedOutside_isNoticedAtTheNextUnseal() {
    vault.close();
    try (StorageBackend store = storage.open()) {
      RowAddress address = RowAddress.of(new byte[16], "seal".getBytes(StandardCharsets.US_ASCII));
      String json = new String(store.get(address).orElseThrow().value(), StandardCharsets.UTF_8);
      byte[] changed =
          json.replace("\"shares\":3", "\"shares\":2").getBytes(StandardCharsets.UTF_8);
      store.commit(List.of(new Batch(List.of(), List.of(new Batch.Put(address, changed)))));
    }
    vault = open(storage);
    assertThatThrownBy(() -> unseal(vault))
        .hasMessageContaining("the seal's row was changed outside the vault");
    assertThat(vault.sealStatus().sealed()).isTrue();
  }
}
