package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Tokens.TokenInfo;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRolesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String ROLE = "auth/token/roles/r";

  private final InMemoryVault vault = Vault.inMemory();
  private final Tokens root = Tokens.of(vault.root());

  TokenRolesTest() {
    Policies.of(vault.root())
        .put("user", "path \"auth/token/*\" { capabilities = [\"update\", \"read\"] }");
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(Map<String, ? extends @Nullable Object> members) {
    return vault.root().request(Request.write(ROLE, members));
  }

  private Payload read() {
    return vault.root().request(Request.read(ROLE)).orThrow().dataOrEmpty();
  }

  private Response create(Map<String, ?> members) {
    return vault.root().request(Request.write("auth/token/create/r", members));
  }

  private static void assertRefused(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).singleElement().asString().contains(text);
  }

  @Test
  void role_written_isReadAsItWas() {
    TokenRole role = TokenRole.of("a", "b")
        .withAllowedPolicyGlobs("c-*")
        .withDisallowedPolicies("d")
        .withDisallowedPolicyGlobs("*e")
        .asOrphan()
        .notRenewable()
        .withPathSuffix("v1.2")
        .withPeriod(HOUR)
        .withExplicitMaxTtl(HOUR.multipliedBy(2))
        .withBoundCidrs(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1"))
        .withType(TokenTypeRule.SERVICE)
        .withNumUses(7)
        .withoutDefaultPolicy()
        .withEntityAliases("ann", "b*");

    root.putRole("r", role);

    assertThat(root.role("r")).contains(role);
    assertThat(root.roles()).containsExactly("r");
    root.putRole("r", TokenRole.of());
    assertThat(root.role("r")).contains(TokenRole.of());
    root.deleteRole("r");
    root.deleteRole("r");
    assertThat(root.role("r")).isEmpty();
    assertThat(root.roles()).isEmpty();
  }

  @Test
  void role_givenAgain_changesOnlyWhatIsGiven() {
    write(Map.of("allowed_policies", "b, A", "token_period", "1h")).orThrow();

    write(Map.of("orphan", true)).orThrow();

    assertThat(read().texts("allowed_policies")).containsExactly("a", "b");
    assertThat(read().number("token_period").orElseThrow().longValue()).isEqualTo(3600);
    assertThat(read().flag("orphan")).contains(true);
  }

  @ParameterizedTest
  @CsvSource({
    "period, token_period",
    "explicit_max_ttl, token_explicit_max_ttl",
  })
  void oldName_isShownUnderBoth_andTheNewNameWins(String old, String name) {
    write(Map.of(old, "1h")).orThrow();
    assertThat(read().number(old).orElseThrow().longValue()).isEqualTo(3600);
    assertThat(read().number(name).orElseThrow().longValue()).isEqualTo(3600);

    Response both = write(Map.of(old, "2h", name, "3h"));
    assertThat(both.warnings())
        .containsExactly("Both '" + name + "' and deprecated '" + old
            + "' value supplied, ignoring the deprecated value");
    assertThat(read().number(old).orElseThrow().longValue()).isZero();
    assertThat(read().number(name).orElseThrow().longValue()).isEqualTo(10_800);
  }

  @Test
  void oldNameOfAddresses_isShownUnderBoth() {
    write(Map.of("bound_cidrs", "10.0.0.0/8,192.0.2.1/32")).orThrow();
    assertThat(read().texts("bound_cidrs")).containsExactly("10.0.0.0/8", "192.0.2.1");
    assertThat(read().texts("token_bound_cidrs")).containsExactly("10.0.0.0/8", "192.0.2.1");

    write(Map.of("token_bound_cidrs", List.of("::1"))).orThrow();
    assertThat(read().toMap()).doesNotContainKey("bound_cidrs");
    write(Map.of("token_bound_cidrs", List.of())).orThrow();
    assertThat(read().toMap()).doesNotContainKey("token_bound_cidrs");
  }

  static Stream<Arguments> refused() {
    String huge = "x".repeat(1 << 20);
    return Stream.of(
        Arguments.of("token_type", "other", "invalid 'token_type' value \"other\""),
        Arguments.of("token_type", null, "Invalid 'token_type' value: null"),
        Arguments.of("token_type", huge, "invalid 'token_type' value"),
        Arguments.of("path_suffix", "a", "must match \\w[\\w-.]+\\w"),
        Arguments.of("path_suffix", "--", "must match \\w[\\w-.]+\\w"),
        Arguments.of("path_suffix", "abc..def", "path cannot contain parent references"),
        Arguments.of("path_suffix", "abc//def", "error registering path suffix"),
        Arguments.of("path_suffix", "/abc", "error registering path suffix"),
        Arguments.of("path_suffix", huge, "at most 256 characters"),
        Arguments.of("token_period", -1, "\"token_period\": cannot provide negative value '-1'"),
        Arguments.of("period", "-1h", "\"period\": cannot provide negative value"),
        Arguments.of("token_period", "soon", "\"token_period\""),
        Arguments.of("token_explicit_max_ttl", -1, "\"token_explicit_max_ttl\""),
        Arguments.of("explicit_max_ttl", -1, "\"explicit_max_ttl\""),
        Arguments.of("token_explicit_max_ttl", huge, "\"token_explicit_max_ttl\""),
        Arguments.of("token_num_uses", -1, "'token_num_uses' cannot be negative"),
        Arguments.of("token_num_uses", 1L << 40, "'token_num_uses' is at most"),
        Arguments.of("token_num_uses", "many", "\"token_num_uses\""),
        Arguments.of("orphan", "perhaps", "\"orphan\""),
        Arguments.of("renewable", List.of(1), "\"renewable\""),
        Arguments.of("token_no_default_policy", "x", "\"token_no_default_policy\""),
        Arguments.of("token_bound_cidrs", "10.0.0.256", "error parsing token_bound_cidrs"),
        Arguments.of("bound_cidrs", "host.example", "error parsing bound_cidrs"),
        Arguments.of("token_bound_cidrs", "fe80::1%1", "error parsing token_bound_cidrs"),
        Arguments.of("allowed_policies", huge, "'allowed_policies': policy names have at most"),
        Arguments.of("allowed_policies", "a\u0000", "printable characters"),
        Arguments.of(
            "allowed_policies", "response-wrapping", "cannot assign policy \"response-wrapping\""),
        Arguments.of("disallowed_policies", huge, "'disallowed_policies'"),
        Arguments.of("allowed_policies_glob", "x,".repeat(2_000), "at most 1000 elements"),
        Arguments.of("disallowed_policies_glob", huge, "'disallowed_policies_glob'"),
        Arguments.of("allowed_entity_aliases", huge, "'allowed_entity_aliases'"),
        Arguments.of("allowed_policies", Map.of("a", 1), "\"allowed_policies\""));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("refused")
  void role_withABadField_isRefusedAndNotStored(String field, @Nullable Object value, String text) {
    Map<String, @Nullable Object> members = new HashMap<>();
    members.put(field, value);
    members.put("token_no_default_policy", field.equals("token_no_default_policy") ? value : true);

    Response response = write(members);

    assertRefused(response, text);
    assertThat(response.errors().get(0)).hasSizeLessThan(300);
    assertThat(root.role("r")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "orphan, false, non-orphan tokens",
    "token_period, 1h, periodic tokens",
    "period, 1h, periodic tokens",
    "renewable, true, renewable tokens",
    "token_explicit_max_ttl, 1h, tokens with an explicit max TTL",
    "token_num_uses, 2, tokens with limited use count",
  })
  void batchRole_withWhatBatchTokensCannotHave_isRefused(String field, String value, String what) {
    Map<String, Object> members =
        new HashMap<>(Map.of("token_type", "batch", "orphan", true, "renewable", false));
    members.put(field, value);

    assertRefused(
        write(members), "'token_type' cannot be 'batch' when role is set to generate " + what);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a", "a-", "a.", "ä", "a b", "a/b"})
  void role_nameThatIsNone_isNoPath(String name) {
    Response response = vault.root().request(Request.write("auth/token/roles/" + name, Map.of()));

    assertThat(response.failure()).contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void role_createAndUpdate_areRightsOfTheirOwn() {
    Policies.of(vault.root())
        .put("updater", "path \"auth/token/roles/*\" { capabilities = [\"update\"] }");
    Session updater =
        vault.vault().session(root.create(TokenRequest.of("updater")).token().orElseThrow());

    assertThat(updater.request(Request.write(ROLE, Map.of())).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    root.putRole("r", TokenRole.of());
    assertThat(updater.request(Request.write(ROLE, Map.of())).isFailure()).isFalse();
  }

  @Test
  void role_longestLifetimeAboveTheMounts_warns() {
    assertThat(write(Map.of("token_explicit_max_ttl", "800h")).warnings())
        .singleElement()
        .asString()
        .startsWith(
            "Given explicit max TTL of 2880000 is greater than system/mount allowed value of 2764800 seconds");
  }

  @Test
  void create_unknownRole_isRefused() {
    assertRefused(create(Map.of()), "unknown role r");
  }

  @Test
  void create_asTheRoleSays() {
    root.putRole(
        "r",
        TokenRole.of("a")
            .asOrphan()
            .notRenewable()
            .withPathSuffix("v-1")
            .withPeriod(HOUR)
            .withNumUses(7)
            .withoutDefaultPolicy());

    Auth auth = root.create(TokenRequest.of().withRole("r"));

    assertThat(auth.policies()).containsExactly("a");
    assertThat(auth.orphan()).isTrue();
    assertThat(auth.renewable()).isFalse();
    assertThat(auth.ttl()).isEqualTo(HOUR);
    assertThat(auth.numUses()).isEqualTo(7);
    TokenInfo info = root.lookup(auth.token().orElseThrow());
    assertThat(info.path()).isEqualTo("auth/token/create/r/v-1");
    assertThat(info.role()).contains("r");
    assertThat(info.period()).isEqualTo(Duration.ZERO); // what the request carried
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "5, 0, 5", "0, 3, 3", "5, 3, 3", "3, 5, 3"})
  void create_uses_areTheSmallerNumber(int ofRole, int asked, int expected) {
    root.putRole("r", TokenRole.of("a").withNumUses(ofRole));

    assertThat(root.create(TokenRequest.of().withRole("r").withNumUses(asked)).numUses())
        .isEqualTo(expected);
  }

  @Test
  void create_periodAndMaximumTwice_takesTheLesserAndWarns() {
    root.putRole("r", TokenRole.of("a").withPeriod(HOUR).withExplicitMaxTtl(HOUR.multipliedBy(3)));

    Response response = create(Map.of("period", "2h", "explicit_max_ttl", "2h"));

    assertThat(response.auth().orElseThrow().ttl()).isEqualTo(HOUR);
    assertThat(response.warnings())
        .contains(
            "Period specified both during creation call and in role; using the lesser value of 3600 seconds",
            "Explicit max TTL specified both during creation call and in role; using the lesser value of 7200 seconds");
  }

  @ParameterizedTest
  @CsvSource({
    "service, batch, SERVICE",
    "service, '', SERVICE",
    "default-service, '', SERVICE",
    "default-service, batch, BATCH",
    "default-batch, '', BATCH",
    "default-batch, service, SERVICE",
    "service, nonsense, SERVICE",
  })
  void create_type_isTheRolesOrWhatWasAsked(String rule, String asked, TokenType expected) {
    write(Map.of("token_type", rule, "allowed_policies", "a")).orThrow();

    assertThat(create(Map.of("type", asked)).orThrow().auth().orElseThrow().type())
        .isEqualTo(expected);
  }

  @Test
  void create_typeThatIsNone_isRefused() {
    root.putRole("r", TokenRole.of("a"));

    assertRefused(create(Map.of("type", "other")), "invalid 'token_type' value");
  }

  @Test
  void entityAlias_isMadeOnceAndFoundAgain() {
    root.putRole("r", TokenRole.of("a").withEntityAliases("ann", "team-*"));

    Auth first = root.create(TokenRequest.of().withRole("r").withEntityAlias("Ann"));
    Auth second = root.create(TokenRequest.of().withRole("r").withEntityAlias("Ann"));
    Auth team = root.create(TokenRequest.of().withRole("r").withEntityAlias("TEAM-x"));

    assertThat(first.entityId()).isPresent().isEqualTo(second.entityId());
    assertThat(team.entityId()).isPresent().isNotEqualTo(first.entityId());
    assertRefused(create(Map.of("entity_alias", "bob")), "invalid 'entity_alias' value");
    vault
        .root()
        .request(Request.write(
            "identity/entity/id/" + first.entityId().orElseThrow(), Map.of("disabled", true)))
        .orThrow();
    Response disabled = create(Map.of("entity_alias", "Ann"));
    assertThat(disabled.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(disabled.errors()).containsExactly("entity from given entity alias is disabled");
  }

  @Test
  void entityAlias_withoutARole_isRefused() {
    assertRefused(
        vault.root().request(Request.write("auth/token/create", Map.of("entity_alias", "ann"))),
        "'entity_alias' is only allowed in combination with token role");
  }

  @Test
  void renewal_followsTheRoleAsItIsNow() {
    root.putRole("r", TokenRole.of("a").withPeriod(HOUR));
    Auth auth = root.create(TokenRequest.of().withRole("r"));
    ClientToken token = auth.token().orElseThrow();

    root.putRole("r", TokenRole.of("a").withPeriod(HOUR.multipliedBy(2)));
    assertThat(root.renew(token, Duration.ZERO).ttl()).isEqualTo(HOUR.multipliedBy(2));
    root.putRole("r", TokenRole.of("a").withPeriod(HOUR).withExplicitMaxTtl(HOUR.dividedBy(2)));
    assertThat(root.renew(token, Duration.ZERO).ttl()).isEqualTo(HOUR.dividedBy(2));

    root.deleteRole("r");
    assertRefused(
        vault
            .root()
            .request(Request.write("auth/token/renew", Map.of("token", token.exposeText()))),
        "original token role \"r\" could not be found, not renewing");
    assertThat(root.lookup(token).role()).contains("r");
  }

  @Test
  void renewal_maximumOfTheRequest_holdsThoughTheRoleHasNone() {
    root.putRole("r", TokenRole.of("a"));
    ClientToken token = root.create(TokenRequest.of().withRole("r").withExplicitMaxTtl(HOUR))
        .token()
        .orElseThrow();

    vault.time().advance(HOUR.dividedBy(2));

    assertThat(root.renew(token, HOUR).ttl()).isEqualTo(HOUR.dividedBy(2));
  }
}
