package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.RotationEvent.Expired;
import dev.strongroom.dbsecrets.RotationEvent.Failed;
import dev.strongroom.dbsecrets.RotationEvent.Renewed;
import dev.strongroom.dbsecrets.RotationEvent.Rotated;
import dev.strongroom.dbsecrets.internal.pool.Credential;
import dev.strongroom.dbsecrets.internal.pool.CredentialSource;
import dev.strongroom.dbsecrets.internal.pool.RoleUser;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that follows roles of a vault, on the time of the vault. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // not a measure: only what never comes takes it
class RotatingPoolOfVaultTest {
  private static final DatabaseMount mount = new DatabaseMount();
  private static final Database database = Database.at(mount.root(), "database");

  private final List<RotationEvent> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void configure() {
    mount.configure("").orThrow();
  }

  @AfterAll
  static void close() {
    mount.close();
  }

  private RotatingDataSourceBuilder pool() {
    return RotatingDataSource.builder()
        .jdbcUrl(mount.postgres().jdbcUrl())
        .maximumPoolSize(2)
        .time(mount.time())
        .onEvent(events::add);
  }

  private static String user(RotatingDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet user = statement.executeQuery("SELECT session_user")) {
      user.next();
      return user.getString(1);
    }
  }

  private long events(Class<? extends RotationEvent> type) {
    return events.stream().filter(type::isInstance).count();
  }

  @Test
  void role_forThreeDays_isRenewedEachHourAndReplacedEachDay() throws SQLException {
    mount.role("days", "").orThrow(); // an hour, at most a day
    String last;
    try (RotatingDataSource pool = pool().role(database, "days").open()) {
      for (int hour = 0; hour < 72; hour++) {
        String user = user(pool);
        assertThat(mount.userExists(user)).isTrue();
        mount.advance(Duration.ofHours(1));
      }
      last = user(pool);
      assertThat(events(Rotated.class)).isBetween(3L, 4L);
      assertThat(events(Renewed.class)).isGreaterThan(60);
      assertThat(events(Failed.class)).isZero();
      assertThat(events(Expired.class)).isZero();
      assertThat(mount.userExists(last)).isTrue();
    }
    assertThat(mount.userExists(last)).isFalse();
    assertThat(mount.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-root-days-%'"))
        .isEmpty();
  }

  @Test
  void staticRole_passwordChanges_isFollowed() throws SQLException {
    String user = mount.postgres().database() + "_static";
    mount.postgres().execute("CREATE ROLE " + user + " LOGIN");
    mount
        .post(
            "static-roles/app", "{'db_name':'pg','username':'" + user + "','rotation_period':'1h'}")
        .orThrow();
    try (RotatingDataSource pool = pool().staticRole(database, "app").open()) {
      assertThat(user(pool)).isEqualTo(user);
      for (int period = 1; period <= 3; period++) {
        mount.advance(Duration.ofMinutes(61));
        assertThat(user(pool)).isEqualTo(user);
        assertThat(events(Rotated.class)).isEqualTo(period);
      }
      assertThat(events(Failed.class)).isZero();
    }
    assertThat(mount.userExists(user)).as("it stays").isTrue();
    mount.delete("static-roles/app").orThrow();
    mount.postgres().execute("DROP ROLE " + user);
  }

  @Test
  void staticRole_passwordChangesWhileThePoolOpens_isReadAgain() throws SQLException {
    String user = mount.postgres().database() + "_opening";
    mount.postgres().execute("CREATE ROLE " + user + " LOGIN");
    database.putStaticRole("opening", StaticDatabaseRole.of("pg", user, Duration.ofHours(1)));
    CredentialSource source = RoleUser.ofStatic(database, "opening");
    AtomicInteger reads = new AtomicInteger();
    CredentialSource changedOnceRead = () -> {
      Credential read = source.issue();
      if (reads.incrementAndGet() == 1) {
        database.rotateRole("opening");
      }
      return read;
    };
    try (RotatingDataSource pool = pool().source(changedOnceRead).open()) {
      assertThat(user(pool)).isEqualTo(user);
      assertThat(reads).hasValue(2);
    }
    mount.postgres().execute("ALTER ROLE " + user + " PASSWORD 'of-somebody-else'");
    assertThatThrownBy(() -> pool().source(changedOnceRead).open())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    assertThat(reads).hasValue(4);
    mount.delete("static-roles/opening").orThrow();
    mount.postgres().execute("DROP ROLE " + user);
  }
}
