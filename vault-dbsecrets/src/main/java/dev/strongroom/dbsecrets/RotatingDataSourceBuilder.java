package dev.strongroom.dbsecrets;

import dev.strongroom.SystemTime;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.pool.CredentialSource;
import dev.strongroom.dbsecrets.internal.pool.FollowedPool;
import dev.strongroom.dbsecrets.internal.pool.RoleUser;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link RotatingDataSource}. A role and a URL are needed; {@link #open} refuses what is
 * missing. For one thread.
 */
public final class RotatingDataSourceBuilder {
  private static final String PREFIX = "jdbc:postgresql:";

  /** User and password come from the vault, wherever else the driver would take them from. */
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?i)[?&](user|password|service|authenticationPluginClassName)=");

  private @Nullable CredentialSource source;
  private @Nullable String jdbcUrl;
  private final Map<String, String> properties = new LinkedHashMap<>();
  private int maximumPoolSize = 10;
  private int minimumIdle = -1;
  private Duration connectionTimeout = Duration.ofSeconds(30);
  private Duration maxLifetime = Duration.ofMinutes(30);
  private Duration idleTimeout = Duration.ofMinutes(10);
  private Duration drainLimit = Duration.ofSeconds(30);
  private boolean autoCommit = true;
  private boolean readOnly;
  private String name = "strongroom";
  private Consumer<RotationEvent> listener = event -> {};
  private @Nullable TimeSource time;
  private SecureRandom random = new SecureRandom();

  RotatingDataSourceBuilder() {}

  /** Follows a role that makes users: each has a lease, and ends with it. */
  public RotatingDataSourceBuilder role(Database database, String role) {
    return source(RoleUser.ofDynamic(database, role));
  }

  /** Follows a static role: its user stays, and gets another password each period. */
  public RotatingDataSourceBuilder staticRole(Database database, String role) {
    return source(RoleUser.ofStatic(database, role));
  }

  RotatingDataSourceBuilder source(CredentialSource value) {
    if (source != null) {
      throw new IllegalStateException("a pool follows one role, and it was set before");
    }
    source = value;
    return this;
  }

  /**
   * Sets where the database is, as the PostgreSQL driver writes it:
   * {@code jdbc:postgresql://host:port/database}.
   *
   * @throws IllegalArgumentException if it is something else, or names a user or password
   */
  public RotatingDataSourceBuilder jdbcUrl(String url) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a URL begins with " + PREFIX);
    }
    if (CREDENTIAL.matcher(url).find()) {
      throw new IllegalArgumentException("user and password come from the vault, not from the URL");
    }
    jdbcUrl = url;
    return this;
  }

  /**
   * Sets a property of the PostgreSQL driver, such as {@code sslmode}.
   *
   * @throws IllegalArgumentException for user and password
   */
  public RotatingDataSourceBuilder driverProperty(String property, String value) {
    if (CREDENTIAL.matcher("?" + property + "=").find()) {
      throw new IllegalArgumentException("user and password come from the vault");
    }
    properties.put(property, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Sets how many connections there are at most: 1 to 10,000; 10 unless set. */
  public RotatingDataSourceBuilder maximumPoolSize(int connections) {
    maximumPoolSize = inRange("maximumPoolSize", connections, 1, 10_000);
    return this;
  }

  /**
   * Sets how many connections are kept although nobody borrows them: 1 to the most there are; that
   * many unless set. With none, HikariCP would open no connection for somebody who waits when one
   * comes back whose user was replaced.
   */
  public RotatingDataSourceBuilder minimumIdle(int connections) {
    minimumIdle = inRange("minimumIdle", connections, 1, 10_000);
    return this;
  }

  /** Sets how long a borrower waits: 250 ms to 10 minutes; 30 seconds unless set. */
  public RotatingDataSourceBuilder connectionTimeout(Duration timeout) {
    connectionTimeout =
        inRange("connectionTimeout", timeout, Duration.ofMillis(250), Duration.ofMinutes(10));
    return this;
  }

  /** Sets how old a connection gets: 30 seconds to 24 hours; 30 minutes unless set. */
  public RotatingDataSourceBuilder maxLifetime(Duration lifetime) {
    maxLifetime = inRange("maxLifetime", lifetime, Duration.ofSeconds(30), Duration.ofHours(24));
    return this;
  }

  /**
   * Sets how long a connection beyond {@link #minimumIdle} stays idle: 10 seconds to 24 hours; 10
   * minutes unless set.
   */
  public RotatingDataSourceBuilder idleTimeout(Duration timeout) {
    idleTimeout = inRange("idleTimeout", timeout, Duration.ofSeconds(10), Duration.ofHours(24));
    return this;
  }

  /**
   * Sets how long a connection may stay borrowed after its user was replaced: 100 ms to 24 hours;
   * 30 seconds unless set. The longest transaction should fit. It is shorter where the user's lease
   * ends sooner.
   */
  public RotatingDataSourceBuilder drainLimit(Duration limit) {
    drainLimit = inRange("drainLimit", limit, Duration.ofMillis(100), Duration.ofHours(24));
    return this;
  }

  /** Sets whether connections commit each statement when they are borrowed; they do unless set. */
  public RotatingDataSourceBuilder autoCommit(boolean value) {
    autoCommit = value;
    return this;
  }

  /** Sets whether connections are read-only when they are borrowed; they are not unless set. */
  public RotatingDataSourceBuilder readOnly(boolean value) {
    readOnly = value;
    return this;
  }

  /**
   * Sets what the pool is called in logs and threads, and its connections in the database
   * ({@code ApplicationName}): 1 to 64 characters without a colon; {@code strongroom} unless set.
   */
  public RotatingDataSourceBuilder name(String value) {
    if (value.isEmpty() || value.length() > 64 || value.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a name has 1 to 64 characters and no colon");
    }
    name = value;
    return this;
  }

  /** Sets who is told what happens. */
  public RotatingDataSourceBuilder onEvent(Consumer<RotationEvent> value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /** Sets the time; for tests. Without it the pool has a thread of its own. */
  public RotatingDataSourceBuilder time(TimeSource value) {
    time = Objects.requireNonNull(value, "time");
    return this;
  }

  /** Sets what scatters moments, so that many pools do not rotate at once. */
  public RotatingDataSourceBuilder random(SecureRandom value) {
    random = Objects.requireNonNull(value, "random");
    return this;
  }

  private static int inRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + least + " to " + most + ", but got " + value);
    }
    return value;
  }

  private static Duration inRange(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + " is " + least + " to " + most + ", but got " + value);
    }
    return value;
  }

  /**
   * Gets the first credential, tries it, and opens the pool.
   *
   * @throws VaultException if there is no credential to be had
   * @throws SQLException if the database does not take it
   * @throws IllegalStateException if role or URL is missing
   * @throws IllegalArgumentException if more connections are to be idle than there may be
   */
  public RotatingDataSource open() throws SQLException {
    if (source == null || jdbcUrl == null) {
      throw new IllegalStateException("a pool needs a role and a jdbcUrl");
    }
    inRange("minimumIdle", Math.max(1, minimumIdle), 1, maximumPoolSize);
    SystemTime own = time == null ? new SystemTime(name + "-rotation") : null;
    Runnable closing = own == null ? () -> {} : own::close;
    try {
      TimeSource used = own == null ? Objects.requireNonNull(time) : own;
      return new RotatingDataSource(
          FollowedPool.open(source, settings(jdbcUrl), used, random, listener), closing);
    } catch (SQLException | RuntimeException e) {
      closing.run();
      throw e;
    }
  }

  private FollowedPool.Settings settings(String url) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    long seconds = Math.min(10, Math.max(1, connectionTimeout.toSeconds()));
    all.putIfAbsent("connectTimeout", String.valueOf(seconds));
    all.putIfAbsent("ApplicationName", name);
    return new FollowedPool.Settings(
        name,
        url,
        all,
        maximumPoolSize,
        minimumIdle < 0 ? maximumPoolSize : minimumIdle,
        connectionTimeout,
        maxLifetime,
        idleTimeout,
        drainLimit,
        autoCommit,
        readOnly);
  }

  @Override
  public String toString() {
    return "RotatingDataSourceBuilder[" + name + "]";
  }
}
