package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  private static final DatabaseMount mount = new DatabaseMount();
  private static final Database database = Database.at(mount.root(), "database");

  @BeforeAll
  static void configure() {
    mount.configure("").orThrow();
    mount.role("my-role", "").orThrow();
  }

  @AfterAll
  static void close() {
    mount.close();
  }

  private static void logIn(String user, String password) throws SQLException {
    try (Connection connection = mount.postgres().connect(user, password)) {
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  @Test
  void credentials_aRole_areAUserUntilClosed() throws SQLException {
    DatabaseCredentials credentials = database.credentials("my-role");
    String user = credentials.user();
    String password = credentials.exposePassword();
    logIn(user, password);
    assertThat(credentials.lease().duration()).isEqualTo(Duration.ofHours(1));
    assertThat(credentials)
        .asString()
        .isEqualTo(
            "DatabaseCredentials[" + user + ", lease " + credentials.lease().id() + "]")
        .doesNotContain(password);

    credentials.close();
    credentials.close();
    assertThat(mount.userExists(user)).isFalse();
    assertThatThrownBy(credentials::exposePassword).isInstanceOf(IllegalStateException.class);
  }

  private static DatabaseConfig typed() {
    return DatabaseConfig.of(
            mount.postgres().templateUrl(),
            mount.postgres().superuser(),
            mount.postgres().superuserPassword())
        .withAllowedRoles("typed-*")
        .withMaxConnections(2);
  }

  @Test
  void connectionAndRole_writtenInJava_makeUsersWithVerifiers() throws SQLException {
    assertThat(database.configure("typed", typed())).isEmpty();
    DatabaseRole role = DatabaseRole.of(
            "typed", "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}'")
        .withTtls(Duration.ofHours(1), Duration.ofHours(2))
        .withRevocation("DROP ROLE \"{{name}}\"")
        .withRenewal("ALTER ROLE \"{{name}}\" VALID UNTIL '{{expiration}}'")
        .withSessionGrace(Duration.ofSeconds(5));
    database.putRole("typed-role", role);

    assertThat(database.role("typed-role")).contains(role);
    assertThat(database.roles()).contains("typed-role");
    assertThat(database.connections()).contains("typed");
    try (DatabaseCredentials credentials = database.credentials("typed-role")) {
      logIn(credentials.user(), credentials.exposePassword());
      assertThat(credentials.lease().duration()).isEqualTo(Duration.ofHours(1));
    }

    database.putRole("typed-role", DatabaseRole.of("typed"));
    assertThat(database.role("typed-role")).contains(DatabaseRole.of("typed"));
    database.deleteRole("typed-role");
    database.deleteConnection("typed");
    assertThat(database.role("typed-role")).isEmpty();
    assertThat(database.connections()).doesNotContain("typed");
  }

  @Test
  void staticRole_writtenInJava_changesThePassword() throws SQLException {
    database.configure("typed", typed());
    mount.postgres().execute("CREATE ROLE typed_app LOGIN PASSWORD 'first'");
    StaticDatabaseRole role = StaticDatabaseRole.of("typed", "typed_app", Duration.ofDays(1));
    database.putStaticRole("typed-static", role);

    assertThat(database.staticRole("typed-static")).contains(role);
    assertThat(database.staticRoles()).contains("typed-static");
    String password = database.staticCredentials("typed-static").exposePassword();
    assertThat(password).isNotEqualTo("first");
    logIn("typed_app", password);

    database.deleteStaticRole("typed-static");
    assertThat(database.staticRole("typed-static")).isEmpty();
    database.deleteConnection("typed");
  }

  @Test
  void config_whatCannotBe_isRefused_andThePasswordNotShown() {
    assertThatThrownBy(() -> typed().withMaxConnections(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 100");
    assertThatThrownBy(() -> database.putRole("a/b", DatabaseRole.of("typed")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DatabaseRole.of("typed").withTtls(Duration.ofMillis(1), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(typed()).hasToString("DatabaseConfig[redacted]");
  }

  @Test
  void everyCall_atAnotherEngine_isRefusedAndStoresNothing() {
    Database wrong = Database.at(mount.root(), "cubbyhole");

    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> wrong.configure("a", typed()),
      () -> wrong.putRole("a", DatabaseRole.of("typed")),
      () -> wrong.rotateRoot("a"),
      () -> wrong.reset("a"),
      () -> wrong.preflight("a", "somebody"),
      () -> wrong.role("a"),
      () -> wrong.credentials("a")
    }) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
          .hasMessageContaining(
              "the mount cubbyhole/ is of type cubbyhole, but the request is for");
    }
    assertThat(mount.root().request(Request.list("cubbyhole")).names()).isEmpty();
  }

  @Test
  void preflight_aUser_tellsWhatKeepsItFromBeingDropped() {
    try (DatabaseCredentials credentials = database.credentials("my-role")) {
      String user = credentials.user();
      assertThat(database.preflight("pg", user))
          .isEqualTo(new DropPreflight(true, true, List.of(), List.of()));
      assertThat(database.preflight("pg", "nobody_at_all").exists()).isFalse();

      mount
          .postgres()
          .execute("CREATE TABLE kept (id int)", "ALTER TABLE kept OWNER TO \"" + user + "\"");
      DropPreflight found = database.preflight("pg", user);

      assertThat(found.droppable()).isFalse();
      assertThat(found.reasons()).containsExactly("owns table public.kept");
      found.statements().forEach(mount.postgres()::execute);
      assertThat(database.preflight("pg", user).droppable()).isTrue();
    }
    mount.postgres().execute("DROP TABLE IF EXISTS kept");
    assertThatThrownBy(() -> database.preflight("pg", "x".repeat(64)))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }

  @Test
  void pluginCatalog_listsWhatConnectionsName() {
    assertThat(mount
            .root()
            .request(Request.list("sys/plugins/catalog/database"))
            .orThrow()
            .names())
        .containsExactly("postgresql-database-plugin");
  }

  @Test
  void renew_credentials_liveLonger() {
    try (DatabaseCredentials credentials = database.credentials("my-role")) {
      mount.advance(Duration.ofMinutes(50));
      Lease renewed = credentials.renew(Duration.ofHours(2));
      assertThat(renewed.duration()).isEqualTo(Duration.ofHours(2));
      mount.advance(Duration.ofMinutes(90));
      assertThat(mount.userExists(credentials.user())).isTrue();
      assertThatThrownBy(() -> credentials.renew(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void wipe_credentials_leavesTheUser() {
    DatabaseCredentials credentials = database.credentials("my-role");
    credentials.wipe();
    assertThatThrownBy(credentials::exposePassword).isInstanceOf(IllegalStateException.class);
    assertThat(mount.userExists(credentials.user())).isTrue();

    credentials.revokeLater();
    mount.advance(Duration.ofSeconds(1));
    assertThat(mount.userExists(credentials.user())).isFalse();
  }

  @Test
  void credentials_ofNoRole_areRefused() {
    assertThatThrownBy(() -> database.credentials("nobody"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("unknown role: nobody");
    assertThatThrownBy(() -> database.credentials("a/b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database.credentials("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Database.at(mount.root(), ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void staticCredentials_aRole_areItsUserWithThePasswordOfNow() throws SQLException {
    String user = mount.postgres().database() + "_static";
    mount.postgres().execute("CREATE ROLE " + user + " LOGIN");
    mount
        .post(
            "static-roles/app", "{'db_name':'pg','username':'" + user + "','rotation_period':'1h'}")
        .orThrow();
    try (StaticCredentials first = database.staticCredentials("app")) {
      assertThat(first.user()).isEqualTo(user);
      assertThat(first.rotationPeriod()).isEqualTo(Duration.ofHours(1));
      assertThat(first.validFor()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
      assertThat(first.lastRotation()).isPresent();
      assertThat(first).hasToString("StaticCredentials[" + user + "]");
      logIn(user, first.exposePassword());

      database.rotateRole("app");
      assertThatThrownBy(() -> logIn(user, first.exposePassword()))
          .isInstanceOf(SQLException.class);
      try (StaticCredentials second = database.staticCredentials("app")) {
        logIn(user, second.exposePassword());
      }
    } finally {
      mount.delete("static-roles/app").orThrow();
      mount.postgres().execute("DROP ROLE " + user);
    }
  }
}
