package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyCeremonies;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Rekey;
import dev.strongroom.RootGeneration;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From key shares to a static key and back; and what time does to shares and ceremonies. */
class SealMigrationTest {
  @TempDir
  private Path folder;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final FaultyStorage storage = FaultyStorage.inMemory();
  private StaticKeySeal automatic;
  private List<KeyShare> shares = List.of();
  private String rootToken = "";

  @BeforeEach
  void makeKey() throws IOException {
    automatic = StaticKeySeal.fromFile(keyFile("key", 7));
  }

  private Path keyFile(String name, int fill) throws IOException {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Files.write(folder.resolve(name), key);
  }

  private VaultBuilder builder() {
    return Vault.builder().storage(storage).time(time);
  }

  private void newVault(VaultBuilder builder) {
    try (Vault vault = builder.open();
        InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
      shares =
          keys.shares().stream().map(share -> KeyShare.parse(share.exposeHex())).toList();
      rootToken = keys.rootToken().exposeText();
      shares.subList(0, 2).forEach(vault::unseal);
    }
  }

  private KeyCeremonies ceremonies(Vault vault) {
    return KeyCeremonies.of(vault.session(ClientToken.parse(rootToken)));
  }

  private static void assertInvalid(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining(message);
  }

  @Test
  void keySharesToStaticKeyAndBack_theSameSharesServeThroughout() {
    newVault(builder());
    try (Vault vault = builder().seal(automatic).migrateSealFromKeyShares().open()) {
      assertThat(vault.sealStatus().migrating()).isTrue();
      assertThat(vault.sealStatus().sealType()).isEqualTo("shamir");
      assertThat(vault.migrateSeal(shares.get(2)).given()).isEqualTo(1);
      assertThat(vault.migrateSeal(shares.get(0)).sealed()).isFalse();
      assertThat(vault.sealStatus().migrating()).isFalse();
      assertThat(vault.sealStatus().sealType()).isEqualTo("static");
      ceremonies(vault).rotateRootKey();
    }
    try (Vault vault = builder().seal(automatic).migrateSealFromKeyShares().open()) {
      assertThat(vault.sealStatus().sealed()).isFalse();
      RootGeneration root = vault.generateRoot();
      root.give(shares.get(0));
      assertThat(root.give(shares.get(1))).isPresent();
    }
    try (Vault vault = builder().migrateSealFrom(automatic).open()) {
      assertThat(vault.sealStatus().sealed()).isTrue();
      vault.migrateSeal(shares.get(1));
      assertThat(vault.migrateSeal(shares.get(2)).sealType()).isEqualTo("shamir");
      ceremonies(vault).rotate();
    }
    try (Vault vault = builder().open()) {
      vault.unseal(shares.get(0));
      assertThat(vault.unseal(shares.get(2)).sealed()).isFalse();
      assertThat(ceremonies(vault).keyStatus().term()).isEqualTo(2);
    }
  }

