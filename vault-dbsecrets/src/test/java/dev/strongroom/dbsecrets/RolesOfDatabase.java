package dev.strongroom.dbsecrets;

import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.pool.Credential;
import dev.strongroom.dbsecrets.internal.pool.CredentialSource;
import dev.strongroom.dbsecrets.internal.pool.Lifetime;
import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A role without a vault: its users are made and dropped in a real database, and refuse to go while
 * a session has them. Faults are set by the test.
 */
final class RolesOfDatabase implements CredentialSource, AutoCloseable {
  private final TestPostgres postgres;
  private final TimeSource time;
  private final Duration ttl;
  private final Duration maxTtl;
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> live = new CopyOnWriteArrayList<>();
  private final List<String> droppedWithSessions = new CopyOnWriteArrayList<>();
  private @Nullable Connection admin;
  private volatile @Nullable ErrorCode fault;
  private volatile boolean wrongPassword;
  private volatile boolean unreadablePassword;

  RolesOfDatabase(TestPostgres postgres, TimeSource time, Duration ttl, Duration maxTtl) {
    this.postgres = postgres;
    this.time = time;
    this.ttl = ttl;
    this.maxTtl = maxTtl;
    postgres.execute("CREATE TABLE t (n int)");
  }

  /** Everything that the vault is asked fails like that; null: no more. */
  void fail(@Nullable ErrorCode code) {
    fault = code;
  }

  /** Users that are made have another password than is said. */
  void sayWrongPasswords(boolean wrong) {
    wrongPassword = wrong;
  }

  /** Passwords that are asked for fail with an exception that nobody declares. */
  void failPasswords(boolean fail) {
    unreadablePassword = fail;
  }

  /** Returns the users that were not dropped. */
  List<String> live() {
    return List.copyOf(live);
  }

  /** Returns the users that were dropped while a session had them. */
  List<String> droppedWithSessions() {
    return List.copyOf(droppedWithSessions);
  }

  int made() {
    return made.get();
  }

  @Override
  public Credential issue() {
    requireNoFault();
    String user = postgres.database() + "_u" + made.incrementAndGet();
    String password = "p-" + user;
    execute(
        "CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'",
        "GRANT SELECT, INSERT ON t TO " + user);
    live.add(user);
    return new User(user, wrongPassword ? "wrong" : password, time.instant());
  }

  private void requireNoFault() {
    ErrorCode code = fault;
    if (code != null) {
      throw new VaultException(code, "a fault of the test");
    }
  }

  /** Drops all that are left. */
  void clear() {
    live.forEach(this::drop);
  }

  private void drop(String user) {
    if (!live.contains(user)) {
      return;
    }
    if (!endsSessions(user)) {
      droppedWithSessions.add(user);
    }
    execute("DROP OWNED BY " + user, "DROP ROLE " + user);
    live.remove(user);
  }

  /**
   * A session is there a little longer than its connection: the server has to see that it ended.
   */
  private boolean endsSessions(String user) {
    for (int tries = 0; tries < 1_000; tries++) {
      if (sessionsOf(user) == 0) {
        return true;
      }
    }
    return false;
  }

  synchronized int sessionsOf(String user) {
    try (Statement statement = admin().createStatement();
        ResultSet count = statement.executeQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user + "'")) {
      count.next();
      return count.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One connection for all: opening one takes longer than everything else. */
  private synchronized Connection admin() throws SQLException {
    Connection current = admin;
    if (current == null || !current.isValid(10)) {
      current = postgres.connect();
      admin = current;
    }
    return current;
  }

  private synchronized void execute(String... statements) {
    try (Statement statement = admin().createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    clear();
    admin().close();
  }

  private final class User implements Credential {
    private final String user;
    private final String password;
    private final Instant issuedAt;
    private volatile boolean wiped;

    User(String user, String password, Instant issuedAt) {
      this.user = user;
      this.password = password;
      this.issuedAt = issuedAt;
    }

    @Override
    public String user() {
      return user;
    }

    @Override
    public String exposePassword() {
      if (unreadablePassword) {
        throw new IllegalStateException("a fault of the test");
      }
      if (wiped) {
        throw new IllegalStateException("wiped");
      }
      return password;
    }

    @Override
    public Lifetime lifetime() {
      return Lifetime.ofLease(ttl, /* renewable= */ true);
    }

    @Override
    public Lifetime renew(Lifetime before) {
      requireNoFault();
      Duration left = maxTtl.minus(Duration.between(issuedAt, time.instant()));
      if (left.isNegative() || !live.contains(user)) {
        throw new VaultException(ErrorCode.INVALID_REQUEST, "past the max TTL, cannot renew");
      }
      return before.renewed(left.compareTo(ttl) < 0 ? left : ttl, /* again= */ true);
    }

    @Override
    public void revoke(boolean wait) {
      requireNoFault();
      drop(user);
    }

    @Override
    public void wipe() {
      wiped = true;
    }
  }
}
