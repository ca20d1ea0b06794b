package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.internal.postgres.Creation;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.postgres.Dropping;
import dev.strongroom.dbsecrets.internal.postgres.Target;
import dev.strongroom.dbsecrets.internal.url.ConnectionUrl;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What has to hold at the database itself, whoever crashes when. */
@Tag("slow")
class CrashRulesTest {
  private static final TestPostgres postgres = TestPostgres.create();
  private static final Databases databases = new Databases(() -> {}, TlsFiles.none());
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
    databases.create(
        target, creation(user, "made", deadline, List.of("CREATE ROLE \"" + user + "\" LOGIN")));
  }

  private static Creation creation(
      String user, String mark, Instant deadline, List<String> statements) {
    return new Creation(user, mark, statements, /* named= */ true, deadline, List.of());
  }

  @Test
  void create_afterTheDeadline_makesNothing() throws OutsideException {
    Instant now = databases.clock(target);

    assertThatThrownBy(() -> databases.create(
            target, creation("late", "m", now.minusSeconds(1), List.of("CREATE ROLE late LOGIN"))))
        .isInstanceOfSatisfying(
            OutsideException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RETRYABLE));
    assertThat(exists("late")).isFalse();
  }

  @Test
  void create_aNameThatIsTaken_isRefusedAndNobodyIsDropped() throws OutsideException {
    create("taken");

    assertThatThrownBy(() -> create("taken"))
        .isInstanceOfSatisfying(
            OutsideException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("has a role of that name already");
    assertThat(exists("taken")).isTrue();
    databases.drop(target, dropping("taken"));
  }

  @Test
  void create_statementsThatMakeAnotherName_areRolledBack() throws OutsideException {
    Instant deadline = databases.clock(target).plusSeconds(90);

    assertThatThrownBy(() -> databases.create(
            target, creation("Folded", "m", deadline, List.of("CREATE ROLE Folded LOGIN"))))
        .isInstanceOfSatisfying(
            OutsideException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("did not make a role of exactly that name");
    assertThat(exists("folded")).isFalse();
  }

  @Test
  void create_statementsThatNameNobody_mayMakeNobody() throws OutsideException {
    Instant deadline = databases.clock(target).plusSeconds(90);

    databases.create(
        target,
        new Creation(
            "nobody-made", "m", List.of("SELECT 1"), /* named= */ false, deadline, List.of()));

    assertThat(exists("nobody-made")).isFalse();
  }

  /** That is all that is known after a crash. */
  @Test
  void drop_onlyIfMarked_leavesTheUserOfSomebodyElse() throws OutsideException {
    create("of-another");

    assertThat(databases.drop(target, dropping("of-another").onlyIfMarked("mine")))
        .isFalse();
    assertThat(exists("of-another")).isTrue();

    assertThat(databases.drop(target, dropping("of-another").onlyIfMarked("made")))
        .isTrue();
    assertThat(exists("of-another")).isFalse();
  }

  @Test
  void create_byAManagerThatIsNoSuperuser_isMarkedAndDropped() throws OutsideException {
    String manager = "plain_" + postgres.database();
    postgres.execute("CREATE ROLE " + manager + " CREATEROLE LOGIN PASSWORD 'plain'");
    Target plain = new Target(
        "plain",
        "1",
        ConnectionUrl.parse(postgres.templateUrl()).resolve(manager, "plain", /* escaped= */ false),
        4,
        /* keepsIdle= */ true,
        Duration.ZERO);
    Instant deadline = databases.clock(plain).plusSeconds(90);

    databases.create(
        plain, creation("by-plain", "made", deadline, List.of("CREATE ROLE \"by-plain\" LOGIN")));

    assertThat(databases.drop(
            plain,
            new Dropping("by-plain", List.of("DROP ROLE \"by-plain\""), Optional.empty())
                .onlyIfMarked("made")))
        .isTrue();
    databases.forget("plain");
    postgres.execute("DROP ROLE " + manager);
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
            creation(
                user,
                "m",
                deadline,
                List.of(
                    "CREATE ROLE \"" + user + "\" LOGIN",
                    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO \"" + user + "\"")));
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
  void change_thatMakesTemporaryThings_leavesNone() throws OutsideException {
    databases.change(target, List.of("CREATE TEMP TABLE left_over (n int)"), List.of());

    databases.change(target, List.of("CREATE TEMP TABLE left_over (n int)"), List.of());
  }

  @Test
  void change_thatLeavesSettings_doesNotTouchTheNextOne() throws OutsideException {
    databases.change(
        target,
        List.of("SET search_path = public", "SET statement_timeout = 50", "SET ROLE pg_monitor"),
        List.of());

    databases.change(
        target,
        List.of("CREATE ROLE after_settings", "DROP ROLE after_settings", "SELECT pg_sleep(0.1)"),
        List.of());
  }

  @ParameterizedTest(name = "D-14 {0} is {1}, also after statements that set {2}")
  @CsvSource({
    "search_path, pg_catalog, public",
    "standard_conforming_strings, on, off",
    "statement_timeout, 1min, 2min",
    "lock_timeout, 30s, 2min"
  })
  void session_ofTheManager_hasItsOwnSettings(String name, String value, String other)
      throws OutsideException {
    String check = "DO $$BEGIN ASSERT current_setting('" + name + "') = '" + value + "'; END$$";

    databases.change(target, List.of(check), List.of());
    databases.change(target, List.of("SET " + name + " = '" + other + "'"), List.of());
    databases.change(target, List.of(check), List.of());
  }
}
