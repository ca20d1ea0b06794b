package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of one request, seen from outside. */
class RequestsTest {
  private final NotesEngine engine = new NotesEngine();
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(engine)));

  @AfterEach
  void close() {
    vault.close();
  }

  private Session withPolicy(String text) {
    Policies.of(vault.root()).put("p", text);
    return vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow());
  }

  @Test
  void denied_theEngineIsNotEvenAskedWhetherSomethingExists() {
    Session session = withPolicy("path \"notes/*\" { capabilities = [\"list\"] }");
    session.request(Request.write("notes/a", Map.of("text", "x")));
    session.request(Request.read("notes/a"));
    session.request(Request.delete("notes/a"));
    assertThat(engine.calls).hasValue(0);
  }

  @Test
  void denied_looksTheSameForWhatExistsAndWhatDoesNot() {
    vault.root().request(Request.write("notes/real", Map.of("text", "x"))).orThrow();
    Session session = withPolicy("path \"notes/other\" { capabilities = [\"read\"] }");
    Session nobody = vault.vault().session(ClientToken.parse("s.nobody"));
    for (String path :
        List.of("notes/real", "notes/none", "nowhere/x", "sys/mounts", "sys/nothing")) {
      for (Session caller : List.of(session, nobody)) {
        Response response = caller.request(Request.read(path));
        assertThat(response.failure()).as(path).contains(ErrorCode.PERMISSION_DENIED);
        assertThat(response.errors()).as(path).containsExactly("permission denied");
        assertThat(response.data()).as(path).isEmpty();
      }
    }
  }

  @Test
  void write_createAndUpdate_needTheirOwnCapability() {
    Session creator = withPolicy("path \"notes/*\" { capabilities = [\"create\"] }");
    assertThat(creator.request(Request.write("notes/a", Map.of("text", "1"))).isFailure())
        .isFalse();
    assertThat(creator.request(Request.write("notes/a", Map.of("text", "2"))).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void sudoPath_withoutSudo_isDenied() {
    assertThat(withPolicy("path \"notes/sudo\" { capabilities = [\"read\"] }")
            .request(Request.read("notes/sudo"))
            .failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(withPolicy("path \"notes/sudo\" { capabilities = [\"read\", \"sudo\"] }")
            .request(Request.read("notes/sudo"))
            .isFailure())
        .isFalse();
  }

  @Test
  void policyChange_countsFromTheNextRequest() {
    Session session = withPolicy("path \"notes/*\" { capabilities = [\"read\"] }");
    assertThat(session.request(Request.read("notes/a")).failure()).contains(ErrorCode.NOT_FOUND);
    Policies.of(vault.root()).put("p", "path \"notes/*\" { capabilities = [\"deny\"] }");
    assertThat(session.request(Request.read("notes/a")).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    Policies.of(vault.root()).delete("p");
    assertThat(session.request(Request.read("notes/a")).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void engineDefect_tellsTheCallerNothing() {
    Response response = vault.root().request(Request.read("notes/failing"));
    assertThat(response.failure()).contains(ErrorCode.INTERNAL);
    assertThat(response.errors()).containsExactly("internal error");
  }

  @Test
  void help_whereTheCallerMayNothing_tellsNothing() {
    Session session = withPolicy("path \"other/*\" { capabilities = [\"read\"] }");
    for (String path : List.of("notes/a", "notes/", "nowhere/x")) {
      Response response = session.request(Request.help(path));
      assertThat(response.failure()).as(path).contains(ErrorCode.NOT_FOUND);
      assertThat(response.errors()).as(path).isEmpty();
    }
    assertThat(withPolicy("path \"notes/a\" { capabilities = [\"read\"] }")
            .request(Request.help("notes/b"))
            .isFailure())
        .isFalse();
  }

  @Test
  void help_ofAMount_namesEveryRouteInIt() {
    Payload help = vault.root().request(Request.help("auth/token/")).orThrow().dataOrEmpty();
    assertThat(help.text("help")).contains("Mount of type token.");
    Map<?, ?> renewSelf = ((List<?>) help.toMap().get("routes"))
        .stream()
            .map(route -> (Map<?, ?>) route)
            .filter(route -> "renew-self".equals(route.get("path")))
            .findFirst()
            .orElseThrow();
    assertThat(renewSelf.get("operations")).isEqualTo(List.of("create", "update"));
    assertThat(((Map<?, ?>) renewSelf.get("fields")).containsKey("increment")).isTrue();
  }

  @Test
  void list_ofTooManyElements_isRefusedBeforeItIsTakenApart() {
    assertThat(vault
            .root()
            .request(
                Request.write("sys/capabilities-self", Map.of("paths", "a,".repeat(1_000_000))))
            .errors())
        .containsExactly(
            "Field validation failed: error converting input for field \"paths\": expected at most 10000 elements, not 1000001");
  }

  @Test
  void unknownMount_allowed_isNamed() {
    assertThat(vault.root().request(Request.read("nowhere/x")).errors())
        .containsExactly("no handler for route \"nowhere/x\". route entry not found.");
  }

  @Test
  void unknownParameter_isNamedInAWarning() {
    assertThat(vault
            .root()
            .request(Request.write("notes/count/x", Map.of("b", 1, "a", 2, "name", "y")))
            .warnings())
        .containsExactly(
            "Endpoint ignored these unrecognized parameters: [a b]",
            "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [name]");
  }

  @Test
  void malformedParameter_isRefusedWithItsNameAndNotItsValue() {
    Response response =
        vault.root().request(Request.write("notes/a", Map.of("text", Map.of("CANARY", "CANARY"))));
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors().get(0)).contains("\"text\"").doesNotContain("CANARY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"notes/../sys/mounts", "notes/./a", "notes//a", "notes/a\u0000", "notes/\u202e"})
  void path_notCanonical_isRefusedBeforeThereIsARequest(String path) {
    assertThatThrownBy(() -> Request.read(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void write_toAFolder_isRefused() {
    assertThatThrownBy(() -> Request.write("notes/a/", Map.of()))
        .hasMessage("cannot write to a path ending in '/'");
  }

  @Test
  void hotRecord_manyThreads_loseNoUpdate() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Response>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        calls.add(() -> vault.root().request(Request.write("notes/count/hot", Map.of())));
      }
      for (Future<Response> call : threads.invokeAll(calls)) {
        call.get().orThrow();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(vault
            .root()
            .request(Request.write("notes/count/hot", Map.of()))
            .data()
            .orElseThrow()
            .number("count"))
        .contains(401);
  }

  @Test
  void lostRace_runsTheHandlerAgainOnFreshReads() {
    engine.beforeWork = () -> {
      engine.beforeWork = () -> {};
      countUp().orThrow();
    };
    assertThat(countUp().data().orElseThrow().number("count")).contains(2);
  }

  @Test
  void raceLostAgainAndAgain_isAConflict() {
    engine.beforeWork = new Runnable() {
      @Override
      public void run() {
        engine.beforeWork = () -> {};
        countUp().orThrow();
        engine.beforeWork = this;
      }
    };
    Response response = countUp();
    assertThat(response.failure()).contains(ErrorCode.CONFLICT);
    assertThat(response.errors().get(0)).contains("5 times");
  }

  private Response countUp() {
    return vault.root().request(Request.write("notes/count/raced", Map.of()));
  }
}
