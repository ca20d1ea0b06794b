package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyCeremonies;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Mount;
import dev.strongroom.Mounts;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvSettings;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvVersion;
import dev.strongroom.kv.KvWrite;
import dev.strongroom.request.Request;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that fails at any commit leaves all of a change or none, and a vault that opens again.
 */
class FaultyVaultTest {
  /** The story that is told, with a fault at every place. */
  private static final List<Consumer<Session>> STORY = List.of(
      root -> secrets(root).put("a", Map.of("v", 1)),
      root -> secrets(root).put("a", Map.of("v", 2)),
      root -> secrets(root).put("folder/sub/b", Map.of("v", "text")),
      root -> secrets(root).patch("a", Map.of("w", 3)),
      root -> secrets(root)
          .writeAll(Map.of(
              "g", KvWrite.of(Map.of("v", 5)),
              "folder/new/d", KvWrite.of(Map.of("v", 6)),
              "e", KvWrite.of(Map.of("v", 7)))),
      root -> secrets(root).delete("a"),
      root -> secrets(root).undelete("a", 3),
      root -> secrets(root).destroy("a", 1, 2),
      root -> secrets(root).setMetadata("folder/c", KvSettings.unchanged().withMaxVersions(2)),
      root -> KeyCeremonies.of(root).rotate(),
      root -> secrets(root).deleteMetadata("folder/sub/b"),
      root -> Policies.of(root).put("p", "path \"secret/*\" { capabilities = [\"read\"] }"),
      root -> Mounts.of(root).mount("other", Kv.version2()),
      root -> KvStore.at(root, "other").put("x/y", Map.of("v", 1)),
      root -> Mounts.of(root).move("other", "moved/other"),
      root -> Mounts.of(root).unmount("moved/other"),
      root -> Policies.of(root).delete("p"),
      root -> secrets(root).put("a", Map.of("v", 4)));

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private static KvStore secrets(Session root) {
    return KvStore.at(root, "secret");
  }

  private Vault open(FaultyStorage storage) {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .mount("secret", Kv.version2())
        .open();
  }

  private record Keys(String share, String rootToken) {
    static Keys of(InitialKeys keys) {
      return new Keys(keys.shares().get(0).exposeHex(), keys.rootToken().exposeText());
    }

    Session unseal(Vault vault) {
      try (KeyShare given = KeyShare.parse(share)) {
        assertThat(vault.unseal(given).sealed()).isFalse();
      }
      return vault.session(ClientToken.parse(rootToken));
    }
  }

  private Keys newVault(FaultyStorage storage) {
    try (Vault vault = open(storage);
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      Keys made = Keys.of(keys);
      made.unseal(vault);
      return made;
    }
  }

  /** Everything a caller can see. */
  private static Map<String, Object> visible(Session root) {
    Map<String, Object> seen = new TreeMap<>();
    seen.put("policies", Policies.of(root).list());
    seen.put("term", KeyCeremonies.of(root).keyStatus().term());
    Mounts.of(root).list().forEach((path, mount) -> {
      if (mount.type().equals("kv")) {
        seen.put(path, keys(KvStore.at(root, path), ""));
      }
    });
    return seen;
  }

  private static Map<String, Object> keys(KvStore store, String folder) {
    Map<String, Object> seen = new TreeMap<>();
    for (String name : store.list(folder)) {
      if (name.endsWith("/")) {
        seen.put(name, keys(store, folder + name));
      } else {
        List<Object> versions = new ArrayList<>();
        for (KvVersion version : store.history(folder + name)) {
          boolean live = !version.destroyed() && version.deletedAt().isEmpty();
          versions.add(version);
          versions.add(live ? store.get(folder + name, version.number()).toMap().toString() : "");
        }
        seen.put(name, versions);
      }
    }
    return seen;
  }