  @Test
  void migration_ofARekeyThatWaits_takesTheSharesThatWereGiven() {
    newVault(builder());
    List<KeyShare> fresh = new ArrayList<>();
    try (Vault vault = builder().open()) {
      shares.subList(0, 2).forEach(vault::unseal);
      Rekey rekey = vault.rekey(new KeyShares(5, 3));
      rekey.give(shares.get(0));
      rekey
          .give(shares.get(1))
          .orElseThrow()
          .forEach(share -> fresh.add(KeyShare.parse(share.exposeHex())));
    }
    try (Vault vault = builder().seal(automatic).migrateSealFromKeyShares().open()) {
      fresh.subList(0, 3).forEach(vault::migrateSeal);
      assertThat(vault.sealStatus().sealed()).isFalse();
      assertThat(vault.sealStatus().shares()).contains(new KeyShares(5, 3));
      vault.seal();
      fresh.subList(2, 5).forEach(vault::unseal);
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
  }

  @Test
  void wrongCalls_areRefusedAndChangeNothing() {
    newVault(builder());
    assertInvalid(
        () -> builder().seal(automatic).open().close(),
        "the store was made with the seal \"shamir\"");
    try (Vault vault = builder().open()) {
      assertInvalid(
          () -> vault.migrateSeal(shares.get(0)),
          "can't perform a seal migration, no migration seal found");
    }
    try (Vault vault = builder().seal(automatic).migrateSealFromKeyShares().open()) {
      assertInvalid(
          () -> vault.unseal(shares.get(0)),
          "migrate option not provided and seal migration is pending");
      assertThat(vault.sealStatus().given()).isZero();
      vault.migrateSeal(shares.get(0));
      byte[] wrong = shares.get(1).exposeBytes();
      wrong[0]++;
      assertInvalid(() -> vault.migrateSeal(KeyShare.copyOf(wrong)), "invalid key");
      assertThat(vault.sealStatus().migrating()).isTrue();
    }
    assertThatThrownBy(() -> builder().migrateSealFromKeyShares().open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call seal(...)");
    assertThatThrownBy(
            () -> builder().seal(automatic).migrateSealFrom(automatic).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("seals of one kind need no migration");
    assertThatThrownBy(() -> builder().migrateSealFromKeyShares().migrateSealFrom(automatic))
        .isInstanceOf(IllegalStateException.class);
    try (Vault vault = builder().open()) {
      shares.subList(0, 2).forEach(vault::unseal);
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
  }

  @Test
  void newStore_namedAMigration_isSimplyMade() {
    newVault(builder().seal(automatic).migrateSealFromKeyShares());
    try (Vault vault = builder().seal(automatic).open()) {
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
  }

  @Test
  void staticKey_changed_isTakenOverAtTheNextUnseal() throws IOException {
    newVault(builder().seal(automatic));
    StaticKeySeal next = StaticKeySeal.fromFile(keyFile("next", 8));
    try (Vault vault = builder().seal(next.withPrevious(automatic)).open()) {
      assertThat(vault.sealStatus().sealed()).isFalse();
      ceremonies(vault).rotateRootKey();
    }
    try (Vault vault = builder().seal(next).open()) {
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
    assertThatThrownBy(() -> builder().seal(automatic).open())
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED));
  }

  @Test
  void aYearOfSealing_losesNoShareAndBringsNothingBack() {
    newVault(builder());
    String shortLived;
    try (Vault vault = builder().open()) {
      shares.subList(0, 2).forEach(vault::unseal);
      shortLived = Tokens.of(vault.session(ClientToken.parse(rootToken)))
          .create(TokenRequest.of("default").withTtl(Duration.ofDays(30)))
          .token()
          .orElseThrow()
          .exposeText();
    }
    time.advance(Duration.ofDays(365));
    try (Vault vault = builder().open()) {
      vault.unseal(shares.get(0));
      time.advance(Duration.ofHours(24));
      assertThat(vault.sealStatus().given()).isEqualTo(1);
      time.advance(Duration.ofSeconds(1));
      assertThat(vault.sealStatus().given()).isZero();
      assertThat(vault.sealStatus().nonce()).isEmpty();

      shares.subList(1, 3).forEach(vault::unseal);
      assertThat(vault.sealStatus().sealed()).isFalse();
      assertThatThrownBy(
              () -> Tokens.of(vault.session(ClientToken.parse(shortLived))).lookupSelf())
          .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
              .isEqualTo(ErrorCode.PERMISSION_DENIED));
      assertThat(ceremonies(vault).keyStatus().term()).isEqualTo(1);
      Rekey rekey = vault.rekey(new KeyShares(1, 1));
      rekey.give(shares.get(0));
      time.advance(Duration.ofDays(365));
      assertThat(ceremonies(vault).currentRekey()).isEmpty();
    }
  }

  @Test
  void ceremonies_right_wrongOrGivenUp_logNoShareAndNoToken() {
    newVault(builder());
    List<String> secrets = new ArrayList<>(List.of(rootToken));
    shares.forEach(share -> secrets.addAll(List.of(share.exposeHex(), share.exposeBase64())));
    try (LogCanary log = LogCanary.listen();
        Vault vault = builder().open()) {
      shares.subList(0, 2).forEach(vault::unseal);
      Rekey rekey = ceremonies(vault).rekey(new KeyShares(2, 2));
      rekey.give(shares.get(0));
      byte[] wrong = shares.get(1).exposeBytes();
      wrong[0]++;
      assertInvalid(() -> rekey.give(KeyShare.copyOf(wrong)), "failed to read root key");
      rekey.give(shares.get(0));
      storage.failCommit(1);
      assertThatThrownBy(() -> rekey.give(shares.get(1))).isInstanceOf(VaultException.class);
      List<KeyShare> fresh = rekey.give(shares.get(1)).orElseThrow();
      fresh.forEach(share -> secrets.addAll(List.of(share.exposeHex(), share.exposeBase64())));
      assertThat(rekey.verify(fresh.get(0))).isFalse();
      assertThat(rekey.verify(fresh.get(1))).isTrue();
      RootGeneration root = vault.generateRoot();
      root.give(fresh.get(0));
      secrets.add(root.give(fresh.get(1)).orElseThrow().exposeText());

      assertThat(List.of(rekey.toString(), root.toString(), fresh.toString()))
          .noneMatch(text -> secrets.stream().anyMatch(text::contains));
      log.assertNeverLogged(secrets.toArray(String[]::new));
    }
  }
}
