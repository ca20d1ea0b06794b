package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesConfig;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.KubernetesRole;
import dev.strongroom.auth.k8s.LoginExplanation;
import dev.strongroom.auth.k8s.LoginExplanation.Check;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.testkit.kubernetes.ApiFault;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server that is broken, slow or a liar lets nobody in, and holds nobody up. */
class KubernetesHostileApiTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private static KubernetesApi api;
  private static ServiceAccount reviewer;
  private static ServiceAccount app;
  private static InMemoryVault vault;

  @BeforeAll
  static void start() {
    vault = open(KubernetesOptions.DEFAULT.withTimeouts(LONG, LONG).withConcurrentReviews(1));
    api = KubernetesApi.start(vault.time());
    reviewer = api.createServiceAccount("vault", "default");
    api.bindAuthDelegator(reviewer);
    api.allowServiceAccountRead(reviewer);
    app = api.createServiceAccount("default", "myapp-sa");
    configure(vault);
  }

  private static InMemoryVault open(KubernetesOptions options) {
    return Vault.inMemory(builder -> builder.auth(
        "kubernetes", KubernetesAuth.method(options.allowing(Relaxation.ROLES_WITHOUT_AUDIENCE))));
  }

  private static void configure(InMemoryVault of) {
    Kubernetes kubernetes = Kubernetes.at(of.root(), "kubernetes");
    kubernetes.configure(KubernetesConfig.of(api.url())
        .withCaCertificate(api.ca())
        .withReviewerToken(api.legacyToken(reviewer)));
    kubernetes.putRole("myapp-role", KubernetesRole.of("default", "myapp-sa"));
  }

  @AfterEach
  void heal() {
    api.heal();
    api.forgetRequests();
  }

  @AfterAll
  static void stop() {
    api.close();
    vault.close();
  }

  private static Response logIn(InMemoryVault at, String token) {
    return at.vault()
        .sessionWithoutToken()
        .request(
            Request.write("auth/kubernetes/login", Map.of("role", "myapp-role", "jwt", token)));
  }

  private static LoginExplanation explain(InMemoryVault at, String token) {
    return Kubernetes.at(at.root(), "kubernetes").explainLogin("myapp-role", token);
  }

  private static Session loggedIn() {
    return vault
        .vault()
        .session(
            logIn(vault, api.token(app)).orThrow().auth().orElseThrow().token().orElseThrow());
  }

  private static Response renew(Session session) {
    return session.request(Request.write("auth/token/renew-self", Map.of()));
  }

  private static void assertNotConfirmed(Response response) {
    assertThat(response.failure()).contains(ErrorCode.INTERNAL);
    assertThat(response.errors())
        .containsExactly("failed to renew entry: the service account could not be confirmed");
  }

  private static void assertDenied(Response response) {
    assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(response.errors()).containsExactly("permission denied");
  }

  static Stream<Arguments> faults() {
    String uid = "1";
    return Stream.of(
            ApiFault.status(400),
            ApiFault.status(401),
            ApiFault.status(403),
            ApiFault.status(404),
            ApiFault.status(429),
            ApiFault.status(500),
            ApiFault.status(503),
            ApiFault.notJson(),
            ApiFault.redirect("/apis/authentication.k8s.io/v2/tokenreviews"),
            ApiFault.drop(),
            ApiFault.cut(),
            ApiFault.hugeBody(2 * 1024 * 1024),
            ApiFault.deepBody(1000),
            ApiFault.otherUser("system:serviceaccount:default:another", uid),
            ApiFault.otherUser("system:serviceaccount:default:myapp-sa", uid),
            ApiFault.otherUser("system:serviceaccount:default:myapp-sa:x", uid),
            ApiFault.otherUser("", ""),
            ApiFault.otherAudiences(),
            ApiFault.otherAudiences("another"),
            ApiFault.reviewStatus(Map.of()),
            ApiFault.reviewStatus(Map.of("authenticated", "true")),
            ApiFault.reviewStatus(Map.of("authenticated", true)),
            ApiFault.reviewStatus(Map.of("authenticated", true, "error", "but no")),
            ApiFault.answer(204, "application/json", ""),
            ApiFault.answer(
                200, "application/json", "{\"kind\":\"Status\",\"status\":\"Success\"}"))
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void login_withoutAGoodAnswer_isDeniedInTheSameWords_andExplained(ApiFault fault) {
    api.fail(fault);
    String token = api.token(app);

    assertDenied(logIn(vault, token));
    Check failure = explain(vault, token).failure().orElseThrow();
    assertThat(failure.name()).isEqualTo("review");
    assertThat(failure.advice()).isNotEmpty();
    assertThat(api.requests()).allMatch(request -> request.isReview());
  }

  @ParameterizedTest(name = "{0} is asked {1} times")
  @CsvSource({"500, 2", "503, 2", "401, 1", "403, 1", "429, 1", "404, 1"})
  void failure_thatMayPass_isAskedOnceMore(int status, int requests) {
    api.fail(ApiFault.status(status));

    assertDenied(logIn(vault, api.token(app)));

    assertThat(api.requests()).hasSize(requests);
  }

  @Test
  void failure_thatPasses_isNotNoticed() {
    for (ApiFault fault : List.of(ApiFault.status(500), ApiFault.drop(), ApiFault.cut())) {
      api.fail(fault, 1);
      assertThat(logIn(vault, api.token(app)).auth()).as("%s", fault).isPresent();
    }
  }

  /** What the server says may repeat the token: none of it is passed on. */
  @Test
  void log_hasNoToken_whateverTheServerSays() {
    String token = api.token(app);
    String signature = token.substring(token.lastIndexOf('.') + 1);
    String reviewerToken = api.legacyToken(reviewer);
    try (LogCanary log = LogCanary.listen()) {
      for (ApiFault fault : List.of(
          ApiFault.answer(
              403, "application/json", "{\"kind\":\"Status\",\"message\":\"" + token + "\"}"),
          ApiFault.answer(500, "text/plain", token),
          ApiFault.answer(200, "text/plain", token),
          ApiFault.reviewStatus(Map.of("error", token)),
          ApiFault.drop(),
          ApiFault.status(401))) {
        api.fail(fault);
        assertDenied(logIn(vault, token));
        assertThat(explain(vault, token).checks().toString()).doesNotContain(signature);
      }
      api.heal();
      assertThat(logIn(vault, token).auth()).isPresent();
      assertDenied(logIn(vault, token.substring(0, token.length() - 8)));
      log.assertNeverLogged(
          token,
          signature,
          reviewerToken,
          reviewerToken.substring(reviewerToken.lastIndexOf('.') + 1));
    }
  }

  @Test
  void slowServer_isWaitedForAsLongAsItIsSaid() {
    Duration patience = Duration.ofMillis(300);
    try (InMemoryVault hasty = open(KubernetesOptions.DEFAULT.withTimeouts(patience, patience))) {
      configure(hasty);
      for (ApiFault fault : List.of(ApiFault.hang(), ApiFault.stall())) {
        api.fail(fault);
        assertDenied(logIn(hasty, api.token(app)));
        assertThat(explain(hasty, api.token(app)).failure().map(Check::found))
            .as("%s", fault)
            .contains("it did not answer in time");
        api.heal();
      }
    }
  }

  /** One question at a time, and one that waits for its turn. */
  @Test
  void hangingServer_holdsSoManyLoginsAndNoOthers_andNothingElse() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try {
      api.fail(ApiFault.hang());
      List<Future<Response>> held = new ArrayList<>();
      held.add(callers.submit(() -> logIn(vault, api.token(app))));
      api.awaitHeld(1);
      held.add(callers.submit(() -> logIn(vault, api.token(app))));

      assertDenied(logIn(vault, api.token(app))); // at once, or after its time in the line
      assertThat(vault.root().request(Request.read("sys/mounts")).isFailure()).isFalse();
      assertThat(vault.root().request(Request.read("auth/kubernetes/config")).isFailure())
          .isFalse();
      Kubernetes.at(vault.root(), "kubernetes")
          .putRole("another", KubernetesRole.of("default", "another"));
      assertThat(held.get(0).isDone()).isFalse();

      api.heal();
      assertThat(held.get(0).get(30, TimeUnit.SECONDS).auth()).isPresent();
      assertThat(held.get(1).get(30, TimeUnit.SECONDS)).isNotNull();
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void hangingServer_doesNotHoldUpTheEndOfTheVault() throws Exception {
    InMemoryVault other = open(KubernetesOptions.DEFAULT.withTimeouts(LONG, LONG));
    configure(other);
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> logIn(other, api.token(app)))) {
      other.close();

      assertThat(held.answer().isFailure()).isTrue();
      assertThat(held.leftItsCallerInterrupted()).isFalse();
      assertThat(Thread.getAllStackTraces().values())
          .as("nobody waits any more")
          .noneMatch(stack -> Stream.of(stack)
              .anyMatch(frame -> frame.getClassName().startsWith("dev.strongroom.auth.k8s")));
    }
  }

  static Stream<Arguments> faultsOfAccounts() {
    String account =
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"default\",\"name\":\"%s\",\"uid\":\"%s\"}}";
    return Stream.of(
            ApiFault.status(400),
            ApiFault.status(401),
            ApiFault.status(429),
            ApiFault.status(500),
            ApiFault.status(503),
            ApiFault.notJson(),
            ApiFault.redirect("/api/v1/namespaces/default/serviceaccounts/myapp-sa"),
            ApiFault.drop(),
            ApiFault.cut(),
            ApiFault.hugeBody(2 * 1024 * 1024),
            ApiFault.deepBody(1000),
            ApiFault.answer(204, "application/json", ""),
            ApiFault.answer(200, "application/json", account.formatted("another", app.uid())),
            ApiFault.answer(200, "application/json", account.formatted("myapp-sa", "1")),
            ApiFault.answer(200, "application/json", account.formatted("myapp-sa", "")))
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfAccounts")
  void renewal_withoutAGoodAnswer_isRefused_andTriedAgainLater(ApiFault fault) {
    Session session = loggedIn();
    api.fail(fault);

    assertNotConfirmed(renew(session));
    api.heal();
    assertThat(renew(session).auth()).isPresent();
  }

  /** They say that the vault may not ask, or asks something else. */
  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void renewal_thatNobodyMayAskAbout_isStored_unlessTheServerHasAnsweredBefore(int status) {
    configure(vault); // one that was not answered with
    Session session = loggedIn();
    api.fail(ApiFault.status(status));

    assertThat(renew(session).auth()).isPresent();

    api.heal();
    assertThat(renew(session).auth()).isPresent();
    api.fail(ApiFault.status(status));
    assertNotConfirmed(renew(session));
  }

  @Test
  void logins_thatTakeEveryTurn_leaveRenewalsTheirs() throws Exception {
    Session session = loggedIn();
    String token = api.token(app);
    api.fail(ApiFault.hang(), 1);
    try (Held held = Held.asking(() -> logIn(vault, token))) { // of one turn
      assertThat(renew(session).auth()).isPresent();
      assertThat(held.isAnswered()).isFalse();
      api.heal();
      assertThat(held.answer().auth()).isPresent();
    }
  }

  @Test
  void callerWhoLosesTheRightWhileTheServerIsAsked_renewsNobody() throws Exception {
    Session session = loggedIn();
    String accessor = Tokens.of(session).lookupSelf().accessor();
    Policies.of(vault.root())
        .put("renewing", "path \"auth/token/renew-accessor\" { capabilities = [\"update\"] }");
    Session helper = vault
        .vault()
        .session(
            Tokens.of(vault.root()).create(TokenRequest.of("renewing")).token().orElseThrow());
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() ->
        helper.request(Request.write("auth/token/renew-accessor", Map.of("accessor", accessor))))) {
      Policies.of(vault.root())
          .put("renewing", "path \"auth/token/renew-accessor\" { capabilities = [\"deny\"] }");

      api.heal();

      assertDenied(held.answer());
    }
  }

  @Test
  void hangingServer_holdsARenewal_andNothingElse() throws Exception {
    Session session = loggedIn();
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> renew(session))) {
      assertThat(session.request(Request.read("auth/token/lookup-self")).isFailure())
          .isFalse();
      assertThat(session.request(Request.write("cubbyhole/a", Map.of("b", 1))).isFailure())
          .isFalse();
      assertThat(renew(vault.root()).failure()).contains(ErrorCode.INVALID_REQUEST); // has no end
      Kubernetes.at(vault.root(), "kubernetes")
          .putRole("another", KubernetesRole.of("default", "another"));
      assertThat(held.isAnswered()).isFalse();

      api.heal();
      assertThat(held.answer().auth()).isPresent();
    }
  }

  @Test
  void config_changedWhileTheServerIsAsked_renewsNobodyByTheOldOne() throws Exception {
    Session session = loggedIn();
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> renew(session))) {
      configure(vault);

      api.heal();

      assertThat(held.answer().errors())
          .containsExactly("failed to renew entry: the auth method was changed meanwhile");
      assertThat(renew(session).auth()).isPresent();
    }
  }

  @Test
  void token_revokedWhileTheServerIsAsked_staysSo() throws Exception {
    Session session = loggedIn();
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> renew(session))) {
      session.request(Request.write("auth/token/revoke-self", Map.of())).orThrow();

      api.heal();

      assertDenied(held.answer());
      assertDenied(renew(session));
    }
  }

  @Test
  void role_changedWhileTheServerIsAsked_letsNobodyInByTheOldOne() throws Exception {
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> logIn(vault, api.token(app)))) {
      Kubernetes kubernetes = Kubernetes.at(vault.root(), "kubernetes");
      kubernetes.putRole("myapp-role", KubernetesRole.of("default", "another"));

      api.heal();

      assertDenied(held.answer());
      kubernetes.putRole("myapp-role", KubernetesRole.of("default", "myapp-sa"));
    }
  }

  @Test
  void config_changedWhileTheServerIsAsked_letsNobodyInByTheOldOne() throws Exception {
    api.fail(ApiFault.hang());
    try (Held held = Held.asking(() -> logIn(vault, api.token(app)))) {
      configure(vault);

      api.heal();

      assertDenied(held.answer());
    }
  }

  /** A request that waits, on a thread of its own, for an API server that does not answer. */
  private static final class Held implements AutoCloseable {
    private final ExecutorService caller = Executors.newSingleThreadExecutor();
    private final Future<Response> answer;

    private Held(Callable<Response> request) {
      answer = caller.submit(request);
    }

    /** Returns when the server holds the request. */
    static Held asking(Callable<Response> request) throws InterruptedException {
      Held held = new Held(request);
      api.awaitHeld(1);
      return held;
    }

    boolean isAnswered() {
      return answer.isDone();
    }

    Response answer() throws Exception {
      return answer.get(30, TimeUnit.SECONDS);
    }

    boolean leftItsCallerInterrupted() throws Exception {
      return caller.submit(Thread::interrupted).get();
    }

    @Override
    public void close() {
      caller.shutdownNow();
    }
  }
}
