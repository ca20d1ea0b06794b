package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.postgres.Dropping;
import dev.strongroom.dbsecrets.internal.postgres.Target;
import dev.strongroom.dbsecrets.internal.url.ConnectionUrl;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What has to hold at the database itself, whoever crashes when. */
class CrashRulesTest {
  private static final TestPostgres postgres = TestPostgres.create();
  private static final Databases databases = new Databases(() -> {});
  private static final Target target = target(postgres.superuserPassword());

  @AfterAll
  static void close() {
    databases.close();
    postgres.close();
  }

  private static Target target(String password) {
    return new Target(
        "pg",
        password,
        ConnectionUrl.parse(postgres.templateUrl())
            .resolve(postgres.superuser(), password, /* escaped= */ false),
        4,
        /* keepsIdle= */ true,
        Duration.ZERO);
  }

  private static boolean exists(String user) throws OutsideException {
    return databases.obstacles(target, user).exists();
  }

  private static Dropping dropping(String user) {
    return new Dropping(user, List.of(), Optional.empty());
  }

  private static void create(String user) throws OutsideException {
    Instant deadline = databases.clock(target).plusSeconds(90);
    databases.create(target, List.of("CREATE ROLE \"" + user + "\" LOGIN"), deadline, List.of());
  }

  @Test
  void create_afterTheDeadline_makesNothing() throws OutsideException {
    Instant now = databases.clock(target);

    assertThatThrownBy(() -> databases.create(
            target, List.of("CREATE ROLE late LOGIN"), now.minusSeconds(1), List.of()))
        .isInstanceOfSatisfying(
            OutsideException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RETRYABLE));
    assertThat(exists("late")).isFalse();
  }

  @Test
  void create_whileSomebodyHoldsTheLock_waits() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Connection holder = postgres.connect()) {
      holder.createStatement().execute("SELECT pg_advisory_lock(" + 0x5354524f4e474442L + ")");
      Future<?> made = other.submit(() -> {
        create("waiting");
        return true;
      });
      awaitWaiter(holder);
      assertThat(exists("waiting")).isFalse();
      holder.createStatement().execute("SELECT pg_advisory_unlock_all()");
      made.get();
      assertThat(exists("waiting")).isTrue();
    } finally {
      other.shutdown();
    }
    databases.drop(target, dropping("waiting"));
  }

  private static void awaitWaiter(Connection connection) throws SQLException {
    boolean waits = false;
    while (!waits) {
      try (var found = connection
          .createStatement()
          .executeQuery("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) {
        waits = found.next();
      }
    }
  }

  @Test
  void create_sideBySideOnTheSameTable_neverFails() throws Exception {
    postgres.execute("CREATE TABLE shared (id int)");
    ExecutorService callers = Executors.newFixedThreadPool(8);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String user = "beside-" + i;
      all.add(callers.submit(() -> {
        Instant deadline = databases.clock(target).plusSeconds(90);
        databases.create(
            target,
            List.of(
                "CREATE ROLE \"" + user + "\" LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO \"" + user + "\""),
            deadline,
            List.of());
        return databases.drop(target, dropping(user));
      }));
    }
    for (Future<?> one : all) {
      assertThat(one.get()).isEqualTo(true);
    }
    callers.shutdown();
  }

  @Test
  void drop_aUserThatIsNotThere_findsNone() throws OutsideException {
    assertThat(databases.drop(target, dropping("never-made"))).isFalse();
  }

  @Test
  void drop_withHostileNames_changesNothingElse() throws OutsideException {
    String schema = "x TO evil_of_schema; ALTER ROLE evil_of_schema SUPERUSER; --";
    String user = "a\"b';$1{{password}}\\";
    postgres.execute(
        "CREATE ROLE evil_of_schema",
        "CREATE SCHEMA \"" + schema + "\"",
        "CREATE TABLE \"" + schema + "\".t (id int)",
        "CREATE ROLE \"" + user.replace("\"", "\"\"") + "\"",
        "GRANT USAGE ON SCHEMA \"" + schema + "\" TO \"" + user.replace("\"", "\"\"") + "\"",
        "GRANT SELECT ON \"" + schema + "\".t TO \"" + user.replace("\"", "\"\"") + "\"");

    assertThat(databases.drop(target, dropping(user))).isTrue();

    assertThat(exists(user)).isFalse();
    assertThat(superusers()).doesNotContain("evil_of_schema");
    postgres.execute("DROP ROLE evil_of_schema");
  }

  private static List<String> superusers() {
    List<String> names = new ArrayList<>();
    try (Connection connection = postgres.connect();
        var found = connection
            .createStatement()
            .executeQuery("SELECT rolname FROM pg_roles WHERE rolsuper")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return names;
  }

  @Test
  void drop_grantsElsewhere_saysWhere() throws OutsideException {
    try (TestPostgres other = TestPostgres.create()) {
      create("far");
      other.execute("CREATE TABLE t (id int)", "GRANT SELECT ON t TO far");

      assertThatThrownBy(() -> databases.drop(target, dropping("far")))
          .hasMessageContaining("has privileges on something in database " + other.database());

      other.execute("DROP OWNED BY far");
      databases.drop(target, dropping("far"));
    }
  }

  @Test
  void verify_withTheWrongPassword_saysNothingOfIt() {
    assertThatThrownBy(() -> databases.verify(target("CANARY'\"\\")))
        .isInstanceOfSatisfying(
            OutsideException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageStartingWith("error verifying connection: ")
        .hasMessageNotContaining("CANARY");
  }

  @Test
  void change_thatFails_neverShowsTheSecret() {
    for (String sql : List.of(
        "ALTER ROLE nobody PASSWORD 'CANARY'",
        "ALTER ROLE nobody PASSWORD CANARY",
        "SELECT CANARY",
        "SELECT 'CANARY'::int",
        "DO $$ BEGIN RAISE EXCEPTION 'CANARY'; END $$")) {
      assertThatThrownBy(() -> databases.change(target, List.of(sql), List.of("CANARY")))
          .isInstanceOf(OutsideException.class)
          .hasMessageNotContaining("CANARY")
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void change_thatLeavesSettings_doesNotTouchTheNextOne() throws OutsideException {
    databases.change(
        target,
        List.of("SET search_path = public", "SET statement_timeout = 1", "SET ROLE pg_monitor"),
        List.of());

    databases.change(
        target,
        List.of("CREATE ROLE after_settings", "DROP ROLE after_settings", "SELECT pg_sleep(0.01)"),
        List.of());
  }
}
