package dev.strongroom.dbsecrets.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DroppingTest {
  private static final String FOUND = "SELECT FROM pg_roles WHERE rolname = 'late'";

  /** Otherwise it would be made after it was found not to be there. */
  @ParameterizedTest
  @ValueSource(strings = {"", "DROP ROLE IF EXISTS late"})
  void carryOut_aUserThatIsNotCommittedYet_waitsForIt(String statement) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (TestPostgres postgres = TestPostgres.create();
        Connection making = postgres.connect();
        Connection dropping = postgres.connect()) {
      making.setAutoCommit(false);
      ManagerSession.run(making, List.of(UserChange.LOCKED));
      ManagerSession.run(making, List.of("CREATE ROLE late"));
      List<String> statements = statement.isEmpty() ? List.of() : List.of(statement);
      Future<Boolean> found = thread.submit(
          () -> new Dropping("late", statements, Optional.empty()).carryOut(dropping));
      awaitSomebodyWaiting(postgres);

      making.commit();

      assertThat(found.get()).isTrue();
      making.setAutoCommit(true);
      try (ResultSet rows = making.createStatement().executeQuery(FOUND)) {
        assertThat(rows.next()).isFalse();
      }
    } finally {
      thread.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "DROP ROLE IF EXISTS locker"})
  void carryOut_aUserThatHoldsTheLock_endsItsSession(String statement) throws Exception {
    try (TestPostgres postgres = TestPostgres.create();
        Connection dropping = postgres.connect()) {
      postgres.execute("CREATE ROLE locker LOGIN PASSWORD 'x'");
      ManagerSession.run(dropping, List.of("SET lock_timeout = '100ms'"));
      List<String> statements = statement.isEmpty() ? List.of() : List.of(statement);
      try (Connection holder = postgres.connect("locker", "x")) {
        ManagerSession.run(
            holder, List.of("SELECT pg_catalog.pg_advisory_lock(" + UserChange.LOCK + ")"));

        ManagerSession.run(dropping, List.of("CREATE ROLE another"));
        assertThatThrownBy(
                () -> new Dropping("another", statements, Optional.empty()).carryOut(dropping))
            .hasMessageContaining("somebody holds the lock of the vault: a session of \"locker\"");
        dropping.setAutoCommit(true);
        assertThat(new Dropping("locker", statements, Optional.empty()).carryOut(dropping))
            .isTrue();
      }
      dropping.setAutoCommit(true);
      ManagerSession.run(dropping, List.of("DROP ROLE another"));
    }
  }

  private static void awaitSomebodyWaiting(TestPostgres postgres) throws SQLException {
    try (Connection connection = postgres.connect()) {
      boolean waiting = false;
      while (!waiting) {
        try (ResultSet rows = connection.createStatement().executeQuery("""
            SELECT pg_sleep(0.01) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted""")) {
          waiting = rows.next();
        }
      }
    }
  }
}
