package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies demand beside capabilities, seen from outside. Texts have single quotes. */
class PolicyConstraintsTest {
  private final NotesEngine engine = new NotesEngine();
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(engine)));

  @AfterEach
  void close() {
    vault.close();
  }

  private Session withPolicy(String text) {
    Policies.of(vault.root()).put("p", text.replace('\'', '"'));
    return vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow());
  }

  private void notes(String... paths) {
    for (String path : paths) {
      vault.root().request(Request.write("notes/" + path, Map.of("text", "x"))).orThrow();
    }
  }

  private static Response write(Session session, String path, String body) {
    return session.request(Request.of(
        Operation.UPDATE, VaultPath.parse(path), Payload.parse(body.replace('\'', '"'))));
  }

  private static void assertDenied(Response response) {
    assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(response.errors()).containsExactly("permission denied");
  }

  @Nested
  class Parameters {
    @Test
    @DisplayName("A-8 unmet constraints: the engine is not even asked whether something exists")
    void deniedParameter_noEngineRuns() {
      Session session = withPolicy(
          "path 'notes/*' { capabilities = ['create', 'update'] denied_parameters = { text = ['no'] } }");
      assertDenied(write(session, "notes/a", "{'text': 'no'}"));
      assertThat(engine.calls).hasValue(0);
      assertThat(write(session, "notes/a", "{'text': 'yes'}").isFailure()).isFalse();
    }

    @Test
    void deniedParameter_thatIsAlsoMalformed_saysNothingAboutIt() {
      Session session = withPolicy(
          "path 'notes/*' { capabilities = ['update'] allowed_parameters = { text = ['yes'] } }");
      assertDenied(write(session, "notes/a", "{'text': ['no']}"));
      assertDenied(write(session, "notes/a", "{'text': {}}"));
    }

    @Test
    void readsAndPatches_areConstrainedToo() {
      Session session = withPolicy(
          "path 'notes/*' { capabilities = ['read', 'delete'] required_parameters = ['reason'] }");
      notes("a");
      assertDenied(session.request(Request.read("notes/a")));
      assertThat(
              session.request(Request.read("notes/a").with("reason", "audit")).isFailure())
          .isFalse();
      assertThat(session.request(Request.delete("notes/a")).isFailure()).isFalse();
    }

    @DisplayName("A-7 a denied name is denied in every spelling that is folded to it")
    @ParameterizedTest
    @ValueSource(strings = {"['Admin']", "['x', ' ADMIN ']", "'aDMIN'", "['Ops-eu']"})
    void deniedPolicy_otherSpelling_isDenied(String policies) {
      Session session = withPolicy(
          "path 'auth/token/create' { capabilities = ['update', 'sudo'] denied_parameters = { policies = ['admin', 'OPS-*'] } }");

      assertDenied(write(session, "auth/token/create", "{'policies': " + policies + "}"));
    }

    @Test
    void pathWithoutARoute_isDeniedAsWell() {
      Session session =
          withPolicy("path 'nowhere/*' { capabilities = ['read'] required_parameters = ['x'] }");
      assertDenied(session.request(Request.read("nowhere/a")));
      assertThat(session.request(Request.read("nowhere/a").with("x", 1)).failure())
          .contains(ErrorCode.NOT_FOUND);
    }

    @DisplayName("A-7 a denied lifetime is denied in every spelling that the engine reads as it")
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'ttl': '1000h'}",
          "{'ttl': 3600000}",
          "{'ttl': '3600000'}",
          "{'ttl': '3600000s'}",
          "{'ttl': '999h60m'}",
          "{'ttl': ['1000h']}",
          "{'TTL': '1000h'}",
          "{'ttl': '1h', 'Ttl': '1000h'}",
          "{'ttl': {'1000h': 1}}",
        })
    void deniedLifetime_otherSpelling_isDenied(String body) {
      Session session = withPolicy(
          "path 'auth/token/create' { capabilities = ['update'] denied_parameters = { ttl = ['1000h'] } }");
      assertDenied(write(session, "auth/token/create", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'ttl': '1h'}", "{'ttl': 3600}", "{}", "{'ttl': null}"})
    void deniedLifetime_anotherOne_isNot(String body) {
      Session session = withPolicy(
          "path 'auth/token/create' { capabilities = ['update'] denied_parameters = { ttl = ['1000h'] } }");
      assertThat(write(session, "auth/token/create", body).isFailure()).isFalse();
    }

    @Test
    @DisplayName("A-7 an allowed pattern does not open the rest of a list")
    void allowedText_thatBecomesAList_isLookedAtPartByPart() {
      Session session = withPolicy(
          "path 'sys/capabilities-self' { capabilities = ['update'] allowed_parameters = { paths = ['secret/*'] } }");
      String path = "sys/capabilities-self";
      assertThat(write(session, path, "{'paths': 'secret/a, secret/b'}").isFailure())
          .isFalse();
      assertDenied(write(session, path, "{'paths': 'secret/a,sys/raw'}"));
      assertDenied(write(session, path, "{'paths': ['secret/a']}"));
      assertDenied(write(session, path, "{'path': 'secret/a'}"));
    }

    @Test
    void flag_anyWordForIt_isTheSame() {
      Session session = withPolicy(
          "path 'auth/token/create' { capabilities = ['update'] denied_parameters = { no_default_policy = [true] } }");
      for (String word : new String[] {"true", "'true'", "'t'", "1", "'1'"}) {
        assertDenied(write(session, "auth/token/create", "{'no_default_policy': " + word + "}"));
      }
      assertThat(
              write(session, "auth/token/create", "{'no_default_policy': 'f'}").isFailure())
          .isFalse();
    }
  }

  @Test
  @DisplayName("W-3 a rule that demands wrapping denies what does not ask for it")
  void wrappingDemanded_nobodyCanAsk_isDenied() {
    notes("a");
    assertDenied(withPolicy("path 'notes/*' { capabilities = ['read'] max_wrapping_ttl = '1h' }")
        .request(Request.read("notes/a")));
    assertDenied(withPolicy("path 'notes/*' { capabilities = ['list'] min_wrapping_ttl = '1s' }")
        .request(Request.list("notes")));
  }

  @Test
  void limitThatTheVaultAdds_isNotHeldAgainstTheCaller() {
    notes("a", "b");
    Session session = withPolicy("path 'notes/' { capabilities = ['list'] pagination_limit = 1 }");
    assertThat(session.request(Request.list("notes")).warnings()).isEmpty();
    assertThat(session.request(Request.list("notes").with("limit", "max")).warnings())
        .containsExactly("Endpoint ignored these unrecognized parameters: [limit]");
    assertDenied(session.request(Request.list("notes").with("limit", 2)));
  }

  @Nested
  class Filter {
    private static final String LISTING =
        "path 'notes/x/' { capabilities = ['list'] list_scan_response_keys_filter_path = 'notes/{{ .key }}' }\n";

    private Response list(String rules) {
      return withPolicy(LISTING + rules).request(Request.list("notes/x"));
    }

    @Test
    void keys_thatMayNotBeRead_areLeftOut() {
      notes("x/a", "x/b", "x/c/d", "x/e/f");
      Response response = list("""
          path 'notes/a'  { capabilities = ['read'] }
          path 'notes/b'  { capabilities = ['list', 'update'] }
          path 'notes/c/' { capabilities = ['list'] }
          path 'notes/e/' { capabilities = ['read'] }
          """);
      assertThat(response.dataOrEmpty().texts("keys")).containsExactly("a", "c/");
    }

    @Test
    void nothingLeft_isNotFound() {
      notes("x/a");
      Response response = list("");
      assertThat(response.failure()).contains(ErrorCode.NOT_FOUND);
      assertThat(response.errors()).isEmpty();
      assertThat(response.data()).isEmpty();
    }

    @Test
    void nothingThere_isNotFound() {
      assertThat(list("").failure()).contains(ErrorCode.NOT_FOUND);
    }

    @Test
    void keyBehindSudo_needsIt() {
      notes("x/sudo");
      assertThat(list("path 'notes/sudo' { capabilities = ['read'] }").failure())
          .contains(ErrorCode.NOT_FOUND);
      assertThat(list("path 'notes/sudo' { capabilities = ['read', 'sudo'] }")
              .dataOrEmpty()
              .texts("keys"))
          .containsExactly("sudo");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "required_parameters = ['reason']",
          "min_wrapping_ttl = 60",
        })
    void keyWithConstraints_isReadWithoutParametersAndWrapping(String constraint) {
      notes("x/a");
      assertThat(list("path 'notes/a' { capabilities = ['read'] " + constraint + " }")
              .failure())
          .contains(ErrorCode.NOT_FOUND);
    }

    @Test
    void templateThatYieldsNoPath_leavesTheKeyOut() {
      notes("x/a");
      Session session = withPolicy(
          "path 'notes/x/' { capabilities = ['list'] list_scan_response_keys_filter_path = 'notes/../{{ .key }}' }\n"
              + "path '*' { capabilities = ['read'] }");
      assertThat(session.request(Request.list("notes/x")).failure()).contains(ErrorCode.NOT_FOUND);
    }

    @Test
    void answerWithMoreThanKeys_isKeptBack() {
      Session session = withPolicy(
          "path 'notes/more/' { capabilities = ['list'] list_scan_response_keys_filter_path = 'notes/{{ .key }}' }\n"
              + "path 'notes/*' { capabilities = ['read'] }");
      Response response = session.request(Request.list("notes/more"));
      assertThat(response.failure()).contains(ErrorCode.INTERNAL);
      assertThat(response.errors()).containsExactly("internal error");
      assertThat(response.data()).isEmpty();
    }

    @Test
    void root_seesAll() {
      notes("x/a", "x/b");
      list("");
      assertThat(vault.root().request(Request.list("notes/x")).dataOrEmpty().texts("keys"))
          .containsExactly("a", "b");
    }
  }
}
