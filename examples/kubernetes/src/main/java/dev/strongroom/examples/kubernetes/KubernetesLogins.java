package dev.strongroom.examples.kubernetes;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Policies;
import dev.strongroom.PolicyExplanation;
import dev.strongroom.Session;
import dev.strongroom.Tokens;
import dev.strongroom.Tokens.TokenInfo;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesLogin;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.LoginExplanation;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.Pod;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import dev.strongroom.testkit.kubernetes.TokenOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A vault in a cluster, and a pod that logs in with its service account. */
public final class KubernetesLogins {
  private static final PrintStream OUT = System.out;
  private static final String AUDIENCE = "vault";
  private static final String MOUNT = "kubernetes";
  private static final String ROLE = "myapp-role";

  /** The files that are written to a vault in a cluster, too. */
  private final Path files;

  private final KubernetesApi api;
  private final TestPostgres postgres;
  private final Path volumes;

  private KubernetesLogins(Path files, KubernetesApi api, TestPostgres postgres, Path volumes) {
    this.files = files;
    this.api = api;
    this.postgres = postgres;
    this.volumes = volumes;
  }

  /** Takes the folder of the files. */
  public static void main(String[] arguments) throws IOException, SQLException {
    Path volumes = Files.createTempDirectory("strongroom-pods");
    try (KubernetesApi api = KubernetesApi.start();
        TestPostgres postgres = TestPostgres.create()) {
      new KubernetesLogins(Path.of(arguments[0]), api, postgres, volumes).run();
    } finally {
      delete(volumes);
    }
  }

  private void run() throws IOException, SQLException {
    title("A cluster");
    ServiceAccount vaultAccount = api.createServiceAccount("vault", "vault");
    api.bindAuthDelegator(vaultAccount);
    api.allowServiceAccountRead(vaultAccount);
    Path vaultFolder = volumes.resolve("vault");
    api.writePodFolder(vaultFolder, api.createPod("vault-0", vaultAccount));
    ServiceAccount app = api.createServiceAccount("default", "myapp-sa");
    Pod pod = api.createPod("myapp-test", app);
    Path appToken = volumes.resolve("myapp-test").resolve("token");
    writeToken(pod);
    say("A stand-in for the API server listens at " + api.url() + ".");
    say("vault/vault is bound to system:auth-delegator, and may get serviceaccounts;");
    say("the pod default/myapp-test runs as myapp-sa.");

    try (Vault vault = open(vaultFolder);
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      try (Session root = vault.session(keys.rootToken())) {
        setUp(root);
        String user;
        try (Session session =
            vault.login(KubernetesLogin.at(MOUNT).role(ROLE).fromFile(appToken))) {
          whatThePodMay(session, root);
          user = databaseUser(session);
        }
        awaitDropped(user);
        loginsThatFail(vault, root, pod, vaultAccount);
      }
    }
  }

  /** The vault finds CA and token of its own pod in a folder, as it does in a cluster. */
  private static Vault open(Path serviceAccountFolder) {
    KubernetesOptions options =
        KubernetesOptions.DEFAULT.withServiceAccountFolder(serviceAccountFolder);
    return Vault.builder()
        .storage(InMemoryStorage.create())
        .mount("secret", Kv.version2())
        .mount("database", DatabaseSecrets.postgresql())
        .auth(MOUNT, KubernetesAuth.method(options))
        .open();
  }

  /** As the kubelet does: the token of the projected volume in manifests/myapp.yaml. */
  private void writeToken(Pod pod) {
    String token =
        api.token(pod.account(), TokenOptions.DEFAULT.withPod(pod).withAudiences(AUDIENCE));
    api.writePodFolder(volumes.resolve(pod.name()), pod.namespace(), token);
  }

  private void setUp(Session root) throws IOException {
    title("The set-up, once");
    String config =
        read("kubernetes-config.json").replace("https://kubernetes.default.svc:443", api.url());
    write(root, "auth/kubernetes/config", config);
    Policies.of(root).put("myapp-policy", read("myapp-policy.hcl"));
    write(root, "auth/kubernetes/role/" + ROLE, read("myapp-role.json"));
    KvStore.at(root, "secret")
        .put("myapp", Map.of("db_password", "super_secret_123", "api_key", "abc-xyz-789"));
    setUpDatabase(root);
    say("auth/kubernetes/config      kubernetes-config.json, no more than the host: CA and token");
    say("                            come from the vault's own pod");
    say("policy myapp-policy         myapp-policy.hcl");
    say("auth/kubernetes/role/...    myapp-role.json: default/myapp-sa, audience vault, 1 h");
    say("secret/myapp, and database/roles/myapp-db on PostgreSQL");
  }

