package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.http.Served.Answer;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultHttpHandlerTest {
  private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";

  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  @Nested
  class Envelopes {
    @Test
    void read_ofASecret_hasAllMembersOfTheEnvelope() {
      put("a", "{\"data\":{\"n\":1.0}}");
      Answer answer = served.root("GET /v1/kv/data/a");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().toMap())
          .containsOnlyKeys(
              "request_id",
              "lease_id",
              "renewable",
              "lease_duration",
              "data",
              "wrap_info",
              "warnings",
              "auth")
          .containsEntry("renewable", false)
          .containsEntry("lease_duration", 0);
      assertThat(answer.body()).contains("\"n\":1.0");
    }

    @Test
    void answer_any_isJsonThatNobodyKeeps() {
      for (String call : List.of(
          "GET /v1/sys/mounts", "DELETE /v1/kv/data/a", "GET /v1/none/x", "GET /", "BREW /v1/x")) {
        assertThat(served.root(call).headers())
            .as(call)
            .containsEntry("Content-Type", "application/json")
            .containsEntry("Cache-Control", "no-store")
            .containsEntry("X-Content-Type-Options", "nosniff");
      }
    }

    @Test
    @DisplayName("H-16 what a caller stored comes back inert")
    void read_ofMarkup_isEscaped() {
      put("a", "{\"data\":{\"x\":\"<script>&\\u2028\"}}");
      Answer answer = served.root("GET /v1/kv/data/a");
      assertThat(answer.body()).contains("\\u003cscript\\u003e\\u0026\\u2028").doesNotContain("<");
      assertThat(answer
              .json()
              .object("data")
              .orElseThrow()
              .object("data")
              .orElseThrow()
              .text("x"))
          .contains("<script>&\u2028");
    }

    @Test
    void mounts_read_areAtTheTopToo() {
      Answer answer = served.root("GET /v1/sys/mounts");
      assertThat(answer.json().object("kv/")).isPresent();
      assertThat(answer.json().object("data").orElseThrow().object("kv/")).isPresent();
    }

    @Test
    void help_ofAPath_isBare() {
      Answer answer = served.root("GET /v1/kv/config?help=1");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().text("help")).isPresent();
      assertThat(answer.json().has("request_id")).isFalse();
    }

    @Test
    void write_ofAToken_hasAuthAndNoData() {
      Answer answer =
          served.root(SentCall.of("POST /v1/auth/token/create").body("{\"ttl\":\"1h\"}"));
      assertThat(answer.json().get("data")).isEmpty();
      assertThat(answer.json().object("auth").orElseThrow().toMap())
          .containsKeys("client_token", "accessor", "policies", "token_policies", "entity_id")
          .containsEntry("lease_duration", 3600)
          .containsEntry("token_type", "service");
    }

    @Test
    void delete_ofAnything_isWithoutBody() {
      Answer answer = served.root("DELETE /v1/kv/data/a");
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Nested
  class Errors {
    @Test
    void read_ofNothing_is404WithoutAWord() {
      Answer answer = served.root("GET /v1/kv/data/none");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"errors\":[]}");
    }

    @Test
    void read_ofADeletedVersion_is404WithItsMetadata() {
      put("a", "{\"data\":{\"x\":1}}");
      served.root("DELETE /v1/kv/data/a");
      Answer answer = served.root("GET /v1/kv/data/a");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json().object("data").orElseThrow().object("metadata")).isPresent();
      assertThat(answer.json().has("errors")).isFalse();
    }

    @Test
    void patch_ofNothing_is404WithoutBody() {
      Answer answer = served.root(SentCall.of("PATCH /v1/kv/data/none")
          .with("Content-Type", "application/merge-patch+json")
          .body("{\"data\":{\"x\":1}}"));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEmpty();
    }

    @Test
    @DisplayName("H-14 strangers cannot tell what exists")
    void read_byAStranger_isTheSameForEveryPath() {
      put("real", "{\"data\":{\"x\":1}}");
      String token = served.tokenWith("path \"other/*\" { capabilities = [\"read\"] }");
      for (String path :
          List.of("kv/data/real", "kv/data/none", "nowhere/x", "sys/policies/acl/p")) {
        Answer stranger = served.send("GET /v1/" + path);
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(stranger.errors()).containsExactly("permission denied");
        Answer denied = served.send(SentCall.of("GET /v1/" + path).with("X-Vault-Token", token));
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.errors()).containsExactly(DENIED);
      }
    }

    @Test
    @DisplayName("H-14 strangers cannot tell what is mounted")
    void uiMount_askedByAStranger_isTheSameForEveryPath() {
      String token = served.tokenWith("path \"other/*\" { capabilities = [\"read\"] }");
      for (String path : List.of("kv", "kv/data/real", "nowhere", "auth/nowhere")) {
        String call = "GET /v1/sys/internal/ui/mounts/" + path;
        assertThat(served.send(call)).isEqualTo(served.send("GET /v1/kv/data/real"));
        Answer denied = served.send(SentCall.of(call).with("X-Vault-Token", token));
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.errors())
            .containsExactly(
                "preflight capability check returned 403, please ensure client's policies grant access to path \""
                    + path + "/\"");
      }
    }

    @Test
    void read_deniedByPolicyAndAudited_isStillToldFromAStranger() {
      try (Served audited = new Served(HttpOptions.DEFAULT, /* audited= */ true)) {
        String token = audited.tokenWith("path \"other/*\" { capabilities = [\"read\"] }");
        SentCall call = SentCall.of("GET /v1/kv/data/a");
        assertThat(audited.send(call.with("X-Vault-Token", token)).errors())
            .containsExactly(DENIED);
        assertThat(audited.send(call).errors()).containsExactly("permission denied");
      }
    }

    @ParameterizedTest(name = "token {0}")
    @ValueSource(
        strings = {"s.AAAAAAAAAAAAAAAAAAAAAAAA", "unknown", "not a token", "ä", "b.AAAA", "."})
    void read_withATokenThatNobodyHas_isDeniedAsWithoutOne(String token) {
      assertThat(served.send(SentCall.of("GET /v1/kv/data/a").with("X-Vault-Token", token)))
          .isEqualTo(served.send("GET /v1/kv/data/a"));
    }

    @Test
    void read_ofASealedVault_is503() {
      served.vault().seal();
      Answer answer = served.root("GET /v1/kv/data/a");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.errors()).containsExactly("Vault is sealed");
    }

    @Test
    void read_ofAVaultThatNobodyInitialized_saysWhatClientsKnow() {
      try (Served fresh = Served.uninitialized()) {
        Answer answer = fresh.send("GET /v1/kv/data/a");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.errors()).containsExactly("Vault is sealed");
        assertThat(fresh.send("HEAD /v1/kv/data/a").status()).isEqualTo(503);
      }
    }
  }

  @Nested
  class Methods {
    @ParameterizedTest(name = "H-3 {0} is refused")
    @ValueSource(
        strings = {
          "REVOKE",
          "rollback",
          "alias-lookahead",
          "get",
          "TRACE",
          "CONNECT",
          "RENEW",
          "BREW"
        })
    void method_unknown_is405(String method) {
      assertThat(served.root(method + " /v1/kv/data/a").status()).isEqualTo(405);
    }

    @Test
    @DisplayName("H-3 no header chooses the operation")
    void write_withAnOverride_staysAWrite() {
      Answer answer = served.root(SentCall.of("POST /v1/kv/data/a")
          .with("X-HTTP-Method-Override", "DELETE")
          .body("{\"data\":{}}"));
      assertThat(answer.json().object("data").orElseThrow().number("version")).contains(1);
    }

    @ParameterizedTest(name = "{0} lists")
    @ValueSource(
        strings = {
          "LIST /v1/kv/metadata",
          "LIST /v1/kv/metadata/",
          "GET /v1/kv/metadata?list=true",
          "GET /v1/kv/metadata/?list=True",
          "GET /v1/kv/metadata?list=1"
        })
    void list_inEveryForm_namesTheKeys(String call) {
      put("a", "{\"data\":{}}");
      assertThat(served.root(call).json().object("data").orElseThrow().texts("keys"))
          .containsExactly("a");
    }

    @ParameterizedTest(name = "H-3 {0} is 400")
    @ValueSource(
        strings = {"GET /v1/kv/metadata?list=true&scan=true", "GET /v1/kv/metadata?list=maybe"})
    void list_contradictingItself_is400(String call) {
      Answer answer = served.root(call);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.errors()).isEmpty();
    }

    @Test
    void head_ofAPath_tellsRootOnlyThatThereIsNone() {
      assertThat(served.root("HEAD /v1/kv/data/a").status()).isEqualTo(405);
      assertThat(served.send("HEAD /v1/kv/data/a").status()).isEqualTo(403);
    }

    @Test
    void options_withoutRulesForPages_is400() {
      assertThat(served.root("OPTIONS /v1/kv/data/a").status()).isEqualTo(400);
    }

    @Test
    void write_toAFolder_is400() {
      assertThat(served.root(SentCall.of("POST /v1/kv/data/a/").body("{}")).errors())
          .containsExactly("cannot write to a path ending in '/'");
    }
  }

  @Nested
  class Bodies {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
        strings = {
          "{",
          "[]",
          "\"x\"",
          "{\"data\":{}} x",
          "{\"a\":1}{\"b\":2}",
          "{\"ttl\":\"1h\",\"ttl\":\"2h\"}",
          "{\"x\":1e400000}",
          "{'a':1}",
          "{\"a\":NaN}",
          "{\"a\":\"\\ud800\"}",
          "\ufeff{}",
          "{\"a\":1,}",
          "// x\n{}",
          "null            {\"a\":1}"
        })
    @DisplayName("H-5 what is no strict JSON object is refused")
    void write_ofNoStrictObject_is400(String body) {
      Answer answer = served.root(SentCall.of("POST /v1/kv/data/a").body(body));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.errors().get(0)).startsWith("failed to decode JSON input: ");
    }

    @Test
    @DisplayName("H-5 a name of a host path is there once, whatever its case")
    void unseal_sameNameTwice_is400() {
      Answer answer =
          served.root(SentCall.of("POST /v1/sys/unseal").body("{\"key\":\"a\",\"KEY\":\"b\"}"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.errors().get(0)).contains("duplicate name");
    }

    @Test
    @DisplayName("H-5 deep, wide and many-stringed JSON is refused")
    void write_ofTooMuchJson_is400() {
      for (String body : List.of(
          "[".repeat(100_000),
          "{\"a\":".repeat(5_000),
          "{\"a\":[" + "{},".repeat(200_000) + "{}]}",
          "{\"a\":[" + "\"x\",".repeat(1_000) + "\"x\"]}")) {
        assertThat(served.root(SentCall.of("POST /v1/kv/data/a").body(body)).status())
            .isEqualTo(400);
      }
    }

    @Test
    void write_ofTooManyStrings_saysSo() {
      String body = "{\"data\":{\"a\":[" + "\"x\",".repeat(1_000) + "\"x\"]}}";
      assertThat(served.root(SentCall.of("POST /v1/kv/data/a").body(body)).errors())
          .containsExactly(
              "refused JSON input due to high complexity: exceeded maximum number of strings");
    }

    @Test
    @DisplayName("H-4 what is too large is cut while it streams")
    void write_ofTooMuch_is413AndReadNoFurther() {
      try (Served small =
          new Served(HttpOptions.DEFAULT.withLimits(HttpLimits.DEFAULT.withBodyBytes(1_000)))) {
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
          @Override
          public int read() {
            read.incrementAndGet();
            return ' ';
          }

          @Override
          public int read(byte[] into, int from, int length) {
            read.addAndGet(length);
            return length;
          }
        };
        SentCall call = SentCall.of("POST /v1/kv/data/a").body(endless);
        assertThat(small.send(call)).isEqualTo(small.send("POST /v1/kv/data/a"));
        read.set(0);
        Answer answer = small.root(call);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errors()).containsExactly("http: request body too large");
        assertThat(read).hasValueLessThan(20_000);
      }
    }

    @Test
    @DisplayName("H-6 compressed bodies are refused")
    void write_ofACompressedBody_is415() {
      assertThat(served
              .root(SentCall.of("POST /v1/kv/data/a")
                  .with("Content-Encoding", "gzip")
                  .body("{}"))
              .status())
          .isEqualTo(415);
    }

    @ParameterizedTest(name = "body [{0}] is none")
    @ValueSource(strings = {"", "null", " null\n"})
    void write_ofNothing_isAnEmptyObject(String body) {
      assertThat(
              served.root(SentCall.of("POST /v1/auth/token/create").body(body)).status())
          .isEqualTo(200);
    }

    @Test
    void write_ofAForm_isItsFields() {
      Answer answer = served.root(SentCall.of("POST /v1/sys/tools/hash")
          .with("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
          .body("input=YQ%3D%3D&format=base64"));
      assertThat(answer.json().object("data").orElseThrow().text("sum")).isPresent();
    }

    @Test
    void write_ofAFormWithRepeatedFields_joinsThem() {
      Answer answer = served.root(SentCall.of("POST /v1/sys/config/cors")
          .with("Content-Type", "application/x-www-form-urlencoded")
          .body("allowed_origins=https%3A%2F%2Fa.example&allowed_origins=https%3A%2F%2Fb.example"));
      assertThat(answer.status()).isEqualTo(204);
      assertThat(served.root("GET /v1/sys/config/cors").json().texts("allowed_origins"))
          .containsExactly("https://a.example", "https://b.example");
    }

    @Test
    void write_ofJsonThatSaysItIsAForm_isJson() {
      assertThat(served
              .root(SentCall.of("POST /v1/kv/data/a")
                  .with("Content-Type", "application/x-www-form-urlencoded")
                  .body("{\"data\":{\"a\":\"b\"}}"))
              .status())
          .isEqualTo(200);
    }

    @Test
    void patch_ofAnotherType_is415() {
      Answer answer = served.root(SentCall.of("PATCH /v1/kv/data/a")
          .with("Content-Type", "application/json; charset=utf-8")
          .body("{}"));
      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.errors())
          .containsExactly(
              "PATCH requires Content-Type of application/merge-patch+json, provided application/json");
    }

    @Test
    void patch_withoutType_is400() {
      assertThat(served.root(SentCall.of("PATCH /v1/kv/data/a").body("{}")).errors())
          .containsExactly("mime: no media type");
    }

    @Test
    void read_withABody_leavesItAlone() {
      put("a", "{\"data\":{}}");
      assertThat(served.root(SentCall.of("GET /v1/kv/data/a").body("{")).status())
          .isEqualTo(200);
    }
  }

  @Nested
  class Headers {
    @Test
    void bearer_alone_isTheToken() {
      assertThat(served
              .send(
                  SentCall.of("GET /v1/sys/mounts").with("Authorization", "Bearer " + Served.ROOT))
              .status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName("H-8 there is one source of the token")
    void tokens_several_are400() {
      SentCall call = SentCall.of("GET /v1/sys/mounts");
      for (SentCall twice : List.of(
          call.with("X-Vault-Token", "x").with("X-Vault-Token", Served.ROOT),
          call.with("X-Vault-Token", Served.ROOT).with("X-Vault-Token", "x"),
          call.with("X-Vault-Token", Served.ROOT + ",x"),
          call.with("X-Vault-Token", "x").with("Authorization", "Bearer " + Served.ROOT))) {
        assertThat(served.send(twice).status()).isEqualTo(400);
      }
      assertThat(served
              .send(call.with("X-Vault-Token", Served.ROOT)
                  .with("Authorization", "Bearer " + Served.ROOT))
              .status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName("H-8 no other place holds a token")
    void tokens_elsewhere_areNone() {
      for (SentCall call : List.of(
          SentCall.of("GET /v1/sys/mounts?token=" + Served.ROOT),
          SentCall.of("GET /v1/sys/mounts").with("Cookie", "token=" + Served.ROOT),
          SentCall.of("GET /v1/sys/mounts").with("Authorization", "bearer " + Served.ROOT))) {
        assertThat(served.send(call).status()).isEqualTo(403);
      }
    }

    @ParameterizedTest(name = "H-18 namespace {0} is {1}")
    @CsvSource({"'',200", "/,200", "root,200", "root/,200", "team1,404", "ROOT,404", "team1/../,404"
    })
    void namespace_otherThanRoot_isRefused(String namespace, int status) {
      assertThat(served
              .root(SentCall.of("GET /v1/sys/mounts").with("X-Vault-Namespace", namespace))
              .status())
          .isEqualTo(status);
    }

    @ParameterizedTest(name = "second factor [{0}] is {1}")
    @CsvSource({"m,200", "m:v,200", "'',200", ":v,400", "m:,400", "':',400"})
    void mfa_withoutMethodOrValue_is400(String credential, int status) {
      Answer answer =
          served.root(SentCall.of("GET /v1/sys/mounts").with("X-Vault-MFA", credential));
      assertThat(answer.status()).isEqualTo(status);
      if (status == 400) {
        assertThat(answer.errors().get(0)).startsWith("failed to parse X-Vault-MFA header: ");
      }
    }

    @ParameterizedTest(name = "wrap ttl {0}")
    @ValueSource(strings = {"x", "-1", "1.5", "99999999999999999999"})
    void wrapTtl_thatIsNone_is400(String ttl) {
      Answer answer = served.root(SentCall.of("GET /v1/sys/mounts").with("X-Vault-Wrap-TTL", ttl));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.errors().get(0)).startsWith("error parsing X-Vault-Wrap-TTL header: ");
    }

    @Test
    void wrapTtl_severalThatDiffer_are400() {
      SentCall once = SentCall.of("GET /v1/sys/mounts").with("X-Vault-Wrap-TTL", "60");
      assertThat(served.root(once.with("X-Vault-Wrap-TTL", "60")).status()).isEqualTo(200);
      for (String other : List.of("61", "", "0")) {
        assertThat(served.root(once.with("X-Vault-Wrap-TTL", other)).errors())
            .containsExactly("a request has one X-Vault-Wrap-TTL header at most");
      }
    }

    @Test
    @DisplayName("H-17 requests without the marker are refused where it is demanded")
    void marker_demandedButMissing_is412() {
      try (Served strict = new Served(HttpOptions.DEFAULT.withRequestHeaderNeeded(true))) {
        assertThat(strict.root("GET /v1/sys/health").status()).isEqualTo(412);
        assertThat(strict
                .root(SentCall.of("GET /v1/sys/health").with("X-Vault-Request", "true"))
                .status())
            .isEqualTo(200);
      }
    }
  }

  @Nested
  class Pages {
    @Test
    void origin_withoutRules_isNoMatter() {
      assertThat(served
              .send(SentCall.of("GET /v1/sys/health").with("Origin", "https://a.example"))
              .headers())
          .doesNotContainKey("Access-Control-Allow-Origin");
    }

    @ParameterizedTest(name = "H-11 origin {0} is refused")
    @ValueSource(
        strings = {"https://a.example.evil", "https://A.example", "http://a.example", "null", ""})
    void origin_notAllowed_isRefusedBeforeAnythingHappens(String origin) {
      allow("https://a.example");
      Answer answer = served.root(
          SentCall.of("POST /v1/kv/data/a").with("Origin", origin).body("{\"data\":{\"x\":1}}"));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.errors()).containsExactly("origin not allowed");
      assertThat(served.root("GET /v1/kv/data/a").status()).isEqualTo(404);
    }

    @Test
    void origin_allowed_mayReadTheAnswer() {
      allow("https://a.example");
      assertThat(served
              .root(SentCall.of("GET /v1/sys/mounts").with("Origin", "https://a.example"))
              .headers())
          .containsAllEntriesOf(
              Map.of("Access-Control-Allow-Origin", "https://a.example", "Vary", "Origin"));
    }

    @Test
    void preflight_ofAnotherMethod_is405() {
      allow("https://a.example");
      SentCall preflight = SentCall.of("OPTIONS /v1/kv/data/a").with("Origin", "https://a.example");
      assertThat(served
              .send(preflight.with("Access-Control-Request-Method", "TRACE"))
              .status())
          .isEqualTo(405);
      Answer listed = served.send(preflight.with("Access-Control-Request-Method", "LIST"));
      assertThat(listed.status()).isEqualTo(200);
      assertThat(listed.headers()).containsEntry("Access-Control-Max-Age", "300");
    }

    private void allow(String origin) {
      served.root(
          SentCall.of("PUT /v1/sys/config/cors").body("{\"allowed_origins\":\"" + origin + "\"}"));
    }
  }

  private void put(String key, String body) {
    assertThat(served.root(SentCall.of("POST /v1/kv/data/" + key).body(body)).status())
        .isEqualTo(200);
  }
}
