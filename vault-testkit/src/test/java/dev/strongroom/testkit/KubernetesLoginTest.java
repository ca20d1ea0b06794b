package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesConfig;
import dev.strongroom.auth.k8s.KubernetesLogin;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.KubernetesRole;
import dev.strongroom.auth.k8s.LoginExplanation;
import dev.strongroom.auth.k8s.LoginExplanation.Check;
import dev.strongroom.auth.k8s.LoginExplanation.State;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.storage.sqlite.SqliteStorage;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.Pod;
import dev.strongroom.testkit.kubernetes.ServerCertificate;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import dev.strongroom.testkit.kubernetes.TokenOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods log in at a vault, with the stand-in for their cluster's API server. */
class KubernetesLoginTest {
  @TempDir
  static Path podFolder;

  /** One of each for all tests: a start, and a handshake, take longer than what most of them do. */
  private static InMemoryVault vault;

  private static KubernetesApi api;

  private ServiceAccount reviewer;
  private ServiceAccount app;
  private Kubernetes kubernetes;

  @BeforeAll
  static void start() {
    vault = Vault.inMemory(builder -> builder.auth(
        "kubernetes",
        KubernetesAuth.method(KubernetesOptions.DEFAULT
            .withServiceAccountFolder(podFolder)
            .allowing(Relaxation.REASONS_IN_REFUSALS, Relaxation.ROLES_WITHOUT_AUDIENCE))));
    api = KubernetesApi.start(vault.time());
    Policies.of(vault.root()).put("myapp-policy", "path \"cubbyhole/*\" { policy = \"write\" }");
  }

  @AfterAll
  static void stop() {
    vault.close();
    api.close();
  }

  @BeforeEach
  void reset() {
    api.heal();
    api.show(ServerCertificate.GOOD);
    api.deleteNamespace("default");
    reviewer = api.createServiceAccount("vault", "default");
    api.bindAuthDelegator(reviewer);
    api.forbidNamespaceRead(reviewer);
    api.allowServiceAccountRead(reviewer);
    app = api.createServiceAccount("default", "myapp-sa");
    api.forgetRequests();
    kubernetes = Kubernetes.at(vault.root(), "kubernetes");
    configure();
    kubernetes.deleteRole("myapp-role"); // what a write does not name would stay
    kubernetes.putRole("myapp-role", role());
  }

  private static KubernetesRole role() {
    return KubernetesRole.of("default", "myapp-sa")
        .withPolicies("myapp-policy")
        .withTtls(Duration.ofHours(1), Duration.ZERO);
  }

  private void configure() {
    assertThat(kubernetes.configure(config())).isEmpty();
  }

  private KubernetesConfig config() {
    return KubernetesConfig.of(api.url())
        .withCaCertificate(api.ca())
        .withReviewerToken(api.legacyToken(reviewer));
  }

  private static void advance(Duration step) {
    vault.time().advance(step);
  }

  private Response logIn(String token) {
    return vault
        .vault()
        .sessionWithoutToken()
        .request(
            Request.write("auth/kubernetes/login", Map.of("role", "myapp-role", "jwt", token)));
  }

  private LoginExplanation explain(String token) {
    return kubernetes.explainLogin("myapp-role", token);
  }

  private void assertDenied(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(response.errors()).containsExactly(text);
  }

