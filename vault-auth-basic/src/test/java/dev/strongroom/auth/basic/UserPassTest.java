package dev.strongroom.auth.basic;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;
import static dev.strongroom.ErrorCode.PERMISSION_DENIED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserPassTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.auth("people", UserPass.method(PasswordHashTest.CHEAP)));

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> members) {
    return vault.root().request(Request.write("auth/people/" + path, members));
  }

  private Response read(String path) {
    return vault.root().request(Request.read("auth/people/" + path));
  }

  private void user(String name, Map<String, ?> members) {
    Map<String, Object> all = new HashMap<>(members);
    all.putIfAbsent("password", "pw1");
    write("users/" + name, all).orThrow();
  }

  private Response attempt(String name, String password) {
    return vault
        .vault()
        .sessionWithoutToken()
        .request(Request.write("auth/people/login/" + name, Map.of("password", password)));
  }

  private Auth login(String name, String password) {
    return attempt(name, password).orThrow().auth().orElseThrow();
  }

  @Test
  void login_withHashesAsUsersGetThem_succeeds() {
    try (InMemoryVault other =
        Vault.inMemory(builder -> builder.auth("people", UserPass.method()))) {
      other
          .root()
          .request(Request.write("auth/people/users/ann", Map.of("password", "pw1")))
          .orThrow();

      Session ann = other.vault().login(UserPass.login("people", "ann", "pw1".toCharArray()));
      assertThat(ann.request(Request.read("auth/token/lookup-self")).isFailure())
          .isFalse();
    }
  }

  @Test
  void user_isWhatReadShows() {
    user("ann", Map.of("token_policies", "b,a", "token_ttl", "1h", "token_max_ttl", "2h"));

    Payload ann = read("users/ann").orThrow().dataOrEmpty();
    assertThat(ann.texts("token_policies")).containsExactly("b", "a");
    assertThat(ann.number("token_ttl")).contains(3600);
    assertThat(ann.text("token_type")).contains("default");
    assertThat(ann.has("password")).isFalse();
    assertThat(ann.has("password_hash")).isFalse();
    assertThat(ann.has("policies")).isFalse();
  }

  @Test
  void user_oldNames_areShownUntilNewOnesAreUsed() {
    user("ann", Map.of("policies", "a", "ttl", "1h"));
    Payload old = read("users/ann").orThrow().dataOrEmpty();
    assertThat(old.texts("policies")).containsExactly("a");
    assertThat(old.texts("token_policies")).containsExactly("a");
    assertThat(old.number("ttl")).contains(3600);

    write("users/ann", Map.of("token_policies", "b")).orThrow();
    Payload changed = read("users/ann").orThrow().dataOrEmpty();
    assertThat(changed.has("policies")).isFalse();
    assertThat(changed.texts("token_policies")).containsExactly("b");
    assertThat(changed.number("ttl")).contains(3600);
  }

  @Test
  void write_changesOnlyWhatIsGiven() {
    user("ann", Map.of("token_policies", "a", "token_ttl", "1h"));

    write("users/ann", Map.of("token_ttl", "2h")).orThrow();

    Auth auth = login("ann", "pw1");
    assertThat(auth.ttl()).isEqualTo(Duration.ofHours(2));
    assertThat(auth.tokenPolicies()).containsExactly("a", "default");
  }

  @Test
  void login_hasTheUsersNameAndEntity() {
    user("ann", Map.of());

    Auth auth = login("ann", "pw1");

    assertThat(auth.metadata()).isEqualTo(Map.of("username", "ann"));
    assertThat(login("ANN", "pw1").entityId()).isEqualTo(auth.entityId()).isPresent();
    Payload token = vault
        .vault()
        .session(auth.token().orElseThrow())
        .request(Request.read("auth/token/lookup-self"))
        .orThrow()
        .dataOrEmpty();
    assertThat(token.text("display_name")).contains("people-ann");
    assertThat(token.text("entity_id")).isEqualTo(auth.entityId());
  }

  @Test
  void login_templatesOfPolicies_knowTheUser() {
    String accessor = vault
        .root()
        .request(Request.read("sys/auth/people"))
        .orThrow()
        .dataOrEmpty()
        .text("accessor")
        .orElseThrow();
    Policies.of(vault.root())
        .put(
            "own",
            "path \"auth/people/users/{{identity.entity.aliases." + accessor
                + ".name}}/password\" { capabilities = [\"update\"] }");
    user("ann", Map.of("token_policies", "own"));
    user("bob", Map.of());
    Session ann = vault.vault().login(UserPass.login("people", "ann", "pw1".toCharArray()));

    Map<String, ?> fresh = Map.of("password", "pw2");
    assertThat(
            ann.request(Request.write("auth/people/users/bob/password", fresh)).failure())
        .contains(PERMISSION_DENIED);
    ann.request(Request.write("auth/people/users/ann/password", fresh)).orThrow();
    assertThat(attempt("ann", "pw1").isFailure()).isTrue();
    assertThat(attempt("ann", "pw2").isFailure()).isFalse();
    ann.close();
  }

  @Test
  @DisplayName("X-8 an unknown user and a wrong password look the same")
  void login_unknownUserAndWrongPassword_lookTheSame() {
    user("ann", Map.of());

    for (int i = 0; i < 7; i++) {
      Response wrong = attempt("ann", "no");
      Response unknown = attempt("nobody", "no");
      assertThat(unknown.failure()).isEqualTo(wrong.failure());
      assertThat(unknown.errors()).isEqualTo(wrong.errors());
    }
    assertThat(attempt("%22odd name", "no").errors())
        .containsExactly("invalid username or password");
  }

  @Test
  void login_withoutPassword_saysSo() {
    user("ann", Map.of());

    assertThat(attempt("ann", "").errors()).containsExactly("missing password");
    assertThat(attempt("ann", "x".repeat(5000)).errors())
        .containsExactly("password has at most 4096 bytes");
    assertThat(attempt("ann", "pw1").isFailure()).isFalse();
  }

  @Test
  void lockout_isLiftedAfterAWhile() {
    user("ann", Map.of());
    for (int i = 0; i < 5; i++) {
      attempt("Ann", "no");
    }

    assertThat(attempt("ann", "pw1").failure()).contains(PERMISSION_DENIED);
    vault.time().advance(Duration.ofMinutes(15));
    assertThat(attempt("ann", "pw1").isFailure()).isFalse();
  }

  @Test
  void changedPassword_counts_tokensStay() {
    user("ann", Map.of());
    Auth auth = login("ann", "pw1");

    write("users/ann/password", Map.of("password", "pw2")).orThrow();

    assertThat(attempt("ann", "pw1").failure()).contains(INVALID_REQUEST);
    assertThat(attempt("ann", "pw2").isFailure()).isFalse();
    assertThat(vault
            .vault()
            .session(auth.token().orElseThrow())
            .request(Request.read("auth/token/lookup-self"))
            .isFailure())
        .isFalse();
  }

  @Test
  void passwordHash_bcrypt_isTakenOver() {
    String hash = OpenBSDBCrypt.generate("2b", "pw1".toCharArray(), new byte[16], 5);
    write("users/ann", Map.of("password_hash", hash)).orThrow();

    assertThat(attempt("ann", "pw1").isFailure()).isFalse();
    assertThat(attempt("ann", "pw2").failure()).contains(INVALID_REQUEST);
  }

  static Stream<Map<String, ?>> badUsers() {
    String huge = "x".repeat(1 << 20);
    return Stream.of(
        Map.of(),
        Map.of("password", ""),
        Map.of("password", "a", "password_hash", "b"),
        Map.of("password", huge),
        Map.of("password", List.of("a")),
        Map.of("password_hash", huge),
        Map.of("password_hash", "text"),
        Map.of("password", "a", "token_policies", Map.of()),
        Map.of("password", "a", "token_policies", huge),
        Map.of("password", "a", "token_policies", "response-wrapping"),
        Map.of("password", "a", "token_ttl", "-1s"),
        Map.of("password", "a", "token_ttl", huge),
        Map.of("password", "a", "ttl", "-1s"),
        Map.of("password", "a", "token_ttl", "2h", "token_max_ttl", "1h"),
        Map.of("password", "a", "token_period", -5),
        Map.of("password", "a", "token_explicit_max_ttl", "-5"),
        Map.of("password", "a", "token_num_uses", -1),
        Map.of("password", "a", "token_num_uses", 1L << 40),
        Map.of("password", "a", "token_num_uses", "many"),
        Map.of("password", "a", "token_type", "other"),
        Map.of("password", "a", "token_type", "batch", "token_num_uses", 1),
        Map.of("password", "a", "token_type", "batch", "token_period", "1h"),
        Map.of("password", "a", "token_bound_cidrs", "10.0.0.0/33"),
        Map.of("password", "a", "token_bound_cidrs", huge),
        Map.of("password", "a", "token_bound_cidrs", "10.0.0.0/8", "token_strictly_bind_ip", true),
        Map.of("password", "a", "token_no_default_policy", "maybe"));
  }

  @ParameterizedTest
  @MethodSource("badUsers")
  void write_badInput_isRefusedAndStoresNothing(Map<String, ?> members) {
    Response refused = write("users/ann", members);

    assertThat(refused.failure().orElseThrow()).isIn(INVALID_REQUEST, LIMIT_EXCEEDED);
    assertThat(refused.errors().get(0)).hasSizeLessThan(300).doesNotContain("xxxx");
    assertThat(read("users/ann").isMissing()).isTrue();
  }

  @Test
  void list_inParts_goesOnBehindTheLastName() {
    for (String name : List.of("c", "a", "b")) {
      write("users/" + name, Map.of("password", "a")).orThrow();
    }
    Request list = Request.list("auth/people/users");

    assertThat(keys(list.with("limit", 2))).containsExactly("a", "b");
    assertThat(keys(list.with("after", "b").with("limit", 2))).containsExactly("c");
    assertThat(keys(list.with("after", "aa").with("limit", -1))).containsExactly("b", "c");
    assertThat(vault.root().request(list.with("after", "c")).isMissing()).isTrue();
  }

  private List<String> keys(Request list) {
    return vault.root().request(list).orThrow().dataOrEmpty().texts("keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a", "a-", "a b", "ä", ".a"})
  void write_badName_isRefused(String name) {
    assertThat(write("users/" + name, Map.of("password", "a")).failure()).contains(INVALID_REQUEST);
    assertThat(vault.root().request(Request.list("auth/people/users")).isMissing())
        .isTrue();
  }

  @Test
  @DisplayName("A-2 upper-case user name does not escape a denial")
  void write_otherSpelling_needsTheRightsOnTheNameItself() {
    Policies.of(vault.root()).put("p", """
            path "auth/people/users/*" { capabilities = ["create", "read", "update", "delete"] }
            path "auth/people/users/admin*" { capabilities = ["deny"] }
            """);
    user("admin", Map.of());
    user("helper", Map.of("token_policies", "p"));
    Session helper = vault.vault().login(UserPass.login("people", "helper", "pw1".toCharArray()));

    for (Request request : List.of(
        Request.write("auth/people/users/Admin", Map.of("password", "x")),
        Request.read("auth/people/users/ADMIN"),
        Request.delete("auth/people/users/aDmin"),
        Request.write("auth/people/users/Admin/password", Map.of("password", "x")),
        Request.write("auth/people/users/Admin/policies", Map.of("token_policies", "x")))) {
      assertThat(helper.request(request).failure()).as("%s", request).contains(PERMISSION_DENIED);
    }
    assertThat(helper
            .request(Request.write("auth/people/users/Bob", Map.of("password", "x")))
            .isFailure())
        .isFalse();
    assertThat(attempt("admin", "pw1").isFailure()).isFalse();
    assertThat(attempt("bob", "x").isFailure()).isFalse();
    helper.close();
  }

  @Test
  void passwordAndPolicies_ofNobody_areRefused() {
    assertThat(write("users/ann/password", Map.of("password", "x")).errors())
        .containsExactly("username does not exist");
    assertThat(write("users/ann/policies", Map.of("token_policies", "x")).errors())
        .containsExactly("username does not exist");
  }

  @Test
  void renewal_changedPolicies_isRefused() {
    user("ann", Map.of("token_policies", "A,default"));
    Auth auth = login("ann", "pw1");
    Session ann = vault.vault().session(auth.token().orElseThrow());
    assertThat(ann.request(Request.write("auth/token/renew-self", Map.of())).isFailure())
        .isFalse();

    write("users/ann", Map.of("token_policies", "b")).orThrow();

    Response refused = ann.request(Request.write("auth/token/renew-self", Map.of()));
    assertThat(refused.errors())
        .containsExactly("failed to renew entry: policies have changed, not renewing");
  }

  @Test
  void batchToken_ofALogin_isWhatTheUserSays() {
    user("ann", Map.of("token_type", "batch", "token_ttl", "1h"));

    Auth auth = login("ann", "pw1");

    assertThat(auth.accessor()).isEmpty();
    assertThat(auth.renewable()).isFalse();
    Session ann = vault.vault().session(auth.token().orElseThrow());
    assertThat(ann.request(Request.read("auth/token/lookup-self")).isFailure()).isFalse();
    vault.root().request(Request.delete("sys/auth/people")).orThrow();
    assertThat(ann.request(Request.read("auth/token/lookup-self")).failure())
        .contains(PERMISSION_DENIED);
  }

  @Test
  void loginHelper_copiesThePasswordAndFailsAsTheLogin() {
    user("ann", Map.of());
    char[] password = "pw1".toCharArray();
    var login = UserPass.login("people", "ann", password);
    Arrays.fill(password, '0');

    vault.vault().login(login).close();
    assertThatThrownBy(
            () -> vault.vault().login(UserPass.login("people", "ann", "no".toCharArray())))
        .isInstanceOf(VaultException.class)
        .hasMessage("invalid username or password");
  }

  @Test
  void store_andAnswers_holdNoPassword() {
    user("ann", Map.of("password", "CANARY-7f3a"));

    assertThat(new String(read("users/ann").dataOrEmpty().toJson(), UTF_8))
        .doesNotContain("CANARY");
    assertThat(attempt("ann", "CANARY-wrong").errors().toString()).doesNotContain("CANARY");
    assertThat(
            ClientToken.parse(login("ann", "CANARY-7f3a").token().orElseThrow().exposeText())
                .exposeText())
        .doesNotContain("CANARY");
  }
}
