package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the vault tells of itself and of its caller. */
class SystemFactsTest {
  private static final String RESULTANT = "sys/internal/ui/resultant-acl";

  private final InMemoryVault vault = Vault.inMemory(builder ->
      builder.mount("notes", Mount.of(new NotesEngine())).auth("trusting", new TrustingMethod()));

  @AfterEach
  void close() {
    vault.close();
  }

  private Map<String, ?> read(String path) {
    return vault.root().request(Request.read(path)).orThrow().dataOrEmpty().toMap();
  }

  private Session with(String policy) {
    Policies.of(vault.root()).put("p", policy);
    return vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow());
  }

  @Test
  void resultantAcl_ofRoot_saysThatAndNoMore() {
    assertThat(read(RESULTANT)).isEqualTo(Map.of("root", true));
  }

  @Test
  void resultantAcl_ofACaller_isWhatItsPoliciesComeTo() {
    Session caller = with("""
        path "notes/a" {
          capabilities = ["update", "read", "patch"]
          allowed_parameters = { "b" = ["c"], "d" = [] }
          denied_parameters = { "e" = [1] }
          required_parameters = ["b"]
          min_wrapping_ttl = "1m"
          max_wrapping_ttl = "1h"
        }
        path "notes/*" { capabilities = ["list"] }
        path "notes/closed/*" { capabilities = ["deny"] }
        path "notes/+/b" { capabilities = ["read"] }
        path "other/{{identity.entity.name}}/*" { capabilities = ["deny"] }
        """);
    Payload shown = caller.request(Request.read(RESULTANT)).orThrow().dataOrEmpty();
    assertThat(shown.flag("root")).contains(false);
    Map<?, ?> exact = shown.object("exact_paths").orElseThrow().toMap();
    Map<?, ?> globs = shown.object("glob_paths").orElseThrow().toMap();
    assertThat(String.valueOf(exact.get("notes/a")))
        .contains(
            "capabilities=[read, update, patch]",
            "min_wrapping_ttl=60",
            "max_wrapping_ttl=3600",
            "allowed_parameters={b=[c], d=[]}",
            "denied_parameters={e=[1]}",
            "required_parameters=[b]");
    assertThat(String.valueOf(globs.get("notes/"))).isEqualTo("{capabilities=[list]}");
    assertThat(String.valueOf(globs.get("notes/closed/"))).isEqualTo("{capabilities=[deny]}");
    assertThat(String.valueOf(globs.get("other/"))).isEqualTo("{capabilities=[deny]}");
    assertThat(exact.keySet().toString() + globs.keySet())
        .contains("lookup-self")
        .doesNotContain("+");
  }

  @Test
  void pluginCatalog_read_hasWhatCanBeMounted() {
    Map<String, ?> all = read("sys/plugins/catalog");
    assertThat(all.get("secret")).isEqualTo(List.of("notes"));
    assertThat((List<?>) all.get("auth")).hasSize(1);
    assertThat((List<?>) all.get("detailed"))
        .hasSize(2)
        .allMatch(one -> Boolean.TRUE.equals(((Map<?, ?>) one).get("builtin")));
    assertThat(vault
            .root()
            .request(Request.list("sys/plugins/catalog/secret"))
            .orThrow()
            .dataOrEmpty()
            .texts("keys"))
        .containsExactly("notes");
    assertThat(
            vault.root().request(Request.list("sys/plugins/catalog/database")).isMissing())
        .isTrue();
    assertThat(read("sys/plugins/catalog/secret/notes").get("builtin")).isEqualTo(true);
    assertThat(vault
            .root()
            .request(Request.read("sys/plugins/catalog/secret/other"))
            .isMissing())
        .isTrue();
  }

  @Test
  void pluginCatalog_otherCalls_areRefused() {
    assertThat(vault.root().request(Request.list("sys/plugins/catalog/other")).failure())
        .contains(ErrorCode.INVALID_REQUEST);
    assertThat(vault.root().request(Request.read("sys/plugins/catalog/secret")).failure())
        .contains(ErrorCode.UNSUPPORTED);
    for (Operation operation : List.of(Operation.UPDATE, Operation.DELETE)) {
      Response refused = vault
          .root()
          .request(Request.of(
              operation, VaultPath.parse("sys/plugins/catalog/secret/mine"), Payload.of(Map.of())));
      assertThat(refused.failure()).contains(ErrorCode.UNSUPPORTED);
    }
    Session caller = with("path \"sys/plugins/*\" { capabilities = [\"read\", \"list\"] }");
    assertThat(caller.request(Request.read("sys/plugins/catalog")).isFailure()).isFalse();
    assertThat(caller.request(Request.list("sys/plugins/catalog/secret")).failure())
        .contains(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void sanitizedState_read_isWhatTheBuilderSaid() {
    Map<String, ?> state = read("sys/config/state/sanitized");
    assertThat(String.valueOf(state.get("default_lease_ttl"))).isEqualTo("2764800");
    assertThat(state.get("disable_unauthed_rekey_endpoints")).isEqualTo(true);
    assertThat(state.get("unsafe_allow_api_audit_creation")).isEqualTo(false);
  }

  @Test
  void versionHistory_list_saysWhenTheVersionCame() {
    Request list = Request.list("sys/version-history");
    Payload before = vault.root().request(list).orThrow().dataOrEmpty();
    assertThat(before.texts("keys")).containsExactly(ApiVersion.TEXT);
    Map<?, ?> info =
        (Map<?, ?>) before.object("key_info").orElseThrow().toMap().get(ApiVersion.TEXT);
    assertThat(info.get("timestamp_installed")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(info.get("previous_version")).isNull();
    assertThat(vault.root().request(Request.read("sys/version-history")).failure())
        .contains(ErrorCode.UNSUPPORTED);
  }
}
