package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Tokens.TokenInfo;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final Request ANY = Request.read("notes/a");
  private static final Duration HOUR = Duration.ofHours(1);

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(new NotesEngine())));
  private final Tokens root = Tokens.of(vault.root());

  TokensTest() {
    Policies.of(vault.root()).put("app", """
            path "notes/*"             { capabilities = ["create", "read", "update"] }
            path "auth/token/create"   { capabilities = ["update"] }
            path "auth/token/lookup"   { capabilities = ["update"] }
            """);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private static ClientToken token(Auth auth) {
    return auth.token().orElseThrow();
  }

  private Session session(Auth auth) {
    return vault.vault().session(token(auth));
  }

  private boolean isValid(Auth auth) {
    return session(auth)
        .request(ANY)
        .failure()
        .filter(ErrorCode.PERMISSION_DENIED::equals)
        .isEmpty();
  }

  private Auth childOf(Auth parent) {
    return Tokens.of(session(parent)).create(TokenRequest.of("app"));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.5S", "PT1H0.000000001S"})
  void lifetime_negativeOrWithAFraction_isRefused(Duration lifetime) {
    TokenRequest wanted = TokenRequest.of("app");

    assertNoLifetime(() -> wanted.withTtl(lifetime), lifetime);
    assertNoLifetime(() -> wanted.withExplicitMaxTtl(lifetime), lifetime);
    assertNoLifetime(() -> wanted.withPeriod(lifetime), lifetime);
    assertNoLifetime(() -> root.renewSelf(lifetime), lifetime);
    assertNoLifetime(() -> root.renew(ClientToken.parse("s.any"), lifetime), lifetime);
    assertNoLifetime(() -> root.renewAccessor("any", lifetime), lifetime);
  }

  private static void assertNoLifetime(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Duration lifetime) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lifetimes are whole seconds, zero or more, but got " + lifetime);
  }

  @Test
  void numUses_negative_isRefused() {
    assertThatThrownBy(() -> TokenRequest.of("app").withNumUses(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need numUses >= 0, but got -1");
  }

  @Nested
  class Create {
    @Test
    void create_everythingAsked_isWhatLookupShows() {
      Auth auth = root.create(TokenRequest.of("app")
          .withMetadata(Map.of("team", "billing"))
          .withDisplayName("nightly job")
          .withTtl(HOUR)
          .withExplicitMaxTtl(Duration.ofHours(3))
          .withNumUses(5));

      TokenInfo info = root.lookup(token(auth));
      assertThat(info.policies()).containsExactly("app", "default");
      assertThat(info.metadata()).containsExactly(Map.entry("team", "billing"));
      assertThat(info.displayName()).isEqualTo("token-nightly-job");
      assertThat(info.expiresAt()).contains(vault.time().instant().plus(HOUR));
      assertThat(info.explicitMaxTtl()).isEqualTo(Duration.ofHours(3));
      assertThat(info.numUses()).isEqualTo(5);
      assertThat(info.orphan()).isFalse();
      assertThat(info.renewable()).isTrue();
      assertThat(info.accessor()).isEqualTo(auth.accessor());
    }

    @Test
    void create_nothingAsked_livesForTheVaultsDefault() {
      Auth auth = root.create(TokenRequest.of("app"));
      assertThat(auth.ttl()).isEqualTo(Duration.ofDays(32));
    }

    @Test
    void create_longerThanTheMaximum_isCutWithAWarning() {
      var response = vault
          .root()
          .request(Request.write(
              "auth/token/create", Map.of("policies", List.of("app"), "ttl", "9000h")));
      assertThat(response.auth().orElseThrow().ttl()).isEqualTo(Duration.ofDays(32));
      assertThat(response.warnings())
          .contains(
              "TTL of \"9000h\" exceeded the effective max_ttl of \"768h\"; TTL value is capped accordingly");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "Root", " root", "ROOT ", "other"})
    void create_policyTheParentLacks_isRefusedInEverySpelling(String policy) {
      Auth app = root.create(TokenRequest.of("app"));
      assertRefused(
          () -> Tokens.of(session(app)).create(TokenRequest.of("app", policy)),
          ErrorCode.INVALID_REQUEST,
          "child policies must be subset of parent");
    }

    @Test
    void create_responseWrapping_isRefused() {
      assertRefused(
          () -> root.create(TokenRequest.of("response-wrapping")),
          ErrorCode.INVALID_REQUEST,
          "cannot assign policy \"response-wrapping\"");
    }

    @Test
    void create_periodicWithoutSudo_isRefused() {
      Auth app = root.create(TokenRequest.of("app"));
      assertRefused(
          () -> Tokens.of(session(app)).create(TokenRequest.of("app").withPeriod(HOUR)),
          ErrorCode.INVALID_REQUEST,
          "root or sudo privileges required to create periodic token");
    }

    @Test
    void create_byATokenWithFewUses_isRefused() {
      Auth limited = root.create(TokenRequest.of("app").withNumUses(3));
      assertRefused(
          () -> childOf(limited),
          ErrorCode.INVALID_REQUEST,
          "restricted use token cannot generate child tokens");
    }
  }

  @Nested
  class Expiry {
    @Test
    void token_atTheSecondItExpires_isRefused() {
      Auth auth = root.create(TokenRequest.of("app").withTtl(HOUR));
      vault.time().advance(HOUR.minusMillis(1));
      assertThat(isValid(auth)).isTrue();
      vault.time().advance(Duration.ofMillis(1));
      assertThat(isValid(auth)).isFalse();
    }

    @Test
    void parentExpired_childIsRefusedThoughItWouldLiveOn() {
      Auth parent = root.create(TokenRequest.of("app").withTtl(HOUR));
      Auth child = childOf(parent);
      vault.time().advance(HOUR);
      assertThat(isValid(child)).isFalse();
    }

    @Test
    void expired_whileSealed_isRefusedAfterUnsealing() {
      try (Vault sealable = Vault.builder()
              .storage(InMemoryStorage.create())
              .time(vault.time())
              .mount("notes", Mount.of(new NotesEngine()))
              .open();
          InitialKeys keys = sealable.initialize(new KeyShares(1, 1))) {
        sealable.unseal(keys.shares().get(0));
        Session rootSession = sealable.session(keys.rootToken());
        Auth auth = Tokens.of(rootSession).create(TokenRequest.of("default").withTtl(HOUR));
        sealable.seal();
        vault.time().advance(HOUR);
        sealable.unseal(keys.shares().get(0));

        assertThat(sealable.session(token(auth)).request(ANY).failure())
            .contains(ErrorCode.PERMISSION_DENIED);
        vault.time().advance(Duration.ZERO);
        assertRefused(
            () -> Tokens.of(rootSession).lookupAccessor(auth.accessor()),
            ErrorCode.INVALID_REQUEST,
            "invalid accessor");
      }
    }

    @Test
    void advance_aMonth_removesWhatExpiredFromTheStore() {
      List<Auth> issued = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        issued.add(root.create(TokenRequest.of("app").withTtl(Duration.ofDays(i % 30 + 1))));
      }
      vault.time().advance(Duration.ofDays(31));
      assertThat(issued).noneMatch(TokensTest.this::isValid);
      assertThat(issued)
          .allSatisfy(auth -> assertRefused(
              () -> root.lookupAccessor(auth.accessor()),
              ErrorCode.INVALID_REQUEST,
              "invalid accessor"));
    }
  }

  @Nested
  class Renew {
    @Test
    void renew_beginsTheLifetimeAgain_upToTheMaximum() {
      Auth auth = root.create(
          TokenRequest.of("app").withTtl(HOUR).withExplicitMaxTtl(Duration.ofMinutes(90)));
      vault.time().advance(Duration.ofMinutes(45));
      assertThat(root.renew(token(auth), HOUR).ttl()).isEqualTo(Duration.ofMinutes(45));
      vault.time().advance(Duration.ofMinutes(45));
      assertThat(isValid(auth)).isFalse();
    }

    @Test
    void renew_mayShorten() {
      Auth auth = root.create(TokenRequest.of("app").withTtl(HOUR));
      root.renew(token(auth), Duration.ofMinutes(1));
      vault.time().advance(Duration.ofMinutes(1));
      assertThat(isValid(auth)).isFalse();
    }

    @Test
    void renew_periodic_hasNoEnd() {
      Auth auth = root.create(TokenRequest.of("app").withPeriod(HOUR));
      for (int i = 0; i < 2000; i++) {
        vault.time().advance(Duration.ofMinutes(59));
        assertThat(root.renew(token(auth), Duration.ZERO).ttl()).isEqualTo(HOUR);
      }
      assertThat(isValid(auth)).isTrue();
    }

    @Test
    void renewAccessor_doesNotGiveTheTokenAway() {
      Auth auth = root.create(TokenRequest.of("app").withTtl(HOUR));
      assertThat(root.renewAccessor(auth.accessor(), HOUR).token()).isEmpty();
    }

    @Test
    void renew_notRenewable_isRefused() {
      Auth auth = root.create(TokenRequest.of("app").notRenewable());
      assertRefused(
          () -> root.renew(token(auth), HOUR), ErrorCode.INVALID_REQUEST, "lease is not renewable");
    }

    @Test
    void renew_unknownToken_isRefused() {
      assertRefused(
          () -> root.renew(ClientToken.parse("s.unknown"), HOUR),
          ErrorCode.INVALID_REQUEST,
          "token not found");
    }
  }

  @Nested
  class Revoke {
    @Test
    void revoke_endsTheWholeTreeAtOnce() {
      Auth parent = root.create(TokenRequest.of("app"));
      Auth child = childOf(parent);
      Auth grandchild = childOf(child);

      root.revoke(token(parent));

      assertThat(List.of(parent, child, grandchild)).noneMatch(TokensTest.this::isValid);
    }

    @Test
    void revoke_leavesNoLeaseThatIsListed_notEvenUntilTheRowsAreRemoved() {
      Leases leases = Leases.of(vault.root());
      List<String> before = leases.list("auth/token/create");
      Auth app = root.create(TokenRequest.of("app"));
      assertThat(leases.list("auth/token/create")).hasSize(before.size() + 1);

      root.revoke(token(app));

      assertThat(leases.list("auth/token/create")).isEqualTo(before);
    }

    @Test
    void revoke_behindTheRequests_leavesNothingInTheStore() {
      Auth parent = root.create(TokenRequest.of("app"));
      List<Auth> all = new ArrayList<>(List.of(parent));
      for (int i = 0; i < 300; i++) {
        all.add(childOf(all.get(i / 3)));
      }
      root.revoke(token(parent));
      vault.time().advance(Duration.ZERO);
      assertThat(all)
          .allSatisfy(auth -> assertRefused(
              () -> root.lookupAccessor(auth.accessor()),
              ErrorCode.INVALID_REQUEST,
              "invalid accessor"));
    }

    @Test
    void revokeOrphan_letsChildrenLive() {
      Auth parent = root.create(TokenRequest.of("app"));
      Auth child = childOf(parent);
      root.revokeOrphan(token(parent));
      assertThat(isValid(parent)).isFalse();
      assertThat(isValid(child)).isTrue();
      assertThat(root.lookup(token(child)).orphan()).isTrue(); // before the background cuts it
      vault.time().advance(Duration.ZERO);
      assertThat(root.lookup(token(child)).orphan()).isTrue();
    }

    @Test
    void revokeSelf_andByAccessor_andTwice() {
      Auth one = root.create(TokenRequest.of("app"));
      root.revokeAccessor(one.accessor());
      assertThat(isValid(one)).isFalse();
      root.revoke(token(one));
      Auth other = root.create(TokenRequest.of("app"));
      Tokens.of(session(other)).revokeSelf();
      assertThat(isValid(other)).isFalse();
    }

    @Test
    void revoked_isRefusedOnTheVeryNextRequestInEveryThread() throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        for (int round = 0; round < 50; round++) {
          Auth auth = root.create(TokenRequest.of("app"));
          Session shared = session(auth);
          AtomicBoolean revoked = new AtomicBoolean();
          List<Callable<Boolean>> readers = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            readers.add(() -> {
              while (true) {
                boolean knownBefore = revoked.get();
                boolean allowed = shared
                    .request(ANY)
                    .failure()
                    .filter(ErrorCode.PERMISSION_DENIED::equals)
                    .isEmpty();
                if (knownBefore) {
                  return allowed;
                }
              }
            });
          }
          List<Future<Boolean>> answers = new ArrayList<>();
          readers.forEach(reader -> answers.add(threads.submit(reader)));
          root.revoke(token(auth));
          revoked.set(true);
          for (Future<Boolean> answer : answers) {
            assertThat(answer.get()).isFalse();
          }
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Nested
  class RevokedMeanwhile {
    @Test
    void renewSelf_againAndAgain_doesNotBringTheTokenBack() throws Exception {
      Policies.of(vault.root())
          .put("renewer", "path \"auth/token/renew-self\" { capabilities = [\"update\"] }");
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        for (int round = 0; round < 300; round++) {
          Auth auth = root.create(TokenRequest.of("app", "renewer").withTtl(HOUR));
          AtomicBoolean stop = new AtomicBoolean();
          Callable<Boolean> renewing = () -> {
            Session session = session(auth);
            while (!stop.get()) {
              session.request(Request.write("auth/token/renew-self", Map.of("increment", "30m")));
            }
            return true;
          };
          List<Future<Boolean>> renewals =
              List.of(threads.submit(renewing), threads.submit(renewing));
          root.revoke(token(auth));
          vault.time().advance(Duration.ZERO); // removes what is left of it
          stop.set(true);
          for (Future<Boolean> renewal : renewals) {
            renewal.get();
          }
          assertThat(isValid(auth)).as("round %d", round).isFalse();
        }
      } finally {
        threads.shutdownNow();
      }
    }

    @Test
    void createOrphan_creatorRevokedBeforeTheCommit_isDenied() {
      OvertakenRandom random = new OvertakenRandom();
      try (Vault overtaken = Vault.builder()
              .storage(InMemoryStorage.create())
              .time(vault.time())
              .random(random)
              .open();
          InitialKeys keys = overtaken.initialize(new KeyShares(1, 1))) {
        overtaken.unseal(keys.shares().get(0));
        Tokens rootTokens = Tokens.of(overtaken.session(keys.rootToken()));
        Auth creator = rootTokens.create(TokenRequest.of("root"));
        Tokens creators = Tokens.of(overtaken.session(token(creator)));

        // Drawn for the new token, after its creator was found valid.
        random.beforeNextDraw(() -> rootTokens.revoke(token(creator)));

        assertRefused(
            () -> creators.create(TokenRequest.of("root").asOrphan()),
            ErrorCode.PERMISSION_DENIED,
            "permission denied");
        assertThat(random.hasOvertaken()).isTrue();
      }
    }
  }

  @Nested
  class RevokedBeforeSealing {
    private final Vault sealable = Vault.builder()
        .storage(InMemoryStorage.create())
        .time(vault.time())
        .mount("notes", Mount.of(new NotesEngine()))
        .open();
    private final InitialKeys keys = sealable.initialize(new KeyShares(1, 1));

    private Session unseal() {
      sealable.unseal(keys.shares().get(0));
      return sealable.session(keys.rootToken());
    }

    @Test
    void sessionFromBefore_isRefusedAfterUnsealing() {
      Tokens rootTokens = Tokens.of(unseal());
      Auth auth = rootTokens.create(TokenRequest.of("root"));
      sealable.seal();
      unseal();
      Session session = sealable.session(token(auth));
      assertThat(session.request(ANY).failure()).contains(ErrorCode.NOT_FOUND);

      rootTokens.revoke(token(auth));
      sealable.seal();
      unseal();

      assertThat(session.request(ANY).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void policyFromBefore_doesNotCountAfterUnsealing() {
      Session root = unseal();
      Policies.of(root).put("p", "path \"notes/*\" { capabilities = [\"read\"] }");
      Session session = sealable.session(token(Tokens.of(root).create(TokenRequest.of("p"))));
      sealable.seal();
      unseal();
      assertThat(session.request(ANY).failure()).contains(ErrorCode.NOT_FOUND);

      Policies.of(root).put("p", "path \"notes/*\" { capabilities = [\"deny\"] }");
      sealable.seal();
      unseal();

      assertThat(session.request(ANY).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }
  }

  @Nested
  class Limits {
    @Test
    void tokensBelowEachOther_moreThan256_areRefused() {
      Auth current = root.create(TokenRequest.of("app"));
      int depth = 2; // the root token is above it
      while (depth < 256) {
        current = childOf(current);
        depth++;
      }
      Auth deepest = current;
      assertRefused(() -> childOf(deepest), ErrorCode.LIMIT_EXCEEDED, "at most 256 tokens above");
    }

    @Test
    void ttl_belowASecond_isRefusedInsteadOfForever() {
      for (String field : List.of("ttl", "explicit_max_ttl", "period")) {
        assertThat(vault
                .root()
                .request(Request.write(
                    "auth/token/create", Map.of("policies", List.of("root"), field, "500ms")))
                .errors())
            .as(field)
            .containsExactly("Field validation failed: error converting input for field \"" + field
                + "\": a duration is zero or at least a second");
      }
    }

    @Test
    void rootToken_withAnExplicitMaximum_endsWithIt() {
      Auth auth = root.create(TokenRequest.of("root").withExplicitMaxTtl(HOUR));
      assertThat(auth.ttl()).isEqualTo(HOUR);
      vault.time().advance(HOUR);
      assertThat(isValid(auth)).isFalse();
    }

    @Test
    void revokeOrphan_thenItsParent_grandchildLivesOn() {
      Auth parent = root.create(TokenRequest.of("app"));
      Auth middle = childOf(parent);
      Auth child = childOf(middle);
      root.revokeOrphan(token(middle));
      root.revoke(token(parent));
      vault.time().advance(Duration.ZERO);
      assertThat(isValid(middle)).isFalse();
      assertThat(isValid(child)).isTrue();
    }
  }

  @Nested
  class Uses {
    @Test
    @DisplayName("T-3 a request whose parameters cannot be read costs a use as well")
    void uses_areSpentByUnreadableRequestsToo() {
      Session session = session(root.create(TokenRequest.of("app").withNumUses(2)));
      for (String path : List.of("notes/a", "other/x")) {
        assertThat(session
                .request(Request.write(path, Map.of()).unreadable("no JSON"))
                .isFailure())
            .isTrue();
      }
      assertThat(session.request(ANY).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void uses_areSpentByDeniedRequestsToo() {
      Auth auth = root.create(TokenRequest.of("app").withNumUses(2));
      Session session = session(auth);
      assertThat(session.request(Request.read("other/x")).failure())
          .contains(ErrorCode.PERMISSION_DENIED);
      assertThat(session.request(ANY).failure()).contains(ErrorCode.NOT_FOUND);
      assertThat(session.request(ANY).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void uses_underManyThreads_giveExactlySoManyExecutions(int uses) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(16);
      try {
        for (int round = 0; round < 20; round++) {
          Session session = session(root.create(TokenRequest.of("app").withNumUses(uses)));
          List<Callable<Optional<ErrorCode>>> calls = new ArrayList<>();
          for (int i = 0; i < 64; i++) {
            calls.add(() -> session.request(ANY).failure());
          }
          int executed = 0;
          for (Future<Optional<ErrorCode>> call : threads.invokeAll(calls)) {
            executed += call.get().filter(ErrorCode.NOT_FOUND::equals).isPresent() ? 1 : 0;
          }
          assertThat(executed).isEqualTo(uses);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Nested
  class ForeignCredentials {
    @Test
    void accessorShareOrRandomText_inThePlaceOfAToken_isRefusedAlike() {
      Auth auth = root.create(TokenRequest.of("app"));
      for (String text : List.of(auth.accessor(), "s.", "x".repeat(1000), "0123456789abcdef")) {
        assertThat(vault.vault().session(ClientToken.parse(text)).request(ANY).errors())
            .as(text)
            .containsExactly("permission denied");
      }
    }

    @Test
    void lookupByAccessor_doesNotGiveTheTokenAway() {
      Auth auth = root.create(TokenRequest.of("app"));
      var data = vault
          .root()
          .request(Request.write("auth/token/lookup-accessor", Map.of("accessor", auth.accessor())))
          .orThrow()
          .data()
          .orElseThrow();
      assertThat(data.text("id")).contains("");
      assertThat(new String(data.toJson(), java.nio.charset.StandardCharsets.UTF_8))
          .doesNotContain(token(auth).exposeText());
    }
  }
}