  private void setUpDatabase(Session root) {
    postgres.execute(
        "CREATE TABLE public.orders (id int PRIMARY KEY, customer text)",
        "INSERT INTO public.orders VALUES (1, 'Ada'), (2, 'Grace')");
    Database database = Database.at(root, "database");
    database.configure(
        "mypostgres",
        DatabaseConfig.of(
                postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
            .withAllowedRoles("myapp-db"));
    DatabaseRole role = DatabaseRole.of("mypostgres", """
        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}";""");
    database.putRole("myapp-db", role.withTtls(Duration.ofHours(1), Duration.ZERO));
  }

  private static void whatThePodMay(Session session, Session root) {
    title("The pod logs in");
    TokenInfo token = Tokens.of(session).lookupSelf();
    Duration lifetime = Duration.between(token.createdAt(), token.expiresAt().orElseThrow());
    say("It is " + token.displayName() + " for " + lifetime.toMinutes() + " min, with "
        + token.policies() + ".");
    say("secret/myapp:      " + KvStore.at(session, "secret").get("myapp").text("api_key"));
    say("secret/payroll:    " + refusal(() -> KvStore.at(session, "secret").get("payroll")));
    PolicyExplanation why = Policies.of(root)
        .explainForToken(token.accessor(), Operation.READ, "secret/data/payroll", Map.of());
    say("The operator learns what was missing:");
    why.missing().forEach(missing -> say("  " + missing.kind() + ": " + missing.detail()));
    why.near().forEach(near -> say("  near is " + near.rule().pattern() + ": " + near.relation()));
  }

  /** Its lease belongs to the token, and ends with it at the latest. Returns the user's name. */
  private String databaseUser(Session session) throws SQLException {
    title("A database user, through the same token");
    DatabaseCredentials credentials = Database.at(session, "database").credentials("myapp-db");
    try (Connection connection = DriverManager.getConnection(
            postgres.jdbcUrl(), credentials.user(), credentials.exposePassword());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.orders")) {
      rows.next();
      say(credentials.user() + " reads " + rows.getLong(1) + " orders.");
    }
    return credentials.user();
  }

  /** Users are dropped behind the request that revokes their token. */
  private void awaitDropped(String user) throws SQLException {
    while (exists(user)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    say("The pod has closed its session: its token is revoked, and the user is dropped.");
  }

  private boolean exists(String user) throws SQLException {
    try (Connection connection = postgres.connect();
        PreparedStatement query =
            connection.prepareStatement("SELECT 1 FROM pg_roles WHERE rolname = ?::name")) {
      query.setString(1, user);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void loginsThatFail(Vault vault, Session root, Pod pod, ServiceAccount vaultAccount) {
    title("Logins that fail, and what the operator learns");
    failing("With the token for the API server", vault, root, api.token(pod));

    String token =
        api.token(pod.account(), TokenOptions.DEFAULT.withPod(pod).withAudiences(AUDIENCE));
    api.unbindAuthDelegator(vaultAccount);
    failing("Without the ClusterRoleBinding", vault, root, token);

    api.bindAuthDelegator(vaultAccount);
    api.deleteServiceAccount(pod.account());
    failing("With a service account that was deleted", vault, root, token);
  }

  private static void failing(String what, Vault vault, Session root, String token) {
    say(what + ":");
    say("  the pod sees   "
        + refusal(
            () -> vault.login(KubernetesLogin.at(MOUNT).role(ROLE).jwt(token)).close()));
    LoginExplanation.Check check = Kubernetes.at(root, MOUNT)
        .explainLogin(ROLE, token)
        .failure()
        .orElseThrow(() -> new IllegalStateException("the operator sees no reason"));
    say("  it fails at    " + check.name());
    say("  expected       " + check.expected());
    say("  found          " + check.found());
    say("  what to do     " + check.advice());
  }

  private static String refusal(Runnable attempt) {
    try {
      attempt.run();
    } catch (VaultException e) {
      return e.code() + ", " + e.getMessage();
    }
    throw new IllegalStateException("it should have been refused");
  }

  private String read(String name) throws IOException {
    return Files.readString(files.resolve(name));
  }

  private static void write(Session root, String path, String json) {
    root.request(Request.of(Operation.UPDATE, VaultPath.parse(path), Payload.parse(json)))
        .orThrow();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void title(String text) {
    OUT.println();
    OUT.println(text);
    OUT.println("-".repeat(text.length()));
  }

  private static void say(String text) {
    OUT.println("  " + text);
  }
}
