package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyCeremonies;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Rekey;
import dev.strongroom.RootGeneration;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that dies at any commit of a key ceremony, or of a change of the seal, opens again: with
 * shares that somebody holds, and with everything that was in it.
 */
@Tag("slow")
class CeremonyFaultTest {
  /** More than the commits of any story here. */
  private static final int MANY = 60;

  @TempDir
  private Path folder;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private StaticKeySeal automatic;

  /** What people hold, at any moment: nothing that a dying vault has not handed out. */
  private static final class Keepers {
    final List<List<KeyShare>> sets = new ArrayList<>();
    String rootToken = "";

    List<KeyShare> newest() {
      return sets.get(sets.size() - 1);
    }
  }

  @BeforeEach
  void makeKey() throws IOException {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    automatic = StaticKeySeal.fromFile(Files.write(folder.resolve("key"), key));
  }

  private VaultBuilder builder(FaultyStorage storage) {
    return Vault.builder().storage(storage).time(time).mount("secret", Kv.version2());
  }

  private VaultBuilder builder(FaultyStorage storage, Optional<Seal> seal) {
    VaultBuilder builder = builder(storage);
    seal.ifPresent(builder::seal);
    return builder;
  }

  private Keepers newVault(FaultyStorage storage, Optional<Seal> seal) {
    Keepers keepers = new Keepers();
    try (Vault vault = builder(storage, seal).open()) {
      InitialKeys keys = vault.initialize(new KeyShares(3, 2));
      keepers.sets.add(keys.shares());
      keepers.rootToken = keys.rootToken().exposeText();
      keys.shares().subList(0, 2).forEach(vault::unseal);
      secrets(vault, keepers).put("a", Map.of("v", "kept"));
    }
    return keepers;
  }

  private static KvStore secrets(Vault vault, Keepers keepers) {
    return KvStore.at(vault.session(ClientToken.parse(keepers.rootToken)), "secret");
  }

  private static void assertWhole(Vault vault, Keepers keepers) {
    assertThat(secrets(vault, keepers).get("a").text("v")).isEqualTo("kept");
    KeyCeremonies.of(vault.session(ClientToken.parse(keepers.rootToken))).rotate();
    secrets(vault, keepers).put("b", Map.of("v", 1));
  }

  /** Tries the sets of shares that people hold; returns the first that opens the vault. */
  private static Optional<List<KeyShare>> opening(Vault vault, Keepers keepers, boolean migrate) {
    for (List<KeyShare> set : keepers.sets) {
      vault.resetUnseal();
      try {
        for (KeyShare share : set) {
          if (vault.sealStatus().sealed()) {
            var status = migrate ? vault.migrateSeal(share) : vault.unseal(share);
            assertThat(status.initialized()).isTrue();
          }
        }
      } catch (VaultException e) {
        assertThat(e).hasMessageContaining("invalid key");
      }
      if (!vault.sealStatus().sealed()) {
        return Optional.of(set);
      }
    }
    return Optional.empty();
  }

  private static List<KeyShare> giveAll(Rekey rekey, List<KeyShare> shares) {
    Optional<List<KeyShare>> fresh = Optional.empty();
    for (KeyShare share : shares) {
      if (fresh.isEmpty()) {
        fresh = rekey.give(share);
      }
    }
    return fresh.orElseThrow();
  }

  /** Three changes of the shares: verified, given up, and left for the next unseal to confirm. */
  private static void changeShares(Vault vault, Keepers keepers) {
    KeyCeremonies ceremonies =
        KeyCeremonies.of(vault.session(ClientToken.parse(keepers.rootToken)));
    Rekey verified = vault.rekey(new KeyShares(5, 3));
    List<KeyShare> fresh = giveAll(verified, keepers.newest());
    keepers.sets.add(fresh);
    for (KeyShare share : fresh) {
      if (verified.verify(share)) {
        break;
      }
    }
    ceremonies.rotate();
    Rekey cancelled = vault.rekey(new KeyShares(2, 2));
    giveAll(cancelled, keepers.newest());
    cancelled.cancel();
    RootGeneration root = vault.generateRoot();
    for (KeyShare share : keepers.newest()) {
      Optional<ClientToken> token = root.give(share);
      if (token.isPresent()) {
        keepers.rootToken = token.get().exposeText();
        break;
      }
    }
    List<KeyShare> last = giveAll(vault.rekey(new KeyShares(1, 1)), keepers.newest());
    keepers.sets.add(last);
    vault.seal();
    vault.unseal(keepers.sets.get(1).get(0));
    vault.unseal(keepers.sets.get(1).get(1));
    vault.unseal(keepers.sets.get(1).get(2));
    ceremonies.rotate();
    vault.seal();
    vault.unseal(last.get(0));
  }

  @ParameterizedTest(name = "automatic seal: {0}, {1} batches survive")
  @CsvSource({"false, 0", "false, 2147483647", "true, 0", "true, 2147483647"})
  void storeDies_atAnyCommitOfARekey_somebodyCanOpenIt(boolean withSeal, int surviving) {
    Optional<Seal> seal = withSeal ? Optional.of(automatic) : Optional.empty();
    int died = 0;
    for (int commit = 1; commit < MANY; commit++) {
      FaultyStorage storage = FaultyStorage.inMemory();
      Keepers keepers = newVault(storage, seal);
      Vault vault = builder(storage, seal).open();
      boolean finished = false;
      try {
        if (vault.sealStatus().sealed()) {
          keepers.newest().subList(0, 2).forEach(vault::unseal);
        }
        storage.dieInCommit(commit, surviving);
        changeShares(vault, keepers);
        finished = true;
      } catch (VaultException e) {
        died++;
      }
      storage.heal();
      vault.close();

      try (Vault again = builder(storage, seal).open()) {
        assertOpens(again, keepers, commit);
      }
      if (finished) {
        assertThat(died).isGreaterThan(6);
        return;
      }
    }
    throw new AssertionError("the story has more than " + MANY + " commits");
  }

