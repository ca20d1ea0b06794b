package dev.strongroom.checks;

import dev.strongroom.AuditLog;
import dev.strongroom.AuditVerification;
import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.FileAudit;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.Wrapping;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.dbsecrets.RotationEvent;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does a vault that works for minutes hold more and more? One on SQLite, with an audit file, behind
 * HTTP and beside an embedded PostgreSQL: secrets are read and written, tokens and database users
 * are made, used, given back or left to expire, programs log in, a pool rotates, and every 20
 * seconds the vault is sealed and unsealed under all of them. Heap after a collection, threads,
 * file descriptors and the size of the store must not grow, nothing may fail but while the vault is
 * sealed, and no user may be left in the database.
 *
 * <p>Arguments: minutes (default 5; fractions are allowed). Exit status 1 if it does not hold.
 */
public final class Soak {
  private static final PrintStream OUT = System.out;
  private static final int KEYS = 50;
  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(2);
  private static final int SAMPLES_BETWEEN_SEALS = 10;
  /**
   * A user whose making was cut off by a seal is removed when it can no longer come to be: 90
   * seconds later ({@code OutsideSecret.ATTEMPT_SECONDS}).
   */
  private static final Duration LONGEST_CLEAN_UP = Duration.ofMinutes(2);

  private static final String POLICY = """
      path "secret/*" { capabilities = ["create", "read", "update", "delete", "list"] }
      """;

  private final Path folder;
  private final TestPostgres postgres;
  private final Vault vault;
  private final InitialKeys keys;
  private final Session root;
  private final Load load = new Load();
  private final AtomicLong rotations = new AtomicLong();
  private int seals;

  private Soak(Path folder, TestPostgres postgres, Vault vault, InitialKeys keys, Session root) {
    this.folder = folder;
    this.postgres = postgres;
    this.vault = vault;
    this.keys = keys;
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    Duration length =
        Duration.ofSeconds((long) (60 * (args.length > 0 ? Double.parseDouble(args[0]) : 5)));
    Path folder = Files.createTempDirectory("strongroom-soak");
    boolean holds;
    try (TestPostgres postgres = TestPostgres.create();
        Vault vault = Vault.builder()
            .storage(SqliteStorage.at(folder.resolve("vault.db")))
            .audit("file", FileAudit.appendTo(folder.resolve("audit.log")))
            .mount("secret", Kv.version2())
            .mount("database", DatabaseSecrets.postgresql())
            .auth("approle", AppRole.method())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      try (Session root = vault.session(keys.rootToken())) {
        holds = new Soak(folder, postgres, vault, keys, root).run(length);
      }
    }
    List<String> threads = threadsLeft();
    OUT.println("threads of the vault after closing it: " + threads);
    holds &= threads.isEmpty();
    OUT.println(holds ? "soak: passed" : "soak: FAILED");
    System.exit(holds ? 0 : 1);
  }

