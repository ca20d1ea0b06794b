package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.testkit.kubernetes.ApiFault;
import dev.strongroom.testkit.kubernetes.ApiRequest;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.Pod;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of {@code k8s-login.json}, recorded from the reference; the file explains itself in its
 * {@code conventions}. All are played at one mount, which keeps its connection.
 */
class KubernetesCasesTest {
  /** Uids that the file made up: those of the stand-in take their place. */
  private static final String ACCOUNT_UID = "77c81ad7-1bea-4d94-9ca5-f5d7f3632331";

  private static final String POD_UID = "086c2f61-dea2-47bb-b5ca-63e63c5c9885";

  /** Answered better than the reference does: with a refusal. */
  private static final Map<String, String> BETTER = Map.of(
      "k8s-issuer-empty-quirk", "an issuer that is to be checked is checked",
      "k8s-selector-typo", "a selector that means every namespace by mistake is refused");

  private static final String MOUNT = "auth/kubernetes";
  private static final Pattern MOMENT = Pattern.compile("now([+-]\\d+)?");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final List<Map<?, ?>> ALL = read();

  /** Empty: nobody runs in a pod. */
  @TempDir
  static Path folder;

  private static InMemoryVault vault;
  private static KubernetesApi api;
  private static ServiceAccount reviewer;
  private static ServiceAccount app;
  private static Map<String, KeyPair> keys;

