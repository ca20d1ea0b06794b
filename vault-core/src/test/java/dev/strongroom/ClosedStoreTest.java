package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Request;
import dev.strongroom.spi.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedStoreTest {
  @TempDir
  Path folder;

  private final KeptStorage storage = new KeptStorage();
  private Path snapshot;

  @BeforeEach
  void place() {
    snapshot = folder.resolve("a.snapshot");
  }

  private ClosedStore open() {
    return ClosedStore.open(storage, Optional.empty());
  }

  private static void assertRefused(ErrorCode code, String message, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void sealStatus_ofAnEmptyStore_isNotInitialized() {
    try (ClosedStore store = open()) {
      assertThat(store.sealStatus().initialized()).isFalse();
      assertThat(store.summary())
          .isEqualTo(new StoreSummary(Optional.empty(), Optional.empty(), 0, 0, 0));
      assertRefused(
          ErrorCode.NOT_INITIALIZED, "not initialized", () -> store.requireOpenedBy(List.of()));
    }
  }

  @Nested
  class SealedByShares {
    private List<KeyShare> shares = List.of();
    private ClientToken root;

    @BeforeEach
    void make() {
      try (Vault vault = Vault.builder().storage(storage).open()) {
        InitialKeys keys = vault.initialize(new KeyShares(3, 2));
        shares = keys.shares();
        root = keys.rootToken();
      }
    }

    @Test
    void requireOpenedBy_sharesThatOpen_changesNothing() {
      long head = head();
      try (ClosedStore store = open()) {
        store.requireOpenedBy(shares.subList(0, 2));
        store.requireOpenedBy(shares);
        assertThat(store.sealStatus().sealed()).isTrue();
        assertThat(store.sealStatus().shares()).contains(new KeyShares(3, 2));
      }
      assertThat(head()).isEqualTo(head);
    }

    @Test
    void requireOpenedBy_sharesThatDoNot_saysSo() {
      try (ClosedStore store = open();
          KeyShare foreign = KeyShare.copyOf(new byte[33]);
          KeyShare shortOne = KeyShare.copyOf(new byte[3])) {
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "1 key shares were given, but 2 are needed",
            () -> store.requireOpenedBy(shares.subList(0, 1)));
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "invalid key",
            () -> store.requireOpenedBy(List.of(shares.get(0), foreign)));
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "shorter than minimum",
            () -> store.requireOpenedBy(List.of(shortOne)));
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "0 key shares were given, but 2 are needed",
            () -> store.requireOpenedBy(List.of()));
      }
    }

    @Test
    void requireOpenedBy_withTheKeyOfASeal_asksForShares() {
      Seal seal = StaticKeySeal.fromFile(folder.resolve("no.key")); // never read
      try (ClosedStore store = ClosedStore.open(storage, Optional.of(seal))) {
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "the store opens by key shares, not by the key of a seal",
            () -> store.requireOpenedBy(List.of()));
        store.requireOpenedBy(shares.subList(0, 2));
      }
    }

    @Test
    void requireOpenedBy_sharesThatWaitToReplaceOthers_openAndGoOnWaiting() {
      List<KeyShare> fresh;
      try (Vault vault = Vault.builder().storage(storage).open()) {
        shares.subList(0, 2).forEach(vault::unseal);
        Rekey rekey = vault.rekey(new KeyShares(2, 2));
        rekey.give(shares.get(0));
        fresh = rekey.give(shares.get(1)).orElseThrow();
      }
      long head = head();
      try (ClosedStore store = open()) {
        store.requireOpenedBy(fresh);
        store.requireOpenedBy(shares.subList(1, 3));
      }
      assertThat(head()).isEqualTo(head);
    }

    @Test
    void snapshot_restored_isTheSameVault() {
      try (ClosedStore store = open()) {
        store.snapshot(snapshot, shares.subList(1, 3));
      }
      KeptStorage copy = new KeptStorage();
      Vault.restore(snapshot, copy);
      try (Vault vault = Vault.builder().storage(copy).open()) {
        shares.subList(0, 2).forEach(vault::unseal);
        assertThat(vault
                .session(root)
                .request(Request.read("auth/token/lookup-self"))
                .orThrow())
            .isNotNull();
      }
    }

    @Test
    void openSnapshot_ofThisVault_tellsWhatTheStoreTells() {
      try (ClosedStore store = open()) {
        store.snapshot(snapshot, shares.subList(0, 2));
        try (ClosedStore copy = ClosedStore.openSnapshot(snapshot, Optional.empty())) {
          assertThat(copy.summary()).isEqualTo(store.summary());
          assertThat(copy.summary().rows()).isGreaterThan(3);
          assertThat(copy.sealStatus()).isEqualTo(store.sealStatus());
          copy.requireOpenedBy(shares.subList(0, 2));
          assertThatThrownBy(() -> copy.snapshot(folder.resolve("b"), shares))
              .isInstanceOf(IllegalStateException.class);
        }
      }
    }

    @Test
    void openSnapshot_damaged_isRefused() throws IOException {
      try (ClosedStore store = open()) {
        store.snapshot(snapshot, shares.subList(0, 2));
      }
      byte[] content = Files.readAllBytes(snapshot);
      content[content.length / 2] ^= 1;
      Files.write(snapshot, content);
      assertRefused(ErrorCode.STORAGE_FAILED, "damaged", () -> ClosedStore.openSnapshot(
              snapshot, Optional.empty())
          .close());
    }

    /** The digest is of what the file holds, the MAC is not: only the keys tell. */
    @Test
    void requireOpenedBy_aSnapshotThatSomebodyElseMade_isRefused() throws IOException {
      try (ClosedStore store = open()) {
        store.snapshot(snapshot, shares.subList(0, 2));
      }
      byte[] content = Files.readAllBytes(snapshot);
      content[content.length - 1] ^= 1;
      Files.write(snapshot, content);
      try (ClosedStore copy = ClosedStore.openSnapshot(snapshot, Optional.empty())) {
        assertRefused(
            ErrorCode.STORAGE_FAILED,
            "is not one that this vault wrote",
            () -> copy.requireOpenedBy(shares.subList(0, 2)));
      }
    }
  }

  @Nested
  class SealedByAStaticKey {
    private Seal seal;
    private List<KeyShare> recovery = List.of();

    @BeforeEach
    void make() throws IOException {
      Path key = Files.writeString(folder.resolve("key"), "ab".repeat(32));
      seal = StaticKeySeal.fromFile(key);
      try (Vault vault = Vault.builder().storage(storage).seal(seal).open()) {
        recovery = vault.initialize(new KeyShares(2, 2)).shares();
      }
    }

    @Test
    void requireOpenedBy_theSeal_aloneOrWithRecoveryShares() {
      try (ClosedStore store = ClosedStore.open(storage, Optional.of(seal));
          KeyShare foreign = KeyShare.copyOf(new byte[33])) {
        store.requireOpenedBy(List.of());
        store.requireOpenedBy(recovery);
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "invalid key",
            () -> store.requireOpenedBy(List.of(recovery.get(0), foreign)));
        store.snapshot(snapshot, List.of());
      }
      try (ClosedStore copy = ClosedStore.openSnapshot(snapshot, Optional.of(seal))) {
        copy.requireOpenedBy(List.of());
      }
    }

    @Test
    void requireOpenedBy_withoutTheSeal_namesIt() {
      try (ClosedStore store = open()) {
        assertThat(store.sealStatus().sealType()).isEqualTo("static");
        assertRefused(
            ErrorCode.INVALID_REQUEST,
            "sealed by \"static\"",
            () -> store.requireOpenedBy(recovery));
      }
    }
  }

  private long head() {
    return storage.open().head();
  }
}
