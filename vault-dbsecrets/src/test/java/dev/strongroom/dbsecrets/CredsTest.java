package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredsTest {
  private static final DatabaseMount mount = new DatabaseMount();

  @AfterAll
  static void close() {
    mount.close();
  }

  @BeforeEach
  void configure() {
    mount.configure("").orThrow();
    mount.role("my-role", "").orThrow();
  }

  private static Response creds() {
    return mount.get("creds/my-role").orThrow();
  }

  private static String username(Response response) {
    return response.data().orElseThrow().text("username").orElseThrow();
  }

  private static String password(Response response) {
    return response.data().orElseThrow().text("password").orElseThrow();
  }

  private static String lease(Response response) {
    return response.lease().orElseThrow().id();
  }

  private static void run(Response creds, String sql) throws SQLException {
    try (Connection connection = mount.postgres().connect(username(creds), password(creds))) {
      connection.createStatement().execute(sql);
    }
  }

  @Test
  void read_aRole_makesAUserThatCanLogIn() throws SQLException {
    Response creds = creds();

    assertThat(username(creds)).matches("v-root-my-role-[A-Za-z0-9]{20}-[0-9]{10}");
    assertThat(password(creds)).matches("[A-Za-z0-9-]{20}");
    assertThat(lease(creds)).matches("database/creds/my-role/[A-Za-z0-9]{24}");
    assertThat(creds.leaseDuration()).isEqualTo(Duration.ofHours(1));
    run(creds, "SELECT 1");
    assertThatThrownBy(() -> mount.postgres().connect(username(creds), "wrong"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void read_aRole_letsThePasswordLiveAsLongAsTheLease() {
    Response creds = creds();

    assertThat(mount.query(
            "SELECT extract(epoch FROM rolvaliduntil)::bigint FROM pg_roles WHERE rolname = ?::name",
            username(creds)))
        .containsExactly(
            String.valueOf(mount.now().plus(Duration.ofHours(1)).plusSeconds(5).getEpochSecond()));
  }

  @Test
  void renew_aLease_letsThePasswordLiveLonger() {
    Response creds = creds();
    mount.advance(Duration.ofMinutes(30));

    mount
        .sys("leases/renew", Map.of("lease_id", lease(creds), "increment", 7200))
        .orThrow();

    assertThat(mount.query(
            "SELECT extract(epoch FROM rolvaliduntil)::bigint FROM pg_roles WHERE rolname = ?::name",
            username(creds)))
        .containsExactly(
            String.valueOf(mount.now().plus(Duration.ofHours(2)).plusSeconds(5).getEpochSecond()));
  }

  @Test
  void revoke_aLease_dropsTheUser() {
    Response creds = creds();
    assertThat(mount.userExists(username(creds))).isTrue();

    mount.revoke(lease(creds)).orThrow();

    assertThat(mount.userExists(username(creds))).isFalse();
    mount.revoke(lease(creds)).orThrow();
  }

  @Test
  void read_aNameThatIsInUse_leavesItsUser() {
    mount.configure(",'username_template':'same_{{.RoleName}}'").orThrow();
    Response first = creds();

    Response second = mount.get("creds/my-role");

    assertThat(second.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(second.errors().get(0)).contains("has a role of that name already");
    mount.advance(Duration.ofMinutes(10));
    assertThat(mount.userExists(username(first))).isTrue();
    mount.revoke(lease(first)).orThrow();
    mount.configure(",'username_template':''").orThrow();
  }

  @Test
  void read_aNameWithoutQuotes_isRefusedIfItIsFolded() {
    mount.configure(",'username_template':'Folds_{{random 8 | lowercase}}'").orThrow();
    mount
        .post("roles/folds", "{'db_name':'pg','creation_statements':'CREATE ROLE {{name}} LOGIN'}")
        .orThrow();

    Response creds = mount.get("creds/folds");

    assertThat(creds.errors().get(0)).contains("write \"{{name}}\"");
    assertThat(mount.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'folds%'"))
        .isEmpty();
    mount.configure(",'username_template':''").orThrow();
  }

  @Test
  void expiry_whileAnotherConnectionLeadsNowhere_dropsTheUser() {
    try (DatabaseMount other = new DatabaseMount()) {
      other.configure("").orThrow();
      other
          .post(
              "config/gone",
              "{'plugin_name':'postgresql-database-plugin','allowed_roles':'*','connection_url':'"
                  + other.postgres().templateUrl() + "','username':'"
                  + other.postgres().superuser()
                  + "','password':'" + other.postgres().superuserPassword() + "'}")
          .orThrow();
      other.role("app", "").orThrow();
      other.role("lost", "").orThrow();
      other.post("roles/lost", "{'db_name':'gone'}").orThrow();
      for (int i = 0; i < 10; i++) {
        other.get("creds/lost").orThrow();
      }
      String user = username(other.get("creds/app").orThrow());
      List<String> lost =
          other.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-root-lost-%'");
      other.delete("config/gone").orThrow();

      other.advance(Duration.ofHours(1).plusSeconds(2));

      assertThat(other.userExists(user)).isFalse();
      lost.forEach(name -> other.postgres().execute("DROP ROLE \"" + name + "\""));
    }
  }

  @Test
  void readRole_ofCertificates_showsNoPrivateKey() {
    mount
        .post(
            "roles/certified",
            "{'db_name':'pg','credential_type':'client_certificate','credential_config':{'key_type':'ec','common_name_template':'x','ca_cert':'c','ca_private_key':'CANARY'}}")
        .orThrow();

    Payload role = mount.get("roles/certified").orThrow().data().orElseThrow();

    assertThat(role.object("credential_config").orElseThrow().toMap().keySet())
        .containsExactlyInAnyOrder("key_type", "common_name_template", "ca_cert");
  }

  @Test
  void writeRole_withItsOwnTransaction_isRefused() {
    Response written = mount.post(
        "roles/own-transaction",
        "{'db_name':'pg','creation_statements':['CREATE ROLE \\u0022{{name}}\\u0022','COMMIT']}");

    assertThat(written.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(written.errors().get(0)).contains("creation_statements: COMMIT is not allowed");
  }

  @Test
  void expiry_dropsTheUser() {
    Response creds = creds();

    mount.advance(Duration.ofHours(1).plusSeconds(2));

    assertThat(mount.userExists(username(creds))).isFalse();
  }

  @Test
  void revoke_whenTheRoleIsGoneAndNewHere_usesWhatTheLeaseKept() {
    mount
        .role("short", ",'revocation_statements':'DROP ROLE \\u0022{{name}}\\u0022'")
        .orThrow();
    Response creds = mount.get("creds/short").orThrow();
    mount.delete("roles/short").orThrow();

    mount.revoke(lease(creds)).orThrow();

    assertThat(mount.userExists(username(creds))).isFalse();
  }

  @Test
  void read_anUnknownRole_isRefused() {
    Response creds = mount.get("creds/nobody");

    assertThat(creds.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(creds.errors()).containsExactly("unknown role: nobody");
  }

  @Test
  void read_aRoleThatIsNotAllowed_isRefused() {
    mount.post("config/pg", "{'allowed_roles':'my-*'}").orThrow();
    mount.role("other", "").orThrow();

    Response creds = mount.get("creds/other");

    assertThat(creds.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(creds.errors()).containsExactly("\"other\" is not an allowed role");
    creds();
  }

  @Test
  void read_withoutAConfiguration_isRefused() {
    mount
        .post(
            "roles/lost",
            "{'db_name':'nowhere','creation_statements':'CREATE ROLE \\u0022{{name}}\\u0022'}")
        .orThrow();

    assertThat(mount.get("creds/lost").errors())
        .containsExactly("failed to find entry for connection with name: \"nowhere\"");
  }

  @Test
  void revoke_aUserThatOwnsSomething_saysWhy() throws SQLException {
    mount.postgres().execute("CREATE SCHEMA IF NOT EXISTS own");
    mount.role("owner", "").orThrow();
    mount
        .post(
            "roles/owner",
            "{'creation_statements':['CREATE ROLE \\u0022{{name}}\\u0022 LOGIN PASSWORD \\u0027{{password}}\\u0027','GRANT CREATE, USAGE ON SCHEMA own TO \\u0022{{name}}\\u0022']}")
        .orThrow();
    Response creds = mount.get("creds/owner").orThrow();
    run(creds, "CREATE TABLE own.mine (id int)");

    Response revoked = mount.revoke(lease(creds));

    assertThat(revoked.isFailure()).isTrue();
    assertThat(mount.userExists(username(creds))).isTrue();
    assertThat(mount
            .sys("leases/lookup", Map.of("lease_id", lease(creds)))
            .orThrow()
            .data()
            .orElseThrow()
            .text("revoke_error")
            .orElseThrow())
        .contains("owns table own.mine")
        .contains("REASSIGN OWNED BY");

    Payload found = mount
        .post("preflight/pg", "{'username':'" + username(creds) + "'}")
        .orThrow()
        .data()
        .orElseThrow();
    assertThat(found.flag("default_revocation")).contains(false);
    for (String statement : found.texts("statements")) {
      mount.postgres().execute(statement);
    }
    mount.revoke(lease(creds)).orThrow();
    assertThat(mount.userExists(username(creds))).isFalse();
  }

  @Test
  void revoke_withSessionGrace_endsSessions() throws SQLException {
    mount.role("brief", ",'session_grace':'0'").orThrow();
    Response creds = mount.get("creds/brief").orThrow();
    try (Connection open = mount.postgres().connect(username(creds), password(creds))) {
      mount.revoke(lease(creds)).orThrow();

      assertThatThrownBy(() -> open.createStatement().execute("SELECT 1"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void revoke_statementsThatKeepTheUser_fail() {
    mount
        .role("kept", ",'revocation_statements':'ALTER ROLE \\u0022{{name}}\\u0022 NOLOGIN'")
        .orThrow();
    Response creds = mount.get("creds/kept").orThrow();

    Response revoked = mount.revoke(lease(creds));

    assertThat(revoked.isFailure()).isTrue();
    mount.postgres().execute("DROP ROLE \"" + username(creds) + "\"");
    mount.revoke(lease(creds)).orThrow();
  }

  /** As a standby does: whoever asks may read, and nothing else. */
  @Test
  void databaseThatIsReadOnly_makesAndDropsNobodyUntilItIsWritable() {
    try (DatabaseMount other = new DatabaseMount()) {
      other.configure("").orThrow();
      other.role("my-role", "").orThrow();
      Response creds = other.get("creds/my-role").orThrow();
      String readOnly =
          "ALTER DATABASE " + other.postgres().database() + " SET default_transaction_read_only = ";
      other.postgres().execute(readOnly + "on");
      other.post("reset/pg", "{}").orThrow();

      assertThat(other.get("creds/my-role").failure()).contains(ErrorCode.OUTSIDE_FAILED);
      assertThat(other.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-root-my-role-%'"))
          .contains(username(creds));
      assertThat(other.revoke(lease(creds)).isFailure()).isTrue();
      assertThat(other.userExists(username(creds))).isTrue();

      other.postgres().execute("SET default_transaction_read_only = off", readOnly + "off");
      other.post("reset/pg", "{}").orThrow();
      other.revoke(lease(creds)).orThrow();
      assertThat(other.userExists(username(creds))).isFalse();
    }
  }

  @ParameterizedTest(name = "D-5 a user that was renamed is not taken for gone, statements: {0}")
  @ValueSource(strings = {"", ",'revocation_statements':'DROP ROLE \\u0022{{name}}\\u0022'"})
  void revoke_aUserThatWasRenamed_failsUntilItHasItsNameAgain(String statements) {
    mount.role("my-role", statements).orThrow();
    Response creds = creds();
    String away = "away_" + username(creds).substring(username(creds).length() - 10);
    mount.postgres().execute("ALTER ROLE \"" + username(creds) + "\" RENAME TO \"" + away + "\"");

    assertThat(mount.revoke(lease(creds)).isFailure()).isTrue();
    assertThat(mount
            .sys("leases/lookup", Map.of("lease_id", lease(creds)))
            .orThrow()
            .data()
            .orElseThrow()
            .text("revoke_error"))
        .hasValueSatisfying(text -> assertThat(text).contains("rename \"" + away + "\" back"));
    assertThat(mount.userExists(away)).isTrue();

    mount.postgres().execute("ALTER ROLE \"" + away + "\" RENAME TO \"" + username(creds) + "\"");
    mount.revoke(lease(creds)).orThrow();
    assertThat(mount.userExists(username(creds))).isFalse();
  }

  /** What was made at one address is not taken for gone because another one does not know it. */
  @Test
  void revoke_afterTheAddressWasChanged_failsUntilItLeadsThereAgain() {
    try (DatabaseMount other = new DatabaseMount();
        TestPostgres elsewhere = TestPostgres.create()) {
      other.configure("").orThrow();
      other.role("my-role", "").orThrow();
      Response creds = other.get("creds/my-role").orThrow();
      other.postgres().execute("DROP ROLE \"" + username(creds) + "\"");
      String move = "{'password':'" + elsewhere.superuserPassword() + "','connection_url':'";
      other.post("config/pg", move + elsewhere.templateUrl() + "'}").orThrow();

      assertThat(other.revoke(lease(creds)).isFailure()).isTrue();
      assertThat(other
              .sys("leases/lookup", Map.of("lease_id", lease(creds)))
              .orThrow()
              .data()
              .orElseThrow()
              .text("revoke_error"))
          .hasValueSatisfying(
              text -> assertThat(text).contains("made at another address than the connection"));
      assertThat(other.sys("leases/renew", Map.of("lease_id", lease(creds))).isFailure())
          .isTrue();

      other.post("config/pg", move + other.postgres().templateUrl() + "'}").orThrow();
      other.revoke(lease(creds)).orThrow();
    }
  }

  @Test
  void read_withScram_sendsAVerifier() throws SQLException {
    mount.configure(",'password_authentication':'scram-sha-256'").orThrow();

    run(creds(), "SELECT 1");
  }

  @Test
  void read_failingStatement_leavesNoUserAndNoLease() {
    try (DatabaseMount other = new DatabaseMount()) {
      other.configure("").orThrow();
      other
          .post(
              "roles/bad",
              "{'db_name':'pg','creation_statements':['CREATE ROLE \\u0022{{name}}\\u0022 LOGIN','GRANT nobody_has_this TO \\u0022{{name}}\\u0022']}")
          .orThrow();

      Response creds = other.get("creds/bad");

      assertThat(creds.failure()).contains(ErrorCode.OUTSIDE_FAILED);
      assertThat(other.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-root-bad-%'"))
          .isEmpty();
    }
  }
}
