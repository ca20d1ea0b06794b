package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accessors, tidying, and what tokens may do. */
class TokenRightsTest {
  private final InMemoryVault vault = Vault.inMemory();
  private final Tokens root = Tokens.of(vault.root());

  TokenRightsTest() {
    Policies.of(vault.root()).put("app", """
            path "a"     { capabilities = ["update", "read"] }
            path "b/*"   { capabilities = ["sudo", "list", "create"] }
            path "b/c"   { capabilities = ["deny"] }
            path "sys/capabilities-self" { capabilities = ["update"] }
            """);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Auth app() {
    return root.create(TokenRequest.of("app"));
  }

  private static ClientToken token(Auth auth) {
    return auth.token().orElseThrow();
  }

  private Session session(Auth auth) {
    return vault.vault().session(token(auth));
  }

  @Test
  void capabilities_areTheSame_whoeverAsks() {
    Auth app = app();
    Map<String, List<String>> expected = Map.of(
        "a", List.of("read", "update"),
        "b/x", List.of("create", "list", "sudo"),
        "b/c", List.of("deny"),
        "nowhere", List.of("deny"));
    String[] paths = expected.keySet().toArray(String[]::new);

    assertThat(Tokens.of(session(app)).capabilities(paths)).isEqualTo(expected);
    assertThat(root.capabilitiesOf(token(app), paths)).isEqualTo(expected);
    assertThat(root.capabilitiesOfAccessor(app.accessor(), paths)).isEqualTo(expected);
    assertThat(root.capabilities("a")).isEqualTo(Map.of("a", List.of("root")));
  }

  @Test
  void capabilities_ofABatchToken_areItsOwn() {
    Auth batch = root.create(TokenRequest.of("app").asBatch());

    assertThat(root.capabilitiesOf(token(batch), "b/c")).isEqualTo(Map.of("b/c", List.of("deny")));
  }

  static Stream<Arguments> refusedQuestions() {
    String huge = "x".repeat(1 << 20);
    return Stream.of(
        Arguments.of("capabilities-self", Map.of(), "paths must be supplied"),
        Arguments.of("capabilities-self", Map.of("paths", List.of()), "paths must be supplied"),
        Arguments.of("capabilities-self", Map.of("paths", List.of("")), "paths must be supplied"),
        Arguments.of("capabilities-self", Map.of("path", huge), "at most 4096 characters"),
        Arguments.of(
            "capabilities-self",
            Map.of("paths", Collections.nCopies(1_001, "a")),
            "at most 1000 paths"),
        Arguments.of("capabilities", Map.of(), "paths must be supplied"),
        Arguments.of("capabilities", Map.of("path", "a"), "no token found"),
        Arguments.of("capabilities", Map.of("path", "a", "token", "s.other"), "invalid token"),
        Arguments.of("capabilities", Map.of("path", "a", "token", huge), "invalid token"),
        Arguments.of("capabilities", Map.of("path", "a", "token", "b.AAAA"), "invalid token"),
        Arguments.of("capabilities-accessor", Map.of("path", "a"), "missing accessor"),
        Arguments.of(
            "capabilities-accessor", Map.of("path", "a", "accessor", "x"), "invalid accessor"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("refusedQuestions")
  void capabilities_askedWrongly_isRefused(String path, Map<String, ?> members, String text) {
    Response response = vault.root().request(Request.write("sys/" + path, members));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).singleElement().asString().contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"capabilities", "capabilities-accessor"})
  void capabilities_ofOthers_needARight(String path) {
    Auth app = app();
    Request request = Request.write(
        "sys/" + path,
        Map.of("path", "a", "token", token(app).exposeText(), "accessor", app.accessor()));

    assertThat(session(app).request(request).failure()).contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void accessors_nameValidServiceTokensOnly() {
    Auth live = app();
    Auth parent = root.create(TokenRequest.of("root"));
    Auth child = Tokens.of(session(parent)).create(TokenRequest.of("app"));
    Auth expired = root.create(TokenRequest.of("app").withTtl(Duration.ofMinutes(1)));
    root.create(TokenRequest.of("app").asBatch());
    vault.time().advance(Duration.ofMinutes(1));
    root.revoke(token(parent));

    assertThat(root.accessors())
        .isSorted()
        .contains(live.accessor(), root.lookupSelf().accessor())
        .doesNotContain(child.accessor(), parent.accessor(), expired.accessor(), "")
        .hasSize(2);
  }

  @Test
  void accessors_withoutSudo_areDenied() {
    Policies.of(vault.root())
        .put("lister", "path \"auth/token/*\" { capabilities = [\"list\", \"read\"] }");
    Auth lister = root.create(TokenRequest.of("lister"));

    assertThat(session(lister).request(Request.list("auth/token/accessors")).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void tidy_twice_saysThatItIsUnderWay_andLeavesTokensAlone() {
    Auth app = app();
    Request tidy = Request.write("auth/token/tidy", Map.of());

    assertThat(vault.root().request(tidy).warnings())
        .singleElement()
        .asString()
        .startsWith("Tidy operation successfully started.");
    assertThat(vault.root().request(tidy).warnings())
        .containsExactly("Tidy operation already in progress.");
    vault.time().advance(Duration.ofMinutes(1));

    assertThat(root.lookup(token(app)).accessor()).isEqualTo(app.accessor());
    assertThat(vault.root().request(tidy).warnings().get(0))
        .startsWith("Tidy operation successfully started.");
  }

  static Stream<Arguments> tooMuch() {
    String huge = "x".repeat(1 << 20);
    return Stream.of(
        Arguments.of("policies", List.of(huge), "'policies'"),
        Arguments.of("policies", Collections.nCopies(4_001, "a"), "'policies'"),
        Arguments.of("meta", Map.of("a", huge), "meta"),
        Arguments.of(
            "meta",
            IntStream.range(0, 257).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "")),
            "meta has at most 256 pairs"),
        Arguments.of("display_name", huge, "display_name"),
        Arguments.of("id", huge, "custom token ID"),
        Arguments.of("type", huge, "'token_type'"),
        Arguments.of("ttl", huge, "\"ttl\""),
        Arguments.of("num_uses", -1, "number of uses cannot be negative"),
        Arguments.of("num_uses", 1L << 40, "number of uses is at most"),
        Arguments.of("entity_alias", huge, "'entity_alias'"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("tooMuch")
  void create_withTooMuch_isRefused(String field, Object value, String text) {
    int before = root.accessors().size();

    Response response =
        vault.root().request(Request.write("auth/token/create", Map.of(field, value)));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).singleElement().asString().contains(text).hasSizeLessThan(300);
    assertThat(root.accessors()).hasSize(before);
  }

  @ParameterizedTest(name = "T-13 chosen id [{0}]")
  @ValueSource(
      strings = {"root", "7-chars", "with a blank", "s.chosen-id", "hvs.chosen-id", "a.chosen"})
  void create_withAChosenIdThatIsShortOrReserved_isRefused(String id) {
    Response response = vault.root().request(Request.write("auth/token/create", Map.of("id", id)));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).singleElement().asString().startsWith("custom token ID ");
  }

  @Test
  void create_withAChosenIdThatIsThereAlready_isRefused() {
    Request create = Request.write("auth/token/create", Map.of("id", "8-chars-"));

    assertThat(vault.root().request(create).isFailure()).isFalse();
    assertThat(vault.root().request(create).failure()).contains(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void create_withAShortIdWhereTheHostAllowsIt_isThatToken() {
    try (InMemoryVault dev = Vault.inMemory(VaultBuilder::allowGuessableTokenIds)) {
      Request create = Request.write("auth/token/create", Map.of("id", "x"));

      assertThat(
              dev.root().request(create).auth().orElseThrow().token().map(ClientToken::exposeText))
          .contains("x");
      assertThat(dev.root()
              .request(Request.write("auth/token/create", Map.of("id", "a b")))
              .errors())
          .singleElement()
          .asString()
          .contains("1 to 1,024 characters");
    }
  }
}