  private boolean run(Duration length) throws Exception {
    configure();
    Samples samples = new Samples(folder.resolve("vault.db"));
    Map<String, Long> threads;
    String publicKey = vault.auditPublicKey();
    try (VaultHttpServer server = VaultHttpServer.start(
            VaultHttpHandler.of(vault, HttpOptions.DEFAULT),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RotatingDataSource pool = pool()) {
      addSteps(server, pool);
      load.start();
      long begin = System.nanoTime();
      Thread.sleep(length.dividedBy(5).toMillis()); // classes are loaded, caches fill
      while (System.nanoTime() - begin < length.toNanos()) {
        Thread.sleep(BETWEEN_SAMPLES.toMillis());
        Samples.Sample sample = samples.take();
        if (samples.count() % SAMPLES_BETWEEN_SEALS == 0) {
          OUT.println(sample + " " + load);
          vault.seal();
          vault.unseal(keys.shares().get(0));
          seals++;
        }
      }
      load.stop();
      threads = Samples.threadsByName();
    }
    int users = usersLeftSoon();
    AuditVerification audit =
        AuditLog.unknown().signedBy(publicKey).verifyAll(List.of(folder.resolve("audit.log")));
    samples.report().forEach(OUT::println);
    if (!samples.areFlat()) {
      OUT.println("threads at the end of the load: " + threads);
    }
    OUT.println(load);
    OUT.printf(
        "%d samples, %d times sealed and unsealed, %d rotations of the pool, users left %d, audit intact: %b, %d MiB%n",
        samples.count(),
        seals,
        rotations.get(),
        users,
        audit.isIntact(),
        Files.size(folder.resolve("audit.log")) >> 20);
    load.failures().forEach(failure -> OUT.println("UNEXPECTED: " + failure));
    return samples.areFlat() && load.failures().isEmpty() && users == 0 && audit.isIntact();
  }

  private void configure() {
    root.request(Request.write("secret/config", Map.of("max_versions", 3))).orThrow();
    root.request(Request.write("sys/policies/acl/app", Map.of("policy", POLICY)))
        .orThrow();
    root.request(Request.write(
            "auth/approle/role/app",
            Map.of(
                "token_policies",
                "app",
                "token_ttl",
                "20s",
                "secret_id_ttl",
                "20s",
                "secret_id_num_uses",
                1)))
        .orThrow();
    postgres.execute("CREATE TABLE public.t (n int)", "INSERT INTO public.t VALUES (1)");
    Database.at(root, "database")
        .configure(
            "pg",
            DatabaseConfig.of(
                    postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
                .withAllowedRoles("*"));
    role("soakuser", Duration.ofSeconds(5));
    role("soakpool", Duration.ofSeconds(12));
  }

  private void role(String name, Duration ttl) {
    DatabaseRole role = DatabaseRole.of("pg", """
        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';
        GRANT SELECT ON public.t TO "{{name}}";
        """);
    Database.at(root, "database").putRole(name, role.withTtls(ttl, ttl));
  }

  private RotatingDataSource pool() throws SQLException {
    return RotatingDataSource.builder()
        .role(Database.at(root, "database"), "soakpool")
        .jdbcUrl(postgres.jdbcUrl())
        .maximumPoolSize(4)
        .onEvent(event -> {
          if (event instanceof RotationEvent.Rotated) {
            rotations.incrementAndGet();
          } else if (event instanceof RotationEvent.Expired) {
            load.failed("pool: " + event);
          }
        })
        .open();
  }

  private void addSteps(VaultHttpServer server, RotatingDataSource pool) {
    Tokens tokens = Tokens.of(root);
    ClientToken app = tokens
        .create(TokenRequest.of("app").withPeriod(Duration.ofHours(1)))
        .token()
        .orElseThrow();
    KvStore secrets = KvStore.at(vault.session(app), "secret");
    load.add("write", 1, round -> secrets.put("app/" + round % KEYS, secret(round)));
    load.add("delete", 1, round -> {
      secrets.put("short/" + round % KEYS, secret(round));
      secrets.deleteMetadata("short/" + round % KEYS);
    });
    load.add("read", 2, round -> secrets.find("app/" + round % KEYS));
    HttpClient client = HttpClient.newHttpClient();
    load.add("http", 2, round -> overHttp(client, server, app, round));
    load.add("token", 1, this::useToken);
    load.add("wrap", 1, round -> {
      ClientToken gift =
          Wrapping.of(root).wrap(secret(round), Duration.ofSeconds(5)).token();
      if (round % 2 == 0) {
        Wrapping.of(vault.session(gift)).unwrap();
      }
    });
    load.add("login", 1, this::logIn);
    load.add("database user", 1, this::useDatabaseUser);
    load.add("pool", 3, round -> {
      try (Connection connection = pool.getConnection()) {
        query(connection);
      }
    });
  }

  private static Map<String, String> secret(int round) {
    return Map.of("username", "app", "password", "x".repeat(200) + round);
  }

  /** Half of the tokens are left to expire. */
  private void useToken(int round) {
    ClientToken token = Tokens.of(root)
        .create(TokenRequest.of("app").withTtl(Duration.ofSeconds(5)))
        .token()
        .orElseThrow();
    try (Session session = vault.session(token)) {
      KvStore.at(session, "secret").find("app/" + round % KEYS);
      if (round % 2 == 0) {
        Tokens.of(session).revokeSelf();
      }
    }
  }

  private void logIn(int round) {
    String roleId = text("auth/approle/role/app/role-id", "role_id", /* write= */ false);
    String secretId = text("auth/approle/role/app/secret-id", "secret_id", /* write= */ true);
    try (Session program = vault.login(AppRole.login("approle", roleId, secretId.toCharArray()))) {
      KvStore.at(program, "secret").find("app/" + round % KEYS);
    }
  }

  private String text(String path, String member, boolean write) {
    Request request = write ? Request.write(path, Map.of()) : Request.read(path);
    return root.request(request).orThrow().dataOrEmpty().text(member).orElseThrow();
  }

  /** Half of the users are left to expire. */
  private void useDatabaseUser(int round) throws SQLException {
    DatabaseCredentials credentials = Database.at(root, "database").credentials("soakuser");
    try (Connection connection =
        postgres.connect(credentials.user(), credentials.exposePassword())) {
      query(connection);
    } finally {
      if (round % 2 == 0) {
        credentials.close();
      } else {
        credentials.wipe();
      }
    }
  }

  private static void query(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM public.t")) {
      if (!rows.next()) {
        throw new SQLException("the table is empty");
      }
    }
  }

  private static void overHttp(
      HttpClient client, VaultHttpServer server, ClientToken token, int round)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
            + server.address().getPort() + "/v1/secret/data/http/" + round % KEYS))
        .header("X-Vault-Token", token.exposeText());
    if (round < KEYS || round % 5 == 0) {
      request.POST(HttpRequest.BodyPublishers.ofString(
          "{\"data\":{\"password\":\"" + "x".repeat(200) + "\"}}"));
    }
    int status =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).statusCode();
    if (status == 503) {
      throw new VaultException(ErrorCode.SEALED, "the answer is 503");
    }
    if (status != 200) {
      throw new IOException("the answer is " + status);
    }
  }

  private int usersLeftSoon() throws SQLException, InterruptedException {
    long begin = System.nanoTime();
    while (usersLeft() > 0 && System.nanoTime() - begin < LONGEST_CLEAN_UP.toNanos()) {
      Thread.sleep(BETWEEN_SAMPLES.toMillis());
    }
    return usersLeft();
  }

  private int usersLeft() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery(
            "SELECT count(*) FROM pg_roles WHERE rolname ~ '^v-.*-soak(user|pool)-'")) {
      count.next();
      return count.getInt(1);
    }
  }

  private static List<String> threadsLeft() throws InterruptedException {
    long begin = System.nanoTime();
    while (!namesOfThreads().isEmpty() && System.nanoTime() - begin < LONGEST_CLEAN_UP.toNanos()) {
      Thread.sleep(BETWEEN_SAMPLES.toMillis());
    }
    return namesOfThreads();
  }

  private static List<String> namesOfThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("strongroom"))
        .sorted()
        .toList();
  }
}