  @Test
  void login_ofAPod_getsItsPoliciesAndNoOthers() {
    Auth auth = logIn(api.token(api.createPod("myapp-1", app))).orThrow().auth().orElseThrow();

    assertThat(auth.policies()).containsExactly("default", "myapp-policy");
    assertThat(auth.ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(auth.metadata())
        .isEqualTo(Map.of(
            "role", "myapp-role",
            "service_account_name", "myapp-sa",
            "service_account_namespace", "default",
            "service_account_secret_name", "",
            "service_account_uid", app.uid()));
    assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.isReview())
        .isTrue());
  }

  @Test
  void login_aliasMetadata_isThatOfTheAccount() {
    Auth auth = logIn(api.token(app)).orThrow().auth().orElseThrow();

    Payload entity = vault
        .root()
        .request(Request.read("identity/entity/id/" + auth.entityId().orElseThrow()))
        .orThrow()
        .dataOrEmpty();
    Map<?, ?> alias = (Map<?, ?>) ((List<?>) entity.get("aliases").orElseThrow()).get(0);
    assertThat(alias.get("name")).isEqualTo(app.uid());
    assertThat(((Map<?, ?>) alias.get("metadata")).containsKey("role")).isFalse();
    assertThat(((Map<?, ?>) alias.get("metadata")).get("service_account_name"))
        .isEqualTo("myapp-sa");
  }

  @Test
  void login_manyTimes_keepsItsConnection() {
    long before = api.connections();
    for (int i = 0; i < 5; i++) {
      Response unused = logIn(api.token(app)).orThrow();
    }

    assertThat(api.connections() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void login_afterTheServerEndedTheConnection_connectsAgain() {
    Response unused = logIn(api.token(app)).orThrow();
    api.dropConnections();

    assertThat(logIn(api.token(app)).auth()).isPresent();
  }

  @Test
  void login_afterAnotherCaWasWritten_doesNotGoOnOverTheOldConnection() {
    Response unused = logIn(api.token(app)).orThrow();

    kubernetes.configure(config().withCaCertificate(api.otherCa()));

    assertDenied(logIn(api.token(app)), "permission denied");
    configure();
    assertThat(logIn(api.token(app)).auth()).isPresent();
  }

  @Test
  void login_withKeysOfTheCluster_refusesOthersWithoutAskingTheApi() {
    kubernetes.configure(config().withTokenKeys(List.of(api.publicKey())));
    assertThat(logIn(api.token(app)).auth()).isPresent();
    api.forgetRequests();
    String token = api.token(app);
    String forged = token.substring(0, token.lastIndexOf('.') + 1)
        + api.legacyToken(app).substring(api.legacyToken(app).lastIndexOf('.') + 1);

    assertDenied(logIn(forged), "permission denied");
    assertThat(api.requests()).isEmpty();
    assertThat(explain(forged).failure().map(Check::name)).contains("token");
  }

  @Test
  void login_issuerCheckedWithoutOne_meansThatOfOldTokens() {
    vault
        .root()
        .request(Request.write(
            "auth/kubernetes/config",
            Map.of(
                "kubernetes_host", api.url(),
                "kubernetes_ca_cert", api.ca(),
                "token_reviewer_jwt", api.legacyToken(reviewer),
                "disable_iss_validation", false)))
        .orThrow();

    assertDenied(logIn(api.token(app)), "invalid issuer (iss) claim");
    assertThat(logIn(api.legacyToken(app)).auth()).isPresent();
  }

  @Test
  void login_afterTheAccountWasMadeAgain_needsANewToken() {
    String old = api.token(app);
    api.deleteServiceAccount(app);
    app = api.createServiceAccount("default", "myapp-sa");

    assertDenied(logIn(old), "permission denied");
    assertThat(logIn(api.token(app)).auth()).isPresent();
  }

  @Test
  void login_tokenOfAPodThatIsGone_isRefused() {
    Pod pod = api.createPod("myapp-2", app);
    String token = api.token(pod);
    api.deletePod(pod);

    assertDenied(logIn(token), "permission denied");
    assertThat(explain(token).failure().map(Check::found))
        .contains("one whose pod or secret is gone");
  }

  @Test
  void login_bySelector_looksUpTheNamespace() {
    api.allowNamespaceRead(reviewer);
    api.createNamespace("default", Map.of("team", "a"));
    app = api.createServiceAccount("default", "myapp-sa");
    kubernetes.putRole(
        "myapp-role",
        KubernetesRole.of(List.of(), List.of("myapp-sa")).withNamespaceLabels(Map.of("team", "a")));

    assertThat(logIn(api.token(app)).auth()).isPresent();
    api.createNamespace("default", Map.of("team", "b"));
    assertDenied(logIn(api.token(app)), "namespace not authorized");
  }

  @Test
  void login_namespaceClaimThatIsAPath_asksNobody() {
    kubernetes.putRole(
        "myapp-role",
        KubernetesRole.of(List.of(), List.of("myapp-sa")).withNamespaceLabels(Map.of("team", "a")));
    String token = api.sign(Map.of(
        "kubernetes.io",
        Map.of(
            "namespace", "../../apis", "serviceaccount", Map.of("name", "myapp-sa", "uid", "1"))));

    assertDenied(logIn(token), "namespace not authorized");
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void login_audienceAsOneText_isAsInAList() {
    kubernetes.putRole("myapp-role", role().withAudience("vault"));
    String good = api.token(app, TokenOptions.DEFAULT.withAudiences("vault"));

    assertThat(logIn(good).auth()).isPresent();
    for (Object audience : List.of("other", List.of(), List.of("vaul"), 1, List.of("vault", 1))) {
      Response response = logIn(api.sign(claims(Map.of("aud", audience))));
      assertDenied(
          response,
          "invalid audience (aud) claim: audience claim does not match any expected audience");
    }
    assertThat(explain(api.sign(claims(Map.of("aud", "vault"))))
            .check("audience")
            .orElseThrow()
            .state())
        .isEqualTo(State.PASSED);
  }

  private Map<String, Object> claims(Map<String, ?> more) {
    long now = vault.time().instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>(Map.of(
        "iss",
        api.issuer(),
        "aud",
        List.of(api.issuer()),
        "iat",
        now,
        "nbf",
        now,
        "exp",
        now + 600,
        "kubernetes.io",
        Map.of(
            "namespace",
            "default",
            "serviceaccount",
            Map.of("name", "myapp-sa", "uid", app.uid()))));
    claims.putAll(more);
    return claims;
  }

  @Test
  void login_namesThatLookLikeTheBoundOne_areRefusedInTheSameWords() {
    for (String name :
        List.of("myapp", "myapp-s", "myapp-sa2", "MYAPP-SA", "myapp-sа", "myapp-sa ", "", "*")) {
      String token = api.sign(claims(Map.of(
          "kubernetes.io",
          Map.of("namespace", "default", "serviceaccount", Map.of("name", name, "uid", "1")))));

      assertDenied(logIn(token), "service account name not authorized");
    }
    assertThat(api.requests()).isEmpty();
  }

  /** The rules are for who writes roles. */
  @Test
  void login_asARoleFromBeforeTheRules_goesOn(@TempDir Path folder) {
    SqliteStorage storage = SqliteStorage.at(folder.resolve("vault.db"));
    try (KubernetesApi cluster = KubernetesApi.start();
        InitialKeys keys = withARoleWithoutAudience(storage, cluster);
        Vault strict = Vault.builder()
            .storage(storage)
            .auth("kubernetes", KubernetesAuth.method())
            .open()) {
      strict.unseal(keys.shares().get(0));

      try (Session session = strict.login(KubernetesLogin.at("kubernetes")
          .role("myapp-role")
          .jwt(cluster.token(cluster.createServiceAccount("default", "myapp-sa"))))) {
        assertThat(Tokens.of(session).lookupSelf().policies()).contains("myapp-policy");
      }
    }
  }

  private static InitialKeys withARoleWithoutAudience(
      SqliteStorage storage, KubernetesApi cluster) {
    ServiceAccount asking = cluster.createServiceAccount("vault", "default");
    cluster.bindAuthDelegator(asking);
    KubernetesOptions lax = KubernetesOptions.DEFAULT.allowing(Relaxation.ROLES_WITHOUT_AUDIENCE);
    try (Vault before = Vault.builder()
        .storage(storage)
        .auth("kubernetes", KubernetesAuth.method(lax))
        .open()) {
      InitialKeys keys = before.initialize(new KeyShares(1, 1));
      before.unseal(keys.shares().get(0));
      Kubernetes methods = Kubernetes.at(before.session(keys.rootToken()), "kubernetes");
      methods.configure(KubernetesConfig.of(cluster.url())
          .withCaCertificate(cluster.ca())
          .withReviewerToken(cluster.legacyToken(asking)));
      methods.putRole("myapp-role", role());
      return keys;
    }
  }

  @Nested
  class WithoutReasonsInRefusals {
    private InMemoryVault strict;
    private Kubernetes methods;

    @BeforeEach
    void open() {
      strict = Vault.inMemory(builder -> builder.auth(
          "kubernetes",
          KubernetesAuth.method(KubernetesOptions.DEFAULT
              .withServiceAccountFolder(podFolder.resolve("nothing"))
              .allowing(Relaxation.ROLES_WITHOUT_AUDIENCE))));
      methods = Kubernetes.at(strict.root(), "kubernetes");
      strict
          .time()
          .advance(Duration.between(strict.time().instant(), vault.time().instant())); // the API's
    }

    @AfterEach
    void close() {
      strict.close();
    }

    private Response attempt(String role, String token) {
      return strict
          .vault()
          .sessionWithoutToken()
          .request(Request.write("auth/kubernetes/login", Map.of("role", role, "jwt", token)));
    }

    @Test
    void everyFailure_isDeniedInTheSameWords() {
      methods.putRole("myapp-role", role());
      assertDenied(attempt("myapp-role", api.token(app)), "permission denied"); // no config
      methods.configure(config());
      methods.putRole("elsewhere", KubernetesRole.of("other", "myapp-sa"));
      methods.putRole("for-vault", role().withAudience("vault"));
      String stranger = api.token(api.createServiceAccount("default", "stranger"));

      assertDenied(attempt("myapp-role", stranger), "permission denied");
      assertDenied(attempt("nope", stranger), "permission denied");
      assertDenied(attempt("../nope", stranger), "permission denied");
      assertDenied(attempt("myapp-role", "x"), "permission denied");
      assertDenied(attempt("elsewhere", api.token(app)), "permission denied");
      assertDenied(attempt("for-vault", api.token(app)), "permission denied");
      assertThat(attempt("myapp-role", api.token(app)).auth()).isPresent();
    }

    /** How long an answer takes must not tell which roles there are. */
    @ParameterizedTest(name = "X-8 the API is asked as often for the role {0}")
    @ValueSource(strings = {"myapp-role", "for-vault", "elsewhere", "nope", "../nope"})
    void forgedToken_whateverRoleItNames_isShownToTheApi(String role) {
      methods.configure(config());
      methods.putRole("myapp-role", role());
      methods.putRole("for-vault", role().withAudience("vault"));
      strict
          .root()
          .request(Request.write(
              "auth/kubernetes/role/elsewhere",
              Map.of(
                  "bound_service_account_names", "myapp-sa",
                  "bound_service_account_namespaces", "default",
                  "token_bound_cidrs", "10.0.0.0/8")))
          .orThrow();
      String token = api.token(app);
      api.forgetRequests();

      assertDenied(
          attempt(role, token.substring(0, token.lastIndexOf('.')) + ".AAAA"), "permission denied");
      assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.isReview())
          .isTrue());
    }

    @Test
    void authoritiesThatCannotBeRead_areNotNamed() {
      api.writePodFolder(podFolder.resolve("nothing"), "vault", api.token(reviewer));
      methods.configure(KubernetesConfig.of(api.url()));
      methods.putRole("myapp-role", role());
      strict.time().advance(Duration.ofMinutes(61));
      deleteAll(podFolder.resolve("nothing"));

      assertDenied(attempt("myapp-role", api.token(app)), "permission denied");
    }

    /** Neither the role's bounds nor the vault's rights are there for strangers to try. */
    @Test
    void whatATokenClaims_isLookedAtWhenItIsConfirmed() {
      methods.configure(config());
      methods.putRole(
          "myapp-role",
          KubernetesRole.of(List.of(), List.of("myapp-sa"))
              .withNamespaceLabels(Map.of("team", "a")));
      api.allowNamespaceRead(reviewer);
      api.createNamespace("default", Map.of("team", "a"));
      app = api.createServiceAccount("default", "myapp-sa");
      String token = api.token(app);
      String forged = token.substring(0, token.lastIndexOf('.')) + ".AAAA";
      api.forgetRequests();

      assertDenied(attempt("myapp-role", forged), "permission denied");
      assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.isReview())
          .isTrue());
      assertThat(attempt("myapp-role", token).auth()).isPresent();
    }
  }

  private static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void login_refused_isLoggedUnderTheIdThatTheAuditHas_withoutItsToken(@TempDir Path auditFolder)
      throws IOException {
    Path audit = auditFolder.resolve("audit.log");
    try (InMemoryVault audited = Vault.inMemory(builder -> builder
            .auth(
                "kubernetes",
                KubernetesAuth.method(
                    KubernetesOptions.DEFAULT.allowing(Relaxation.ROLES_WITHOUT_AUDIENCE)))
            .audit("file", FileAudit.appendTo(audit)));
        LogCanary log = LogCanary.listen()) {
      Kubernetes.at(audited.root(), "kubernetes").configure(config());
      Kubernetes.at(audited.root(), "kubernetes")
          .putRole("myapp-role", KubernetesRole.of("default", "another"));
      String token = api.token(app);

      Response refused = audited
          .vault()
          .sessionWithoutToken()
          .request(
              Request.write("auth/kubernetes/login", Map.of("role", "myapp-role", "jwt", token)));

      String id = refused.requestId().orElseThrow().toString();
      assertThatThrownBy(() -> log.assertNeverLogged("(request " + id + ")"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("check name: expected \"another\", found \"myapp-sa\"");
      log.assertNeverLogged(token, token.substring(token.lastIndexOf('.') + 1));
      assertThat(Files.readString(audit))
          .contains(id)
          .doesNotContain(token, api.legacyToken(reviewer));
    }
  }

  /** Strangers must not fill a disk. */
  @Test
  void login_refusedOftenInAMinute_isLoggedSoOften_andTheRestCounted() {
    List<String> lines = new ArrayList<>();
    Handler handler = new Handler() {
      @Override
      public void publish(LogRecord entry) {
        lines.add(entry.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger logger = Logger.getLogger("dev.strongroom");
    advance(Duration.ofMinutes(2));
    logger.addHandler(handler);
    try {
      for (int i = 0; i < 130; i++) {
        assertThat(logIn("x").isFailure()).isTrue();
      }
      assertThat(lines).hasSize(100).allMatch(line -> line.contains("check token"));
      advance(Duration.ofMinutes(1));
      assertThat(logIn("x").isFailure()).isTrue();
      assertThat(lines)
          .hasSize(102)
          .anyMatch(line -> line.startsWith("30 more failed logins at auth/kubernetes/"));
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Nested
  class InAPod {
    @BeforeEach
    void writeFiles() {
      api.writePodFolder(podFolder, "vault", api.token(reviewer));
      advance(Duration.ofMinutes(61)); // so that they are read
      kubernetes.configure(KubernetesConfig.of(api.url()));
    }

    @Test
    void login_takesAuthoritiesAndReviewerFromTheFiles() {
      assertThat(logIn(api.token(app)).auth()).isPresent();
    }

    @Test
    void reviewersToken_isReadAgainAfterAMinute() throws IOException {
      Response unused = logIn(api.token(app)).orThrow();
      String next = api.token(reviewer);
      api.writePodFolder(podFolder, "vault", next);

      advance(Duration.ofSeconds(61));
      api.forgetRequests();

      assertThat(logIn(api.token(app)).auth()).isPresent();
      assertThat(api.requests().get(0).bearer()).contains(next);
    }

    @Test
    void authorities_areReadAgainAfterAnHour() throws IOException {
      Response unused = logIn(api.token(app)).orThrow();
      Path version = Files.createDirectory(podFolder.resolve("other"));
      Files.writeString(version.resolve("ca.crt"), api.otherCa());
      Files.writeString(version.resolve("token"), api.token(reviewer));
      Files.delete(podFolder.resolve("..data"));
      Files.createSymbolicLink(podFolder.resolve("..data"), Path.of("other"));

      assertThat(logIn(api.token(app)).auth()).isPresent();
      advance(Duration.ofMinutes(61));
      assertDenied(logIn(api.token(app)), "permission denied");
    }

    @Test
    void login_withoutTheFileOfTheAuthorities_saysSo() throws IOException {
      advance(Duration.ofMinutes(61));
      Files.delete(podFolder.resolve("ca.crt"));

      Response response = logIn(api.token(app));

      assertThat(response.failure()).contains(ErrorCode.INTERNAL);
      assertThat(response.errors())
          .singleElement()
          .asString()
          .startsWith("open ")
          .contains("ca.crt");
    }

    @Test
    void login_withoutTokenOfTheVault_isReviewedByThePodsOwn() throws IOException {
      api.writePodFolder(podFolder, "vault", api.token(reviewer)); // that one has an hour
      advance(Duration.ofSeconds(61));
      assertThat(logIn(api.token(app)).auth()).isPresent();
      Files.delete(podFolder.resolve("token"));
      advance(Duration.ofMinutes(2));
      assertThat(logIn(api.token(app)).auth()).isPresent(); // by the one before, for a minute
      advance(Duration.ofMinutes(2));
      String token = api.token(app);

      assertDenied(logIn(token), "permission denied"); // it may not
      api.bindAuthDelegator(app);
      assertThat(logIn(token).auth()).isPresent();
      api.unbindAuthDelegator(app);
    }
  }

  @Nested
  class ASession {
    @Test
    void ofAServiceAccount_outlivesItsTokenWithTheNextOneOfTheFile() {
      kubernetes.putRole(
          "myapp-role", role().withTtls(Duration.ofMinutes(10), Duration.ofMinutes(30)));
      api.writePodFolder(podFolder, "default", api.token(app));
      try (Session session = vault
          .vault()
          .login(KubernetesLogin.at("kubernetes")
              .role("myapp-role")
              .fromFile(podFolder.resolve("token")))) {
        for (int i = 0; i < 30; i++) {
          advance(Duration.ofMinutes(5));
          if (i % 8 == 7) {
            api.writePodFolder(podFolder, "default", api.token(app));
          }
          assertThat(
                  session.request(Request.write("cubbyhole/a", Map.of("i", i))).isFailure())
              .as("after %d minutes", 5 * (i + 1))
              .isFalse();
        }
        assertThat(api.requests().stream().filter(request -> request.isReview()).count())
            .isBetween(4L, 12L);
      }
    }

    @Test
    void whoseAccountWasDeleted_endsWithItsToken_also_withAPeriod() {
      kubernetes.putRole("myapp-role", role().withPeriod(Duration.ofMinutes(10)));
      try (Session session = vault
          .vault()
          .login(KubernetesLogin.at("kubernetes").role("myapp-role").jwt(api.token(app)))) {
        advance(Duration.ofMinutes(40));
        assertThat(Tokens.of(session).lookupSelf().policies()).contains("myapp-policy");
        api.deleteServiceAccount(app);

        advance(Duration.ofMinutes(11));

        assertDenied(session.request(Request.read("auth/token/lookup-self")), "permission denied");
      }
    }

    @Test
    void withoutAFile_cannotBegin() {
      assertThatThrownBy(() -> vault
              .vault()
              .login(KubernetesLogin.at("kubernetes")
                  .role("myapp-role")
                  .fromFile(podFolder.resolve("none"))))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED));
    }

    @Test
    void ofAJwt_begins() {
      try (Session session = vault
          .vault()
          .login(KubernetesLogin.at("kubernetes").role("myapp-role").jwt(api.token(app)))) {
        assertThat(Tokens.of(session).lookupSelf().displayName())
            .isEqualTo("kubernetes-default-myapp-sa");
      }
    }
  }

  @Nested
  class ARenewal {
    private Session loggedIn() {
      Auth auth = logIn(api.token(app)).orThrow().auth().orElseThrow();
      return vault.vault().session(auth.token().orElseThrow());
    }

    private Response renew(Session session) {
      return session.request(Request.write("auth/token/renew-self", Map.of()));
    }

    private void assertNotConfirmed(Session session, String reason) {
      try (LogCanary log = LogCanary.listen()) {
        Response response = renew(session);

        assertThat(response.failure()).contains(ErrorCode.INTERNAL);
        assertThat(response.errors())
            .containsExactly("failed to renew entry: the service account could not be confirmed");
        assertThatThrownBy(
                () -> log.assertNeverLogged("a token of auth/kubernetes/ was not renewed"))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("role myapp-role, check account: ")
            .hasMessageContaining(reason);
      }
    }

    private String wanted() {
      return "expected \"default/myapp-sa\" with the uid \"" + app.uid() + "\"";
    }

    @Test
    void asksForTheAccount_onEveryRoute() {
      Auth auth = logIn(api.token(app)).orThrow().auth().orElseThrow();
      String token = auth.token().orElseThrow().exposeText();
      api.forgetRequests();

      assertThat(renew(vault.vault().session(auth.token().orElseThrow())).auth())
          .isPresent();
      for (Request request : List.of(
          Request.write("auth/token/renew", Map.of("token", token)),
          Request.write("auth/token/renew-accessor", Map.of("accessor", auth.accessor())))) {
        assertThat(vault.root().request(request).auth()).isPresent();
      }

      assertThat(api.requests()).hasSize(3).allSatisfy(request -> assertThat(request)
          .hasToString("GET /api/v1/namespaces/default/serviceaccounts/myapp-sa"));
    }

    @Test
    void ofAnAccountThatWasDeleted_isRefused() {
      Session session = loggedIn();
      api.deleteServiceAccount(app);

      assertNotConfirmed(session, wanted() + ", found none: it was deleted");
    }

    @Test
    void ofAnAccountThatWasMadeAgain_isRefused() {
      Session session = loggedIn();
      api.deleteServiceAccount(app);
      String other = api.createServiceAccount("default", "myapp-sa").uid();

      assertNotConfirmed(
          session, wanted() + ", found one that was made again, with the uid \"" + other + "\"");
    }

    @Test
    void ofAPeriodicToken_endsWithTheAccount() {
      kubernetes.putRole("myapp-role", role().withPeriod(Duration.ofHours(2)));
      Session session = loggedIn();
      for (int i = 0; i < 3; i++) {
        advance(Duration.ofMinutes(90));
        assertThat(renew(session).orThrow().auth().orElseThrow().ttl())
            .isEqualTo(Duration.ofHours(2));
      }

      api.deleteServiceAccount(app);

      assertThat(renew(session).isFailure()).isTrue();
      advance(Duration.ofMinutes(121));
      assertDenied(renew(session), "permission denied");
    }

    @Test
    void ofAReviewerWhoMayNotAsk_isStored_andTheLogSaysOnceAMinuteWhatToGrant() {
      api.forbidServiceAccountRead(reviewer);
      Session session = loggedIn();
      api.deleteServiceAccount(app);

      advance(Duration.ofMinutes(2));
      try (LogCanary log = LogCanary.listen()) {
        assertThat(renew(session).auth()).isPresent();
        assertThatThrownBy(() -> log.assertNeverLogged("role myapp-role was renewed"))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("\"default/myapp-sa\" is still there: the API answers 403")
            .hasMessageContaining("system:serviceaccount:vault:default")
            .hasMessageContaining("the verb get on serviceaccounts");
      }
      try (LogCanary log = LogCanary.listen()) {
        assertThat(renew(session).auth()).isPresent();
        log.assertNeverLogged("was renewed");
      }
    }

    @Test
    void ofAVaultWithoutATokenOfItsOwn_isStored() {
      kubernetes.configure(
          KubernetesConfig.of(api.url()).withCaCertificate(api.ca()).withoutLocalFiles());
      api.bindAuthDelegator(app);
      Session session = loggedIn();
      api.unbindAuthDelegator(app);
      api.deleteServiceAccount(app);
      api.forgetRequests();

      assertThat(renew(session).auth()).isPresent();
      assertThat(api.requests()).isEmpty();
    }

    @Test
    void ofAReviewerWhoIsRefused_isTriedAgainLater() {
      Session session = loggedIn();
      api.deleteServiceAccount(reviewer);

      assertNotConfirmed(session, "which it refuses (401)");
      reviewer = api.createServiceAccount("vault", "default");
      configure();
      assertThat(renew(session).auth()).isPresent();
    }

    @Test
    void withRenewalsWithoutAccount_asksNobody() {
      try (InMemoryVault other = Vault.inMemory(builder -> builder.auth(
          "kubernetes",
          KubernetesAuth.method(KubernetesOptions.DEFAULT.allowing(
              Relaxation.ROLES_WITHOUT_AUDIENCE, Relaxation.RENEWALS_WITHOUT_ACCOUNT))))) {
        other
            .time()
            .advance(Duration.between(other.time().instant(), vault.time().instant()));
        Kubernetes methods = Kubernetes.at(other.root(), "kubernetes");
        methods.configure(config());
        methods.putRole("myapp-role", role());
        try (Session session = other
            .vault()
            .login(KubernetesLogin.at("kubernetes").role("myapp-role").jwt(api.token(app)))) {
          api.deleteServiceAccount(app);
          api.forgetRequests();

          assertThat(renew(session).auth()).isPresent();
          assertThat(api.requests()).isEmpty();
        }
      }
    }

    @Test
    void takesTheLifetimeThatTheRoleHasNow() {
      Session session = loggedIn();
      kubernetes.putRole("myapp-role", role().withTtls(Duration.ofMinutes(5), Duration.ZERO));

      assertThat(renew(session).orThrow().auth().orElseThrow().ttl())
          .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void ofARoleThatIsGone_isRefused() {
      Session session = loggedIn();
      kubernetes.deleteRole("myapp-role");

      assertThat(renew(session).errors())
          .containsExactly("failed to renew entry: role myapp-role does not exist during renewal");
    }

    @Test
    void ofANamespaceThatIsNotInTheListAnyMore_isRefused_whateverASelectorSays() {
      Session session = loggedIn();
      KubernetesRole other = KubernetesRole.of("another", "myapp-sa");
      kubernetes.putRole("myapp-role", other.withNamespaceLabels(Map.of("nobody", "has")));

      assertThat(renew(session).failure()).contains(ErrorCode.INTERNAL);
    }

    @Test
    void ofALoginByASelector_needsTheSameOne_orTheNamespaceInTheList() {
      api.allowNamespaceRead(reviewer);
      api.createNamespace("default", Map.of("team", "a"));
      app = api.createServiceAccount("default", "myapp-sa");
      KubernetesRole bySelector = KubernetesRole.of(List.of(), List.of("myapp-sa"));
      kubernetes.putRole("myapp-role", bySelector.withNamespaceLabels(Map.of("team", "a")));
      Session session = loggedIn();

      assertThat(renew(session).isFailure()).isFalse();
      kubernetes.putRole("myapp-role", bySelector.withNamespaceLabels(Map.of("team", "b")));
      assertThat(renew(session).failure()).contains(ErrorCode.INTERNAL);
      kubernetes.putRole("myapp-role", role());
      assertThat(renew(session).isFailure()).isFalse();
    }

    @Test
    void ofALoginFromWhereTheRoleDoesNotAllowItAnyMore_isRefused() throws UnknownHostException {
      Session session = vault.vault().session(logInFrom("10.1.0.7"));
      Session unknown = loggedIn();

      bindRoleTo("10.1.0.0/16");
      assertThat(renew(session).isFailure()).isFalse();
      assertThat(renew(unknown).failure()).contains(ErrorCode.INTERNAL);
      bindRoleTo("10.2.0.0/16");
      assertThat(renew(session).failure()).contains(ErrorCode.INTERNAL);
    }

    private void bindRoleTo(String block) {
      vault
          .root()
          .request(
              Request.write("auth/kubernetes/role/myapp-role", Map.of("token_bound_cidrs", block)))
          .orThrow();
    }

    private ClientToken logInFrom(String address) throws UnknownHostException {
      Request request = Request.write(
          "auth/kubernetes/login", Map.of("role", "myapp-role", "jwt", api.token(app)));
      return vault
          .vault()
          .sessionWithoutToken()
          .request(request.from(Origin.of(InetAddress.getByName(address), 1)))
          .orThrow()
          .auth()
          .orElseThrow()
          .token()
          .orElseThrow();
    }

    @Test
    void ofAnAccountThatTheRoleDoesNotAllowAnyMore_isRefused() {
      Session session = loggedIn();
      kubernetes.putRole("myapp-role", KubernetesRole.of("default", "another"));

      assertThat(renew(session).failure()).contains(ErrorCode.INTERNAL);
      kubernetes.putRole("myapp-role", KubernetesRole.of("another", "myapp-sa"));
      assertThat(renew(session).failure()).contains(ErrorCode.INTERNAL);
    }
  }

  @Nested
  class AnExplanation {
    private Check failure(String token) {
      LoginExplanation explanation = explain(token);
      assertThat(explanation.wouldSucceed()).isFalse();
      return explanation.failure().orElseThrow();
    }

    private void assertSaid(Check check, String name, String found, String advice) {
      assertThat(check.name()).isEqualTo(name);
      assertThat(check.found()).contains(found);
      assertThat(check.advice()).contains(advice);
    }

    @Test
    void ofAGoodLogin_passesEveryCheckThatIsAskedFor() {
      LoginExplanation explanation = explain(api.token(app));

      assertThat(explanation.wouldSucceed()).isTrue();
      assertThat(explanation.checks())
          .extracting(Check::name)
          .containsExactly(
              "role",
              "address",
              "config",
              "token",
              "algorithm",
              "issuer",
              "audience",
              "not_before",
              "expiry",
              "issued_at",
              "claims",
              "name",
              "namespace",
              "alias",
              "review");
      assertThat(explanation.checks())
          .filteredOn(check -> check.state() == State.SKIPPED)
          .extracting(Check::name)
          .containsExactly("address", "issuer", "audience");
    }

    @Test
    void ofSeveralFaults_namesThemAll() {
      kubernetes.putRole("myapp-role", KubernetesRole.of("other", "another").withAudience("vault"));

      assertThat(explain(api.token(app)).checks())
          .filteredOn(check -> check.state() == State.FAILED)
          .extracting(Check::name)
          .containsExactly("audience", "name", "namespace", "review");
    }

    @Test
    void ofAnExpiredToken_saysSince() {
      String token = api.token(app, TokenOptions.DEFAULT.withLifetime(Duration.ofMinutes(10)));
      advance(Duration.ofMinutes(12));

      assertSaid(
          failure(token),
          "expiry",
          vault.time().instant().minus(Duration.ofMinutes(2)).toString(),
          "Read the token from its file");
    }

    @Test
    void ofAReviewerWithoutTheRight_namesItAndTheRole() {
      api.unbindAuthDelegator(reviewer);

      assertSaid(
          failure(api.token(app)),
          "review",
          "system:serviceaccount:vault:default",
          "system:auth-delegator");
    }

    @Test
    void ofAReviewerThatHasExpired_saysSo() {
      kubernetes.configure(config()
          .withReviewerToken(
              api.token(reviewer, TokenOptions.DEFAULT.withLifetime(Duration.ofMinutes(10)))));
      advance(Duration.ofMinutes(12));

      assertSaid(
          failure(api.token(app)), "review", "which has expired at", "another token_reviewer_jwt");
    }

    @Test
    void ofAReviewerThatIsGone_saysSo() {
      api.deleteServiceAccount(reviewer);

      assertSaid(failure(api.token(app)), "review", "refuses (401)", "token_reviewer_jwt");
    }

    @Test
    void ofAnotherCa_saysSo() {
      api.show(ServerCertificate.OF_ANOTHER_CA);
      api.dropConnections();

      assertSaid(failure(api.token(app)), "review", "certificate", "kubernetes_ca_cert");
    }

    @Test
    void ofACertificateForAnotherHost_saysSo() {
      api.show(ServerCertificate.FOR_ANOTHER_HOST);
      api.dropConnections();

      assertSaid(failure(api.token(app)), "review", "not for the host", "kubernetes_host");
    }

    @Test
    void ofAnExpiredCertificate_saysSo() {
      api.show(ServerCertificate.EXPIRED);
      api.dropConnections();

      assertSaid(failure(api.token(app)), "review", "certificate", "kubernetes_ca_cert");
    }

    @Test
    void ofAHostThatNobodyListensAt_saysSo() throws IOException {
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      kubernetes.configure(
          KubernetesConfig.of("https://127.0.0.1:" + port).withCaCertificate(api.ca()));

      assertSaid(failure(api.token(app)), "review", "refuses connections", "firewalls");
    }

    @Test
    void ofAHostWithoutAddress_saysSo() {
      kubernetes.configure(
          KubernetesConfig.of("https://nowhere.invalid").withCaCertificate(api.ca()));

      assertSaid(failure(api.token(app)), "review", "no address", "DNS");
    }

    @Test
    void ofAHostWithoutScheme_saysSo() {
      kubernetes.configure(
          KubernetesConfig.of("127.0.0.1:" + api.port()).withCaCertificate(api.ca()));

      assertSaid(failure(api.token(app)), "review", "no URL", "https://");
    }

    @Test
    void withoutTheRight_isDenied() {
      try (Session session = vault
          .vault()
          .login(KubernetesLogin.at("kubernetes").role("myapp-role").jwt(api.token(app)))) {
        assertThatThrownBy(
                () -> Kubernetes.at(session, "kubernetes").explainLogin("myapp-role", "x"))
            .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.PERMISSION_DENIED));
      }
    }

    @Test
    void makesNoToken() {
      Response response = vault
          .root()
          .request(Request.write(
              "auth/kubernetes/explain", Map.of("role", "myapp-role", "jwt", api.token(app))));

      assertThat(response.auth()).isEmpty();
    }
  }
}
