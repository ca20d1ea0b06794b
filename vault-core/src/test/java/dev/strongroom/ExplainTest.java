package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.PolicyExplanation.Block;
import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.PolicyExplanation.Near;
import dev.strongroom.PolicyExplanation.Rule;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators are told about decisions. Policies have single quotes. */
class ExplainTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(new NotesEngine())));
  private final Policies policies = Policies.of(vault.root());

  @AfterEach
  void close() {
    vault.close();
  }

  private void policy(String name, String text) {
    policies.put(name, text.replace('\'', '"'));
  }

  private PolicyExplanation explain(Operation operation, String path, String... names) {
    return policies.explainForPolicies(List.of(names), operation, path, Map.of());
  }

  private static Set<Missing.Kind> kinds(PolicyExplanation explanation) {
    return explanation.missing().stream().map(Missing::kind).collect(Collectors.toSet());
  }

  @Test
  void explain_mergedRule_namesEveryBlockOfEveryPolicy() {
    policy("a", "\npath 'notes/x' { capabilities = ['read'] }\npath 'notes/x' { policy = 'read' }");
    policy("b", "path 'notes/x' { capabilities = ['update'] }");
    PolicyExplanation explanation = explain(Operation.READ, "notes/x", "b", "a");
    assertThat(explanation.isAllowed()).isTrue();
    assertThat(explanation.decidedBy())
        .contains(new Rule(
            "notes/x",
            List.of("list", "read", "update"),
            List.of(
                new Block("a", 2, List.of("read")),
                new Block("a", 3, List.of("list", "read")),
                new Block("b", 1, List.of("update")))));
  }

  @Test
  void explain_ruleThatAgreesInWildcardsOnly_isNotNear() {
    policy(
        "a", "path 'cubbyhole/*' { capabilities = ['read'] }\npath 'note/*' { policy = 'read' }");
    assertThat(explain(Operation.READ, "notes/x/y", "a").near())
        .containsExactly(new Near(
            new Rule(
                "note/*",
                List.of("list", "read"),
                List.of(new Block("a", 2, List.of("list", "read")))),
            "has \"note\" instead of \"notes\""));
  }

  @Test
  void explain_denial_isTheCapabilityThatIsMissing() {
    policy("a", "path 'notes/*' { capabilities = ['read'] }");
    policy("b", "path 'notes/x' { capabilities = ['deny'] }");
    PolicyExplanation explanation = explain(Operation.READ, "notes/x", "a", "b");
    assertThat(explanation.missing())
        .containsExactly(new Missing(Missing.Kind.CAPABILITY, "the rule denies everything"));
    assertThat(explanation.near())
        .containsExactly(new Near(
            new Rule("notes/*", List.of("read"), List.of(new Block("a", 1, List.of("read")))),
            "matches, too, but is less specific"));
  }

  @Test
  void explain_pathThatNeedsSudo_isKnownFromItsRoute() {
    policy("a", "path 'sys/policies/explain' { capabilities = ['update'] }");
    assertThat(kinds(explain(Operation.UPDATE, "sys/policies/explain", "a")))
        .containsExactly(Missing.Kind.SUDO);
  }

  @Test
  void explain_parameters_areReadAsTheRouteReadsThem() {
    policy(
        "a",
        "path 'sys/policies/acl/x' { capabilities = ['update'] denied_parameters = { ttl = ['60'] } }");
    PolicyExplanation explanation = policies.explainForPolicies(
        List.of("a"), Operation.UPDATE, "sys/policies/acl/x", Map.of("ttl", "1m"));
    assertThat(explanation.missing())
        .containsExactly(
            new Missing(Missing.Kind.PARAMETERS, "parameter \"ttl\" is denied, or its value is"));
  }

  @Test
  void explain_listBeyondThePageLimit_saysTheLimit() {
    policy("a", "path 'notes/' { capabilities = ['list'] pagination_limit = 7 }");
    PolicyExplanation explanation =
        policies.explainForPolicies(List.of("a"), Operation.LIST, "notes", Map.of("limit", 8));
    assertThat(explanation.path()).isEqualTo("notes/");
    assertThat(kinds(explanation)).containsExactly(Missing.Kind.PAGE_LIMIT);
  }

  @Test
  void explain_placeholderOfADenialWithoutValue_closesThePath() {
    policy(
        "a",
        "path 'notes/*' { capabilities = ['read'] }\n"
            + "path 'notes/{{identity.entity.name}}/x' { capabilities = ['deny'] }");
    PolicyExplanation explanation = explain(Operation.READ, "notes/y", "a");
    assertThat(kinds(explanation)).containsExactly(Missing.Kind.CAPABILITY);
    assertThat(explanation.decidedBy().orElseThrow().blocks())
        .containsExactly(new Block("a", 2, List.of("deny")));
  }

  @Test
  void explain_ofTheSessionItself_isTheDefault() {
    PolicyExplanation explanation = policies.explain(Operation.DELETE, "notes/x", Map.of());
    assertThat(explanation.isAllowed()).isTrue();
    assertThat(explanation.decidedBy().orElseThrow().blocks())
        .extracting(Block::policy)
        .containsExactly("root");
  }

  @Test
  void explain_ofATokensAccessor_usesItsPolicies() {
    policy("a", "path 'notes/x' { capabilities = ['read'] }");
    String accessor = Tokens.of(vault.root()).create(TokenRequest.of("a")).accessor();
    assertThat(policies
            .explainForToken(accessor, Operation.READ, "notes/x", Map.of())
            .isAllowed())
        .isTrue();
    assertThat(kinds(policies.explainForToken(accessor, Operation.READ, "notes/z", Map.of())))
        .containsExactly(Missing.Kind.RULE);
    assertRefused(Map.of("operation", "read", "path", "x", "accessor", "none"));
  }

  private void assertRefused(Map<String, ?> members) {
    assertThat(
            vault.root().request(Request.write("sys/policies/explain", members)).failure())
        .contains(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void explain_wrongQuestion_isRefused() {
    assertRefused(Map.of("path", "x"));
    assertRefused(Map.of("operation", "help", "path", "x"));
    assertRefused(Map.of("operation", "READ", "path", "x"));
    assertRefused(Map.of("operation", "read"));
    assertRefused(Map.of("operation", "read", "path", "a//b"));
    assertRefused(Map.of("operation", "update", "path", "a/"));
    assertRefused(Map.of("operation", "read", "path", "a", "policies", "a", "accessor", "b"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "path 'sys/*' { capabilities = ['read', 'update', 'list'] }",
        "path 'sys/policies/explain' { capabilities = ['sudo', 'read'] }",
        "path 'other' { capabilities = ['read'] }"
      })
  void explain_callerWhoIsNoOperator_learnsNothing(String text) {
    policy("a", text);
    Policies callers = Policies.of(vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("a")).token().orElseThrow()));
    assertThatThrownBy(() -> callers.explain(Operation.READ, "sys/policies/acl/a", Map.of()))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessage("permission denied");
  }

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  /** The one property that counts: it says what happens. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void explain_anyPoliciesAndRequest_agreesWithWhatIsDecided(long seed) {
    Random random = new Random(seed);
    policy("a", randomPolicy(random));
    policy("b", randomPolicy(random));
    Session caller = vault
        .vault()
        .session(
            Tokens.of(vault.root()).create(TokenRequest.of("a", "b")).token().orElseThrow());
    Set<Boolean> seen = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      Operation operation = pick(random, Operation.READ, Operation.LIST, Operation.DELETE);
      Map<String, ?> parameters = random.nextBoolean() ? Map.of() : Map.of("limit", 3);
      String path = randomPath(random).replace("+", "x").replace("*", "y");
      PolicyExplanation explanation =
          policies.explainForPolicies(List.of("a", "b"), operation, path, parameters);
      boolean denied = caller
          .request(Request.of(operation, VaultPath.parse(path), Payload.of(parameters)))
          .failure()
          .filter(ErrorCode.PERMISSION_DENIED::equals)
          .isPresent();
      assertThat(explanation.isAllowed()).as("%s", explanation).isEqualTo(!denied);
      seen.add(denied);
    }
    assertThat(seen).hasSize(2);
  }

  private static String randomPolicy(Random random) {
    List<String> blocks = new ArrayList<>(List.of("path 'notes/*' { policy = 'write' }"));
    for (int i = 0; i < 12; i++) {
      blocks.add("path '%s' { capabilities = [%s] %s }"
          .formatted(
              randomPath(random),
              pick(random, "'read'", "'list'", "'read', 'list', 'delete'", "'deny'", ""),
              pick(
                  random,
                  "",
                  "",
                  "required_parameters = ['limit']",
                  "allowed_parameters = { limit = [4] }",
                  "pagination_limit = 2",
                  "min_wrapping_ttl = '1m'")));
    }
    return String.join("\n", blocks);
  }

  private static String randomPath(Random random) {
    String path = "notes/" + pick(random, "a", "b", "+") + "/" + pick(random, "a", "b", "+");
    return path + pick(random, "", "", "/a", "/b*").replace(path.endsWith("+") ? "/b*" : "", "");
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
