package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Wrapping.Info;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappingTest {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final String NOT_VALID = "wrapping token is not valid or does not exist";

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(new NotesEngine())));
  private final Wrapping root = Wrapping.of(vault.root());

  @AfterEach
  void close() {
    vault.close();
  }

  private Session session(WrapInfo info) {
    return vault.vault().session(info.token());
  }

  private Session withPolicy(String text) {
    Policies.of(vault.root()).put("p", text);
    return vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow());
  }

  private static Request unwrap(String token) {
    return Request.write("sys/wrapping/unwrap", Map.of("token", token));
  }

  private static void assertNotValid(Response response) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(NOT_VALID);
  }

  private static String json(Response response) {
    return new String(response.data().orElseThrow().toJson(), StandardCharsets.UTF_8);
  }

  @Test
  void wrap_dataWithEveryKindOfNumber_comeBackWithEveryDigit() {
    String data =
        "{\"a\":1.10,\"b\":123456789012345678901234567890,\"c\":1e3,\"d\":null,\"e\":[{}]}";
    Request request = Request.write("sys/wrapping/wrap", Map.of()).with(Payload.parse(data));

    Response response = Wrapping.of(session(root.wrap(request, TTL))).unwrap();
    assertThat(json(response)).isEqualTo(data);
    assertThat(response.warnings()).isEmpty();
  }

  @Test
  void wrap_dataOf64Levels_comeBack() {
    String data = "{\"a\":".repeat(64) + "1" + "}".repeat(64);
    Request request = Request.write("sys/wrapping/wrap", Map.of()).with(Payload.parse(data));

    assertThat(json(root.unwrap(root.wrap(request, TTL).token()))).isEqualTo(data);
  }

  @Test
  void wrap_aToken_namesItsAccessorAndGivesTheWholeOfIt() {
    WrapInfo info = root.wrap(
        Request.write("auth/token/create", Map.of("policies", List.of("p"), "ttl", "1h")), TTL);
    assertThat(info.creationPath()).isEqualTo("auth/token/create");
    assertThat(info.ttl()).isEqualTo(TTL);

    Response response = root.unwrap(info.token());
    Auth auth = response.auth().orElseThrow();
    assertThat(info.wrappedAccessor()).contains(auth.accessor());
    assertThat(auth.policies()).containsExactly("default", "p");
    assertThat(auth.ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(auth.renewable()).isTrue();
    assertThat(response.warnings()).containsExactly("Policy \"p\" does not exist");
    assertThat(Tokens.of(vault.vault().session(auth.token().orElseThrow()))
            .lookupSelf()
            .accessor())
        .isEqualTo(auth.accessor());
  }

  @Test
  void wrap_answersWithoutContent_comeAsTheyAre() {
    Response written =
        vault.root().request(Request.write("notes/a", Map.of("text", "x")).wrapped(TTL));
    assertThat(written.isEmpty()).isTrue();
    Response missing = vault.root().request(Request.read("notes/none").wrapped(TTL));
    assertThat(missing.failure()).contains(ErrorCode.NOT_FOUND);
    assertThat(missing.wrapInfo()).isEmpty();
    assertThatThrownBy(() -> root.wrap(Request.delete("notes/a"), TTL))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    assertThat(vault.root().request(Request.read("notes/a")).failure())
        .contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void wrap_aRead_tellsNothingElse() {
    vault.root().request(Request.write("notes/a", Map.of("text", "CANARY"))).orThrow();

    Response response = vault.root().request(Request.read("notes/a").wrapped(TTL));
    assertThat(response.data()).isEmpty();
    assertThat(response.auth()).isEmpty();
    assertThat(response.warnings()).isEmpty();
    WrapInfo info = response.wrapInfo().orElseThrow();
    assertThat(info.wrappedAccessor()).isEmpty();
    assertThat(root.unwrap(info.token()).dataOrEmpty().text("text")).contains("CANARY");
  }

  @Test
  void wrapPath_withoutATtl_isRefused() {
    Response response = vault.root().request(Request.write("sys/wrapping/wrap", Map.of("a", 1)));
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly("endpoint requires response wrapping to be used");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unwrap_64AtOnce_givesItToOne(boolean ownToken) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(64);
    try {
      for (int round = 0; round < 10; round++) {
        WrapInfo info = root.wrap(Map.of("round", round), TTL);
        List<Future<Response>> answers = new ArrayList<>();
        IntStream.range(0, 64)
            .forEach(i -> answers.add(pool.submit(() -> ownToken
                ? session(info).request(Request.write("sys/wrapping/unwrap", Map.of()))
                : vault.root().request(unwrap(info.token().exposeText())))));
        List<Response> given = new ArrayList<>();
        for (Future<Response> answer : answers) {
          if (answer.get().isFailure()) {
            assertNotValid(answer.get());
          } else {
            given.add(answer.get());
          }
        }
        assertThat(given).hasSize(1);
        assertThat(given.get(0).dataOrEmpty().number("round")).contains(round);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void wrappingToken_inAnyOtherRequest_isRefusedAndSpent() {
    for (Request foreign : List.of(
        Request.read("notes/a"),
        Request.read("auth/token/lookup-self"),
        Request.write("auth/token/renew-self", Map.of()),
        Request.write("auth/token/create", Map.of()),
        Request.read("cubbyhole/other"),
        Request.list("cubbyhole"),
        Request.write("cubbyhole/response", Map.of("response", "forged")),
        Request.write("sys/wrapping/rewrap", Map.of()),
        Request.read("sys/wrapping/unwrap"))) {
      WrapInfo info = root.wrap(Map.of("a", 1), TTL);
      Response response = session(info).request(foreign);
      assertThat(response.failure()).as("%s", foreign).contains(ErrorCode.PERMISSION_DENIED);
      assertNotValid(vault.root().request(unwrap(info.token().exposeText())));
    }
  }

  @Test
  void lookup_byAnybody_spendsNothing() {
    WrapInfo info = root.wrap(Map.of("a", 1), TTL);
    Wrapping nobody = Wrapping.of(vault.vault().sessionWithoutToken());
    Info expected = new Info(TTL, info.createdAt(), "sys/wrapping/wrap");

    assertThat(nobody.lookup(info.token())).isEqualTo(expected);
    assertThat(session(info)
            .request(Request.read("sys/wrapping/lookup"))
            .dataOrEmpty()
            .toMap())
        .containsOnlyKeys("creation_ttl", "creation_time", "creation_path");
    assertThat(root.lookup(info.token())).isEqualTo(expected);
    assertThat(root.unwrap(info.token()).dataOrEmpty().number("a")).contains(1);
  }

  @Test
  void unwrap_byAnotherCaller_needsTheRight() {
    WrapInfo info = root.wrap(Map.of("a", 1), TTL);
    Session stranger = withPolicy("path \"sys/wrapping/unwrap\" { capabilities = [\"deny\"] }");
    assertThat(stranger.request(unwrap(info.token().exposeText())).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(vault
            .vault()
            .sessionWithoutToken()
            .request(unwrap(info.token().exposeText()))
            .failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(root.unwrap(info.token()).dataOrEmpty().number("a")).contains(1);
  }

  @Test
  void rewrap_keepsPathLifetimeAndAccessorAndEndsTheOldOne() {
    WrapInfo first = root.wrap(Request.write("auth/token/create", Map.of()), TTL);
    vault.time().advance(Duration.ofMinutes(4));

    WrapInfo second = root.rewrap(first.token());
    assertThat(second.ttl()).isEqualTo(TTL);
    assertThat(second.creationPath()).isEqualTo("auth/token/create");
    assertThat(second.createdAt()).isEqualTo(first.createdAt().plus(Duration.ofMinutes(4)));
    assertThat(second.wrappedAccessor()).isEqualTo(first.wrappedAccessor()).isPresent();
    assertNotValid(vault.root().request(unwrap(first.token().exposeText())));
    vault.time().advance(Duration.ofMinutes(4));
    assertThat(root.unwrap(second.token()).auth()).isPresent();
  }

  @Test
  void rewrap_askedToWaitForAShorterTime_does() {
    WrapInfo first = root.wrap(Map.of("a", 1), TTL);
    Request rewrap =
        Request.write("sys/wrapping/rewrap", Map.of("token", first.token().exposeText()));

    Response response = vault.root().request(rewrap.wrapped(Duration.ofSeconds(10)));
    assertThat(response.wrapInfo().orElseThrow().ttl()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void unwrap_whenTheTimeIsOver_isRefused() {
    WrapInfo info = root.wrap(Map.of("a", 1), TTL);
    vault.time().advance(TTL);
    assertNotValid(vault.root().request(unwrap(info.token().exposeText())));
    assertNotValid(session(info).request(Request.write("sys/wrapping/unwrap", Map.of())));
  }

  @Test
  void unwrap_whatIsNoWrappingToken_isRefusedInOneWay() {
    ClientToken service =
        Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow();
    for (String token :
        List.of("s.unknown", service.exposeText(), "x", "\u00e9", "x".repeat(1 << 20))) {
      for (String verb : List.of("unwrap", "lookup", "rewrap")) {
        assertNotValid(
            vault.root().request(Request.write("sys/wrapping/" + verb, Map.of("token", token))));
      }
    }
  }

  @Test
  void tokenParameter_ofAnotherType_isNamed() {
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("token", null);
    for (String verb : List.of("unwrap", "lookup", "rewrap")) {
      String path = "sys/wrapping/" + verb;
      for (Object value : List.of(5, true, List.of("a"), Map.of("a", 1))) {
        assertDenied(
            vault.root().request(Request.write(path, Map.of("token", value))),
            "could not decode token in request body");
      }
      assertDenied(
          vault.root().request(Request.write(path, Map.of("token", ""))),
          "empty token in request body");
      assertDenied(
          vault.vault().sessionWithoutToken().request(Request.write(path, nothing)),
          "token is empty");
      assertNotValid(vault.root().request(Request.write(path, nothing)));
    }
  }

  private static void assertDenied(Response response, String reason) {
    assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(response.errors()).containsExactly("error validating wrapping token: " + reason);
  }

  @Test
  void cubbyholeResponse_readWithTheToken_isTheEnvelopeAndSpendsIt() {
    WrapInfo info = root.wrap(Map.of("a", 1), TTL);

    Response response = session(info).request(Request.read("cubbyhole/response"));
    assertThat(response.warnings()).hasSize(1);
    Payload envelope = Payload.parse(response.dataOrEmpty().text("response").orElseThrow());
    assertThat(envelope.object("data").orElseThrow().number("a")).contains(1);
    assertThat(envelope.text("request_id")).isPresent();
    assertThat(envelope.toMap())
        .containsOnlyKeys(
            "request_id",
            "lease_id",
            "renewable",
            "lease_duration",
            "data",
            "wrap_info",
            "warnings",
            "auth");
    assertNotValid(vault.root().request(unwrap(info.token().exposeText())));
  }

  @Test
  void policy_thatDemandsWrapping_isMetWithinItsBounds() {
    vault.root().request(Request.write("notes/a", Map.of("text", "x"))).orThrow();
    Session session = withPolicy("""
        path "notes/*" {
          capabilities     = ["read"]
          min_wrapping_ttl = "1m"
          max_wrapping_ttl = "5m"
        }
        """);
    Request read = Request.read("notes/a");
    assertThat(session.request(read).failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(session.request(read.wrapped(Duration.ofSeconds(59))).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(session.request(read.wrapped(Duration.ofSeconds(301))).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(session.request(read.wrapped(Duration.ofMinutes(1))).wrapInfo()).isPresent();
    assertThat(session.request(read.wrapped(Duration.ofMinutes(5))).wrapInfo()).isPresent();
  }

  @Test
  void policyOfWrappingTokens_canBeRead_butNotChangedAssignedOrListed() {
    Policies policies = Policies.of(vault.root());
    assertThat(policies.list()).doesNotContain("response-wrapping");
    Response read = vault.root().request(Request.read("sys/policies/acl/response-wrapping"));
    assertThat(read.dataOrEmpty().text("policy").orElseThrow()).contains("sys/wrapping/unwrap");
    assertThatThrownBy(() -> policies.put("response-wrapping", "path \"*\" { policy = \"read\" }"))
        .hasMessage("cannot update \"response-wrapping\" policy");
    assertThatThrownBy(() -> policies.delete("response-wrapping"))
        .hasMessage("cannot delete \"response-wrapping\" policy");
  }
}
