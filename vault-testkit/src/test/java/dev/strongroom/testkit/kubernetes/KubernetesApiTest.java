package dev.strongroom.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.VirtualTime;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesApiTest {
  private static final String ISSUER = KubernetesApi.DEFAULT_ISSUER;

  private static final VirtualTime TIME = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  /** One for all tests: a handshake takes longer than what they do. */
  private static KubernetesApi api;

  private static ApiCaller caller;
  private static ServiceAccount reviewer;
  private static String bearer;

  private ServiceAccount app;

  @BeforeAll
  static void start() {
    api = KubernetesApi.start(TIME);
    caller = ApiCaller.of(api);
    reviewer = api.createServiceAccount("vault", "default");
    bearer = api.legacyToken(reviewer);
  }

  @BeforeEach
  void reset() {
    api.heal();
    api.show(ServerCertificate.GOOD);
    api.bindAuthDelegator(reviewer);
    api.forbidNamespaceRead(reviewer);
    api.forbidServiceAccountRead(reviewer);
    api.forgetRequests();
    api.deleteNamespace("default");
    app = api.createServiceAccount("default", "myapp-sa");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Nested
  class AReview {
    @Test
    void ofAPodsToken_saysWhoseItIs_asAServerDoes() throws IOException, InterruptedException {
      Pod pod = api.createPod("myapp-test", app);
      String token = api.token(pod);

      HttpResponse<String> answer = caller.review(bearer, token, ISSUER, "another");

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.headers().firstValue("content-type")).contains("application/json");
      String id = claims(token).text("jti").orElseThrow();
      assertThat(answer.body())
          .isEqualTo("""
              {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null},\
              "spec":{"token":"%s","audiences":["%s","another"]},\
              "status":{"authenticated":true,"user":{"username":"system:serviceaccount:default:myapp-sa","uid":"%s",\
              "groups":["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"],\
              "extra":{"authentication.kubernetes.io/credential-id":["JTI=%s"],\
              "authentication.kubernetes.io/pod-name":["myapp-test"],\
              "authentication.kubernetes.io/pod-uid":["%s"]}},"audiences":["%s"]}}""".formatted(token, ISSUER, app.uid(), id, pod.uid(), ISSUER));
    }

    @Test
    void ofALegacyToken_countsAsForTheServersOwnAudience()
        throws IOException, InterruptedException {
      Payload status = status(caller.review(bearer, api.legacyToken(app)));

      assertThat(status.texts("audiences")).containsExactly(ISSUER);
      assertThat(status.object("user").orElseThrow().has("extra")).isFalse();
    }

    @Test
    void ofABadToken_leavesOutWhatIsFalse() throws IOException, InterruptedException {
      HttpResponse<String> answer = caller.review(bearer, "no token");

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(status(answer).toMap())
          .isEqualTo(Map.of("user", Map.of(), "error", "invalid bearer token"));
    }

    @Test
    void ofATokenForAnother_namesBothLists() throws IOException, InterruptedException {
      String token = api.token(app, TokenOptions.DEFAULT.withAudiences("vault", "db"));

      assertThat(refusal(caller.review(bearer, token)))
          .isEqualTo("[invalid bearer token, token audiences [\"vault\" \"db\"] is invalid for the"
              + " target audiences [\"" + ISSUER + "\"]]");
      assertThat(status(caller.review(bearer, token, "db", "x")).texts("audiences"))
          .containsExactly("db");
    }

    @Test
    void atTheBorders_countsAMinuteMore() throws IOException, InterruptedException {
      String token =
          api.token(app, TokenOptions.DEFAULT.withNotBefore(TIME.instant().plusSeconds(61)));
      assertThat(refusal(caller.review(bearer, token))).contains("token is not valid yet]");
      TIME.advance(Duration.ofSeconds(1));
      assertThat(isAccepted(caller.review(bearer, token))).isTrue();
      TIME.advance(Duration.ofMinutes(1 + 60 + 1));
      assertThat(isAccepted(caller.review(bearer, token))).isTrue();
      TIME.advance(Duration.ofSeconds(1));
      assertThat(refusal(caller.review(bearer, token))).contains("token has expired]");
    }

    @Test
    void ofADeletedAccount_orOneMadeAgain_isRefused() throws IOException, InterruptedException {
      String token = api.token(app);
      api.deleteServiceAccount(app);
      assertThat(refusal(caller.review(bearer, token)))
          .isEqualTo("[invalid bearer token, serviceaccounts \"myapp-sa\" not found]");

      ServiceAccount again = api.createServiceAccount("default", "myapp-sa");

      assertThat(refusal(caller.review(bearer, token)))
          .isEqualTo("[invalid bearer token, service account UID (" + again.uid()
              + ") does not match claim (" + app.uid() + ")]");
      assertThat(isAccepted(caller.review(bearer, api.token(again)))).isTrue();
    }

    @Test
    void ofADeletedPodsToken_isRefused() throws IOException, InterruptedException {
      Pod pod = api.createPod("myapp-test", app);
      String token = api.token(pod);
      api.deletePod(pod);

      assertThat(refusal(caller.review(bearer, token))).contains("has been invalidated]");

      api.createPod("myapp-test", app);
      assertThat(refusal(caller.review(bearer, token))).contains("has been invalidated]");
    }

    @Test
    void ofAnotherClustersToken_isRefused() throws IOException, InterruptedException {
      try (KubernetesApi other =
          KubernetesApi.start(TIME, "https://other.example.com", api.signingKeys())) {
        String token = other.token(other.createServiceAccount("default", "myapp-sa"));

        assertThat(refusal(caller.review(bearer, token))).isEqualTo("invalid bearer token");
      }
    }
  }

  @Nested
  class WhoAsks {
    @Test
    void withoutTheRight_isTold() throws IOException, InterruptedException {
      api.unbindAuthDelegator(reviewer);

      HttpResponse<String> answer = caller.review(bearer, api.token(app));

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body())
          .isEqualTo(
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                  + "\"message\":\"tokenreviews.authentication.k8s.io is forbidden: User"
                  + " \\\"system:serviceaccount:vault:default\\\" cannot create resource"
                  + " \\\"tokenreviews\\\" in API group \\\"authentication.k8s.io\\\" at the cluster"
                  + " scope\",\"reason\":\"Forbidden\",\"details\":{\"group\":"
                  + "\"authentication.k8s.io\",\"kind\":\"tokenreviews\"},\"code\":403}");
    }

    @Test
    void withABadToken_isRefused() throws IOException, InterruptedException {
      String forAnother = api.token(reviewer, TokenOptions.DEFAULT.withAudiences("vault"));
      String ended = api.token(
          reviewer, TokenOptions.DEFAULT.withNotBefore(TIME.instant().minusSeconds(7200)));

      for (String bad : List.of("no-token", forAnother, ended)) {
        HttpResponse<String> answer = caller.review(bad, api.token(app));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
            .isEqualTo(
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                    + "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":401}");
      }
    }

    @Test
    void withoutAToken_isAnonymous() throws IOException, InterruptedException {
      HttpResponse<String> answer = caller.review("", api.token(app));

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("User \\\"system:anonymous\\\" cannot");
    }

    @Test
    void aboutNothing_isABadRequest() throws IOException, InterruptedException {
      HttpResponse<String> answer = caller.review(bearer, "");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("token is required for TokenReview in authentication");
    }

    @Test
    void isRecorded() throws IOException, InterruptedException {
      String token = api.token(app);
      caller.review(bearer, token, "vault");

      ApiRequest seen = api.requests().get(0);

      assertThat(seen.bearer()).contains(bearer);
      assertThat(seen.reviewedToken()).contains(token);
      assertThat(seen.audiences()).containsExactly("vault");
      assertThat(seen).hasToString("POST /apis/authentication.k8s.io/v1/tokenreviews");
      api.forgetRequests();
      assertThat(api.requests()).isEmpty();
    }
  }

  @Nested
  class ANamespace {
    @Test
    void isReadWithItsLabels_byWhoMay() throws IOException, InterruptedException {
      api.createNamespace("team-a", Map.of("team", "a"));
      HttpResponse<String> denied = caller.get(bearer, "/api/v1/namespaces/team-a");
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body())
          .contains("namespaces \\\"team-a\\\" is forbidden: User"
              + " \\\"system:serviceaccount:vault:default\\\" cannot get resource"
              + " \\\"namespaces\\\" in API group \\\"\\\" in the namespace \\\"team-a\\\"");

      api.allowNamespaceRead(reviewer);

      HttpResponse<String> read = caller.get(bearer, "/api/v1/namespaces/team-a");
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(Payload.parse(read.body()).object("metadata").orElseThrow().pairs("labels"))
          .isEqualTo(Map.of("team", "a"));
      api.forbidNamespaceRead(reviewer);
      assertThat(caller.get(bearer, "/api/v1/namespaces/team-a").statusCode()).isEqualTo(403);
    }

    @Test
    void thatIsNotThere_isNotFound() throws IOException, InterruptedException {
      api.allowNamespaceRead(reviewer);
      String token = api.token(app);
      api.deleteNamespace("default");

      HttpResponse<String> answer = caller.get(bearer, "/api/v1/namespaces/default");

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("namespaces \\\"default\\\" not found");
      assertThat(isAccepted(caller.review(bearer, token))).isFalse();
      assertThat(caller.get(bearer, "/api/v1/pods").statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class AServiceAccount {
    private static final String PATH = "/api/v1/namespaces/default/serviceaccounts/myapp-sa";

    @Test
    void isReadWithItsUid_byWhoMay() throws IOException, InterruptedException {
      HttpResponse<String> denied = caller.get(bearer, PATH);
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body())
          .contains("serviceaccounts \\\"myapp-sa\\\" is forbidden: User"
              + " \\\"system:serviceaccount:vault:default\\\" cannot get resource"
              + " \\\"serviceaccounts\\\" in API group \\\"\\\" in the namespace \\\"default\\\"");

      api.allowServiceAccountRead(reviewer);

      HttpResponse<String> read = caller.get(bearer, PATH);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(Payload.parse(read.body()).object("metadata").orElseThrow().toMap())
          .isEqualTo(Map.of("name", "myapp-sa", "namespace", "default", "uid", app.uid()));
      api.forbidServiceAccountRead(reviewer);
      assertThat(caller.get(bearer, PATH).statusCode()).isEqualTo(403);
    }

    @Test
    void thatIsNotThere_isNotFound() throws IOException, InterruptedException {
      api.allowServiceAccountRead(reviewer);
      api.deleteServiceAccount(app);

      HttpResponse<String> answer = caller.get(bearer, PATH);

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("serviceaccounts \\\"myapp-sa\\\" not found");
      assertThat(Payload.parse(answer.body()).object("details").orElseThrow().toMap())
          .isEqualTo(Map.of("name", "myapp-sa", "kind", "serviceaccounts"));
    }
  }

  @Nested
  class AFault {
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500})
    void status_isAnsweredUntilItIsHealed(int code) throws IOException, InterruptedException {
      api.fail(ApiFault.status(code));
      assertThat(caller.review(bearer, api.token(app)).statusCode()).isEqualTo(code);

      api.heal();

      assertThat(caller.review(bearer, api.token(app)).statusCode()).isEqualTo(201);
    }

    @Test
    void aNumberOfTimes_endsByItself() throws IOException, InterruptedException {
      api.fail(ApiFault.status(500), 2);

      assertThat(List.of(
              caller.review(bearer, api.token(app)).statusCode(),
              caller.review(bearer, api.token(app)).statusCode(),
              caller.review(bearer, api.token(app)).statusCode()))
          .containsExactly(500, 500, 201);
    }

    @Test
    void hang_holdsUntilItIsHealed() throws Exception {
      api.fail(ApiFault.hang());
      CompletableFuture<HttpResponse<String>> answer = caller.reviewLater(bearer, api.token(app));
      api.awaitHeld(1);
      assertThat(answer).isNotDone();

      api.heal();

      assertThat(isAccepted(answer.get())).isTrue();
    }

    @Test
    void stall_holdsInTheMiddleOfTheBody() throws Exception {
      api.fail(ApiFault.stall());
      CompletableFuture<HttpResponse<String>> answer = caller.reviewLater(bearer, api.token(app));
      api.awaitHeld(1);
      assertThat(answer).isNotDone();

      api.heal();

      assertThat(isAccepted(answer.get())).isTrue();
    }

    @Test
    void drop_andCut_endTheConnection() {
      for (ApiFault fault : List.of(ApiFault.drop(), ApiFault.cut())) {
        api.fail(fault);

        assertThatThrownBy(() -> caller.review(bearer, api.token(app)))
            .as(fault.toString())
            .isInstanceOf(IOException.class);
      }
    }

    @Test
    void redirect_namesAnotherPlace() throws IOException, InterruptedException {
      api.fail(ApiFault.redirect("https://elsewhere.example.com/"));

      HttpResponse<String> answer = caller.review(bearer, api.token(app));

      assertThat(answer.statusCode()).isEqualTo(307);
      assertThat(answer.headers().firstValue("location"))
          .contains("https://elsewhere.example.com/");
    }

    @Test
    void bodies_areWhatNobodyExpects() throws IOException, InterruptedException {
      api.fail(ApiFault.notJson());
      assertThat(caller.review(bearer, api.token(app)).body()).startsWith("<html>");

      api.fail(ApiFault.hugeBody(1_000_000));
      assertThat(caller.review(bearer, api.token(app)).body())
          .hasSizeGreaterThan(1_000_000)
          .endsWith("}}");

      api.fail(ApiFault.deepBody(1000));
      assertThat(caller.review(bearer, api.token(app)).body()).endsWith("}".repeat(1001));

      api.fail(ApiFault.reviewStatus(Map.of("authenticated", true)));
      assertThat(status(caller.review(bearer, "any")).toMap())
          .isEqualTo(Map.of("authenticated", true));
    }

    @Test
    void lies_areAboutGoodTokensOnly() throws IOException, InterruptedException {
      api.fail(ApiFault.otherUser("system:serviceaccount:kube-system:admin", "1"));
      Payload user =
          status(caller.review(bearer, api.token(app))).object("user").orElseThrow();
      assertThat(user.text("username")).contains("system:serviceaccount:kube-system:admin");
      assertThat(user.text("uid")).contains("1");
      assertThat(isAccepted(caller.review(bearer, "no token"))).isFalse();

      api.fail(ApiFault.otherAudiences());
      assertThat(status(caller.review(bearer, api.token(app))).has("audiences")).isFalse();
      api.fail(ApiFault.otherAudiences("x"));
      assertThat(status(caller.review(bearer, api.token(app))).texts("audiences"))
          .containsExactly("x");
    }
  }

  @Nested
  class TheConnection {
    @ParameterizedTest
    @EnumSource(value = ServerCertificate.class, mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
    void withAWrongCertificate_isNotTrusted(ServerCertificate wrong)
        throws IOException, InterruptedException {
      caller.review(bearer, api.token(app));
      api.dropConnections();

      api.show(wrong);

      assertThatThrownBy(() -> caller.review(bearer, api.token(app)))
          .isInstanceOf(SSLHandshakeException.class);
      api.show(ServerCertificate.GOOD);
      assertThat(isAccepted(caller.review(bearer, api.token(app)))).isTrue();
    }

    @Test
    void isUsedAgain() throws IOException, InterruptedException {
      caller.review(bearer, api.token(app));
      long before = api.connections();
      caller.review(bearer, api.token(app));

      assertThat(api.connections()).isEqualTo(before);
    }
  }

  @Test
  void close_endsWhatHangs_andLeavesNoThread() throws InterruptedException {
    KubernetesApi closing = KubernetesApi.start(TIME);
    closing.fail(ApiFault.hang());
    CompletableFuture<HttpResponse<String>> answer =
        ApiCaller.of(closing).reviewLater(bearer, api.token(app));
    closing.awaitHeld(1);

    closing.close();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("kubernetes-api-" + closing.port()));
  }

  @Test
  void token_saysWhatOneOfAServerSays() {
    Pod pod = api.createPod("myapp-test", app);
    long now = TIME.instant().getEpochSecond();

    Map<String, Object> claims = claims(api.token(pod)).toMap();

    assertThat(claims).containsKey("jti").hasSize(8);
    assertThat(claims)
        .containsEntry("iss", ISSUER)
        .containsEntry("sub", "system:serviceaccount:default:myapp-sa")
        .containsEntry("aud", List.of(ISSUER))
        .containsEntry(
            "kubernetes.io",
            Map.of(
                "namespace", "default",
                "pod", Map.of("name", "myapp-test", "uid", pod.uid()),
                "serviceaccount", Map.of("name", "myapp-sa", "uid", app.uid())));
    assertThat(List.of(claims.get("iat"), claims.get("nbf"), claims.get("exp")))
        .allSatisfy(moment -> assertThat(moment).isInstanceOf(Number.class))
        .extracting(moment -> ((Number) moment).longValue())
        .containsExactly(now, now, now + 3600);
    assertThat(claims(api.legacyToken(app)).toMap())
        .isEqualTo(Map.of(
            "iss", "kubernetes/serviceaccount",
            "kubernetes.io/serviceaccount/namespace", "default",
            "kubernetes.io/serviceaccount/secret.name",
                "myapp-sa-token-" + app.uid().substring(0, 5),
            "kubernetes.io/serviceaccount/service-account.name", "myapp-sa",
            "kubernetes.io/serviceaccount/service-account.uid", app.uid(),
            "sub", "system:serviceaccount:default:myapp-sa"));
  }

  @Test
  void podFolder_isReplacedAsAWhole(@TempDir Path folder) throws IOException {
    Pod pod = api.createPod("myapp-test", app);
    api.writePodFolder(folder, pod);
    String first = Files.readString(folder.resolve("token"));

    api.writePodFolder(folder, pod);

    assertThat(folder.resolve("ca.crt")).hasContent(api.ca()).isSymbolicLink();
    assertThat(folder.resolve("namespace")).hasContent("default");
    assertThat(Files.readString(folder.resolve("token"))).isNotEqualTo(first);
  }

  private static Payload claims(String token) {
    String body = List.of(token.split("\\.", -1)).get(1);
    return Payload.parse(Base64.getUrlDecoder().decode(body));
  }

  private static Payload status(HttpResponse<String> answer) {
    return Payload.parse(answer.body()).object("status").orElseThrow();
  }

  private static boolean isAccepted(HttpResponse<String> answer) {
    return status(answer).flag("authenticated").orElse(false);
  }

  private static String refusal(HttpResponse<String> answer) {
    assertThat(status(answer).has("authenticated")).isFalse();
    return status(answer).text("error").orElseThrow();
  }
}
