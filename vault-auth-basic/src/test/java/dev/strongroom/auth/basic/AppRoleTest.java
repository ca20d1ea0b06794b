package dev.strongroom.auth.basic;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;
import static dev.strongroom.ErrorCode.NOT_FOUND;
import static dev.strongroom.ErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Metric;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppRoleTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.auth("apps", AppRole.method()));

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> members) {
    return vault.root().request(Request.write("auth/apps/" + path, members));
  }

  private Response read(String path) {
    return vault.root().request(Request.read("auth/apps/" + path));
  }

  private Payload data(String path) {
    return read(path).orThrow().dataOrEmpty();
  }

  private Response delete(String path) {
    return vault.root().request(Request.delete("auth/apps/" + path));
  }

  private String role(String name, Map<String, ?> members) {
    write("role/" + name, members).orThrow();
    return data("role/" + name + "/role-id").text("role_id").orElseThrow();
  }

  private Payload secretId(String role, Map<String, ?> members) {
    return write("role/" + role + "/secret-id", members).orThrow().dataOrEmpty();
  }

  private static String text(Payload secretId) {
    return secretId.text("secret_id").orElseThrow();
  }

  private static Request loginRequest(String roleId, String secretId) {
    return Request.write("auth/apps/login", Map.of("role_id", roleId, "secret_id", secretId));
  }

  private Response attempt(String roleId, String secretId) {
    return vault.vault().sessionWithoutToken().request(loginRequest(roleId, secretId));
  }

  private Auth login(String roleId, String secretId) {
    return attempt(roleId, secretId).orThrow().auth().orElseThrow();
  }

  private static Origin from(String address) throws UnknownHostException {
    return Origin.of(InetAddress.getByName(address), 4711);
  }

  @Test
  void role_isWhatReadShows() {
    role("App", Map.of("token_policies", "x", "secret_id_ttl", "1h", "secret_id_num_uses", 3));

    Payload role = data("role/app");
    assertThat(role.flag("bind_secret_id")).contains(true);
    assertThat(role.flag("local_secret_ids")).contains(false);
    assertThat(role.number("secret_id_ttl")).contains(3600);
    assertThat(role.number("secret_id_num_uses")).contains(3);
    assertThat(role.texts("token_policies")).containsExactly("x");
    assertThat(role.has("secret_id_bound_cidrs")).isTrue();
    assertThat(role.get("secret_id_bound_cidrs")).isEmpty();
  }

  @Test
  void login_givesTheRolesToken() {
    String roleId = role("app", Map.of("token_policies", "x", "token_ttl", "20m"));
    Payload secretId = secretId("app", Map.of("metadata", "{\"host\": \"a\"}"));

    Auth auth = login(roleId, " " + text(secretId) + " ");

    assertThat(auth.tokenPolicies()).containsExactly("default", "x");
    assertThat(auth.ttl()).isEqualTo(Duration.ofMinutes(20));
    assertThat(auth.metadata()).isEqualTo(Map.of("role_name", "app", "host", "a"));
    assertThat(auth.entityId()).isPresent();
    assertThat(login(roleId, text(secretId("app", Map.of()))).entityId())
        .isEqualTo(auth.entityId());
  }

  @Test
  void login_wrong_saysNotWhat() {
    String roleId = role("app", Map.of());
    String secretId = text(secretId("app", Map.of()));
    String other = role("other", Map.of());

    for (Response refused : List.of(
        attempt(roleId, "wrong"),
        attempt("wrong", secretId),
        attempt(other, secretId),
        attempt(roleId, "x".repeat(1 << 20)),
        attempt("x".repeat(1 << 20), secretId))) {
      assertThat(refused.failure()).contains(INVALID_REQUEST);
      assertThat(refused.errors()).containsExactly("invalid role or secret ID");
    }
    for (String one : List.of(roleId, "unknown")) {
      assertThat(attempt(one, "").errors()).containsExactly("missing secret_id");
    }
    assertThat(attempt("", secretId).errors()).containsExactly("missing role_id");
  }

  @Test
  void login_accessorInThePlaceOfASecretId_isRefused() {
    String roleId = role("app", Map.of());
    Payload secretId = secretId("app", Map.of());

    assertThat(
            attempt(roleId, secretId.text("secret_id_accessor").orElseThrow()).failure())
        .contains(INVALID_REQUEST);
  }

  @Test
  void login_wrongSecretIds_lockTheRole() {
    String roleId = role("app", Map.of());
    String secretId = text(secretId("app", Map.of()));
    for (int i = 0; i < 5; i++) {
      attempt(roleId, "wrong");
    }

    assertThat(attempt(roleId, secretId).failure()).contains(PERMISSION_DENIED);
    vault.time().advance(Duration.ofMinutes(15));
    assertThat(attempt(roleId, secretId).isFailure()).isFalse();
  }

  @Test
  @DisplayName("H-14 a role id that a role has looks like one that nobody has")
  void login_guessedRoleIds_areLockedAllTheSame() throws UnknownHostException {
    String roleId = role("app", Map.of("secret_id_bound_cidrs", "10.0.0.0/8"));
    Session stranger = vault.vault().sessionWithoutToken();

    for (String guess : List.of(roleId, "unknown")) {
      for (int i = 0; i < 5; i++) {
        assertThat(stranger
                .request(loginRequest(guess, "wrong").from(from("192.0.2.1")))
                .errors())
            .as(guess)
            .containsExactly("invalid role or secret ID");
      }
      assertThat(attempt(guess, "wrong").errors()).as(guess).containsExactly("permission denied");
    }
    assertThat(vault
            .root()
            .request(Request.read("sys/locked-users"))
            .dataOrEmpty()
            .toMap()
            .toString())
        .contains(roleId)
        .doesNotContain("unknown");
  }

  @Test
  void secretId_usesAndLifetime_areTheRolesOrLess() {
    role("app", Map.of("secret_id_num_uses", 5, "secret_id_ttl", "1h"));

    Payload plain = secretId("app", Map.of());
    assertThat(plain.number("secret_id_num_uses")).contains(5);
    assertThat(plain.number("secret_id_ttl")).contains(3600);
    Payload less = secretId("app", Map.of("num_uses", 2, "ttl", "1m"));
    assertThat(less.number("secret_id_num_uses")).contains(2);
    assertThat(less.number("secret_id_ttl")).contains(60);
    for (Map<String, ?> more : List.of(
        Map.of("num_uses", 6), Map.of("num_uses", 0), Map.of("ttl", "2h"), Map.of("ttl", 0))) {
      assertThat(write("role/app/secret-id", more).failure())
          .as("%s", more)
          .contains(INVALID_REQUEST);
    }
  }

  @Test
  void secretId_lastUse_removesIt() {
    String roleId = role("app", Map.of());
    Payload secretId = secretId("app", Map.of("num_uses", 2));

    login(roleId, text(secretId));
    assertThat(write("role/app/secret-id/lookup", Map.of("secret_id", text(secretId)))
            .orThrow()
            .dataOrEmpty()
            .number("secret_id_num_uses"))
        .contains(1);
    login(roleId, text(secretId));

    assertThat(attempt(roleId, text(secretId)).failure()).contains(INVALID_REQUEST);
    assertThat(
            vault.root().request(Request.list("auth/apps/role/app/secret-id")).isMissing())
        .isTrue();
  }

  @Test
  @DisplayName("T-3 uses of a secret id are counted once, among many")
  void secretId_parallelLogins_succeedAsOftenAsItHasUses() throws Exception {
    String roleId = role("app", Map.of());
    String secretId = text(secretId("app", Map.of("num_uses", 3)));
    vault
        .root()
        .request(Request.write(
            "sys/auth/apps/tune", Map.of("user_lockout_config", Map.of("lockout_disable", true))))
        .orThrow();
    ExecutorService callers = Executors.newFixedThreadPool(16);
    try {
      CountDownLatch together = new CountDownLatch(16);
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        attempts.add(callers.submit(() -> {
          together.countDown();
          together.await();
          return !attempt(roleId, secretId).isFailure();
        }));
      }
      int succeeded = 0;
      for (Future<Boolean> each : attempts) {
        succeeded += each.get() ? 1 : 0;
      }
      assertThat(succeeded).isEqualTo(3);
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void secretId_expired_isRefusedAndTidied() {
    String roleId = role("app", Map.of("secret_id_ttl", "1m"));
    Payload secretId = secretId("app", Map.of());
    vault.time().advance(Duration.ofMinutes(1));

    assertThat(attempt(roleId, text(secretId)).failure()).contains(INVALID_REQUEST);
    assertThat(write("role/app/secret-id/lookup", Map.of("secret_id", text(secretId)))
            .isEmpty())
        .isTrue();
    assertThat(write("tidy/secret-id", Map.of()).orThrow().warnings()).isNotEmpty();
    assertThat(
            vault.root().request(Request.list("auth/apps/role/app/secret-id")).isMissing())
        .isTrue();
  }

  @Test
  void secretId_ttlBeyondTheMounts_isCut() {
    role("app", Map.of());

    assertThat(secretId("app", Map.of("ttl", "9000h")).number("secret_id_ttl"))
        .contains(768 * 3600);
  }

  @Test
  void secretId_byAccessor_isShownAndDestroyed() {
    String roleId = role("app", Map.of());
    Payload secretId =
        secretId("app", Map.of("metadata", "a=b", "cidr_list", "10.0.0.0/8", "ttl", "1h"));
    Map<String, ?> accessor =
        Map.of("secret_id_accessor", secretId.text("secret_id_accessor").orElseThrow());

    Payload shown =
        write("role/app/secret-id-accessor/lookup", accessor).orThrow().dataOrEmpty();
    assertThat(shown.pairs("metadata")).isEqualTo(Map.of("a", "b"));
    assertThat(shown.texts("cidr_list")).containsExactly("10.0.0.0/8");
    assertThat(shown.text("creation_time")).contains("2026-01-01T00:00:00Z");
    assertThat(shown.text("expiration_time")).contains("2026-01-01T01:00:00Z");
    assertThat(shown.has("secret_id")).isFalse();
    role("other", Map.of());
    assertThat(write("role/other/secret-id-accessor/lookup", accessor).failure())
        .contains(NOT_FOUND);

    write("role/app/secret-id-accessor/destroy", accessor).orThrow();
    assertThat(write("role/app/secret-id-accessor/lookup", accessor).failure()).contains(NOT_FOUND);
    assertThat(attempt(roleId, text(secretId)).isFailure()).isTrue();
  }

  @Test
  void secretId_destroyed_isOfNoUse() {
    String roleId = role("app", Map.of());
    String kept = text(secretId("app", Map.of()));
    String destroyed = text(secretId("app", Map.of()));

    write("role/app/secret-id/destroy", Map.of("secret_id", destroyed)).orThrow();
    write("role/app/secret-id/destroy", Map.of("secret_id", "unknown")).orThrow();

    assertThat(attempt(roleId, destroyed).isFailure()).isTrue();
    assertThat(attempt(roleId, kept).isFailure()).isFalse();
  }

  @Test
  void customSecretId_isTakenOnce() {
    String roleId = role("app", Map.of());

    Map<String, ?> own = Map.of("secret_id", "own-secret");
    assertThat(text(write("role/app/custom-secret-id", own).orThrow().dataOrEmpty()))
        .isEqualTo("own-secret");
    assertThat(write("role/app/custom-secret-id", own).failure()).contains(INVALID_REQUEST);
    assertThat(write("role/app/custom-secret-id", Map.of()).errors())
        .containsExactly("missing secret_id");
    assertThat(attempt(roleId, "own-secret").isFailure()).isFalse();
  }

  @Test
  void addresses_boundOnSecretIdAndRole_bothCount() throws UnknownHostException {
    String roleId = role("app", Map.of("secret_id_bound_cidrs", "10.0.0.0/8"));
    assertThat(write("role/app/secret-id", Map.of("cidr_list", "192.0.2.0/24")).failure())
        .contains(INVALID_REQUEST);
    String secretId = text(secretId("app", Map.of("cidr_list", "10.1.0.0/16", "num_uses", 1)));
    Session stranger = vault.vault().sessionWithoutToken();

    assertThat(attempt(roleId, secretId).errors()).containsExactly("permission denied");
    for (String wrong : List.of("10.2.0.1", "192.0.2.1", "::1")) {
      assertThat(
              stranger.request(loginRequest(roleId, secretId).from(from(wrong))).failure())
          .as(wrong)
          .contains(PERMISSION_DENIED);
    }
    assertThat(stranger
            .request(loginRequest(roleId, secretId).from(from("::ffff:10.1.2.3")))
            .isFailure())
        .isFalse();
  }

  @Test
  @DisplayName("T-8 a role bound closer binds the secret ids it has")
  void addresses_ofTokens_areThoseOfRoleAndSecretId() throws UnknownHostException {
    String roleId = role("app", Map.of());
    String secretId = text(secretId("app", Map.of("token_bound_cidrs", "10.0.0.0/8")));
    Request login = loginRequest(roleId, secretId);
    Session stranger = vault.vault().sessionWithoutToken();

    write("role/app", Map.of("token_strictly_bind_ip", true)).orThrow();
    assertThat(stranger.request(login.from(from("192.0.2.1"))).failure())
        .contains(PERMISSION_DENIED);
    write("role/app", Map.of("token_strictly_bind_ip", false, "token_bound_cidrs", "10.1.0.0/16"))
        .orThrow();
    assertThat(stranger.request(login.from(from("10.2.0.1"))).failure())
        .contains(PERMISSION_DENIED);
    assertThat(stranger.request(login.from(from("10.1.0.1"))).isFailure()).isFalse();
    write("role/app", Map.of("token_bound_cidrs", "192.0.2.0/24")).orThrow();
    for (String address : List.of("10.1.0.1", "192.0.2.1")) {
      assertThat(stranger.request(login.from(from(address))).failure())
          .as(address)
          .contains(PERMISSION_DENIED);
    }
  }

  @Test
  void secretId_wrapped_isNamedByItsAccessor() {
    role("app", Map.of());

    Response wrapped = vault
        .root()
        .request(
            Request.write("auth/apps/role/app/secret-id", Map.of()).wrapped(Duration.ofMinutes(1)));

    String accessor = wrapped.wrapInfo().orElseThrow().wrappedAccessor().orElseThrow();
    assertThat(write("role/app/secret-id-accessor/lookup", Map.of("secret_id_accessor", accessor))
            .isFailure())
        .isFalse();
  }

  @Test
  void withoutSecretId_anotherConstraintIsNeeded() throws UnknownHostException {
    assertThat(write("role/open", Map.of("bind_secret_id", false)).errors())
        .containsExactly("at least one constraint should be enabled on the role");
    String roleId =
        role("open", Map.of("bind_secret_id", false, "token_bound_cidrs", "127.0.0.0/8"));
    Request request = Request.write("auth/apps/login", Map.of("role_id", roleId));

    assertThat(vault.root().request(request).failure()).contains(PERMISSION_DENIED);
    assertThat(vault.root().request(request.from(from("127.0.0.1"))).isFailure())
        .isFalse();
    assertThat(write("role/open/secret-id", Map.of()).errors())
        .containsExactly("bind_secret_id is not set on the role");
    assertThat(delete("role/open/token-bound-cidrs").errors())
        .containsExactly("at least one constraint should be enabled on the role");
  }

  @Test
  void roleId_canBeChosenOnce() {
    role("app", Map.of("role_id", "chosen"));
    assertThat(write("role/other", Map.of("role_id", "chosen")).errors())
        .containsExactly("role_id already in use");

    write("role/app/role-id", Map.of("role_id", "another")).orThrow();
    role("other", Map.of("role_id", "chosen"));
    String secretId = text(secretId("app", Map.of()));
    assertThat(attempt("chosen", secretId).isFailure()).isTrue();
    assertThat(login("another", secretId).metadata()).containsEntry("role_name", "app");
    assertThat(write("role/app/role-id", Map.of()).failure()).contains(INVALID_REQUEST);
    assertThat(write("role/none/role-id", Map.of("role_id", "x")).failure()).contains(NOT_FOUND);
  }

  @Test
  void deletedRole_takesItsSecretIdsAlong() {
    role("app", Map.of("role_id", "id"));
    String secretId = text(secretId("app", Map.of()));
    Auth auth = login("id", secretId);

    delete("role/app").orThrow();
    delete("role/app").orThrow();
    assertThat(attempt("id", secretId).failure()).contains(INVALID_REQUEST);
    role("app", Map.of("role_id", "id"));
    assertThat(attempt("id", secretId).failure()).contains(INVALID_REQUEST);
    Response renewed = vault
        .vault()
        .session(auth.token().orElseThrow())
        .request(Request.write("auth/token/renew-self", Map.of()));
    assertThat(renewed.errors().get(0)).contains("does not exist during renewal");
  }

  @Test
  void settings_eachHasAPathOfItsOwn() {
    role("app", Map.of());
    Map<String, Map<String, ?>> settings = Map.ofEntries(
        Map.entry("policies", Map.of("token_policies", List.of("a"))),
        Map.entry("bound-cidr-list", Map.of("bound_cidr_list", List.of("10.0.0.0/8"))),
        Map.entry("secret-id-bound-cidrs", Map.of("secret_id_bound_cidrs", List.of("10.0.0.0/8"))),
        Map.entry("token-bound-cidrs", Map.of("token_bound_cidrs", List.of("10.0.0.0/8"))),
        Map.entry("bind-secret-id", Map.of("bind_secret_id", false)),
        Map.entry("secret-id-num-uses", Map.of("secret_id_num_uses", 7)),
        Map.entry("secret-id-ttl", Map.of("secret_id_ttl", 70)),
        Map.entry("period", Map.of("token_period", 80)),
        Map.entry("token-num-uses", Map.of("token_num_uses", 9)),
        Map.entry("token-ttl", Map.of("token_ttl", 50)),
        Map.entry("token-max-ttl", Map.of("token_max_ttl", 60)));

    settings.keySet().stream().sorted().forEach(path -> {
      if (path.equals("bind-secret-id")) {
        write("role/app/token-bound-cidrs", settings.get("token-bound-cidrs")).orThrow();
      }
      assertThat(write("role/app/" + path, Map.of()).failure()).as(path).contains(INVALID_REQUEST);
      write("role/app/" + path, settings.get(path)).orThrow();
      Map<String, ?> shown = data("role/app/" + path).toMap();
      settings.get(path).forEach((name, value) -> assertThat(String.valueOf(shown.get(name)))
          .as(path)
          .isEqualTo(String.valueOf(value)));
      delete("role/app/" + path).orThrow();
      assertThat(data("role/app/" + path).toMap()).as(path).isNotEqualTo(shown);
      assertThat(write("role/none/" + path, settings.get(path)).failure()).contains(NOT_FOUND);
      assertThat(read("role/none/" + path).isMissing()).isTrue();
      assertThat(delete("role/none/" + path).isFailure()).isFalse();
    });
    assertThat(data("role/app/local-secret-ids").flag("local_secret_ids")).contains(false);
  }

  static Stream<Map<String, ?>> badRoles() {
    String huge = "x".repeat(1 << 20);
    return Stream.of(
        Map.of("role_id", ""),
        Map.of("role_id", huge),
        Map.of("role_id", " a"),
        Map.of("role_id", "a\u0000"),
        Map.of("bind_secret_id", "maybe"),
        Map.of("secret_id_bound_cidrs", "10.0.0.0/99"),
        Map.of("bound_cidr_list", huge),
        Map.of("secret_id_num_uses", -1),
        Map.of("secret_id_num_uses", 1L << 40),
        Map.of("secret_id_ttl", "-1s"),
        Map.of("secret_id_ttl", huge),
        Map.of("token_period", "9000h"),
        Map.of("period", "-1s"),
        Map.of("local_secret_ids", List.of()),
        Map.of("token_policies", huge));
  }

  @ParameterizedTest
  @MethodSource("badRoles")
  void write_badInput_isRefusedAndStoresNothing(Map<String, ?> members) {
    Response refused = write("role/app", members);

    assertThat(refused.failure().orElseThrow()).isIn(INVALID_REQUEST, LIMIT_EXCEEDED);
    assertThat(refused.errors().get(0)).hasSizeLessThan(300).doesNotContain("xxxx");
    assertThat(read("role/app").isMissing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\": 1}", "a", "=b", "{\"a b\": \"c\"}", "[]", "vault-a=b"})
  void secretId_badMetadata_isRefused(String metadata) {
    role("app", Map.of());

    Response refused = write("role/app/secret-id", Map.of("metadata", metadata));

    assertThat(refused.failure()).contains(INVALID_REQUEST);
    assertThat(refused.errors().get(0)).contains("metadata");
    assertThat(
            vault.root().request(Request.list("auth/apps/role/app/secret-id")).isMissing())
        .isTrue();
  }

  @Test
  @DisplayName("A-2 upper-case role name does not escape a denial")
  void roles_otherSpelling_needsTheRightsOnTheNameItself() {
    Policies.of(vault.root()).put("p", """
            path "auth/apps/role/*" { capabilities = ["create", "read", "update", "delete", "list"] }
            path "auth/apps/role/admin*" { capabilities = ["deny"] }
            path "auth/apps/role/lister/secret-id/" { capabilities = ["deny"] }
            """);
    role("admin", Map.of());
    role("lister", Map.of());
    secretId("lister", Map.of());
    Session helper = vault
        .vault()
        .session(vault
            .root()
            .request(Request.write("auth/token/create", Map.of("policies", "p")))
            .orThrow()
            .auth()
            .flatMap(Auth::token)
            .orElseThrow());

    for (Request request : List.of(
        Request.write("auth/apps/role/Admin", Map.of("token_policies", "x")),
        Request.read("auth/apps/role/ADMIN"),
        Request.delete("auth/apps/role/Admin"),
        Request.read("auth/apps/role/Admin/role-id"),
        Request.write("auth/apps/role/Admin/secret-id", Map.of()),
        Request.list("auth/apps/role/Admin/secret-id"),
        Request.list("auth/apps/role/Lister/secret-id"),
        Request.write("auth/apps/role/Admin/policies", Map.of("token_policies", "x")))) {
      assertThat(helper.request(request).failure()).as("%s", request).contains(PERMISSION_DENIED);
    }
    assertThat(data("role/admin").texts("token_policies")).isEmpty();
  }

  @Test
  void tokenType_defaultService_isAdjustedWithAWarning() {
    Response response = write("role/app", Map.of("token_type", "default-service"));

    assertThat(response.warnings())
        .containsExactly("default-service has no useful meaning; adjusting to service");
    assertThat(data("role/app").text("token_type")).contains("service");
  }

  @Test
  void session_ofALogin_goesOnWithTheSameSecretId() {
    String roleId = role("app", Map.of("token_ttl", "1h", "token_max_ttl", "2h"));
    String secretId = text(secretId("app", Map.of()));
    Session session = vault.vault().login(AppRole.login("apps", roleId, secretId.toCharArray()));

    vault.time().advance(Duration.ofDays(1));

    assertThat(session.request(Request.read("auth/token/lookup-self")).isFailure())
        .isFalse();
    session.close();
  }

  @Test
  void session_whoseSecretIdIsGone_triesAgainEveryFewMinutes() {
    String roleId = role("app", Map.of("token_ttl", "1h", "token_max_ttl", "1h"));
    String secretId = text(secretId("app", Map.of()));
    Session session = vault.vault().login(AppRole.login("apps", roleId, secretId.toCharArray()));
    write("role/app/secret-id/destroy", Map.of("secret_id", secretId));
    vault.time().advance(Duration.ofHours(2));
    long before = logins();

    vault.time().advance(Duration.ofHours(1));

    // A pause has five minutes, of which up to a quarter is left out at random.
    assertThat(logins() - before).isBetween(12L, 17L);
    session.close();
  }

  private long logins() {
    return vault.vault().metrics().all().stream()
        .filter(metric -> metric.name().equals("vault.core.handle_login_request"))
        .map(Metric.Timer.class::cast)
        .mapToLong(Metric.Timer::count)
        .sum();
  }
}
