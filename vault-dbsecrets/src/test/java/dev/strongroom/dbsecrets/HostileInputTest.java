package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and passwords that would be SQL if somebody let them. */
@Tag("slow")
class HostileInputTest {
  private static final DatabaseMount mount = new DatabaseMount();
  private static final String CREATE =
      "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}'; COMMENT ON ROLE \"{{name}}\" IS '{{name}}'";

  @AfterAll
  static void close() {
    mount.postgres().execute("DROP ROLE IF EXISTS evil");
    mount.close();
  }

  @BeforeEach
  void evil() {
    mount.postgres().execute("DROP ROLE IF EXISTS evil", "CREATE ROLE evil");
  }

  private static Response write(String path, Map<String, ?> body) {
    return mount.ask(Operation.UPDATE, path, Payload.of(body));
  }

  private static void assertNobodyRose() {
    assertThat(mount.query("SELECT rolname FROM pg_roles WHERE rolname = 'evil' AND rolsuper"))
        .isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a\"b",
        "a''b",
        "a\\",
        "{{password}}",
        "$1",
        "a;--",
        "\"; ALTER ROLE evil SUPERUSER; --",
        "'; ALTER ROLE evil SUPERUSER; --",
        "$$; ALTER ROLE evil SUPERUSER; $$",
        "/* */",
        "Ünïcödé 名前"
      })
  void creds_aNameThatWouldBeSql_isTheNameOfAUser(String name) throws SQLException {
    mount.configure("").orThrow();
    write("config/pg", Map.of("username_template", quoted(name))).orThrow();
    write("roles/hostile", Map.of("db_name", "pg", "creation_statements", CREATE))
        .orThrow();

    Response creds = mount.get("creds/hostile").orThrow();

    Payload data = creds.data().orElseThrow();
    assertThat(data.text("username")).contains(name);
    assertThat(mount.query(
            "SELECT pg_catalog.shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ?::name",
            name))
        .containsExactly(name);
    mount.postgres().connect(name, data.text("password").orElseThrow()).close();
    assertNobodyRose();
    mount.revoke(creds.lease().orElseThrow().id()).orThrow();
    assertThat(mount.userExists(name)).isFalse();
    assertNobodyRose();
  }

  /** Returns a template that makes just this name. */
  private static String quoted(String name) {
    return "{{\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}}";
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"a\"b'; ALTER ROLE evil SUPERUSER; --", "line\nbreak", "\u0000", "名前\\"})
  void creds_anyDisplayName_isQuotedOrRefused(String displayName) {
    mount.configure("").orThrow();
    write("config/pg", Map.of("username_template", "v-{{.DisplayName}}-{{random 8}}"))
        .orThrow();
    write("roles/hostile", Map.of("db_name", "pg", "creation_statements", CREATE))
        .orThrow();
    Response token = mount
        .root()
        .request(Request.of(
            Operation.UPDATE,
            VaultPath.parse("auth/token/create"),
            Payload.of(Map.of("display_name", displayName))));
    if (token.isFailure()) {
      assertThat(token.failure()).contains(ErrorCode.INVALID_REQUEST);
      return;
    }
    Response creds = mount
        .vault()
        .session(token.auth().orElseThrow().token().orElseThrow())
        .request(
            Request.of(Operation.READ, VaultPath.parse("database/creds/hostile"), Payload.empty()));

    if (creds.isFailure()) {
      assertThat(creds.errors().get(0)).startsWith("unable to generate username: ");
    } else {
      mount.revoke(creds.lease().orElseThrow().id()).orThrow();
    }
    assertNobodyRose();
  }

  @Test
  void config_aTemplateOfTooLongNames_isRefused() {
    mount.configure("").orThrow();

    assertThat(write("config/pg", Map.of("username_template", "x".repeat(70)))
            .errors()
            .get(0))
        .startsWith("error creating database object: invalid username template: ");
  }

  @Test
  void creds_aPasswordOfQuotesAndBackslashes_works() throws SQLException {
    mount
        .root()
        .request(Request.of(
            Operation.UPDATE,
            VaultPath.parse("sys/policies/password/hostile"),
            Payload.of(Map.of(
                "policy", "length = 40\nrule \"charset\" { charset = \"'\\\\\\\\$;-\\\"\" }"))))
        .orThrow();
    mount.configure(",'password_policy':'hostile'").orThrow();
    write("config/pg", Map.of("username_template", "")).orThrow();
    write("roles/hostile", Map.of("db_name", "pg", "creation_statements", CREATE))
        .orThrow();

    Response creds = mount.get("creds/hostile").orThrow();

    Payload data = creds.data().orElseThrow();
    mount
        .postgres()
        .connect(data.text("username").orElseThrow(), data.text("password").orElseThrow())
        .close();
    assertNobodyRose();
    mount.revoke(creds.lease().orElseThrow().id()).orThrow();
  }

  /** The text of the server is looked through before it is cut. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DO $$ BEGIN RAISE EXCEPTION '%', repeat('x', 180) || '{{password}}'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION '%', quote_literal('{{password}}'); END $$",
        "DO $$ BEGIN RAISE EXCEPTION 'a \"name\" and \"%\"', left('{{password}}', 9); END $$",
        "SELECT {{password}}"
      })
  void creds_anErrorThatTellsThePassword_isNotPassedOn(String statement) {
    mount
        .root()
        .request(Request.write(
            "sys/policies/password/visible",
            Map.of("policy", "length = 20\nrule \"charset\" { charset = \"ZQ\" }")))
        .orThrow();
    mount.configure(",'password_policy':'visible'").orThrow();
    write("roles/telling", Map.of("db_name", "pg", "creation_statements", statement))
        .orThrow();

    Response creds = mount.get("creds/telling");

    assertThat(creds.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(creds.errors().get(0))
        .startsWith("failed to execute query: ")
        .doesNotContainPattern("(?i)[ZQ]{3}");
    mount.configure(",'password_policy':''").orThrow();
  }

  @Test
  void creds_anErrorWithSignsThatALineMustNotHave_isPassedOnWithoutThem() {
    mount.configure("").orThrow();
    write(
            "roles/signs",
            Map.of(
                "db_name", "pg",
                "creation_statements",
                    "DO $$ BEGIN RAISE EXCEPTION E'a\\u202eb\\u009bc\\u2028d\\ne'; END $$"))
        .orThrow();

    assertThat(mount.get("creds/signs").errors().get(0)).contains("a b c d e");
  }

  @Test
  void creds_aPolicyThatIsNotThere_isRefusedBeforeAnythingHappens() {
    mount.configure(",'password_policy':'no-such'").orThrow();
    write("roles/hostile", Map.of("db_name", "pg", "creation_statements", CREATE))
        .orThrow();

    assertThat(mount.get("creds/hostile").errors())
        .containsExactly("failed to generate password: no password policy found");
    mount.configure(",'password_policy':''").orThrow();
  }

  @Test
  void writes_ofHugeAndWrongValues_areRefused() {
    mount.configure("").orThrow();
    String huge = "x".repeat(1 << 20);
    for (String field :
        List.of("connection_url", "username", "password", "username_template", "password_policy")) {
      assertThat(write("config/pg", Map.of(field, huge)).failure())
          .as(field)
          .contains(ErrorCode.INVALID_REQUEST);
    }
    for (String field : List.of(
        "creation_statements", "revocation_statements", "renew_statements", "credential_type")) {
      assertThat(write("roles/huge", Map.of("db_name", "pg", field, huge)).failure())
          .as(field)
          .contains(ErrorCode.INVALID_REQUEST);
    }
    assertThat(write("roles/huge", Map.of("db_name", "pg", "default_ttl", -1)).failure())
        .contains(ErrorCode.INVALID_REQUEST);
    assertThat(
            write("roles/huge", Map.of("db_name", "pg", "session_grace", "31s")).errors())
        .containsExactly("session_grace is 0 to 30 s");
    assertThat(write(
                "roles/huge",
                Map.of(
                    "db_name",
                    "pg",
                    "revocation_statements",
                    "SELECT '" + "é".repeat(30_000) + "'"))
            .errors())
        .containsExactly("revocation_statements take at most 49152 bytes of JSON");
    assertThat(write("roles/huge", Map.of("db_name", huge)).failure())
        .contains(ErrorCode.INVALID_REQUEST);
    assertThat(mount.get("roles/huge").failure()).contains(ErrorCode.NOT_FOUND);
  }
}