  /** Shares of an automatic seal open nothing, but they authorise: that must not be lost either. */
  private static void assertOpens(Vault vault, Keepers keepers, int commit) {
    vault.seal();
    Optional<List<KeyShare>> set = opening(vault, keepers, /* migrate= */ false);
    assertThat(set).as("opens after a death in commit %d", commit).isPresent();
    assertWhole(vault, keepers);
    vault.seal();
    assertThat(opening(vault, keepers, /* migrate= */ false)).isPresent();
    RootGeneration root = vault.generateRoot();
    Optional<ClientToken> token = Optional.empty();
    for (KeyShare share : set.get()) {
      if (token.isEmpty()) {
        token = root.give(share);
      }
    }
    assertThat(token).as("authorised after a death in commit %d", commit).isPresent();
  }

  @ParameterizedTest(name = "to an automatic seal: {0}, {1} batches survive")
  @CsvSource({"true, 0", "true, 2147483647", "false, 0", "false, 2147483647"})
  void storeDies_atAnyCommitOfAMigration_itCanBeRepeated(boolean toAutomatic, int surviving) {
    Optional<Seal> from = toAutomatic ? Optional.empty() : Optional.of(automatic);
    int died = 0;
    for (int commit = 1; commit < MANY; commit++) {
      FaultyStorage storage = FaultyStorage.inMemory();
      Keepers keepers = newVault(storage, from);
      Vault vault = migrating(storage, toAutomatic).open();
      boolean finished = false;
      try {
        storage.dieInCommit(commit, surviving);
        keepers.newest().subList(0, 2).forEach(vault::migrateSeal);
        finished = true;
      } catch (VaultException e) {
        died++;
      }
      storage.heal();
      vault.close();

      try (Vault again = migrating(storage, toAutomatic).open()) {
        if (again.sealStatus().sealed()) {
          boolean migrate = again.sealStatus().migrating();
          assertThat(opening(again, keepers, migrate)).as("commit %d", commit).isPresent();
        }
        assertThat(again.sealStatus().sealType()).isEqualTo(toAutomatic ? "static" : "shamir");
        assertThat(again.sealStatus().migrating()).isFalse();
        assertWhole(again, keepers);
      }
      try (Vault after = builder(storage, toAutomatic ? Optional.of(automatic) : Optional.empty())
          .open()) {
        assertThat(after.sealStatus().sealed()).isEqualTo(!toAutomatic);
        assertOpens(after, keepers, commit);
      }
      if (finished) {
        assertThat(died).isPositive();
        return;
      }
    }
    throw new AssertionError("the story has more than " + MANY + " commits");
  }

  private VaultBuilder migrating(FaultyStorage storage, boolean toAutomatic) {
    return toAutomatic
        ? builder(storage).seal(automatic).migrateSealFromKeyShares()
        : builder(storage).migrateSealFrom(automatic);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void storeFailsAtRandom_throughCeremonies_somebodyCanAlwaysOpenIt(long seed) {
    Random random = new Random(seed);
    FaultyStorage storage = FaultyStorage.inMemory();
    Keepers keepers = newVault(storage, Optional.empty());
    for (int round = 0; round < 8; round++) {
      Vault vault = builder(storage).open();
      assertThat(opening(vault, keepers, /* migrate= */ false)).isPresent();
      if (random.nextBoolean()) {
        storage.dieInCommit(1 + random.nextInt(4), random.nextInt(2) * Integer.MAX_VALUE);
      } else {
        storage.failCommit(1 + random.nextInt(4));
      }
      try {
        Rekey rekey = vault.rekey(new KeyShares(4, 2 + random.nextInt(3)));
        for (List<KeyShare> set : List.copyOf(keepers.sets)) {
          rekeyWith(rekey, set, keepers, random.nextBoolean());
        }
        KeyCeremonies.of(vault.session(ClientToken.parse(keepers.rootToken))).rotate();
      } catch (VaultException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      storage.heal();
      vault.close();
    }
    try (Vault vault = builder(storage).open()) {
      assertOpens(vault, keepers, 0);
    }
  }

  private static void rekeyWith(Rekey rekey, List<KeyShare> set, Keepers keepers, boolean verify) {
    for (KeyShare share : set) {
      Optional<List<KeyShare>> fresh = giveOrForget(rekey, share);
      if (fresh.isPresent()) {
        keepers.sets.add(fresh.get());
        if (verify) {
          for (KeyShare each : fresh.get()) {
            if (rekey.verify(each)) {
              return;
            }
          }
        }
        return;
      }
    }
  }

  private static Optional<List<KeyShare>> giveOrForget(Rekey rekey, KeyShare share) {
    try {
      return rekey.give(share);
    } catch (VaultException e) {
      if (e.getMessage().contains("invalid key")) { // a set that counts no longer
        return Optional.empty();
      }
      throw e;
    }
  }
}
