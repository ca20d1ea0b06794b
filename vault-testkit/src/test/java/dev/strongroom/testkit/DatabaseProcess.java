package dev.strongroom.testkit;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.TimeSource;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process whose threads get, renew and revoke users of a database, saying which, until it is
 * killed, or until its store reaches the commit in which it is to die.
 */
final class DatabaseProcess {
  private static final int THREADS = 4;

  /** By how much the vault's clock is behind: a user may be made for five seconds, not ninety. */
  private static final Duration BEHIND = Duration.ofSeconds(OutsideSecret.ATTEMPT_SECONDS - 5);

  private DatabaseProcess() {}

  /** What opens a vault that is there, and how the users it makes begin. */
  record Access(Path folder, String users, String share, String token) {
    /** Makes a new vault in a folder, with a role of a database. */
    static Access initialize(Path folder, String users, TestPostgres postgres) {
      try (Vault vault =
              DatabaseProcess.open(SqliteStorage.at(file(folder)), new SystemTimeBehind());
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        Access access = new Access(
            folder, users, keys.shares().get(0).exposeHex(), keys.rootToken().exposeText());
        Session root = access.unseal(vault);
        root.request(Request.write("database/config/pg", access.connection(postgres)))
            .orThrow();
        root.request(Request.write(
                "database/roles/app",
                Map.of(
                    "db_name", "pg",
                    "default_ttl", "24h",
                    "max_ttl", "48h",
                    "creation_statements", """
                        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' \
                        VALID UNTIL '{{expiration}}'""")))
            .orThrow();
        return access;
      }
    }

    private Map<String, Object> connection(TestPostgres postgres) {
      return Map.of(
          "plugin_name",
          "postgresql-database-plugin",
          "allowed_roles",
          "app",
          "connection_url",
          postgres.templateUrl(),
          "username",
          postgres.superuser(),
          "password",
          postgres.superuserPassword(),
          "username_template",
          users + "{{random 20}}");
    }

    Session unseal(Vault vault) {
      try (KeyShare given = KeyShare.parse(share)) {
        vault.unseal(given);
      }
      return vault.session(ClientToken.parse(token));
    }

    /** Opens the vault where no process has it. */
    Vault open(TimeSource time) {
      return DatabaseProcess.open(SqliteStorage.at(file(folder)), time);
    }

    ChildJvm start(Random random, Death death) {
      return ChildJvm.start(
          DatabaseProcess.class,
          folder.toString(),
          share,
          token,
          String.valueOf(random.nextLong()),
          String.valueOf(death.commit()),
          String.valueOf(death.done()));
    }
  }

  /**
   * When a process dies.
   *
   * @param commit counted from the first request; 0: in none
   * @param done whether the commit is there afterwards
   */
  record Death(int commit, boolean done) {
    static final Death NEVER = new Death(0, false);
  }

  /** Returns the time of vaults here. */
  static Instant now() {
    return Instant.now().minus(BEHIND);
  }

  private static Path file(Path folder) {
    return folder.resolve("vault.db");
  }

  private static Vault open(StorageType storage, TimeSource time) {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .mount("database", DatabaseSecrets.postgresql())
        .open();
  }

  /** Takes the folder, the share, the token, a seed, and the two parts of a {@link Death}. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Death death = new Death(Integer.parseInt(arguments[4]), Boolean.parseBoolean(arguments[5]));
    DyingStorage storage = new DyingStorage(SqliteStorage.at(file(folder)));
    try (Vault vault = open(storage, new SystemTimeBehind())) {
      Session root = new Access(folder, "", arguments[1], arguments[2]).unseal(vault);
      Random random = new Random(Long.parseLong(arguments[3]));
      say("open");
      storage.dieIn(death.commit(), death.done());
      for (int i = 1; death.equals(Death.NEVER) && i < THREADS; i++) {
        Random another = new Random(random.nextLong());
        new Thread(() -> work(root, another)).start();
      }
      work(root, random);
    }
  }

  private static void work(Session root, Random random) {
    Leases leases = Leases.of(root);
    Deque<String> held = new ArrayDeque<>();
    for (int turn = 0; ; turn++) {
      int choice = turn < 3 ? turn : random.nextInt(3);
      if (held.isEmpty() || choice == 0) {
        issue(root).ifPresent(held::add);
      } else if (choice == 1) {
        leases.renew(held.element(), Duration.ofHours(36));
        say("renewed " + held.element());
      } else {
        String id = held.remove();
        say("revoking " + id);
        leases.revoke(id);
      }
    }
  }

  /** On a busy machine the five seconds may be over. */
  private static Optional<String> issue(Session root) {
    try {
      Response issued = root.request(Request.read("database/creds/app")).orThrow();
      String id = issued.lease().orElseThrow().id();
      say("issued " + id + " " + issued.dataOrEmpty().text("username").orElseThrow());
      return Optional.of(id);
    } catch (VaultException e) {
      say("failed " + e.getMessage());
      return Optional.empty();
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  /** The system's time, some seconds ago. */
  private static final class SystemTimeBehind implements TimeSource {
    private final ScheduledExecutorService thread = Executors.newScheduledThreadPool(1, work -> {
      Thread daemon = new Thread(work);
      daemon.setDaemon(true);
      return daemon;
    });

    @Override
    public Instant instant() {
      return now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public Task after(Duration delay, Runnable work) {
      ScheduledFuture<?> future = thread.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> future.cancel(/* mayInterruptIfRunning= */ false);
    }
  }

  static List<String> words(String line) {
    return List.of(line.split(" ", -1));
  }
}
