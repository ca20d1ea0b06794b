package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RekeyTest {
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private VaultBuilder builder() {
    return Vault.builder().storage(InMemoryStorage.create()).time(time);
  }

  private static void assertInvalid(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining(message);
  }

  private static List<KeyShare> giveAll(Rekey rekey, List<KeyShare> shares) {
    Optional<List<KeyShare>> fresh = Optional.empty();
    for (KeyShare share : shares) {
      assertThat(fresh).isEmpty();
      fresh = rekey.give(share);
    }
    return fresh.orElseThrow();
  }

  @Nested
  class AVaultWithKeyShares {
    private final Vault vault = builder().allowCeremoniesWithoutToken().open();
    private final InitialKeys keys = vault.initialize(new KeyShares(5, 3));
    private final List<KeyShare> old = keys.shares();
    private final Session root = vault.session(keys.rootToken());

    @BeforeEach
    void open() {
      openWith(old.subList(1, 4));
    }

    @AfterEach
    void close() {
      vault.close();
    }

    /** Seals the vault; returns whether these shares open it. */
    private boolean opens(List<KeyShare> shares) {
      vault.seal();
      try {
        shares.forEach(vault::unseal);
      } catch (VaultException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      }
      boolean open = !vault.sealStatus().sealed();
      vault.seal();
      vault.resetUnseal();
      return open;
    }

    private void openWith(List<KeyShare> shares) {
      shares.forEach(vault::unseal);
      assertThat(vault.sealStatus().sealed()).isFalse();
    }

    @Test
    void verify_enoughNewShares_endsTheOldOnes() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      assertThat(rekey.required()).isEqualTo(3);
      List<KeyShare> fresh = giveAll(rekey, old.subList(0, 3));

      assertThat(fresh).hasSize(3);
      assertThat(rekey.required()).isEqualTo(2);
      assertThat(vault.sealStatus().shares()).contains(new KeyShares(5, 3));
      assertThat(rekey.verify(fresh.get(2))).isFalse();
      assertThat(rekey.given()).isEqualTo(1);
      assertThat(rekey.verify(fresh.get(0))).isTrue();

      assertThat(vault.sealStatus().shares()).contains(new KeyShares(3, 2));
      assertThat(opens(old.subList(0, 3))).isFalse();
      assertThat(opens(fresh.subList(1, 3))).isTrue();
    }

    @Test
    void newShares_beforeTheyAreVerified_countBesideTheOldOnesUntilTheyAreUsed() {
      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(3, 2)), old.subList(0, 3));

      assertThat(opens(old.subList(2, 5))).isTrue();
      assertThat(opens(fresh.subList(0, 2))).isTrue();
      assertThat(opens(old.subList(2, 5))).isFalse();
      assertThat(opens(fresh.subList(1, 3))).isTrue();
    }

    @Test
    void newShares_ofAHigherThreshold_countBesideTheOldOnesUntilTheyAreUsed() {
      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(7, 5)), old.subList(0, 3));

      assertThat(opens(old.subList(2, 5))).isTrue();
      assertThat(opens(fresh.subList(0, 5))).isTrue();
      assertThat(opens(old.subList(0, 3))).isFalse();
    }

    @Test
    void rekey_toOneShare_givesTheKeyItself() {
      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(1, 1)), old.subList(0, 3));

      assertThat(fresh.get(0).exposeHex()).hasSize(64);
      assertThat(opens(old.subList(2, 5))).isTrue();
      assertThat(opens(fresh)).isTrue();
      assertThat(opens(old.subList(0, 3))).isFalse();
    }

    @Test
    void mixedShares_whileNewOnesWait_openNothing() {
      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(3, 2)), old.subList(0, 3));

      assertThat(opens(List.of(fresh.get(0), old.get(1), old.get(2)))).isFalse();
      assertThat(opens(List.of(old.get(0), fresh.get(1), old.get(2)))).isFalse();
      assertThat(opens(List.of(old.get(0), old.get(1), fresh.get(2)))).isFalse();
      assertThat(opens(old.subList(0, 3))).isTrue();
    }

    @Test
    void rekey_withOldSharesWhileNewOnesWait_dropsThose() {
      List<KeyShare> lost = giveAll(vault.rekey(new KeyShares(3, 2)), old.subList(0, 3));
      assertThat(opens(old.subList(0, 3))).isTrue();
      openWith(old.subList(0, 3));

      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(4, 2)), old.subList(1, 4));

      assertThat(opens(lost.subList(0, 2))).isFalse();
      assertThat(opens(old.subList(0, 3))).isTrue();
      assertThat(opens(fresh.subList(0, 2))).isTrue();
    }

    @Test
    void cancel_whileNewSharesWait_leavesTheOldOnes() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      List<KeyShare> fresh = giveAll(rekey, old.subList(0, 3));

      rekey.cancel();
      rekey.cancel();

      assertThat(opens(fresh.subList(0, 2))).isFalse();
      assertThat(opens(old.subList(0, 3))).isTrue();
    }

    @Test
    void give_wrongShares_forgetsThemAndGoesOn() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      String nonce = rekey.nonce();
      rekey.give(old.get(0));
      rekey.give(KeyShare.copyOf(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
        26, 27, 28, 29, 30, 31, 32, 77
      }));
      assertThat(rekey.given()).isEqualTo(2);

      assertInvalid(() -> rekey.give(old.get(1)), "failed to read root key: invalid key");

      assertThat(rekey.given()).isZero();
      assertThat(rekey.nonce()).isEqualTo(nonce);
      assertThat(giveAll(rekey, old.subList(0, 3))).hasSize(3);
    }

    @Test
    void give_sharesThatCannotBelongTogether_saysSo() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      rekey.give(old.get(0));
      rekey.give(KeyShare.copyOf(new byte[20]));

      assertInvalid(
          () -> rekey.give(old.get(1)),
          "invalid key: failed to compute combined key: all parts must be the same length");
    }

    @Test
    void give_theSameShareTwice_isRefusedAndNotCounted() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      rekey.give(old.get(0));

      assertInvalid(
          () -> rekey.give(KeyShare.parse(old.get(0).exposeBase64())),
          "given key has already been provided during this generation operation");
      assertThat(rekey.given()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"15, key is shorter than minimum 16", "34, key is longer than maximum 33"})
    void give_shareOfAnotherLength_isRefused(int length, String message) {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));

      assertInvalid(() -> rekey.give(KeyShare.copyOf(new byte[length])), message);
      assertThat(rekey.given()).isZero();
    }

    @Test
    void verify_wrongShares_forgetsThemAndGoesOn() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      List<KeyShare> fresh = giveAll(rekey, old.subList(0, 3));
      rekey.verify(fresh.get(0));

      assertInvalid(
          () -> rekey.verify(fresh.get(0)),
          "given key has already been provided during this verify operation");
      assertInvalid(
          () -> rekey.verify(old.get(1)),
          "rekey verification failed; incorrect key shares supplied");

      assertThat(rekey.given()).isZero();
      assertThat(rekey.verify(fresh.get(1))).isFalse();
      assertThat(rekey.verify(fresh.get(2))).isTrue();
    }

    @Test
    void verify_beforeThereIsAnythingToVerify_isRefused() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));

      assertInvalid(() -> rekey.verify(old.get(0)), "no rekey verification in progress");
    }

    @Test
    void give_whenVerificationIsDue_isRefused() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      giveAll(rekey, old.subList(0, 3));

      assertInvalid(
          () -> rekey.give(old.get(3)),
          "rekey operation already finished; verification must be performed");
    }

    @Test
    void rekey_whileOneIsUnderWay_isRefused() {
      vault.rekey(new KeyShares(3, 2));

      assertInvalid(() -> vault.rekey(new KeyShares(3, 2)), "rekey already in progress");
      assertInvalid(
          () -> KeyCeremonies.of(root).rekey(new KeyShares(3, 2)), "rotation already in progress");
    }

    @Test
    void rekey_afterTheVaultWasSealed_hasEnded() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      rekey.give(old.get(0));
      vault.seal();
      assertThatThrownBy(() -> rekey.give(old.get(1)))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));

      openWith(old.subList(0, 3));

      assertThatThrownBy(() -> rekey.give(old.get(1))).isInstanceOf(VaultException.class);
      assertThat(KeyCeremonies.of(root).currentRekey()).isEmpty();
      assertThat(vault.rekey(new KeyShares(3, 2)).given()).isZero();
    }

    @Test
    void rekey_thatTakesMoreThanADay_isGivenUp() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      rekey.give(old.get(0));
      time.advance(Duration.ofHours(24).minusSeconds(1));
      assertThat(rekey.given()).isEqualTo(1);

      time.advance(Duration.ofSeconds(1));

      assertInvalid(() -> rekey.give(old.get(1)), "no barrier rekey in progress");
      assertInvalid(rekey::given, "this change of key shares has ended");
      assertThat(vault.rekey(new KeyShares(3, 2)).given()).isZero();
    }

    @Test
    void rekey_thatWasNotVerifiedWithinADay_leavesEitherSet() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      List<KeyShare> fresh = giveAll(rekey, old.subList(0, 3));

      time.advance(Duration.ofDays(2));

      assertInvalid(() -> rekey.verify(fresh.get(0)), "this change of key shares has ended");
      assertThat(opens(old.subList(0, 3))).isTrue();
      assertThat(opens(fresh.subList(0, 2))).isTrue();
    }

    @Test
    void rootKeyAlone_withoutShares_cannotBeRotated() {
      assertInvalid(() -> KeyCeremonies.of(root).rotateRootKey(), "sys/rotate/root/init");
    }

    @Test
    void recoveryShares_areNotThere() {
      assertInvalid(
          () -> KeyCeremonies.of(root).rekeyRecovery(new KeyShares(3, 2)),
          "recovery keys not supported");
      assertThat(answer(
                  "sys/rekey-recovery-key/init", Map.of("secret_shares", 1, "secret_threshold", 1))
              .errors())
          .containsExactly("recovery rekeying not supported");
      assertThat(root.request(Request.read("sys/rekey-recovery-key/init")).errors())
          .containsExactly("recovery rekeying not supported");
      assertThat(root.request(Request.delete("sys/rekey-recovery-key/init")).errors())
          .containsExactly("recovery rekeying not supported");
    }

    @Test
    void session_conductsTheWholeCeremony_withAnotherThatJoins() {
      KeyCeremonies mine = KeyCeremonies.of(root);
      assertThat(mine.currentRekey()).isEmpty();
      Rekey begun = mine.rekey(new KeyShares(3, 2));
      Rekey joined = KeyCeremonies.of(root).currentRekey().orElseThrow();
      assertThat(joined.nonce()).isEqualTo(begun.nonce());

      assertThat(begun.give(old.get(0))).isEmpty();
      assertThat(joined.given()).isEqualTo(1);
      assertThat(joined.required()).isEqualTo(3);
      assertThat(joined.give(old.get(1))).isEmpty();
      List<KeyShare> fresh = joined.give(old.get(2)).orElseThrow();
      assertThat(begun.required()).isEqualTo(2);
      assertThat(begun.verify(fresh.get(0))).isFalse();
      assertThat(joined.given()).isEqualTo(1);
      assertThat(joined.verify(fresh.get(1))).isTrue();

      assertThat(mine.currentRekey()).isEmpty();
      assertThat(opens(old.subList(0, 3))).isFalse();
      assertThat(opens(fresh.subList(0, 2))).isTrue();
    }

    @Test
    void session_cancels() {
      Rekey rekey = KeyCeremonies.of(root).rekey(new KeyShares(3, 2));
      rekey.cancel();
      rekey.cancel();

      assertInvalid(rekey::given, "this change of key shares has ended");
    }

    @Test
    void rekey_keepsSecretsTokensAndTerms() {
      KeyCeremonies ceremonies = KeyCeremonies.of(root);
      ceremonies.rotate();
      List<KeyShare> fresh = giveAll(vault.rekey(new KeyShares(3, 2)), old.subList(0, 3));
      ceremonies.rotate();
      vault.seal();
      openWith(fresh.subList(0, 2));

      assertThat(ceremonies.keyStatus().term()).isEqualTo(3);
      ceremonies.rotate();
      assertThat(opens(fresh.subList(1, 3))).isTrue();
    }

    private Response answer(String path, Map<String, ?> body) {
      return root.request(Request.write(path, body));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
      "sys/rekey, invalid rekey seal configuration:",
      "sys/rotate/root, invalid rotate seal configuration:"
    })
    void begin_numbersThatDoNotFit_areRefusedOneByOne(String family, String prefix) {
      Map<List<Object>, String> cases = new HashMap<>();
      cases.put(List.of(0, 0), "shares must be at least one");
      cases.put(List.of(-1, 1), "shares must be at least one");
      cases.put(List.of(1, 0), "threshold must be at least one");
      cases.put(List.of(5, 1), "threshold must be greater than one for multiple shares");
      cases.put(List.of(256, 3), "shares must be less than 256");
      cases.put(List.of(Long.MAX_VALUE, 3), "shares must be less than 256");
      cases.put(List.of(255, 256), "threshold must be less than 256");
      cases.put(List.of(3, 5), "threshold cannot be larger than shares");

      cases.forEach((numbers, reason) -> {
        Response response = answer(
            family + "/init",
            Map.of("secret_shares", numbers.get(0), "secret_threshold", numbers.get(1)));
        assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
        assertThat(response.errors()).containsExactly(prefix + " " + reason);
      });
      assertThat(KeyCeremonies.of(root).currentRekey()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sys/rekey/init", "sys/rotate/root/init"})
    void begin_withPgpOrBackup_isRefused(String path) {
      Map<String, Object> numbers = Map.of("secret_shares", 1, "secret_threshold", 1);
      Map<String, Object> pgp = new HashMap<>(numbers);
      pgp.put("pgp_keys", List.of("mQENBF"));
      Map<String, Object> backup = new HashMap<>(numbers);
      backup.put("backup", true);

      assertThat(answer(path, pgp).errors().get(0)).contains("pgp_keys are not supported");
      assertThat(answer(path, backup).errors())
          .containsExactly(
              "cannot request a backup of the new keys without providing PGP keys for encryption");
      assertThat(KeyCeremonies.of(root).currentRekey()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "sys/rekey/, 'no barrier rekey in progress', 'nonce for this rekey operation is'",
      "sys/rotate/root/, 'no rotation in progress', 'nonce for rotation is'"
    })
    void update_whatIsWrong_isNamed(String path, String none, String wrongNonce) {
      String key = old.get(0).exposeHex();
      assertThat(answer(path + "update", Map.of("key", key, "nonce", "x")).errors())
          .containsExactly(none);
      String nonce = answer(path + "init", Map.of("secret_shares", 3, "secret_threshold", 2))
          .data()
          .orElseThrow()
          .text("nonce")
          .orElseThrow();

      assertThat(
              answer(path + "update", Map.of("key", key, "nonce", "x")).errors().get(0))
          .contains("incorrect nonce supplied; " + wrongNonce + " \"" + nonce + "\"");
      assertThat(answer(path + "update", Map.of("nonce", nonce)).errors().get(0))
          .contains("'key'");
      assertThat(answer(path + "update", Map.of("key", "no share!", "nonce", nonce))
              .errors())
          .containsExactly("'key' must be a valid hex or base64 string");
      assertThat(answer(path + "update", Map.of("key", "a".repeat(1 << 20), "nonce", nonce))
              .errors())
          .containsExactly("a key share has at most 1024 characters");
      assertThat(answer(path + "update", Map.of("key", List.of(key), "nonce", nonce))
              .failure())
          .contains(ErrorCode.INVALID_REQUEST);
      assertThat(answer(path + "verify", Map.of("key", key, "nonce", nonce))
              .errors()
              .get(0))
          .contains("verification in progress");
      assertThat(root.request(Request.delete(path + "init")).isFailure()).isFalse();
      assertThat(answer(path + "verify", Map.of("key", key, "nonce", nonce)).failure())
          .contains(ErrorCode.INVALID_REQUEST);
      assertThat(root.request(Request.read(path + "verify")).failure())
          .contains(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void olderPaths_conductTheCeremonyWithoutAToken() {
      Session stranger = vault.session(ClientToken.parse("none"));
      Payload begun = stranger
          .request(Request.write(
              "sys/rekey/init",
              Map.of("secret_shares", 2, "secret_threshold", 2, "require_verification", true)))
          .orThrow()
          .dataOrEmpty();
      String nonce = begun.text("nonce").orElseThrow();
      assertThat(begun.has("verification_nonce")).isFalse();
      Payload last = begun;
      for (KeyShare share : old.subList(0, 3)) {
        last = stranger
            .request(Request.write(
                "sys/rekey/update", Map.of("key", share.exposeBase64(), "nonce", nonce)))
            .orThrow()
            .dataOrEmpty();
      }
      List<String> fresh = last.texts("keys_base64");
      String second = last.text("verification_nonce").orElseThrow();
      assertThat(last.flag("verification_required")).contains(true);
      assertThat(stranger
              .request(Request.read("sys/rekey/init"))
              .dataOrEmpty()
              .text("verification_nonce"))
          .contains(second);

      assertThat(verify(stranger, fresh.get(0), "x").errors().get(0))
          .isEqualTo(
              "incorrect nonce supplied; nonce for this verify operation is \"" + second + "\"");
      assertThat(verify(stranger, fresh.get(0), second)
              .dataOrEmpty()
              .number("progress")
              .orElseThrow())
          .hasToString("1");
      stranger.request(Request.delete("sys/rekey/verify")).orThrow();
      Payload restarted =
          stranger.request(Request.read("sys/rekey/verify")).orThrow().dataOrEmpty();
      assertThat(restarted.number("progress").orElseThrow()).hasToString("0");
      String third = restarted.text("nonce").orElseThrow();
      assertThat(third).isNotEqualTo(second);
      verify(stranger, fresh.get(0), third).orThrow();
      assertThat(verify(stranger, fresh.get(1), third).dataOrEmpty().flag("complete"))
          .contains(true);

      assertThat(opens(fresh.stream().map(KeyShare::parse).toList())).isTrue();
    }

    private Response verify(Session session, String key, String nonce) {
      return session.request(Request.write("sys/rekey/verify", Map.of("key", key, "nonce", nonce)));
    }

    @Test
    void cancel_withTheNonceOfAnother_isRefused() {
      Rekey rekey = vault.rekey(new KeyShares(3, 2));
      Request cancel = Request.of(
          dev.strongroom.request.Operation.DELETE,
          dev.strongroom.request.VaultPath.parse("sys/rotate/root/init"),
          Payload.of(Map.of("nonce", "x")));

      assertThat(root.request(cancel).errors().get(0)).contains("incorrect nonce supplied");
      assertThat(rekey.given()).isZero();
    }
  }

  @Nested
  class CallersWithoutTheRight {
    private final InMemoryVault vault = Vault.inMemory();

    @AfterEach
    void close() {
      vault.close();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "sys/rotate/root",
          "sys/rotate/root/init",
          "sys/rotate/root/update",
          "sys/rotate/root/verify",
          "sys/rotate/recovery/init",
          "sys/generate-root-token/attempt",
          "sys/generate-root-token/update"
        })
    void ceremony_withoutSudo_isDenied(String path) {
      Policies.of(vault.root())
          .put(
              "all",
              "path \"sys/*\" { capabilities = [\"create\", \"read\", \"update\", \"delete\"] }");
      Session other = vault
          .vault()
          .session(
              Tokens.of(vault.root()).create(TokenRequest.of("all")).token().orElseThrow());
      Session stranger = vault.vault().session(ClientToken.parse("none"));

      for (Session session : List.of(other, stranger)) {
        assertThat(session
                .request(Request.write(path, Map.of("secret_shares", 1, "secret_threshold", 1)))
                .failure())
            .contains(ErrorCode.PERMISSION_DENIED);
        assertThat(session.request(Request.delete(path)).failure())
            .contains(ErrorCode.PERMISSION_DENIED);
      }
      assertThat(KeyCeremonies.of(vault.root()).currentRekey()).isEmpty();
      assertThat(KeyCeremonies.of(vault.root()).currentRootGeneration()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "sys/rekey/init",
          "sys/rekey/update",
          "sys/rekey/verify",
          "sys/rekey-recovery-key/init",
          "sys/generate-root/attempt",
          "sys/generate-root/update"
        })
    void olderPath_byDefault_isNotServed(String path) {
      List<Request> requests = new ArrayList<>(List.of(
          Request.read(path), Request.delete(path), Request.write(path, Map.of("nonce", "x"))));

      for (Session session :
          List.of(vault.root(), vault.vault().session(ClientToken.parse("no")))) {
        assertThat(requests).allSatisfy(request -> {
          Response response = session.request(request);
          assertThat(response.failure()).contains(ErrorCode.UNSUPPORTED);
          assertThat(response.errors()).containsExactly("unsupported operation");
        });
      }
    }
  }

  @Nested
  class AVaultWithAnAutomaticSeal {
    @TempDir
    private Path folder;

    private Vault vault;
    private List<KeyShare> old;
    private KeyCeremonies ceremonies;

    @BeforeEach
    void open() throws Exception {
      Path key = Files.write(folder.resolve("key"), new byte[32]);
      vault = builder().seal(StaticKeySeal.fromFile(key)).open();
      InitialKeys keys = vault.initialize(new KeyShares(3, 2));
      old = keys.shares();
      ceremonies = KeyCeremonies.of(vault.session(keys.rootToken()));
    }

    @AfterEach
    void close() {
      vault.close();
    }

    private boolean authorise(List<KeyShare> shares) {
      vault.seal();
      try {
        shares.forEach(vault::unseal);
      } catch (VaultException e) {
        assertThat(e).hasMessageContaining("recovery key does not match submitted values");
      }
      return !vault.sealStatus().sealed();
    }

    @Test
    void rekey_changesTheRecoveryShares() {
      Rekey rekey = vault.rekey(new KeyShares(5, 3));
      List<KeyShare> fresh = giveAll(rekey, old.subList(0, 2));
      fresh.subList(0, 2).forEach(rekey::verify);
      assertThat(rekey.verify(fresh.get(2))).isTrue();

      assertThat(vault.sealStatus().shares()).contains(new KeyShares(5, 3));
      assertThat(authorise(fresh.subList(1, 4))).isTrue();
      vault.seal();
      assertThat(authorise(List.of(old.get(0), old.get(1), fresh.get(4)))).isFalse();
    }

    @Test
    void newRecoveryShares_beforeTheyAreVerified_countBesideTheOldOnes() {
      List<KeyShare> fresh =
          giveAll(ceremonies.rekeyRecovery(new KeyShares(5, 3)), old.subList(1, 3));

      assertThat(authorise(old.subList(0, 2))).isTrue();
      assertThat(authorise(fresh.subList(0, 3))).isTrue();
      assertThat(vault.sealStatus().shares()).contains(new KeyShares(5, 3));
      assertThat(ceremonies.keyStatus().term()).isEqualTo(1);
    }

    @Test
    void recoveryRekey_isFoundByWhoeverJoins() {
      assertThat(ceremonies.currentRecoveryRekey()).isEmpty();
      ceremonies.rekeyRecovery(new KeyShares(5, 3)).give(old.get(0));

      Rekey joined = ceremonies.currentRecoveryRekey().orElseThrow();
      assertThat(joined.given()).isEqualTo(1);
      assertThat(ceremonies.currentRekey()).isEmpty();
      joined.cancel();
      assertThat(ceremonies.currentRecoveryRekey()).isEmpty();
    }

    @Test
    void wrongRecoveryShares_areRefused() {
      Rekey rekey = vault.rekey(new KeyShares(5, 3));
      rekey.give(old.get(0));
      byte[] wrong = old.get(1).exposeBytes();
      wrong[3]++;

      assertInvalid(
          () -> rekey.give(KeyShare.copyOf(wrong)),
          "recovery key verification failed: recovery key does not match submitted values");
      assertThat(rekey.given()).isZero();
    }

    @Test
    void rootKey_rotatesWithoutShares() {
      ceremonies.rotateRootKey();
      ceremonies.rotate();
      ceremonies.rotateRootKey();

      assertThat(authorise(old.subList(0, 2))).isTrue();
      assertThat(ceremonies.keyStatus().term()).isEqualTo(2);
    }

    @Test
    void rootKey_rotatesWithRecoverySharesAndGivesNone() {
      RootGeneration generation = vault.generateRoot();
      generation.give(old.get(0));
      Session root = vault.session(generation.give(old.get(1)).orElseThrow());
      Request begin = Request.write("sys/rotate/root/init", Map.of());
      String nonce = root.request(begin).orThrow().dataOrEmpty().text("nonce").orElseThrow();
      Payload last = Payload.empty();
      for (KeyShare share : old.subList(0, 2)) {
        last = root.request(Request.write(
                "sys/rotate/root/update", Map.of("key", share.exposeHex(), "nonce", nonce)))
            .orThrow()
            .dataOrEmpty();
      }

      assertThat(last.flag("complete")).contains(true);
      assertThat(last.has("keys")).isFalse();
      assertThat(authorise(old.subList(1, 3))).isTrue();
    }

    @Test
    void rootKey_rotatedByNewRecoverySharesThatWait_confirmsThem() {
      List<KeyShare> fresh =
          giveAll(ceremonies.rekeyRecovery(new KeyShares(2, 2)), old.subList(0, 2));
      assertThat(authorise(fresh)).isTrue();
      Rekey waiting = ceremonies.rekeyRecovery(new KeyShares(4, 2));
      List<KeyShare> next = giveAll(waiting, fresh);
      RootGeneration generation = vault.generateRoot();
      generation.give(next.get(3));
      Session root = vault.session(generation.give(next.get(0)).orElseThrow());

      assertThat(vault.sealStatus().shares()).contains(new KeyShares(4, 2));
      assertThat(Tokens.of(root).lookupSelf().policies()).containsExactly("root");
      assertThat(authorise(fresh)).isFalse();
    }

    @Test
    void verification_withoutNewShares_isRefused() {
      assertInvalid(
          () -> ceremonies.rekey(new KeyShares(1, 1)),
          "requiring verification not supported when rotating the barrier key with recovery keys");
    }
  }
}
