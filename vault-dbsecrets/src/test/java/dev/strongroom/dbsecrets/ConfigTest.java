package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  private static final DatabaseMount mount = new DatabaseMount();

  @AfterAll
  static void close() {
    mount.close();
  }

  @BeforeEach
  void remove() {
    mount.delete("config/pg").orThrow();
  }

  private static Payload config() {
    return mount.get("config/pg").orThrow().data().orElseThrow();
  }

  private static String error(Response response) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    return response.errors().get(0);
  }

  @Test
  void write_aConnection_isKeptWithoutItsPassword() {
    mount.configure(",'max_open_connections':7,'password_policy':'strict'").orThrow();

    Payload config = config();

    assertThat(config.text("plugin_name")).contains("postgresql-database-plugin");
    assertThat(config.texts("allowed_roles")).containsExactly("*");
    assertThat(config.text("password_policy")).contains("strict");
    Payload details = config.object("connection_details").orElseThrow();
    assertThat(details.text("connection_url")).contains(mount.postgres().templateUrl());
    assertThat(details.number("max_open_connections").map(Number::intValue)).contains(7);
    assertThat(details.has("password")).isFalse();
    assertThat(new String(config.toJson(), StandardCharsets.UTF_8))
        .doesNotContain("\"" + mount.postgres().superuserPassword() + "\"");
    assertThat(mount.list("config").orThrow().names()).containsExactly("pg");
  }

  @Test
  void write_again_keepsWhatIsNotNamed() {
    mount.configure(",'max_open_connections':7").orThrow();

    mount.post("config/pg", "{'allowed_roles':'a,b*'}").orThrow();

    assertThat(config().texts("allowed_roles")).containsExactly("a", "b*");
    assertThat(config().object("connection_details").orElseThrow().number("max_open_connections"))
        .isPresent();
  }

  @Test
  void write_aPasswordThatDoesNotWork_isRefusedAndNothingIsKept() {
    Response refused = mount.post(
        "config/pg",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'"
            + mount.postgres().templateUrl() + "','username':'"
            + mount.postgres().superuser()
            + "','password':'CANARY p%40ss'}");

    assertThat(error(refused))
        .startsWith("error creating database object: error verifying connection: ")
        .doesNotContain("CANARY");
    assertThat(mount.get("config/pg").failure()).contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void write_withoutVerifying_connectsWhenItIsNeeded() {
    mount
        .post(
            "config/pg",
            "{'plugin_name':'postgresql-database-plugin','verify_connection':false,'allowed_roles':'*','connection_url':'"
                + mount.postgres().templateUrl() + "','username':'nobody','password':'wrong'}")
        .orThrow();
    mount.role("my-role", "").orThrow();

    Response creds = mount.get("creds/my-role");

    assertThat(creds.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(creds.errors().get(0)).startsWith("error verifying connection: ");
    assertThat(mount.post("reset/pg", "{}").failure()).contains(ErrorCode.OUTSIDE_FAILED);
  }

  @Test
  void write_aUrlWithAPassword_warnsAndShowsItMasked() {
    Response written = mount.post(
        "config/pg",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://"
            + mount.postgres().superuser() + ":" + mount.postgres().superuserPassword() + "@"
            + mount.postgres().host() + ":" + mount.postgres().port() + "/"
            + mount.postgres().database() + "?sslmode=disable'}");

    assertThat(written.orThrow().warnings())
        .anyMatch(warning -> warning.startsWith("Password found in connection_url"));
    assertThat(config()
            .object("connection_details")
            .orElseThrow()
            .text("connection_url")
            .orElse(""))
        .contains(":xxxxx@");
  }

  /** Making one needs other rights than changing one, and those were looked at before. */
  @Test
  void write_whileAnotherMakesTheSame_isRefused() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection door = mount.postgres().connect()) {
      door.setAutoCommit(false);
      Statement statement = door.createStatement();
      statement.execute("LOCK TABLE pg_catalog.pg_db_role_setting"); // nobody comes in
      Future<Response> slow = thread.submit(() -> mount.configure(""));
      awaitSomebodyWaiting(statement);
      mount.configure(",'verify_connection':false,'password_policy':'fast'").orThrow();
      door.rollback();

      assertThat(slow.get().failure()).contains(ErrorCode.CONFLICT);
      assertThat(config().text("password_policy")).contains("fast");
    } finally {
      thread.shutdownNow();
    }
  }

  private static void awaitSomebodyWaiting(Statement statement) throws SQLException {
    boolean waiting = false;
    while (!waiting) {
      try (ResultSet rows =
          statement.executeQuery("SELECT pg_sleep(0.01) FROM pg_locks WHERE NOT granted")) {
        waiting = rows.next();
      }
    }
  }

  @Test
  void write_plainPasswordsByChoice_warns() {
    assertThat(
            mount.configure(",'password_authentication':'password'").orThrow().warnings())
        .anyMatch(warning -> warning.startsWith("With password_authentication=password"));
    assertThat(mount
            .configure(",'password_authentication':'scram-sha-256'")
            .orThrow()
            .warnings())
        .isEmpty();
  }

  @Test
  void write_withoutAuthentication_isAnsweredWithoutAWord() {
    assertThat(mount.configure("").orThrow().isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|empty plugin name",
        "{'plugin_name':'mysql'}|plugin not found in the catalog: mysql",
        "{'plugin_name':'postgresql-database-plugin'}|error creating database object: connection_url cannot be empty",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d?socketFactory=x'}|cannot parse connection url: ",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','username':'{{password}}'}|username and/or password cannot contain the template variables",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','password_authentication':'md5'}|'md5' is not a valid password authentication type",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','username_template':'{{'}|unable to initialize username template: ",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','max_open_connections':101}|max_open_connections is at most 100",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','max_open_connections':'many'}|max_open_connections",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d?sslrootcert=/etc/passwd'}|error creating database object: sslrootcert names a file, and the vault was given no folder of them",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','tls_ca':'-----BEGIN'}|tls_ca is not supported",
        "{'plugin_name':'postgresql-database-plugin','connection_url':'postgresql://h/d','root_rotation_statements':'ALTER ''x'}|root_rotation_statements: ",
      })
  void write_whatCannotWork_isRefused(String body, String text) {
    String json = body.replace("''x", "\\u0027x");

    assertThat(error(mount.post("config/pg", json))).contains(text);
    assertThat(mount.get("config/pg").failure()).contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void path_withANameThatCannotBe_isNone() {
    assertThat(mount.get("config/-x").errors()).containsExactly("unsupported path");
    assertThat(mount.get("roles/x y").errors()).isEqualTo(List.of("unsupported path"));
  }

  @Test
  void delete_aConnection_keepsLeasesUntilItIsBack() {
    mount.configure("").orThrow();
    mount.role("my-role", "").orThrow();
    Response creds = mount.get("creds/my-role").orThrow();
    String lease = creds.lease().orElseThrow().id();
    String user = creds.data().orElseThrow().text("username").orElseThrow();
    mount.delete("config/pg").orThrow();

    assertThat(mount.revoke(lease).isFailure()).isTrue();
    assertThat(mount.userExists(user)).isTrue();

    mount.configure("").orThrow();
    mount.revoke(lease).orThrow();
    assertThat(mount.userExists(user)).isFalse();
  }

  @Test
  void rotateRoot_changesThePasswordAndGoesOn() {
    mount
        .postgres()
        .execute(
            "DROP ROLE IF EXISTS manager", "CREATE ROLE manager SUPERUSER LOGIN PASSWORD 'before'");
    mount
        .post(
            "config/pg",
            "{'plugin_name':'postgresql-database-plugin','allowed_roles':'*','connection_url':'"
                + mount.postgres().templateUrl() + "','username':'manager','password':'before'}")
        .orThrow();
    mount.role("my-role", "").orThrow();

    mount.post("rotate-root/pg", "{}").orThrow();

    mount.post("reset/pg", "{}").orThrow();
    String lease = mount.get("creds/my-role").orThrow().lease().orElseThrow().id();
    mount.revoke(lease).orThrow();
    assertThatThrownBy(() -> mount.postgres().connect("manager", "before"))
        .isInstanceOf(SQLException.class);
    mount.postgres().execute("DROP ROLE manager");
  }

  @Test
  void rotateRoot_thatIsRefused_keepsTheOldPassword() {
    mount
        .postgres()
        .execute(
            "DROP ROLE IF EXISTS manager2",
            "CREATE ROLE manager2 CREATEROLE LOGIN PASSWORD 'before'");
    mount
        .post(
            "config/pg",
            "{'plugin_name':'postgresql-database-plugin','connection_url':'"
                + mount.postgres().templateUrl()
                + "','username':'manager2','password':'before','root_rotation_statements':'ALTER ROLE nobody_is_this PASSWORD \\u0027{{password}}\\u0027'}")
        .orThrow();

    Response rotated = mount.post("rotate-root/pg", "{}");

    assertThat(rotated.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(rotated.errors().get(0)).startsWith("failed to update user: ");
    mount.post("reset/pg", "{}").orThrow();
    mount.post("config/pg", "{'root_rotation_statements':[]}").orThrow();
    mount.post("rotate-root/pg", "{}").orThrow();
    mount.postgres().execute("DROP ROLE manager2");
  }

  @Test
  void rotateRoot_whenNeitherPasswordWorksAtFirst_findsOutLaterWhichDoes() throws SQLException {
    String manager = "m3_" + mount.postgres().database();
    mount.postgres().execute("CREATE ROLE " + manager + " SUPERUSER LOGIN PASSWORD 'before'");
    mount
        .post(
            "config/pg",
            "{'plugin_name':'postgresql-database-plugin','connection_url':'"
                + mount.postgres().templateUrl() + "','username':'" + manager
                + "','password':'before','root_rotation_statements':["
                + "'ALTER ROLE {{name}} PASSWORD \\u0027{{password}}\\u0027','ALTER ROLE {{name}} NOLOGIN']}")
        .orThrow();

    assertThat(mount.post("rotate-root/pg", "{}").errors().get(0))
        .startsWith("failed to update user: error verifying connection: ");
    assertThat(mount.post("rotate-root/pg", "{}").failure()).contains(ErrorCode.CONFLICT);
    for (String body : List.of(
        "{'password':'before'}",
        "{'password':'before','verify_connection':false}",
        "{'username':'other'}",
        "{'connection_url':'" + mount.postgres().templateUrl() + "'}")) {
      assertThat(mount.post("config/pg", body).isFailure()).isTrue();
    }
    assertThat(mount.delete("config/pg").failure()).contains(ErrorCode.CONFLICT);
    mount.postgres().execute("ALTER ROLE " + manager + " LOGIN");
    mount.advance(Duration.ofSeconds(21));

    mount.post("reset/pg", "{}").orThrow();
    assertThatThrownBy(() -> mount.postgres().connect(manager, "before"))
        .isInstanceOf(SQLException.class);
    mount.postgres().execute("DROP ROLE " + manager);
  }

  /** Makes a connection whose user has statements of its own; returns that user. */
  private static String manager(String name, String statements) {
    String manager = name + "_" + mount.postgres().database();
    mount.postgres().execute("CREATE ROLE " + manager + " SUPERUSER LOGIN PASSWORD 'before'");
    mount
        .post(
            "config/pg",
            "{'plugin_name':'postgresql-database-plugin','allowed_roles':'*','connection_url':'"
                + mount.postgres().templateUrl() + "','username':'" + manager
                + "','password':'before','root_rotation_statements':[" + statements + "]}")
        .orThrow();
    return manager;
  }

  /** The answer of the first attempt is lost: what the old password can do says nothing then. */
  @Test
  void rotateRoot_whoseAnswerIsLost_isCarriedOutLater() {
    String manager = manager(
        "m4",
        "'ALTER ROLE {{name}} PASSWORD \\u0027{{password}}\\u0027','SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())'");

    assertThat(mount.post("rotate-root/pg", "{}").errors().get(0))
        .startsWith("failed to update user: ");
    mount.advance(Duration.ofSeconds(30));
    assertThat(mount.post("rotate-root/pg", "{}").failure()).contains(ErrorCode.CONFLICT);

    mount.post("config/pg", "{'root_rotation_statements':[]}").orThrow();
    mount.advance(Duration.ofMinutes(10));

    mount.post("reset/pg", "{}").orThrow();
    assertThatThrownBy(() -> mount.postgres().connect(manager, "before"))
        .isInstanceOf(SQLException.class);
    mount.postgres().execute("DROP ROLE " + manager);
  }

  @Test
  void rotateRoot_statementsThatSetNothing_keepTheOldPassword() {
    String manager = manager("m5", "'SELECT 1'");

    assertThat(mount.post("rotate-root/pg", "{}").errors().get(0))
        .contains("root_rotation_statements did not set the password");

    mount.post("reset/pg", "{}").orThrow();
    mount.post("config/pg", "{'root_rotation_statements':[]}").orThrow();
    mount.post("rotate-root/pg", "{}").orThrow();
    mount.postgres().execute("DROP ROLE " + manager);
  }

  @Test
  void write_aPasswordWhenBothAreLost_isTaken() {
    String manager = manager("m6", "'ALTER ROLE {{name}} PASSWORD \\u0027third\\u0027'");
    assertThat(mount.post("rotate-root/pg", "{}").isFailure()).isTrue();
    mount.post("config/pg", "{'allowed_roles':'x','verify_connection':false}").orThrow();

    mount
        .post("config/pg", "{'password':'third','root_rotation_statements':[]}")
        .orThrow();

    mount.post("reset/pg", "{}").orThrow();
    mount.post("rotate-root/pg", "{}").orThrow();
    mount.postgres().execute("DROP ROLE " + manager);
  }

  @Test
  void rotateRoot_whereTheUrlSaysSomethingElse_isRefused() throws SQLException {
    String manager = "m7_" + mount.postgres().database();
    mount.postgres().execute("CREATE ROLE " + manager + " SUPERUSER LOGIN PASSWORD 'before'");
    String url = mount.postgres().templateUrl();
    String body = "{'plugin_name':'postgresql-database-plugin','verify_connection':false,"
        + "'password':'before','connection_url':'";

    mount
        .post("config/pg", body + url.replace("{{username}}", manager) + "','username':'other'}")
        .orThrow();
    assertThat(error(mount.post("rotate-root/pg", "{}"))).contains("another user than username");

    mount
        .post(
            "config/pg",
            body + url.replace("{{password}}", "x{{password}}") + "','username':'" + manager + "'}")
        .orThrow();
    assertThat(error(mount.post("rotate-root/pg", "{}"))).contains("write {{password}} alone");

    mount
        .root()
        .request(Request.of(
            Operation.UPDATE,
            VaultPath.parse("sys/policies/password/percent"),
            Payload.of(Map.of("policy", """
                length = 20
                rule "charset" { charset = "zx%" min-chars = 4 }
                rule "charset" { charset = "%" min-chars = 8 }
                """))))
        .orThrow();
    mount
        .post(
            "config/pg",
            body + url + "','disable_escaping':true,'password_policy':'percent','username':'"
                + manager + "'}")
        .orThrow();
    assertThat(error(mount.post("rotate-root/pg", "{}"))).contains("disable_escaping");

    mount.postgres().connect(manager, "before").close();
    mount.postgres().execute("DROP ROLE " + manager);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'connection_url':'postgresql://{{username}}:{{password}}@127.0.0.1:1/x?sslmode=disable'}",
        "{'connection_url':'postgresql://{{username}}:{{password}}@HOST/x?sslmode=allow'}",
        "{'username':'somebody'}"
      })
  void write_aServerThatIsToGetTheOldPassword_isRefused(String body) {
    mount.configure("").orThrow();
    String here = mount.postgres().host() + ":" + mount.postgres().port();

    assertThat(error(mount.post("config/pg", body.replace("HOST", here))))
        .contains("this changes where the password is sent");

    assertThat(config().object("connection_details").orElseThrow().text("connection_url"))
        .contains(mount.postgres().templateUrl());
    String slower = mount.postgres().templateUrl() + "&connect_timeout=5";
    mount.post("config/pg", "{'connection_url':'" + slower + "'}").orThrow();
  }
}
