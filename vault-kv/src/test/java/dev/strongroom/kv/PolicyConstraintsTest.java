package dev.strongroom.kv;

import static dev.strongroom.kv.TestMount.assertNothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints of policies on the paths of this engine. Texts have single quotes. */
class PolicyConstraintsTest {
  private static final String FILTER = "path 'secret/metadata/*' { capabilities = ['list', 'scan'] "
      + "list_scan_response_keys_filter_path = "
      + "'{{ .path | replace `secret/metadata/` `secret/data/` }}{{ .key }}' }\n";

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));

  @BeforeEach
  void writeSecrets() {
    KvStore store = KvStore.at(vault.root(), "secret");
    for (String path : new String[] {"apps/a", "apps/b", "apps/c", "apps/team/d", "apps/team/e"}) {
      store.put(path, Map.of("k", "v"));
    }
  }

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

  private static Response ask(
      Session session, Operation operation, String path, String parameters) {
    return session.request(
        Request.of(operation, VaultPath.parse(path), Payload.parse(parameters.replace('\'', '"'))));
  }

  private static Response list(Session session, String parameters) {
    return ask(session, Operation.LIST, "secret/metadata/apps", parameters);
  }

  @Test
  void list_withAPageLimit_isCutToIt() {
    Session session =
        withPolicy("path 'secret/metadata/*' { capabilities = ['list'] pagination_limit = 2 }");

    assertThat(list(session, "{}").dataOrEmpty().texts("keys")).containsExactly("a", "b");
    assertThat(list(session, "{'limit': 'max', 'after': 'b'}").dataOrEmpty().texts("keys"))
        .containsExactly("c", "team/");
    assertThat(list(session, "{'limit': '1'}").dataOrEmpty().texts("keys")).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "'3'", "-1", "'0x2'", "true", "'many'", "1e0"})
  void list_limitThatIsNotAllowed_isDenied(String limit) {
    Session session =
        withPolicy("path 'secret/metadata/*' { capabilities = ['list'] pagination_limit = 2 }");

    assertThat(list(session, "{'limit': " + limit + "}").failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void list_maxWithoutAPageLimit_isAll() {
    assertThat(list(vault.root(), "{'limit': 'max'}").dataOrEmpty().texts("keys"))
        .containsExactly("a", "b", "c", "team/");
  }

  @Test
  void list_withAFilter_showsWhatMayBeRead() {
    Session session = withPolicy(FILTER
        + "path 'secret/data/apps/a' { capabilities = ['read'] }\n"
        + "path 'secret/data/apps/c' { capabilities = ['update'] }\n"
        + "path 'secret/data/apps/team/*' { capabilities = ['list'] }\n");

    assertThat(list(session, "{}").dataOrEmpty().toMap())
        .isEqualTo(Map.of("keys", List.of("a", "team/")));
  }

  @Test
  void scan_withAFilter_showsWhatMayBeRead() {
    Session session =
        withPolicy(FILTER + "path 'secret/data/apps/+/e' { capabilities = ['read'] }");

    assertThat(ask(session, Operation.SCAN, "secret/metadata/apps", "{}")
            .dataOrEmpty()
            .texts("keys"))
        .containsExactly("team/e");
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"LIST", "SCAN"})
  void detailedList_withAFilter_hidesDetailsAsWell(Operation operation) {
    Session session = withPolicy(FILTER
            .replace("metadata/*", "detailed-metadata/*")
            .replace("`secret/metadata/`", "`secret/detailed-metadata/`")
        + "path 'secret/data/apps/b' { capabilities = ['read'] }");

    Payload data =
        ask(session, operation, "secret/detailed-metadata/apps", "{}").dataOrEmpty();

    assertThat(data.texts("keys")).containsExactly("b");
    assertThat(data.object("key_info").orElseThrow().toMap()).containsOnlyKeys("b");
  }

  @Test
  void list_nothingThatMayBeRead_isNotFound() {
    assertNothing(list(withPolicy(FILTER), "{}"));
  }

  @Test
  void list_limitedAndFiltered_filtersThePage() {
    Session session = withPolicy(FILTER.replace("'list', 'scan'] ", "'list'] pagination_limit = 2 ")
        + "path 'secret/data/apps/+' { capabilities = ['read'] }\n"
        + "path 'secret/data/apps/b' { capabilities = ['deny'] }");

    assertThat(list(session, "{}").dataOrEmpty().texts("keys")).containsExactly("a");
  }

  @Test
  void write_parameterRules_seeDataAndOptionsOnly() {
    Session session = withPolicy(
        "path 'secret/data/*' { capabilities = ['create', 'update'] allowed_parameters = { data = [] } }");

    assertThat(ask(session, Operation.UPDATE, "secret/data/n", "{'data': {'any': 1}}")
            .isFailure())
        .isFalse();
    assertThat(ask(
                session,
                Operation.UPDATE,
                "secret/data/n",
                "{'data': {'any': 1}, 'options': {'cas': 1}}")
            .failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void writeAll_parameterRules_countForEachSecret() {
    Session session = withPolicy(
        "path 'secret/write-all' { capabilities = ['update'] }\n"
            + "path 'secret/data/*' { capabilities = ['create', 'update'] denied_parameters = { options = [] } }");

    assertThat(ask(
                session,
                Operation.UPDATE,
                "secret/write-all",
                "{'secrets': {'m': {'data': {}}, 'n': {'data': {}, 'options': {'cas': 0}}}}")
            .failure())
        .contains(ErrorCode.PERMISSION_DENIED);
    assertThat(ask(
                session,
                Operation.UPDATE,
                "secret/write-all",
                "{'secrets': {'m': {'data': {}}, 'n': {'data': {}}}}")
            .isFailure())
        .isFalse();
  }
}
