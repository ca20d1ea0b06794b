package dev.strongroom;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthMountsTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.authMethod(new TrustingMethod()));

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> members) {
    return vault.root().request(Request.write(path, members));
  }

  private Payload read(String path) {
    return vault.root().request(Request.read(path)).orThrow().dataOrEmpty();
  }

  private void enable(String path) {
    write("sys/auth/" + path, Map.of("type", "trusting")).orThrow();
  }

  private void disable(String path) {
    vault.root().request(Request.delete("sys/auth/" + path)).orThrow();
  }

  private Auth login(String mount, String name) {
    return write("auth/" + mount + "/login/" + name, Map.of()).orThrow().auth().orElseThrow();
  }

  private boolean isValid(Auth auth) {
    return !vault
        .vault()
        .session(auth.token().orElseThrow())
        .request(Request.read("auth/token/lookup-self"))
        .isFailure();
  }

  @Test
  void enable_isWhatReadAndListShow() {
    write(
            "sys/auth/team/a",
            Map.of(
                "type", "trusting",
                "description", "people",
                "config", Map.of("default_lease_ttl", "1h", "token_type", "default-batch")))
        .orThrow();

    Payload mount = read("sys/auth/team/a");
    assertThat(mount.text("type")).contains("trusting");
    assertThat(mount.text("description")).contains("people");
    assertThat(mount.text("accessor").orElseThrow()).matches("auth_trusting_[0-9a-f]{8}");
    assertThat(mount.object("config").orElseThrow().text("token_type")).contains("default-batch");
    assertThat(read("sys/auth").toMap()).containsKeys("token/", "team/a/");
    assertThat(read("sys/mounts").toMap()).doesNotContainKey("auth/team/a/");
    assertThat(read("sys/internal/ui/mounts/auth/team/a").text("path")).contains("team/a/");
  }

  @Test
  void enable_pathInUse_isRefused() {
    enable("team/a");

    for (String path : List.of("team/a", "team", "team/a/b")) {
      Response refused = write("sys/auth/" + path, Map.of("type", "trusting"));
      assertThat(refused.failure()).as(path).contains(CONFLICT);
      assertThat(refused.errors()).containsExactly("path is already in use at team/a/");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "token/x", "a%b", "a b", "a/*"})
  void enable_pathThatCannotBeOne_isRefused(String path) {
    assertThat(write("sys/auth/" + path, Map.of("type", "trusting")).failure())
        .contains(INVALID_REQUEST);
  }

  @Test
  void enable_wrongType_saysWhat() {
    assertThat(write("sys/auth/x", Map.of("type", "token")).errors())
        .containsExactly("token credential backend cannot be instantiated");
    assertThat(write("sys/auth/x", Map.of("type", "nosuch")).errors())
        .containsExactly("plugin not found in the catalog: nosuch");
    assertThat(write("sys/auth/x", Map.of()).errors())
        .containsExactly("backend type must be specified as a string");
    assertThat(write("sys/auth/x", Map.of("type", "system")).failure()).contains(INVALID_REQUEST);
    assertThat(write("sys/mounts/x", Map.of("type", "trusting")).errors())
        .containsExactly("plugin not found in the catalog: trusting");
  }

  @Test
  void enable_badConfig_isRefused() {
    for (Map<String, ?> config : List.of(
        Map.of("token_type", "other"),
        Map.of("token_type", List.of("batch")),
        Map.of("default_lease_ttl", "-1s"),
        Map.of("default_lease_ttl", "2h", "max_lease_ttl", "1h"))) {
      assertThat(
              write("sys/auth/x", Map.of("type", "trusting", "config", config)).failure())
          .as("%s", config)
          .contains(INVALID_REQUEST);
    }
    assertThat(read("sys/auth").toMap()).doesNotContainKey("x/");
  }

  @Test
  void tune_badSettings_isRefusedAndNamesThem() {
    enable("x");

    for (Map<String, ?> lockout : List.of(
        Map.of("lockout_threshold", -1),
        Map.of("lockout_threshold", "x".repeat(1 << 20)),
        Map.of("lockout_threshold", 99_999_999),
        Map.of("lockout_duration", "-1s"),
        Map.of("lockout_duration", List.of()),
        Map.of("lockout_counter_reset_duration", "999999h"),
        Map.of("lockout_disable", "maybe"),
        Map.of("other", 1))) {
      Response refused = write("sys/auth/x/tune", Map.of("user_lockout_config", lockout));
      assertThat(refused.failure()).contains(INVALID_REQUEST);
      assertThat(refused.errors().get(0)).contains("user_lockout_config").hasSizeLessThan(300);
    }
    assertThat(write("sys/auth/x/tune", Map.of("token_type", "other")).errors())
        .containsExactly("invalid value for 'token_type'");
    assertThat(write("sys/auth/token/tune", Map.of("token_type", "batch")).failure())
        .contains(INVALID_REQUEST);
    assertThat(write("sys/mounts/sys/tune", Map.of("token_type", "batch")).errors())
        .containsExactly("'token_type' can only be modified on auth mounts");
    assertThat(read("sys/auth/x/tune").has("user_lockout_threshold")).isFalse();
  }

  @Test
  void tokenMount_isTunedUnderBothPaths() {
    write("sys/auth/token/tune", Map.of("max_lease_ttl", "2h", "default_lease_ttl", "1h"))
        .orThrow();

    assertThat(read("sys/mounts/auth/token/tune").number("max_lease_ttl")).contains(7200);
    Response created = write("auth/token/create", Map.of("policies", "default"));
    assertThat(created.auth().orElseThrow().ttl()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void disable_endsTokensAndRemovesAliasesAndData() {
    enable("x");
    enable("y");
    Auth auth = login("x", "ann");
    Auth other = login("y", "ann");

    disable("x");

    assertThat(isValid(auth)).isFalse();
    assertThat(isValid(other)).isTrue();
    assertThat(write("auth/x/login/ann", Map.of()).failure()).isPresent();
    vault.time().advance(Duration.ofSeconds(1));
    Payload entity = read("identity/entity/id/" + auth.entityId().orElseThrow());
    assertThat(entity.toMap().get("aliases")).isEqualTo(List.of());

    enable("x");
    assertThat(isValid(auth)).isFalse();
    assertThat(vault.root().request(Request.read("auth/x/visits/ann")).isMissing())
        .isTrue();
    assertThat(login("x", "ann").entityId()).isNotEqualTo(auth.entityId());
  }

  @Test
  @DisplayName("T-4 children of a login's token end with its mount")
  void disable_endsWhatIsBelowTheTokens() {
    write("sys/policies/acl/all", Map.of("policy", "path \"*\" { capabilities = [\"update\"] }"))
        .orThrow();
    enable("x");
    Auth auth = write("auth/x/login/ann", Map.of("token_policies", "all"))
        .orThrow()
        .auth()
        .orElseThrow();
    Auth child = vault
        .vault()
        .session(auth.token().orElseThrow())
        .request(Request.write("auth/token/create", Map.of()))
        .orThrow()
        .auth()
        .orElseThrow();
    assertThat(isValid(child)).isTrue();

    disable("x");

    assertThat(isValid(child)).isFalse();
    vault.time().advance(Duration.ofSeconds(1));
    assertThat(write("auth/token/lookup-accessor", Map.of("accessor", child.accessor()))
            .failure())
        .isPresent();
  }

  @Test
  void disable_ofTheVaultsOwn_isRefused() {
    assertThat(vault.root().request(Request.delete("sys/auth/token")).errors())
        .containsExactly("token credential backend cannot be disabled");
    enable("x");
    assertThat(vault.root().request(Request.delete("sys/mounts/auth/x")).errors())
        .containsExactly("cannot unmount \"auth/x/\"");
    disable("nothing/here");
  }

  @Test
  void move_keepsTokensAndAliases() {
    enable("x");
    Auth auth = login("x", "ann");

    write("sys/remount", Map.of("from", "auth/x", "to", "auth/y")).orThrow();

    assertThat(isValid(auth)).isTrue();
    assertThat(login("y", "ann").entityId()).isEqualTo(auth.entityId());
    assertThat(write("sys/remount", Map.of("from", "auth/y", "to", "y")).failure())
        .contains(INVALID_REQUEST);
    assertThat(
            write("sys/remount", Map.of("from", "auth/y", "to", "auth/token/y")).failure())
        .contains(INVALID_REQUEST);
    assertThat(
            write("sys/remount", Map.of("from", "auth/token", "to", "auth/z")).failure())
        .contains(INVALID_REQUEST);
    disable("y");
    assertThat(isValid(auth)).isFalse();
  }

  @Test
  void pathsOfAuthMounts_needSudo() {
    write(
            "sys/policies/acl/p",
            Map.of(
                "policy",
                "path \"sys/auth*\" { capabilities = [\"read\", \"update\", \"delete\"] }"))
        .orThrow();
    Session session = vault
        .vault()
        .session(write("auth/token/create", Map.of("policies", "p"))
            .orThrow()
            .auth()
            .flatMap(Auth::token)
            .orElseThrow());

    assertThat(session.request(Request.read("sys/auth")).isFailure()).isFalse();
    for (Request request : List.of(
        Request.read("sys/auth/token"),
        Request.write("sys/auth/x", Map.of("type", "trusting")),
        Request.delete("sys/auth/x"),
        Request.read("sys/auth/token/tune"),
        Request.write("sys/auth/token/tune", Map.of("description", "x")))) {
      assertThat(session.request(request).failure()).as("%s", request).contains(PERMISSION_DENIED);
    }
  }

  @Test
  void declared_isThereAfterUnsealing() {
    try (InMemoryVault own = Vault.inMemory(builder -> builder.auth(
        "house",
        AuthMount.of(new TrustingMethod())
            .withDescription("d")
            .withLeaseTtls(Duration.ofMinutes(1), Duration.ofHours(1))
            .withTokenType(TokenTypeRule.SERVICE)))) {
      Payload mount =
          own.root().request(Request.read("sys/auth/house")).orThrow().dataOrEmpty();
      assertThat(mount.text("description")).contains("d");
      assertThat(mount.object("config").orElseThrow().number("max_lease_ttl")).contains(3600);
    }
  }

  @Test
  void declared_wrongPath_isRefusedAtOnce() {
    for (String path : List.of("token", "token/x", "x/", "", "a b", "auth/x")) {
      assertThatThrownBy(() -> Vault.builder().auth(path, new TrustingMethod()))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> Vault.builder().auth("a", new TrustingMethod()).auth("a/b", new TrustingMethod()))
        .hasMessageContaining("overlaps");
  }
}
