package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StaticRolesTest {
  private final DatabaseMount mount = new DatabaseMount();
  private final String user = "app_" + mount.postgres().database();

  @BeforeEach
  void configure() {
    mount.configure("").orThrow();
    mount.postgres().execute("CREATE ROLE " + user + " LOGIN PASSWORD 'before'");
  }

  @AfterEach
  void close() {
    mount.postgres().execute("DROP ROLE IF EXISTS " + user);
    mount.close();
  }

  private Response write(String period) {
    return mount.post(
        "static-roles/app",
        "{'db_name':'pg','username':'" + user + "','rotation_period':'" + period + "'}");
  }

  private Payload creds() {
    return mount.get("static-creds/app").orThrow().data().orElseThrow();
  }

  private String password() {
    return creds().text("password").orElseThrow();
  }

  private void assertWorks(String password) throws SQLException {
    mount.postgres().connect(user, password).close();
  }

  private void assertFails(String password) {
    assertThatThrownBy(() -> mount.postgres().connect(user, password))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void write_aRole_setsAPasswordAtOnce() throws SQLException {
    write("1h").orThrow();

    assertWorks(password());
    assertFails("before");
    assertThat(creds().text("username")).contains(user);
    assertThat(creds().number("ttl").map(Number::longValue)).contains(3600L);
    assertThat(
            mount.get("static-roles/app").orThrow().data().orElseThrow().has("last_vault_rotation"))
        .isTrue();
    assertThat(mount.list("static-roles").orThrow().names()).containsExactly("app");
  }

  @Test
  void period_whenItIsOver_changesThePassword() throws SQLException {
    write("1h").orThrow();
    String first = password();

    mount.advance(Duration.ofMinutes(59));
    assertThat(password()).isEqualTo(first);
    mount.advance(Duration.ofMinutes(1).plusSeconds(1));

    assertThat(password()).isNotEqualTo(first);
    assertWorks(password());
    assertFails(first);
  }

  @Test
  void rotate_aRole_changesThePasswordNow() throws SQLException {
    write("1h").orThrow();
    String first = password();

    mount.post("rotate-role/app", "{}").orThrow();

    assertThat(password()).isNotEqualTo(first);
    assertWorks(password());
    assertThat(mount.post("rotate-role/none", "{}").errors())
        .containsExactly("no static role found for role name");
  }

  @Test
  void rotation_thatFails_isTriedAgainWithTheSamePassword() throws SQLException {
    write("1h").orThrow();
    String first = password();
    mount.postgres().execute("ALTER ROLE " + user + " RENAME TO " + user + "_away");

    Response rotated = mount.post("rotate-role/app", "{}");

    assertThat(rotated.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(rotated.errors().get(0)).startsWith("unable to finish rotating credentials; ");
    assertThat(password()).isEqualTo(first);
    mount.advance(Duration.ZERO);
    mount.postgres().execute("ALTER ROLE " + user + "_away RENAME TO " + user);
    mount.advance(Duration.ofSeconds(11));
    assertThat(password()).isNotEqualTo(first);
    assertWorks(password());
  }

  /** Of the roles that are due, those of a database that was dead before come last. */
  @Test
  void rotation_whileAnotherDatabaseIsDead_goesOn() throws SQLException {
    write("1h").orThrow();
    configureByAnotherName("dead", mount.postgres().superuser(), "*");
    mount.postgres().execute("CREATE ROLE a_" + user + " LOGIN");
    mount
        .post(
            "static-roles/a-dead",
            "{'db_name':'dead','username':'a_" + user + "','rotation_period':'1h'}")
        .orThrow();
    mount
        .post(
            "config/dead",
            "{'verify_connection':false,'password':'wrong','connection_url':'postgresql://{{username}}:{{password}}@127.0.0.1:1/x?sslmode=disable'}")
        .orThrow();
    String first = password();

    mount.advance(Duration.ofMinutes(61));

    assertThat(password()).isNotEqualTo(first);
    assertWorks(password());
    assertThat(mount.post("rotate-role/a-dead", "{}").errors().get(0))
        .startsWith("unable to finish rotating credentials; ")
        .contains("error verifying connection: ");
    mount.postgres().execute("DROP ROLE a_" + user);
  }

  @Test
  void write_aUserThatIsNotThere_leavesNothing() {
    Response written = mount.post(
        "static-roles/app", "{'db_name':'pg','username':'nobody_at_all','rotation_period':'1h'}");

    assertThat(written.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(written.errors().get(0))
        .startsWith("error setting credentials: ")
        .contains("role \"nobody_at_all\" does not exist");
    assertThat(mount.get("static-roles/app").failure()).contains(ErrorCode.NOT_FOUND);
  }

  /** Connects somewhere else by the same server's other name. */
  private void configureByAnotherName(String name, String manager, String allowed) {
    mount
        .post(
            "config/" + name,
            "{'plugin_name':'postgresql-database-plugin','verify_connection':false,'connection_url':'"
                + mount.postgres().templateUrl().replace("127.0.0.1", "localhost")
                + "','username':'" + manager + "','allowed_roles':'" + allowed
                + "','password':'" + mount.postgres().superuserPassword() + "'}")
        .orThrow();
  }

  @Test
  void write_theVaultsOwnUser_isRefused() {
    configureByAnotherName("second", user, "*");

    for (String name : List.of(mount.postgres().superuser(), user)) {
      Response written = mount.post(
          "static-roles/app", "{'db_name':'pg','username':'" + name + "','rotation_period':'1h'}");

      assertThat(written.failure()).contains(ErrorCode.INVALID_REQUEST);
      assertThat(written.errors().get(0)).contains("this is the vault's own user");
    }
    assertThat(mount.get("static-roles/app").failure()).contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void write_aUserOfAnotherRole_isRefused() throws SQLException {
    configureByAnotherName("second", mount.postgres().superuser(), "*");
    write("1h").orThrow();

    for (String database : List.of("pg", "second")) {
      Response written = mount.post(
          "static-roles/twice",
          "{'db_name':'" + database + "','username':'" + user + "','rotation_period':'1h'}");

      assertThat(written.failure()).contains(ErrorCode.INVALID_REQUEST);
      assertThat(written.errors())
          .containsExactly("another static role changes the password of this user");
    }
    assertThat(mount.get("static-roles/twice").failure()).contains(ErrorCode.NOT_FOUND);
    assertWorks(password());
    mount.delete("static-roles/app").orThrow();
    mount
        .post(
            "static-roles/twice",
            "{'db_name':'second','username':'" + user + "','rotation_period':'1h'}")
        .orThrow();
  }

  @Test
  void writeConfig_aUserOfAStaticRole_isRefused() {
    write("1h").orThrow();

    Response written =
        mount.post("config/pg", "{'username':'" + user + "','password':'" + password() + "'}");

    assertThat(written.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(written.errors().get(0)).contains("a static role changes the password of this user");
    assertThat(mount
            .get("config/pg")
            .orThrow()
            .data()
            .orElseThrow()
            .object("connection_details")
            .orElseThrow()
            .text("username"))
        .contains(mount.postgres().superuser());
  }

  @Test
  void write_anotherConnection_isCheckedLikeANewRole() {
    write("1h").orThrow();
    configureByAnotherName("closed", mount.postgres().superuser(), "x");

    Response moved =
        mount.post("static-roles/app", "{'db_name':'closed','username':'" + user + "'}");

    assertThat(moved.errors()).containsExactly("\"app\" is not an allowed role");
    assertThat(mount.get("static-roles/app").orThrow().data().orElseThrow().text("db_name"))
        .contains("pg");
  }

  @Test
  void write_again_changesThePeriodAndNotThePassword() {
    write("1h").orThrow();
    String first = password();

    write("2h").orThrow();

    assertThat(password()).isEqualTo(first);
    assertThat(creds().number("rotation_period").map(Number::longValue)).contains(7200L);
    assertThat(mount.post("static-roles/app", "{'username':'other'}").errors())
        .containsExactly("cannot update static account username");
  }

  @Test
  void write_whatCannotWork_isRefused() {
    assertThat(mount
            .post("static-roles/app", "{'username':'x','rotation_period':'1h'}")
            .errors())
        .containsExactly("database name is a required field");
    assertThat(mount
            .post("static-roles/app", "{'db_name':'pg','rotation_period':'1h'}")
            .errors())
        .containsExactly("username is a required field to create a static account");
    assertThat(mount.post("static-roles/app", "{'db_name':'pg','username':'x'}").errors())
        .containsExactly("rotation_period is required to create static accounts");
    assertThat(write("4s").errors()).containsExactly("rotation_period must be 5 seconds or more");
    assertThat(mount
            .post(
                "static-roles/app",
                "{'db_name':'pg','username':'x','rotation_schedule':'* * * * *'}")
            .errors()
            .get(0))
        .contains("rotation_schedule is not supported");
    mount.role("both", "").orThrow();
    assertThat(mount
            .post("static-roles/both", "{'db_name':'pg','username':'x','rotation_period':'1h'}")
            .errors())
        .containsExactly("Role and Static Role names must be unique");
  }

  @Test
  void delete_aRole_keepsTheUserAndItsPassword() throws SQLException {
    write("1h").orThrow();
    String password = password();

    mount.delete("static-roles/app").orThrow();

    assertThat(mount.get("static-creds/app").errors()).containsExactly("unknown role: app");
    assertWorks(password);
  }
}
