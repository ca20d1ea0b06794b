package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultLifecycleTest {
  private static final Request READ = Request.read("notes/a");

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private VaultBuilder builder() {
    return Vault.builder()
        .storage(InMemoryStorage.create())
        .time(time)
        .mount("notes", Mount.of(new NotesEngine()));
  }

  private static Optional<ErrorCode> failure(Session session) {
    return session.request(READ).failure();
  }

  @Nested
  class ANewVault {
    private final Vault vault = builder().open();

    @Test
    void status_isSealedAndNotInitialised() {
      assertThat(vault.sealStatus())
          .isEqualTo(
              new SealStatus(false, true, "shamir", Optional.empty(), 0, Optional.empty(), false));
    }

    @Test
    void unseal_isRefused() {
      assertThatThrownBy(() -> vault.unseal(KeyShare.copyOf(new byte[33])))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_INITIALIZED));
    }

    @Test
    void request_saysNotInitialized() {
      Response response =
          vault.session(ClientToken.parse("any")).request(Request.read("sys/mounts"));

      assertThat(response.failure()).contains(ErrorCode.NOT_INITIALIZED);
      assertThat(response.errors()).containsExactly("Vault is not initialized");
    }

    @Test
    void hostSession_saysNotInitialized() {
      try (Vault hosting = builder().host("app", Policy.of("app", "")).open()) {
        assertThatThrownBy(() -> hosting.hostSession("app"))
            .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.NOT_INITIALIZED))
            .hasMessage("Vault is not initialized");
      }
    }

    @Test
    void initialize_givesEveryShareAndStaysSealed() {
      try (InitialKeys keys = vault.initialize(new KeyShares(5, 3))) {
        assertThat(keys.shares()).hasSize(5);
        assertThat(keys.rootToken().exposeText()).matches("s\\.[0-9A-Za-z]{24}");
        assertThat(vault.sealStatus())
            .isEqualTo(new SealStatus(
                true,
                true,
                "shamir",
                Optional.of(new KeyShares(5, 3)),
                0,
                Optional.empty(),
                false));
      }
    }

    @Test
    void initialize_twice_isRefused() {
      vault.initialize(new KeyShares(1, 1)).close();
      assertThatThrownBy(() -> vault.initialize(new KeyShares(1, 1)))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessage("Vault is already initialized");
    }

    @Test
    @DisplayName("S-8 of several who initialise at a time one gets keys, and they open the vault")
    void initialize_inParallel_givesKeysToOne() throws Exception {
      ExecutorService callers = Executors.newFixedThreadPool(8);
      try {
        CyclicBarrier start = new CyclicBarrier(8);
        Callable<Optional<InitialKeys>> initialize = () -> {
          start.await();
          try {
            return Optional.of(vault.initialize(new KeyShares(1, 1)));
          } catch (VaultException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            return Optional.empty();
          }
        };
        List<InitialKeys> made = new ArrayList<>();
        for (Future<Optional<InitialKeys>> result :
            callers.invokeAll(Collections.nCopies(8, initialize))) {
          result.get().ifPresent(made::add);
        }

        assertThat(made).hasSize(1);
        assertThat(vault.unseal(made.get(0).shares().get(0)).sealed()).isFalse();
        made.get(0).close();
      } finally {
        callers.shutdownNow();
      }
    }

    @Test
    void initialize_oneShare_isTheKeyItself() {
      try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        assertThat(keys.shares().get(0).exposeHex()).hasSize(64);
        assertThat(vault.unseal(keys.shares().get(0)).sealed()).isFalse();
      }
    }
  }

  @Nested
  class AnUnsealedVault {
    private final List<SealStatus> heard = new ArrayList<>();
    private final Vault vault = builder().onSealChange(heard::add).open();
    private final InitialKeys keys = vault.initialize(new KeyShares(3, 2));
    private final Session root = vault.session(keys.rootToken());

    AnUnsealedVault() {
      unseal();
    }

    private void unseal() {
      vault.unseal(keys.shares().get(2));
      vault.unseal(keys.shares().get(0));
    }

    @Test
    void seal_refusesEverythingUntilUnsealedAgain() {
      root.request(Request.write("notes/a", Map.of("text", "kept"))).orThrow();

      vault.seal();

      assertThat(failure(root)).contains(ErrorCode.SEALED);
      assertThat(vault.sealStatus().sealed()).isTrue();
      unseal();
      assertThat(root.request(READ).orThrow().data().orElseThrow().text("text")).contains("kept");
    }

    @Test
    void sealedVault_sealedAgain_staysAsItIs() {
      vault.seal();
      vault.seal();
      assertThat(vault.sealStatus().sealed()).isTrue();
    }

    @Test
    void sealRequest_sealsAndIsAnswered() {
      assertThat(root.request(Request.write("sys/seal", Map.of())).isFailure()).isFalse();
      assertThat(vault.sealStatus().sealed()).isTrue();
    }

    @Test
    void sealRequest_withTheLastUseOfAToken_isAnswered() {
      Session once = vault.session(
          Tokens.of(root).create(TokenRequest.of("root").withNumUses(1)).token().orElseThrow());

      assertThat(once.request(Request.write("sys/seal", Map.of())).isFailure()).isFalse();

      unseal();
      assertThat(failure(once)).contains(ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void unseal_anyShare_changesNothing() {
      assertThat(vault.unseal(KeyShare.copyOf(new byte[33])).sealed()).isFalse();
    }

    @Test
    void listener_hearsOfEachChangeOnce() {
      vault.seal();
      assertThat(heard)
          .extracting(SealStatus::initialized, SealStatus::sealed)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(true, true),
              org.assertj.core.groups.Tuple.tuple(true, false),
              org.assertj.core.groups.Tuple.tuple(true, true));
    }

    @Test
    void halfAnUnsealing_olderThanADay_isForgotten() {
      vault.seal();
      vault.unseal(keys.shares().get(0));
      time.advance(Duration.ofHours(24).plusSeconds(1));
      assertThat(vault.sealStatus().given()).isZero();
    }

    @Test
    void close_endsEverything() {
      vault.close();
      assertThatThrownBy(() -> root.request(READ)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(vault::sealStatus).isInstanceOf(IllegalStateException.class);
      assertThatCode(vault::close).doesNotThrowAnyException();
    }

    @Test
    void sessionClosed_refusesRequestsAndLeavesTheTokenAlone() {
      root.close();
      assertThatThrownBy(() -> root.request(READ)).isInstanceOf(IllegalStateException.class);
      assertThat(failure(vault.session(keys.rootToken()))).contains(ErrorCode.NOT_FOUND);
    }
  }

  @Nested
  class AListenerThatFails {
    @Test
    void unseal_doesNotMind() {
      try (Vault vault = builder()
              .onSealChange(status -> {
                throw new IllegalStateException("listener");
              })
              .open();
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        assertThat(vault.unseal(keys.shares().get(0)).sealed()).isFalse();
      }
    }
  }

  @Nested
  class AStaticKey {
    @TempDir
    private Path folder;

    private Path keyFile(String name, int fill) throws Exception {
      byte[] key = new byte[32];
      java.util.Arrays.fill(key, (byte) fill);
      return Files.writeString(folder.resolve(name), HexFormat.of().formatHex(key) + "\n");
    }

    @Test
    void open_opensByItself() throws Exception {
      StaticKeySeal seal = StaticKeySeal.fromFile(keyFile("key", 1));
      try (Vault vault = builder().seal(seal).open();
          InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
        assertThat(vault.sealStatus().sealed()).isFalse();
        assertThat(vault.sealStatus().sealType()).isEqualTo("static");

        vault.seal();
        vault.unseal(keys.shares().get(0));
        assertThat(vault.unseal(keys.shares().get(1)).sealed()).isFalse();
      }
    }

    @Test
    void unseal_foreignRecoveryShares_isRefused() throws Exception {
      StaticKeySeal seal = StaticKeySeal.fromFile(keyFile("key", 1));
      try (Vault vault = builder().seal(seal).open();
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        assertThat(keys.shares()).hasSize(1);
        vault.seal();
        assertThatThrownBy(() -> vault.unseal(KeyShare.copyOf(new byte[32])))
            .hasMessageContaining("failed to verify recovery key");
        assertThat(vault.sealStatus().sealed()).isTrue();
      }
    }

    @Test
    void open_keyMissing_saysWhichFile() {
      try (Vault vault =
          builder().seal(StaticKeySeal.fromFile(folder.resolve("nothing"))).open()) {
        assertThatThrownBy(() -> vault.initialize(new KeyShares(1, 1)))
            .isInstanceOfSatisfying(
                VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
            .hasMessageContaining("nothing");
        assertThat(vault.sealStatus().initialized()).isFalse();
      }
    }
  }

  @Nested
  class InitializeIfNew {
    @TempDir
    private Path folder;

    @Test
    void open_withKeyShares_handsThemOutAndStaysSealed() {
      AtomicReference<String> share = new AtomicReference<>();
      try (Vault vault = builder()
          .initializeIfNew(
              new KeyShares(1, 1), keys -> share.set(keys.shares().get(0).exposeHex()))
          .open()) {
        assertThat(vault.sealStatus().initialized()).isTrue();
        assertThat(vault.sealStatus().sealed()).isTrue();
        assertThat(vault.unseal(KeyShare.parse(share.get())).sealed()).isFalse();
      }
    }

    @Test
    void open_withAStaticKey_isReadyForItsHost() throws Exception {
      Path key = Files.write(folder.resolve("key"), new byte[32]);
      try (Vault vault = builder()
              .seal(StaticKeySeal.fromFile(key))
              .host(
                  "billing", Policy.of("billing", "path \"notes/*\" { capabilities = [\"read\"] }"))
              .initializeIfNew(new KeyShares(5, 3), keys -> {})
              .open();
          Session host = vault.hostSession("billing")) {
        assertThat(failure(host)).contains(ErrorCode.NOT_FOUND);
      }
    }

    @Test
    void open_keeperFails_passesItsFailureOn() {
      VaultBuilder failing = builder().initializeIfNew(new KeyShares(1, 1), keys -> {
        throw new IllegalStateException("the escrow is down");
      });
      assertThatThrownBy(failing::open).hasMessage("the escrow is down");
    }
  }

  @Nested
  class AHost {
    private final Vault vault = builder()
        .host("billing", Policy.of("billing", "path \"notes/*\" { capabilities = [\"read\"] }"))
        .open();
    private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));

    private void unseal() {
      vault.unseal(keys.shares().get(0));
    }

    @Test
    void hostSession_undeclaredName_isRefused() {
      unseal();
      assertThatThrownBy(() -> vault.hostSession("other"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("billing");
    }

    @Test
    void hostSession_sealed_isRefused() {
      assertThatThrownBy(() -> vault.hostSession("billing"))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));
    }

    @Test
    void hostSession_isAnOrphanWithExactlyTheDeclaredPolicies() {
      unseal();
      Session root = vault.session(keys.rootToken());
      Policies.of(root)
          .put("default", "path \"auth/token/lookup-self\" { capabilities = [\"read\"] }");
      try (Session host = vault.hostSession("billing")) {
        assertThat(failure(host)).contains(ErrorCode.NOT_FOUND);
        Response lookup = host.request(Request.read("auth/token/lookup-self"));
        assertThat(lookup.failure()).contains(ErrorCode.PERMISSION_DENIED);
      }
    }

    @Test
    void hostSession_livesAsLongAsItIsOpen() {
      unseal();
      try (Session host = vault.hostSession("billing")) {
        time.advance(Duration.ofDays(90));
        assertThat(failure(host)).contains(ErrorCode.NOT_FOUND);
      }
    }

    @Test
    void hostSession_afterALongSeal_getsAnotherToken() {
      unseal();
      try (Session host = vault.hostSession("billing")) {
        vault.seal();
        time.advance(Duration.ofDays(2));
        unseal();
        assertThat(failure(host)).contains(ErrorCode.NOT_FOUND);
      }
    }

    @Test
    void hostSession_closed_leavesNoTokenBehind() {
      unseal();
      vault.hostSession("billing").close();
      time.advance(Duration.ZERO);
      Session host = vault.hostSession("billing");
      host.close();
      assertThatThrownBy(() -> host.request(READ)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void declaredPolicy_cannotBeChangedByACaller() {
      unseal();
      Policies policies = Policies.of(vault.session(keys.rootToken()));
      assertThatThrownBy(() -> policies.put("billing", "path \"*\" { capabilities = [\"sudo\"] }"))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
      assertThatThrownBy(() -> policies.delete("billing"))
          .hasMessageContaining("the application declares it");
    }
  }

  @Nested
  class Builder {
    @Test
    void open_withoutStorage_isRefused() {
      assertThatThrownBy(() -> Vault.builder().open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("storage(...)");
    }

    @Test
    void setting_givenTwice_isRefused() {
      assertThatThrownBy(() -> builder().storage(InMemoryStorage.create()))
          .hasMessage("storage was already set");
    }

    @Test
    void host_withAPolicyThatIsNone_namesThePolicyAndThePlace() {
      assertThatThrownBy(() ->
              builder().host("app", Policy.of("billing", "\npath \"a\" {")).open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("policy \"billing\": failed to parse policy: At 2:");
    }

    @Test
    void mount_belowAnother_isRefused() {
      assertThatThrownBy(() -> builder().mount("notes/more", Mount.of(new NotesEngine())))
          .hasMessageContaining("overlaps");
    }

    @Test
    void mount_atAPathOfTheVaultItself_isRefused() {
      for (String path : List.of("sys", "sys/x", "auth/token", "cubbyhole", "identity/x")) {
        assertThatThrownBy(() -> Vault.builder().mount(path, Mount.of(new NotesEngine())))
            .as(path)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void host_policyThatIsNone_isRefusedAtOpen() {
      VaultBuilder builder = builder().host("x", Policy.of("x", "path {"));
      assertThatThrownBy(builder::open).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leaseTtls_outOfRange_namesTheRange() {
      assertThatThrownBy(() -> builder().leaseTtls(Duration.ZERO, Duration.ofDays(1)))
          .hasMessageContaining("1s <= default <= maximum <= 87600h");
    }

    @Test
    void cacheBytes_tooFew_namesTheRange() {
      assertThatThrownBy(() -> builder().cacheBytes(1)).hasMessageContaining("1048576");
    }
  }
}
