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
