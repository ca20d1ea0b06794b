package dev.strongroom;

import static dev.strongroom.ErrorCode.INTERNAL;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.PERMISSION_DENIED;
import static dev.strongroom.ErrorCode.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.AuthMethod.Lifetimes;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.LoginRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginsTest {
  private final TrustingMethod method = new TrustingMethod();
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.auth("in/house", method));

  @AfterEach
  void close() {
    vault.close();
  }

  private Response attempt(String name, Map<String, ?> members) {
    return vault
        .vault()
        .session(ClientToken.parse("s.somebodys"))
        .request(Request.write("auth/in/house/login/" + name, members));
  }

  private Auth login(String name, Map<String, ?> members) {
    return attempt(name, members).orThrow().auth().orElseThrow();
  }

  private Session session(Auth auth) {
    return vault.vault().session(auth.token().orElseThrow());
  }

  private Payload root(Request request) {
    return vault.root().request(request).orThrow().dataOrEmpty();
  }

  private Payload lookup(Auth auth) {
    return session(auth)
        .request(Request.read("auth/token/lookup-self"))
        .orThrow()
        .dataOrEmpty();
  }

  private Response renew(Auth auth, Map<String, ?> members) {
    return session(auth).request(Request.write("auth/token/renew-self", members));
  }

  private void tune(Map<String, ?> members) {
    root(Request.write("sys/auth/in/house/tune", members));
  }

  @Test
  void login_givesTheTokenThatWasGranted() {
    Auth auth = login(
        "ann",
        Map.of("token_policies", "B, a", "token_ttl", "1h", "metadata", Map.of("team", "x")));

    assertThat(auth.tokenPolicies()).containsExactly("a", "b", "default");
    assertThat(auth.metadata()).isEqualTo(Map.of("team", "x"));
    assertThat(auth.ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(auth.type()).isEqualTo(TokenType.SERVICE);
    assertThat(auth.renewable()).isTrue();
    assertThat(auth.orphan()).isTrue();
    assertThat(auth.entityId()).isPresent();
    Payload token = lookup(auth);
    assertThat(token.text("display_name")).contains("in-house-ann");
    assertThat(token.text("path")).contains("auth/in/house/login/ann");
    assertThat(token.text("entity_id")).isEqualTo(auth.entityId());
    assertThat(root(Request.read("auth/in/house/visits/ann")).flag("here")).contains(true);
  }

  @Test
  void login_policiesOfTheEntity_areShownApart() {
    String entity = login("ann", Map.of()).entityId().orElseThrow();
    root(Request.write("identity/entity/id/" + entity, Map.of("policies", List.of("team"))));

    Auth auth = login("ann", Map.of());

    assertThat(auth.entityId()).contains(entity);
    assertThat(auth.tokenPolicies()).containsExactly("default");
    assertThat(auth.identityPolicies()).containsExactly("team");
    assertThat(auth.policies()).containsExactly("default", "team");
  }

  @Test
  void login_noDefaultPolicy_hasNone() {
    assertThat(login("ann", Map.of("token_no_default_policy", true)).policies()).isEmpty();
  }

  @Test
  void login_refused_storesNothingAndSaysWhatTheMethodSays() {
    Response refused = attempt("ann", Map.of("word", "now"));

    assertThat(refused.failure()).contains(INVALID_REQUEST);
    assertThat(refused.errors()).containsExactly("no");
    assertThat(vault.root().request(Request.read("auth/in/house/visits/ann")).isMissing())
        .isTrue();
    assertThat(vault.root().request(Request.list("identity/entity/id")).isMissing())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", " Root", "ROOT"})
  void login_rootAmongThePolicies_isRefusedAndStoresNothing(String root) {
    Response refused = attempt("ann", Map.of("token_policies", List.of("a", root)));

    assertThat(refused.failure()).contains(INVALID_REQUEST);
    assertThat(refused.errors()).containsExactly("auth methods cannot create root tokens");
    assertThat(vault.root().request(Request.read("auth/in/house/visits/ann")).isMissing())
        .isTrue();
    assertThat(vault.root().request(Request.list("identity/entity/id")).isMissing())
        .isTrue();
  }

  @Test
  void login_disabledEntity_isDenied() {
    String entity = login("ann", Map.of()).entityId().orElseThrow();
    root(Request.write("identity/entity/id/" + entity, Map.of("disabled", true)));

    assertThat(attempt("ann", Map.of()).errors()).containsExactly("permission denied");
  }

  @Test
  void login_grantOfAnotherAlias_isADefectAndStoresNothing() {
    method.otherAlias = Optional.of("bob");

    assertThat(attempt("ann", Map.of()).failure()).contains(INTERNAL);
    assertThat(vault.root().request(Request.list("identity/entity/id")).isMissing())
        .isTrue();
  }

  @Test
  void login_grantThatFailsAfterItsWrite_storesNothing() {
    method.inGrant = () -> {
      throw new IllegalStateException("CANARY");
    };

    Response failed = attempt("ann", Map.of());

    assertThat(failed.failure()).contains(INTERNAL);
    assertThat(failed.errors()).containsExactly("internal error");
    assertThat(vault.root().request(Request.read("auth/in/house/visits/ann")).isMissing())
        .isTrue();
  }

  @Test
  void login_otherOperations_areUnsupported() {
    assertThat(vault.root().request(Request.read("auth/in/house/login/ann")).failure())
        .contains(UNSUPPORTED);
    assertThat(vault.root().request(Request.delete("auth/in/house/login/ann")).failure())
        .contains(UNSUPPORTED);
  }

  @Test
  void login_whereNothingIsMounted_isDenied() {
    Response refused = vault
        .vault()
        .sessionWithoutToken()
        .request(Request.write("auth/elsewhere/login/ann", Map.of()));

    assertThat(refused.failure()).contains(PERMISSION_DENIED);
    assertThat(refused.errors()).containsExactly("permission denied");
  }

  @Test
  void login_lifetimes_areRolesThenMountsAndCutAtTheMaximum() {
    tune(Map.of("default_lease_ttl", "1h", "max_lease_ttl", "2h"));

    assertThat(login("ann", Map.of()).ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(login("ann", Map.of("token_ttl", "90m")).ttl()).isEqualTo(Duration.ofMinutes(90));
    assertThat(login("ann", Map.of("token_max_ttl", "10m")).ttl())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(login("ann", Map.of("token_explicit_max_ttl", "5m")).ttl())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(login("ann", Map.of("token_period", "30m")).ttl()).isEqualTo(Duration.ofMinutes(30));
    Response cut = attempt("ann", Map.of("token_ttl", "5h"));
    assertThat(cut.auth().orElseThrow().ttl()).isEqualTo(Duration.ofHours(2));
    assertThat(cut.warnings())
        .containsExactly(
            "TTL of \"5h\" exceeded the effective max_ttl of \"2h\"; TTL value is capped accordingly");
  }

  @Test
  void login_unknownParameters_areNamedInAWarning() {
    assertThat(attempt("ann", Map.of("pasword", "x")).warnings())
        .containsExactly("Endpoint ignored these unrecognized parameters: [pasword]");
  }

  private static Origin from(String address) throws UnknownHostException {
    return Origin.of(InetAddress.getByName(address), 4711);
  }

  @Test
  void login_boundToAddresses_needsToComeFromThere() throws UnknownHostException {
    Request request = Request.write(
        "auth/in/house/login/ann", Map.of("token_bound_cidrs", List.of("10.0.0.0/8")));

    assertThat(vault.root().request(request).failure()).contains(PERMISSION_DENIED);
    assertThat(vault.root().request(request.from(from("192.0.2.1"))).failure())
        .contains(PERMISSION_DENIED);
    assertThat(vault.root().request(request.from(from("10.1.2.3"))).isFailure()).isFalse();
  }

  @Test
  void login_strictlyBound_bindsToTheAddressItCameFrom() throws UnknownHostException {
    Request request =
        Request.write("auth/in/house/login/ann", Map.of("token_strictly_bind_ip", true));

    assertThat(vault.root().request(request).failure()).contains(PERMISSION_DENIED);
    assertThat(vault.root().request(request.from(from("10.1.2.3"))).isFailure()).isFalse();
  }

  @Test
  @DisplayName("T-8 a token that is bound to its address was made where it may be")
  void login_strictlyBoundAndBoundToAddresses_needsBoth() throws UnknownHostException {
    method.alsoBoundTo = List.of(Cidr.parse("10.0.0.0/8"));
    Request request =
        Request.write("auth/in/house/login/ann", Map.of("token_strictly_bind_ip", true));

    assertThat(vault.root().request(request.from(from("192.0.2.1"))).failure())
        .contains(PERMISSION_DENIED);
    assertThat(vault.root().request(request.from(from("10.1.2.3"))).isFailure()).isFalse();
  }

  @Test
  void failures_fiveInARow_lockTheNameForAWhile() {
    for (int i = 0; i < 5; i++) {
      assertThat(attempt("ann", Map.of("word", "now")).failure()).contains(INVALID_REQUEST);
    }

    assertThat(attempt("ann", Map.of()).errors()).containsExactly("permission denied");
    assertThat(attempt("bob", Map.of()).isFailure()).isFalse();
    vault.time().advance(Duration.ofMinutes(15).minusMillis(1));
    assertThat(attempt("ann", Map.of()).failure()).contains(PERMISSION_DENIED);
    vault.time().advance(Duration.ofMillis(1));
    assertThat(attempt("ann", Map.of()).isFailure()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"please", "now"})
  void failures_whileOneIsBeingProven_answerItAsLocked(String word) {
    method.inProof = () -> {
      method.inProof = () -> {};
      for (int i = 0; i < 5; i++) {
        attempt("ann", Map.of("word", "now"));
      }
    };

    assertThat(attempt("ann", Map.of("word", word)).errors()).containsExactly("permission denied");
  }

  @Test
  void failures_successBetween_beginAgain() {
    for (int i = 0; i < 12; i++) {
      attempt("ann", Map.of("word", "now"));
      if (i % 4 == 3) {
        login("ann", Map.of());
      }
    }

    assertThat(attempt("ann", Map.of()).isFailure()).isFalse();
  }

  @Test
  void failures_longAgo_areForgotten() {
    for (int i = 0; i < 4; i++) {
      attempt("ann", Map.of("word", "now"));
    }
    vault.time().advance(Duration.ofMinutes(15).plusMillis(1));
    attempt("ann", Map.of("word", "now"));

    assertThat(attempt("ann", Map.of()).isFailure()).isFalse();
  }

  @Test
  void lockout_tuned_isAsTuned() {
    tune(Map.of("user_lockout_config", Map.of("lockout_threshold", "2", "lockout_duration", "1h")));
    attempt("ann", Map.of("word", "now"));
    attempt("ann", Map.of("word", "now"));

    vault.time().advance(Duration.ofMinutes(59));
    assertThat(attempt("ann", Map.of()).failure()).contains(PERMISSION_DENIED);
    tune(Map.of("user_lockout_config", Map.of("lockout_disable", true)));
    assertThat(attempt("ann", Map.of()).isFailure()).isFalse();
    Payload tuning = root(Request.read("sys/auth/in/house/tune"));
    assertThat(tuning.number("user_lockout_threshold")).contains(2);
    assertThat(tuning.number("user_lockout_duration")).contains(3600);
    assertThat(tuning.flag("user_lockout_disable")).contains(true);
  }

  @Test
  void lockedUsers_areListedAndUnlocked() {
    for (int i = 0; i < 5; i++) {
      attempt("ann", Map.of("word", "now"));
    }
    String accessor = root(Request.read("sys/auth/in/house")).text("accessor").orElseThrow();

    Payload locked = root(Request.read("sys/locked-users"));
    assertThat(locked.number("total")).contains(1);
    assertThat(String.valueOf(locked.toMap().get("by_namespace"))).contains(accessor, "ann");
    assertThat(root(Request.read("sys/locked-users").with("mount_accessor", "other"))
            .number("total"))
        .contains(0);

    root(Request.write("sys/locked-users/" + accessor + "/unlock/ann", Map.of()));
    assertThat(attempt("ann", Map.of()).isFailure()).isFalse();
    assertThat(root(Request.read("sys/locked-users")).number("total")).contains(0);
  }

  @Test
  void renewal_asksTheMethodAgain() {
    Auth auth = login("ann", Map.of("token_policies", "a", "token_ttl", "1h"));
    method.renewal =
        Optional.of(new Lifetimes(Duration.ofMinutes(30), Duration.ofHours(2), Duration.ZERO));

    assertThat(renew(auth, Map.of()).auth().orElseThrow().ttl()).isEqualTo(Duration.ofMinutes(30));
    assertThat(renew(auth, Map.of("increment", "5h")).auth().orElseThrow().ttl())
        .isEqualTo(Duration.ofHours(2));
    assertThat(method.asked.orElseThrow().policies()).containsExactly("a");
    assertThat(method.asked.orElseThrow().data()).isEqualTo(Map.of("since", "today"));
    vault.time().advance(Duration.ofMinutes(90));
    assertThat(renew(auth, Map.of("increment", "5h")).auth().orElseThrow().ttl())
        .isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void renewal_methodHasNothingToRenew_changesNothing() {
    Auth auth = login("ann", Map.of("token_ttl", "1h"));
    vault.time().advance(Duration.ofMinutes(30));
    method.renewal = Optional.empty();

    assertThat(renew(auth, Map.of()).isEmpty()).isTrue();
    assertThat(lookup(auth).number("ttl")).contains(1800);
  }

  @Test
  void renewal_pastTheMaximum_isRefused() {
    Auth auth = login("ann", Map.of("token_ttl", "1h"));
    vault.time().advance(Duration.ofMinutes(30));
    method.renewal =
        Optional.of(new Lifetimes(Duration.ZERO, Duration.ofMinutes(10), Duration.ZERO));

    assertThat(renew(auth, Map.of()).failure()).contains(INVALID_REQUEST);
    assertThat(lookup(auth).number("ttl")).contains(1800);
  }

  @Nested
  class ARenewalThatIsAskedAboutOutside {
    private Auth auth;

    @BeforeEach
    void logIn() {
      auth = login("ann", Map.of("token_ttl", "1h"));
      method.renewal =
          Optional.of(new Lifetimes(Duration.ofHours(1), Duration.ZERO, Duration.ZERO));
      vault.time().advance(Duration.ofMinutes(30));
    }

    private void assertRefused(Response response, String reason) {
      assertThat(response.failure()).contains(INTERNAL);
      assertThat(response.errors()).containsExactly("failed to renew entry: " + reason);
      assertThat(lookup(auth).number("ttl")).contains(1800);
    }

    @Test
    void withAGoodAnswer_isStored_onEveryRoute() {
      AtomicInteger asked = new AtomicInteger();
      method.check = Optional.of(() -> {
        asked.incrementAndGet();
        return storage -> true;
      });
      String token = auth.token().orElseThrow().exposeText();

      assertThat(renew(auth, Map.of()).auth().orElseThrow().token()).isPresent();
      root(Request.write("auth/token/renew", Map.of("token", token)));
      root(Request.write("auth/token/renew-accessor", Map.of("accessor", auth.accessor())));

      assertThat(asked).hasValue(3);
      assertThat(lookup(auth).number("ttl")).contains(3600);
    }

    @Test
    void withABadAnswer_isRefused_andTheLogHasTheReason() {
      method.check = Optional.of(() -> {
        throw LoginRefused.told(PERMISSION_DENIED, "ask somebody", "she has left");
      });

      assertRefused(renew(auth, Map.of()), "ask somebody");
    }

    @Test
    void whoseAnswerDoesNotHoldAnyMore_isRefused() {
      method.check = Optional.of(() -> storage -> false);

      assertRefused(renew(auth, Map.of()), "the auth method was changed meanwhile");
    }

    @Test
    void thatCannotBe_asksNobody() {
      method.check = Optional.of(() -> {
        throw new AssertionError("nobody is to be asked");
      });
      method.renewal =
          Optional.of(new Lifetimes(Duration.ZERO, Duration.ofMinutes(10), Duration.ZERO));

      assertThat(renew(auth, Map.of()).failure()).contains(INVALID_REQUEST);
      method.renewal = Optional.empty();
      assertThat(renew(auth, Map.of()).isEmpty()).isTrue();
    }

    @Test
    void ofATokenThatIsRevokedMeanwhile_doesNotBringItBack() {
      method.check = Optional.of(() -> {
        root(Request.write("auth/token/revoke-accessor", Map.of("accessor", auth.accessor())));
        return storage -> true;
      });

      assertThat(renew(auth, Map.of()).failure()).contains(PERMISSION_DENIED);
      assertThat(renew(auth, Map.of()).failure()).contains(PERMISSION_DENIED);
    }

    @Test
    void ofASession_withABadAnswer_logsInAgain() {
      AtomicInteger asked = new AtomicInteger();
      try (Session session = vault
          .vault()
          .login(() -> Request.write("auth/in/house/login/ann", Map.of("token_ttl", "1h")))) {
        String accessor = accessor(session);
        method.check = Optional.of(() -> {
          asked.incrementAndGet();
          return storage -> true;
        });
        vault.time().advance(Duration.ofHours(10));
        assertThat(asked.get()).isPositive();
        assertThat(accessor(session)).isEqualTo(accessor);

        method.check = Optional.of(() -> {
          throw LoginRefused.denied("she has left");
        });
        vault.time().advance(Duration.ofHours(2));
        assertThat(accessor(session)).isNotEqualTo(accessor);
      }
    }
  }

  @Test
  void loginSession_renewsItsTokenAndRevokesItWhenClosed() {
    Session session = vault
        .vault()
        .login(() -> Request.write("auth/in/house/login/ann", Map.of("token_ttl", "1h")));
    method.renewal = Optional.of(new Lifetimes(Duration.ofHours(1), Duration.ZERO, Duration.ZERO));
    String accessor = accessor(session);

    vault.time().advance(Duration.ofHours(10));
    assertThat(accessor(session)).isEqualTo(accessor);

    session.close();
    assertThat(vault
            .root()
            .request(Request.write("auth/token/lookup-accessor", Map.of("accessor", accessor)))
            .isFailure())
        .isTrue();
    assertThatThrownBy(() -> session.request(Request.read("auth/token/lookup-self")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static String accessor(Session session) {
    return session
        .request(Request.read("auth/token/lookup-self"))
        .orThrow()
        .dataOrEmpty()
        .text("accessor")
        .orElseThrow();
  }

  @Test
  void loginSession_tokenThatCannotBeRenewed_logsInAgain() {
    Session session = vault
        .vault()
        .login(() -> Request.write("auth/in/house/login/ann", Map.of("token_ttl", "1h")));
    method.renewal = Optional.empty();
    String accessor = accessor(session);

    vault.time().advance(Duration.ofHours(10));

    assertThat(accessor(session)).isNotEqualTo(accessor);
    session.close();
  }

  @Test
  void loginSession_refused_throwsWhatTheCallerIsTold() {
    Login wrong = () -> Request.write("auth/in/house/login/ann", Map.of("word", "now"));

    assertThatThrownBy(() -> vault.vault().login(wrong))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(INVALID_REQUEST))
        .hasMessage("no");
  }

  @Test
  void loginSession_requestWithoutAToken_isRefused() {
    assertThatThrownBy(() -> vault.vault().login(() -> Request.read("sys/internal/ui/mounts")))
        .isInstanceOf(VaultException.class);
  }

  /** What waits for somebody outside must not hold up what falls due. */
  @Test
  void loginSession_renewal_isHandedOver_oneAtATime() {
    boolean[] held = new boolean[1];
    Deque<Runnable> outside = new ArrayDeque<>();
    Executor executor = work -> {
      if (held[0]) {
        outside.add(work);
      } else {
        work.run();
      }
    };
    try (InMemoryVault other =
            Vault.inMemory(builder -> builder.auth("in/house", method).outsideExecutor(executor));
        Session session = other
            .vault()
            .login(() -> Request.write("auth/in/house/login/ann", Map.of("token_ttl", "1h")))) {
      int[] logins = new int[1];
      method.inProof = () -> logins[0]++;
      method.renewal = Optional.empty();
      other.time().advance(Duration.ofMinutes(30));
      held[0] = true;
      boolean[] due = new boolean[1];
      other.time().after(Duration.ofMinutes(20), () -> due[0] = true);

      other.time().advance(Duration.ofMinutes(20));

      assertThat(due[0]).isTrue();
      assertThat(logins[0]).isZero();
      assertThat(outside).hasSize(1);
      outside.remove().run();
      assertThat(logins[0]).isEqualTo(1);
      assertThat(session.request(Request.read("auth/token/lookup-self")).isFailure())
          .isFalse();
      held[0] = false;
      other.time().advance(Duration.ofMinutes(50));
      assertThat(logins[0]).isEqualTo(2);
    }
  }

  @Test
  void loginSession_renewalThatIsNotTaken_isTriedAgain() {
    boolean[] full = new boolean[] {true};
    Executor outside = work -> {
      if (full[0]) {
        throw new RejectedExecutionException("full");
      }
      work.run();
    };
    try (InMemoryVault other =
            Vault.inMemory(builder -> builder.auth("in/house", method).outsideExecutor(outside));
        Session session = other
            .vault()
            .login(() -> Request.write("auth/in/house/login/ann", Map.of("token_ttl", "1h")))) {
      method.renewal = Optional.empty();
      other.time().advance(Duration.ofMinutes(41));
      full[0] = false;

      other.time().advance(Duration.ofMinutes(25));

      assertThat(session.request(Request.read("auth/token/lookup-self")).isFailure())
          .isFalse();
    }
  }
}