  /** What is visible before the story, and after each step of it. */
  private List<Map<String, Object>> states() {
    FaultyStorage storage = FaultyStorage.inMemory();
    Keys keys = newVault(storage);
    try (Vault vault = open(storage)) {
      Session root = keys.unseal(vault);
      List<Map<String, Object>> states = new ArrayList<>(List.of(visible(root)));
      for (Consumer<Session> step : STORY) {
        step.accept(root);
        states.add(visible(root));
      }
      return states;
    }
  }

  @Test
  void commitRefused_anyStep_nothingHappenedAndTheVaultGoesOn() {
    List<Map<String, Object>> states = states();
    for (int step = 0; step < STORY.size(); step++) {
      FaultyStorage storage = FaultyStorage.inMemory();
      Keys keys = newVault(storage);
      try (Vault vault = open(storage)) {
        Session root = keys.unseal(vault);
        STORY.subList(0, step).forEach(earlier -> earlier.accept(root));
        storage.failCommit(1);
        Consumer<Session> failing = STORY.get(step);
        assertThatThrownBy(() -> failing.accept(root))
            .as("step %d", step)
            .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.STORAGE_FAILED));
        assertThat(visible(root)).as("step %d", step).isEqualTo(states.get(step));
        STORY.subList(step, STORY.size()).forEach(later -> later.accept(root));
        assertThat(visible(root)).isEqualTo(states.get(STORY.size()));
      }
    }
  }

  @ParameterizedTest(name = "{0} batches of the group survive")
  @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
  void storeDies_anyStep_allOfItOrNothingIsThereAfterOpeningAgain(int survivingBatches) {
    List<Map<String, Object>> states = states();
    for (int step = 0; step < STORY.size(); step++) {
      FaultyStorage storage = FaultyStorage.inMemory();
      Keys keys = newVault(storage);
      Vault vault = open(storage);
      Session root = keys.unseal(vault);
      STORY.subList(0, step).forEach(earlier -> earlier.accept(root));
      storage.dieInCommit(1, survivingBatches);
      Consumer<Session> dying = STORY.get(step);

      assertThatThrownBy(() -> dying.accept(root)).isInstanceOf(VaultException.class);
      assertThat(vault.sealStatus().sealed())
          .as("sealed itself in step %d", step)
          .isTrue();
      assertThat(root.request(Request.read("secret/data/a")).failure()).contains(ErrorCode.SEALED);
      vault.close();

      try (Vault again = open(storage)) {
        Session reopened = keys.unseal(again);
        Map<String, Object> expected = states.get(survivingBatches == 0 ? step : step + 1);
        assertThat(visible(reopened)).as("step %d", step).isEqualTo(expected);
      }
    }
  }

  @Test
  void storeDies_whileAMountIsRemoved_theRestGoesAfterOpeningAgain() {
    FaultyStorage storage = FaultyStorage.inMemory();
    Keys keys = newVault(storage);
    long rowsBefore = StoredRows.count(storage);
    Vault vault = open(storage);
    Session root = keys.unseal(vault);
    Mounts.of(root).mount("big", Kv.version2());
    KvStore big = KvStore.at(root, "big");
    for (int i = 0; i < 250; i++) {
      big.put("folder" + i % 9 + "/key" + i, Map.of("v", i));
    }
    Mounts.of(root).unmount("big");
    storage.dieInCommit(2, 0);
    time.advance(Duration.ofSeconds(30));
    vault.close();
    assertThat(StoredRows.count(storage)).isGreaterThan(rowsBefore + 250);

    try (Vault again = open(storage)) {
      keys.unseal(again);
      time.advance(Duration.ofSeconds(30));
    }
    assertThat(StoredRows.count(storage)).isEqualTo(rowsBefore);
  }

  @Test
  void initialize_storeDiesInAnyCommit_mayBeRepeated() {
    for (int commit : IntStream.rangeClosed(1, 2).toArray()) {
      for (int surviving : new int[] {0, Integer.MAX_VALUE}) {
        FaultyStorage storage = FaultyStorage.inMemory();
        storage.dieInCommit(commit, surviving);
        try (Vault vault = open(storage)) {
          vault.initialize(new KeyShares(1, 1)).close();
        } catch (VaultException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        }
        storage.die();
        storage.heal();
        try (Vault again = open(storage)) {
          try (InitialKeys keys = again.initialize(new KeyShares(1, 1))) {
            assertThat(Keys.of(keys).unseal(again)).isNotNull();
          }
        }
      }
    }
  }

  @Test
  void initializeIfNew_keeperFails_keysAreMadeAnewAtTheNextStart() {
    FaultyStorage storage = FaultyStorage.inMemory();
    assertThatThrownBy(() -> Vault.builder()
            .storage(storage)
            .initializeIfNew(new KeyShares(1, 1), keys -> {
              throw new IllegalStateException("the escrow is down");
            })
            .open())
        .hasMessage("the escrow is down");
    List<String> shares = new ArrayList<>();
    try (Vault vault = Vault.builder()
        .storage(storage)
        .initializeIfNew(new KeyShares(1, 1), keys -> shares.add(Keys.of(keys).share))
        .open()) {
      assertThat(vault.unseal(KeyShare.parse(shares.get(0))).sealed()).isFalse();
    }
    try (Vault vault = Vault.builder()
        .storage(storage)
        .initializeIfNew(new KeyShares(1, 1), keys -> shares.add("again"))
        .open()) {
      assertThat(vault.sealStatus().initialized()).isTrue();
      assertThat(shares).hasSize(1);
    }
  }

  @Test
  void otherSealThanTheStores_saysSo() throws Exception {
    FaultyStorage storage = FaultyStorage.inMemory();
    newVault(storage);
    assertThatThrownBy(() -> Vault.builder()
            .storage(storage)
            .seal(StaticKeySeal.fromEnvironment("NOT_READ_YET"))
            .open())
        .hasMessageStartingWith(
            "the store was made with the seal \"shamir\", but is opened with \"static\"");
  }

  @Test
  void declaredMount_anotherThingIsThere_staysSealedAndNamesBoth() {
    FaultyStorage storage = FaultyStorage.inMemory();
    Keys keys = newVault(storage);
    try (Vault vault = open(storage)) {
      Mounts mounts = Mounts.of(keys.unseal(vault));
      mounts.unmount("secret");
      mounts.mount("secret", Mount.of(Kv.engine()).withOption("version", "2").withOption("x", "y"));
    }
    try (Vault vault = Vault.builder()
        .storage(storage)
        .mount("secret", Mount.of(new OtherEngine()))
        .open()) {
      assertThatThrownBy(() -> keys.unseal(vault))
          .hasMessage(
              "the application declares other at secret/, but the store has kv version 2 there");
      assertThat(vault.sealStatus().sealed()).isTrue();
    }
  }

  /** An engine that is not kv. */
  private static final class OtherEngine implements EngineType {
    @Override
    public String name() {
      return "other";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of();
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }
  }

  @Test
  void readFails_isTriedAgain() {
    FaultyStorage storage = FaultyStorage.inMemory();
    Keys keys = newVault(storage);
    try (Vault vault = open(storage)) {
      Session root = keys.unseal(vault);
      assertThat(secrets(root).find("a")).isEmpty();
      storage.failRead(1);
      assertThat(secrets(root).find("not-cached")).isEmpty();
    }
  }

  @Test
  void readFails_everyTime_theRequestSaysSoAndTheNextOneWorks() {
    FaultyStorage storage = FaultyStorage.inMemory();
    Keys keys = newVault(storage);
    try (Vault vault = open(storage)) {
      Session root = keys.unseal(vault);
      secrets(root).put("a", Map.of("v", 1));
      IntStream.rangeClosed(1, 5).forEach(storage::failRead);
      assertThatThrownBy(() -> secrets(root).get("not-cached"))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
      assertThat(secrets(root).get("a").text("v")).isEqualTo("1");
    }
  }
}