  private static List<Map<?, ?>> read() {
    try (InputStream in = KubernetesCasesTest.class.getResourceAsStream("k8s-login.json")) {
      return ((List<?>) Payload.parse(in.readAllBytes()).get("cases").orElseThrow())
          .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> cases() {
    return ALL.stream().map(each -> (String) each.get("id"));
  }

  @BeforeAll
  static void start() throws GeneralSecurityException {
    vault = Vault.inMemory(builder -> builder.auth(
        "kubernetes",
        KubernetesAuth.method(KubernetesOptions.DEFAULT
            .withServiceAccountFolder(folder)
            .allowing(
                Relaxation.REASONS_IN_REFUSALS,
                Relaxation.ROLES_WITHOUT_AUDIENCE,
                Relaxation.ROLES_FOR_EVERY_ACCOUNT))));
    api = KubernetesApi.start(vault.time());
    reviewer = api.createServiceAccount("vault", "default");
    api.bindAuthDelegator(reviewer);
    app = api.createServiceAccount("default", "myapp-sa");
    keys = Map.of(
        "cluster", api.signingKeys(),
        "cluster_ec", newKeys("EC", 256),
        "other", newKeys("RSA", 2048),
        "ed", newKeys("Ed25519", 255));
  }

  private static KeyPair newKeys(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  @AfterAll
  static void stop() {
    vault.close();
    api.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void everyCase_isAnsweredAsRecordedOrBetter(String id) {
    Map<?, ?> found =
        ALL.stream().filter(each -> id.equals(each.get("id"))).findFirst().orElseThrow();
    Pod pod = api.createPod("myapp-test", app);
    String text = new String(Payload.of(Map.of("case", found)).toJson(), StandardCharsets.UTF_8)
        .replace(ACCOUNT_UID, app.uid())
        .replace(POD_UID, pod.uid());
    new Run((Map<?, ?>) Payload.parse(text).toMap().get("case")).play();
  }

  @Test
  void cases_all_areThere_andThoseAnsweredBetterAreKnownQuirks() {
    assertThat(ALL).hasSize(72);
    assertThat(ALL.stream()
            .filter(each -> each.containsKey("reference_quirk"))
            .map(each -> (String) each.get("id"))
            .collect(Collectors.toSet()))
        .isEqualTo(BETTER.keySet());
  }

  /** One case on its way. */
  private static final class Run {
    private final Map<?, ?> json;
    private final String id;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Session root = vault.root();

    Run(Map<?, ?> json) {
      this.json = json;
      this.id = (String) json.get("id");
    }

    void play() {
      prepareCluster();
      fillPlaces();
      Answer config = write("config", object("config"));
      if (json.get("stage").equals("config")) {
        judge(config, "config");
        return;
      }
      mustSucceed(config);
      Map<String, @Nullable Object> role = object("role");
      String path = "role/" + role.remove("name");
      mustSucceed(ask(root, Operation.DELETE, MOUNT + "/" + path, Map.of()));
      Answer answer = write(path, role);
      if (BETTER.containsKey(id) && answer.status() == 400) {
        return;
      }
      if (json.get("stage").equals("role")) {
        judge(answer, path);
        return;
      }
      mustSucceed(answer);
      api.forgetRequests();
      Answer login = ask(
          vault.vault().sessionWithoutToken(), Operation.UPDATE, MOUNT + "/login", object("login"));
      if (BETTER.containsKey(id)) {
        assertThat(login.status()).isEqualTo(403);
        return;
      }
      judge(login, "");
      if (json.get("status").equals(403) || json.get("status").equals(500)) {
        assertThat(login.errors()).hasSize(1);
      }
      judgeRequests();
      judgeAuth(login);
    }

    /** A case with namespaces is reviewed as the cluster is: its account is there. */
    private void prepareCluster() {
      api.heal();
      api.forbidNamespaceRead(reviewer);
      if (json.get("namespaces") instanceof Map<?, ?> namespaces) {
        namespaces.forEach((name, about) -> {
          if (((Map<?, ?>) about).get("labels") instanceof Map<?, ?> labels) {
            Map<String, String> all = new LinkedHashMap<>();
            labels.forEach((key, value) -> all.put((String) key, (String) value));
            api.createNamespace((String) name, all);
            api.allowNamespaceRead(reviewer);
          }
        });
      } else if (json.get("token_review") instanceof Map<?, ?>) {
        api.fail(ApiFault.reviewStatus(object("token_review")));
      } else if (json.get("api") instanceof Map<?, ?> how
          && how.get("status") instanceof Number status) {
        Object body = how.get("body");
        api.fail(
            body instanceof Map<?, ?>
                ? ApiFault.answer(
                    status.intValue(),
                    "application/json",
                    new String(
                        Payload.of(Map.of("b", body)).object("b").orElseThrow().toJson(),
                        StandardCharsets.UTF_8))
                : ApiFault.answer(status.intValue(), "text/plain", String.valueOf(body)));
      }
    }

    private void fillPlaces() {
      boolean unreachable =
          json.get("api") instanceof Map<?, ?> how && how.containsKey("unreachable");
      places.put("$api_hostport", "127.0.0.1:" + api.port());
      places.put("$api_ca", api.ca());
      places.put("$api", unreachable ? "https://127.0.0.1:1" : api.url());
      places.put("$other_ca", api.otherCa());
      places.put("$reviewer", api.legacyToken(reviewer));
      places.put("$cluster_pub", pem(keys.get("cluster").getPublic()));
      places.put("$cluster_ec_pub", pem(keys.get("cluster_ec").getPublic()));
      places.put("$other_pub", pem(keys.get("other").getPublic()));
      if (json.get("jwt_raw") != null) {
        places.put("$jwt", (String) json.get("jwt_raw"));
      } else if (json.get("jwt_claims") != null) {
        places.put("$jwt", token(object("jwt_claims")));
      }
    }

    private String token(Map<String, ?> claims) {
      Map<?, ?> how = json.get("jwt") instanceof Map<?, ?> given ? given : Map.of();
      String algorithm = how.get("alg") instanceof String text ? text : "RS256";
      String key = how.get("key") instanceof String text
          ? text
          : algorithm.equals("EdDSA") ? "ed" : algorithm.equals("ES256") ? "cluster_ec" : "cluster";
      String jca =
          switch (algorithm) {
            case "ES256" -> "SHA256withECDSAinP1363Format";
            case "EdDSA" -> "Ed25519";
            case "RS256", "HS256" -> "SHA256withRSA"; // the latter is refused unseen
            default -> throw new IllegalArgumentException(algorithm);
          };
      String signed = BASE64.encodeToString(Payload.of(Map.of("alg", algorithm)).toJson()) + "."
          + BASE64.encodeToString(Payload.of(claims).toJson());
      try {
        Signature signature = Signature.getInstance(jca);
        signature.initSign(keys.get(key).getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + BASE64.encodeToString(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String pem(PublicKey key) {
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
          + "\n-----END PUBLIC KEY-----\n";
    }

    private Map<String, @Nullable Object> object(String member) {
      Map<String, @Nullable Object> filled = new LinkedHashMap<>();
      ((Map<?, ?>) json.get(member))
          .forEach((name, value) -> filled.put((String) name, fill(value)));
      return filled;
    }

    private @Nullable Object fill(@Nullable Object value) {
      if (value instanceof String text) {
        Matcher moment = MOMENT.matcher(text);
        if (moment.matches()) {
          long offset = moment.group(1) == null ? 0 : Long.parseLong(moment.group(1));
          return vault.time().instant().getEpochSecond() + offset;
        }
        String filled = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
          filled = filled.replace(place.getKey(), place.getValue());
        }
        return filled;
      }
      if (value instanceof Map<?, ?> map) {
        Map<Object, @Nullable Object> filled = new LinkedHashMap<>();
        map.forEach((name, member) -> filled.put(name, fill(member)));
        return filled;
      }
      if (value instanceof List<?> list) {
        List<@Nullable Object> filled = new ArrayList<>();
        list.forEach(each -> filled.add(fill(each)));
        return filled;
      }
      return value;
    }

    private Answer write(String path, Map<String, ?> members) {
      return ask(root, Operation.UPDATE, MOUNT + "/" + path, members);
    }

    private static Answer ask(
        Session session, Operation operation, String path, Map<String, ?> members) {
      Request request = Request.of(operation, VaultPath.parse(path), Payload.of(members));
      return Answer.of(request, session.request(request));
    }

    private void mustSucceed(Answer answer) {
      assertThat(answer.status()).as("%s: %s", id, answer).isIn(200, 204);
    }

    private void judge(Answer answer, String readBack) {
      assertThat(answer.status())
          .as("%s: %s", id, answer)
          .isEqualTo(((Number) json.get("status")).intValue());
      if (json.get("errors_contain") instanceof String text) {
        assertThat(answer.errors()).as(id).anyMatch(error -> error.contains(text));
      }
      if (json.get("warnings_contain") instanceof String text) {
        assertThat((List<?>) answer.body().get("warnings"))
            .as(id)
            .anyMatch(warning -> warning.toString().contains(text));
      }
      if (json.get("read_expect") instanceof Map<?, ?>) {
        Map<?, ?> data = (Map<?, ?>)
            ask(root, Operation.READ, MOUNT + "/" + readBack, Map.of()).body().get("data");
        object("read_expect")
            .forEach((name, value) ->
                assertThat(data.get(name)).as("%s: %s", id, name).isEqualTo(value));
      }
    }

    private void judgeRequests() {
      List<ApiRequest> requests = api.requests();
      if (json.get("api_requests") instanceof List<?> expected) {
        assertThat(requests.stream().map(ApiRequest::toString).toList()).as(id).isEqualTo(expected);
      }
      if (json.get("token_review") == null && json.get("api") == null) {
        assertThat(requests)
            .as("%s: decided before the review", id)
            .noneMatch(ApiRequest::isReview);
      }
      if (json.get("review_request") instanceof Map<?, ?>) {
        Map<String, @Nullable Object> expected = object("review_request");
        ApiRequest review =
            requests.stream().filter(ApiRequest::isReview).findFirst().orElseThrow();
        assertThat(review.bearer().orElseThrow()).as(id).isEqualTo(expected.get("bearer"));
        assertThat(review.reviewedToken()).as(id).contains(places.get("$jwt"));
        Payload spec = review.body().object("spec").orElseThrow();
        assertThat(spec.has("audiences")).as(id).isEqualTo(expected.get("audiences") != null);
        if (expected.get("audiences") != null) {
          assertThat(review.audiences()).as(id).isEqualTo(expected.get("audiences"));
        }
      }
    }

    private void judgeAuth(Answer login) {
      if (!(json.get("auth_expect") instanceof Map<?, ?>)) {
        return;
      }
      Map<?, ?> auth = (Map<?, ?>) login.body().get("auth");
      object("auth_expect").forEach((name, value) -> {
        if (name.equals("display_name")) {
          Map<?, ?> token = (Map<?, ?>) ask(
                  root,
                  Operation.UPDATE,
                  "auth/token/lookup",
                  Map.of("token", auth.get("client_token")))
              .body()
              .get("data");
          assertThat(token.get("display_name")).as(id).isEqualTo(value);
        } else if (name.equals("alias_name")) {
          Map<?, ?> entity = (Map<?, ?>)
              ask(root, Operation.READ, "identity/entity/id/" + auth.get("entity_id"), Map.of())
                  .body()
                  .get("data");
          assertThat(((Map<?, ?>) ((List<?>) entity.get("aliases")).get(0)).get("name"))
              .as(id)
              .isEqualTo(value);
        } else {
          Object found = auth.get(name);
          assertThat(found instanceof Number number ? number.longValue() : found)
              .as("%s: %s", id, name)
              .isEqualTo(value instanceof Number number ? number.longValue() : value);
        }
      });
    }
  }
}
