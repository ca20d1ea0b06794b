package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Tokens.TokenInfo;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTokensTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Request SELF = Request.read("auth/token/lookup-self");

  private final TrustingMethod method = new TrustingMethod();
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.auth("house", method));
  private final Tokens root = Tokens.of(vault.root());

  BatchTokensTest() {
    Policies.of(vault.root())
        .put("maker", "path \"auth/token/*\" { capabilities = [\"update\", \"read\"] }");
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private static ClientToken token(Auth auth) {
    return auth.token().orElseThrow();
  }

  private Session session(Auth auth) {
    return vault.vault().session(token(auth));
  }

  private boolean isValid(Auth auth) {
    return isValid(token(auth).exposeText());
  }

  private boolean isValid(String text) {
    Response response = vault.vault().session(ClientToken.parse(text)).request(SELF);
    if (response.isFailure()) {
      assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
      assertThat(response.errors()).containsExactly("permission denied");
    }
    return !response.isFailure();
  }

  private Auth parent() {
    return root.create(TokenRequest.of("maker", "default").withTtl(HOUR.multipliedBy(10)));
  }

  private Auth batchOf(Auth parent) {
    return Tokens.of(session(parent)).create(TokenRequest.of().asBatch().withTtl(HOUR));
  }

  private Auth orphan() {
    return root.create(TokenRequest.of("maker").asOrphan().asBatch().withTtl(HOUR));
  }

  private static void assertRefused(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(text);
  }

  @Test
  void batchToken_carriesWhatItWasMadeWith() {
    Auth auth = root.create(TokenRequest.of("maker")
        .asBatch()
        .withTtl(HOUR)
        .withDisplayName("job")
        .withMetadata(Map.of("team", "x")));

    assertThat(auth.type()).isEqualTo(TokenType.BATCH);
    assertThat(auth.accessor()).isEmpty();
    assertThat(auth.renewable()).isFalse();
    assertThat(auth.ttl()).isEqualTo(HOUR);
    assertThat(token(auth).exposeText()).startsWith("b.").matches("b\\.[A-Za-z0-9_-]+");
    TokenInfo self = Tokens.of(session(auth)).lookupSelf();
    assertThat(self.type()).isEqualTo(TokenType.BATCH);
    assertThat(self.accessor()).isEmpty();
    assertThat(self.policies()).containsExactly("default", "maker");
    assertThat(self.displayName()).isEqualTo("token-job");
    assertThat(self.metadata()).isEqualTo(Map.of("team", "x"));
    assertThat(self.orphan()).isFalse();
    assertThat(self.expiresAt()).contains(self.createdAt().plus(HOUR).plusNanos(nanos(self)));
    assertThat(root.lookup(token(auth))).isEqualTo(self);
  }

  private static long nanos(TokenInfo info) {
    return info.expiresAt().orElseThrow().getLong(ChronoField.NANO_OF_SECOND);
  }

  @Test
  void batchTokens_madeAlike_areDifferentTexts() {
    Auth parent = parent();

    assertThat(token(batchOf(parent)).exposeText())
        .isNotEqualTo(token(batchOf(parent)).exposeText());
  }

  @Test
  void batchToken_leavesNothingInTheStore() {
    List<String> before = root.accessors();

    batchOf(parent());

    assertThat(root.accessors()).hasSize(before.size() + 1); // the parent's
  }

  @Test
  void batchToken_anyCharacterChanged_isDenied() {
    String text = token(orphan()).exposeText();
    assertThat(isValid(text)).isTrue();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(isValid(text.substring(0, i) + other + text.substring(i + 1)))
          .as("character %s", i)
          .isFalse();
    }
  }

  @Test
  void batchToken_everyOtherLastCharacter_isDenied() {
    String text = token(orphan()).exposeText();
    String start = text.substring(0, text.length() - 1);
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        .chars()
        .mapToObj(Character::toString)
        .filter(last -> !text.endsWith(last))
        .forEach(last -> assertThat(isValid(start + last)).as(last).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.", "b.A", "b.====", "b.!!!", "b.AAAA", "b.s.AAAA", "b.AQ", "hvb.AAAA"})
  void batchToken_malformed_isDenied(String text) {
    assertThat(isValid(text)).isFalse();
    assertRefused(
        vault.root().request(Request.write("auth/token/renew", Map.of("token", text))),
        "token not found");
    assertThat(vault
            .root()
            .request(Request.write("auth/token/lookup", Map.of("token", text)))
            .errors())
        .containsExactly("bad token");
    assertThat(vault
            .root()
            .request(Request.write("auth/token/revoke", Map.of("token", text)))
            .isEmpty())
        .isTrue();
  }

  @Test
  void batchToken_cutOrLengthened_isDenied() {
    String text = token(orphan()).exposeText();
    for (int length = 2; length < text.length(); length += 3) {
      assertThat(isValid(text.substring(0, length))).isFalse();
    }
    assertThat(isValid(text + "A")).isFalse();
    assertThat(isValid(text + "=")).isFalse();
  }

  @Test
  void batchToken_ofAnotherVault_isDenied() {
    try (InMemoryVault other = Vault.inMemory()) {
      assertThat(other.vault().session(token(orphan())).request(SELF).failure())
          .contains(ErrorCode.PERMISSION_DENIED);
    }
  }

  @Test
  void batchToken_atTheSecondItExpires_isDenied() {
    Auth auth = orphan();
    Session session = session(auth);
    vault.time().advance(HOUR.minusMillis(1));
    assertThat(session.request(SELF).isFailure()).isFalse();
    vault.time().advance(Duration.ofMillis(1));
    assertThat(session.request(SELF).failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(isValid(auth)).isFalse();
  }

  @Test
  void batchToken_parentRevoked_endsWithIt() {
    Auth parent = parent();
    Auth batch = batchOf(parent);
    Session session = session(batch);
    assertThat(session.request(SELF).isFailure()).isFalse();

    root.revoke(token(parent));

    assertThat(session.request(SELF).failure()).contains(ErrorCode.PERMISSION_DENIED);
    vault.time().advance(Duration.ofMinutes(1));
    assertThat(isValid(batch)).isFalse();
  }

  @Test
  void batchToken_grandparentRevoked_endsWithIt() {
    Auth grandparent = parent();
    Auth parent = Tokens.of(session(grandparent)).create(TokenRequest.of());
    Auth batch = batchOf(parent);

    root.revoke(token(grandparent));

    assertThat(isValid(batch)).isFalse();
  }

  @Test
  void batchToken_parentRevokedAlone_endsToo_atOnceAndForGood() {
    Auth parent = parent();
    Auth batch = batchOf(parent);

    root.revokeOrphan(token(parent));

    assertThat(isValid(batch)).isFalse();
    vault.time().advance(Duration.ofMinutes(1));
    assertThat(isValid(batch)).isFalse();
  }

  @Test
  void batchToken_grandparentRevokedAlone_livesOn() {
    Auth grandparent = parent();
    Auth parent = Tokens.of(session(grandparent)).create(TokenRequest.of());
    Auth batch = batchOf(parent);

    root.revokeOrphan(token(grandparent));

    assertThat(isValid(batch)).isTrue();
    vault.time().advance(Duration.ofMinutes(1));
    assertThat(isValid(batch)).isTrue();
  }

  @Test
  void batchToken_parentExpired_endsWithIt() {
    Auth parent = root.create(TokenRequest.of("maker").withTtl(Duration.ofMinutes(1)));
    Auth batch = batchOf(parent);

    vault.time().advance(Duration.ofMinutes(1));

    assertThat(isValid(batch)).isFalse();
  }

  @Test
  void batchToken_ofALogin_endsWithItsEntityOrItsMount() {
    Auth first = login();
    Auth second = login();
    assertThat(first.type()).isEqualTo(TokenType.BATCH);
    assertThat(isValid(first)).isTrue();
    String entity = "identity/entity/id/" + first.entityId().orElseThrow();

    vault.root().request(Request.write(entity, Map.of("disabled", true))).orThrow();
    assertThat(isValid(first)).isFalse();
    vault.root().request(Request.write(entity, Map.of("disabled", false))).orThrow();
    assertThat(isValid(first)).isTrue();

    Session remembered = session(second);
    assertThat(remembered.request(SELF).isFailure()).isFalse();
    vault.root().request(Request.delete("sys/auth/house")).orThrow();
    assertThat(remembered.request(SELF).failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(isValid(first)).isFalse();
  }

  private Auth login() {
    return vault
        .vault()
        .session(ClientToken.parse("s.nobody"))
        .request(Request.write("auth/house/login/ann", Map.of("token_type", "batch")))
        .orThrow()
        .auth()
        .orElseThrow();
  }

  @Test
  void batchToken_acrossSealing_isValidUntilItExpires_aYearLater_not() {
    try (Vault sealable =
            Vault.builder().storage(InMemoryStorage.create()).time(vault.time()).open();
        InitialKeys keys = sealable.initialize(new KeyShares(1, 1))) {
      sealable.unseal(keys.shares().get(0));
      Tokens tokens = Tokens.of(sealable.session(keys.rootToken()));
      Session session =
          sealable.session(token(tokens.create(TokenRequest.of("default").asBatch())));
      assertThat(session.request(SELF).isFailure()).isFalse();
      sealable.seal();
      assertThat(session.request(SELF).failure()).contains(ErrorCode.SEALED);
      sealable.unseal(keys.shares().get(0));
      assertThat(session.request(SELF).isFailure()).isFalse();

      sealable.seal();
      vault.time().advance(Duration.ofDays(365));
      sealable.unseal(keys.shares().get(0));
      assertThat(session.request(SELF).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }
  }

  static Stream<Arguments> refusedRequests() {
    return Stream.of(
        Arguments.of("auth/token/renew-self", "batch tokens cannot be renewed"),
        Arguments.of("auth/token/revoke-self", "batch tokens cannot be revoked"),
        Arguments.of("auth/token/create", "batch tokens cannot create more tokens"),
        Arguments.of("auth/token/create-orphan", "batch tokens cannot create more tokens"));
  }

  @ParameterizedTest
  @MethodSource("refusedRequests")
  void batchToken_whatItCannotDo_isRefused(String path, String text) {
    assertRefused(session(orphan()).request(Request.write(path, Map.of())), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"renew", "revoke", "revoke-orphan"})
  void batchToken_asTheTarget_isRefused(String verb) {
    Request request =
        Request.write("auth/token/" + verb, Map.of("token", token(orphan()).exposeText()));

    assertRefused(
        vault.root().request(request),
        "batch tokens cannot be " + (verb.equals("renew") ? "renewed" : "revoked"));
  }

  static Stream<Arguments> refusedOptions() {
    return Stream.of(
        Arguments.of("explicit_max_ttl", "1h"),
        Arguments.of("num_uses", 2),
        Arguments.of("period", "1h"),
        Arguments.of("id", "my-own-token"));
  }

  @ParameterizedTest
  @MethodSource("refusedOptions")
  void create_batchWithWhatItCannotHave_isRefused(String field, Object value) {
    Request request = Request.write(
        "auth/token/create", Map.of("type", "batch", "policies", List.of("maker"), field, value));

    assertRefused(vault.root().request(request), "batch tokens cannot have \"" + field + "\" set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "Root", " ROOT "})
  void create_batchRoot_isRefused(String policy) {
    assertRefused(
        vault
            .root()
            .request(Request.write(
                "auth/token/create", Map.of("type", "batch", "policies", List.of(policy)))),
        "batch tokens cannot be root tokens");
  }

  @Test
  void create_batchWithTooMuchInIt_isRefused() {
    Response response = vault
        .root()
        .request(Request.write(
            "auth/token/create",
            Map.of(
                "type",
                "batch",
                "policies",
                List.of("maker"),
                "meta",
                Map.of("a", "x".repeat(4_000), "b", "x".repeat(4_000)))));

    assertThat(response.failure()).contains(ErrorCode.LIMIT_EXCEEDED);
    assertThat(response.errors().get(0)).contains("at most 7168 characters");
  }

  @Test
  void create_batchLongerThanTheMaximum_isCut() {
    Auth auth = root.create(TokenRequest.of("maker").asBatch().withTtl(Duration.ofDays(400)));

    assertThat(auth.ttl()).isEqualTo(Duration.ofDays(32));
  }

  @Test
  void role_withALongestLifetime_cutsItsBatchTokens() {
    root.putRole(
        "jobs",
        TokenRole.of("maker").withType(TokenTypeRule.DEFAULT_BATCH).withExplicitMaxTtl(HOUR));

    Auth auth = root.create(TokenRequest.of().withRole("jobs").withTtl(Duration.ofDays(1)));

    assertThat(auth.type()).isEqualTo(TokenType.BATCH);
    assertThat(auth.ttl()).isEqualTo(HOUR);
  }

  @Test
  void role_withUses_makesNoBatchToken() {
    root.putRole(
        "jobs", TokenRole.of("maker").withType(TokenTypeRule.DEFAULT_BATCH).withNumUses(3));

    assertRefused(
        vault.root().request(Request.write("auth/token/create/jobs", Map.of())),
        "batch tokens cannot have \"num_uses\" set");
  }
}
