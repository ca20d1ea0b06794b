package dev.strongroom.checks;

import dev.strongroom.ClientToken;
import dev.strongroom.FileAudit;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Policy;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.Wrapping;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Is anything secret in memory when a vault is closed? Values, names of secrets, tokens, passwords
 * and key shares go through a vault; it is closed, and so is what was made from it, but all of it
 * stays reachable, as in an application that goes on. The live heap must then hold none of them.
 * One text is kept on purpose, in both forms: the check fails if it does not find that.
 *
 * <p>Exit status 1 if anything is found. The dump is removed, unless a first argument names a
 * folder for it.
 */
public final class Heap {
  private static final PrintStream OUT = System.out;
  private static final String HOST_POLICY = """
      path "secret/*" { capabilities = ["list"] }
      path "auth/token/lookup-self" { capabilities = ["read"] }
      """;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Canaries canaries = new Canaries(new SecureRandom());
  /** What an application may still hold. */
  private final List<Object> held = new ArrayList<>();

  private final Path folder;

  private Heap(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    Path folder = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("strongroom-heap");
    if (!new Heap(folder).run(/* keep= */ args.length > 0)) {
      System.exit(1);
    }
  }

  private boolean run(boolean keep) throws Exception {
    try (TestPostgres postgres = TestPostgres.create()) {
      useVault(postgres);
    }
    int through = canaries.count();
    String latin = canaries.text("control");
    String wide = "\u20ac" + latin;
    HeapDump dump = HeapDump.take(folder);
    try {
      List<String> found = dump.find(canaries.unmasked());
      boolean narrowSeen = found.removeIf(hit -> hit.startsWith("control as bytes"));
      boolean wideSeen = found.removeIf(hit -> hit.startsWith("control as UTF-16"));
      boolean seen = narrowSeen && wideSeen;
      OUT.printf(
          "%d canaries went through the vault, the dump has %d MiB, controls found: %b (%d, %d letters)%n",
          through, dump.size() >> 20, seen, latin.length(), wide.length());
      found.forEach(hit -> OUT.println("FOUND: " + hit));
      OUT.println(
          found.isEmpty() && seen
              ? "heap: passed"
              : "heap: FAILED, with " + held.size() + " objects held");
      return found.isEmpty() && seen;
    } finally {
      if (!keep) {
        dump.close();
      }
    }
  }

  private void useVault(TestPostgres postgres) throws Exception {
    Vault vault = hold(Vault.builder()
        .storage(SqliteStorage.at(folder.resolve("vault.db")))
        .audit("file", FileAudit.appendTo(folder.resolve("audit.log")))
        .mount("secret", Kv.version2())
        .mount("plain", Kv.version1())
        .mount("database", DatabaseSecrets.postgresql())
        .auth("userpass", UserPass.method())
        .auth("approle", AppRole.method())
        .host("app", Policy.of("app", HOST_POLICY))
        .open());
    try (vault;
        InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
      unseal(vault, keys);
      canaries.remember("root token", keys.rootToken().exposeText());
      try (Session root = hold(vault.session(keys.rootToken()));
          VaultHttpServer server = hold(VaultHttpServer.start(
              VaultHttpHandler.of(vault, HttpOptions.DEFAULT),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
        secrets(root);
        overHttp(server, keys);
        tokens(vault, root);
        logins(vault, root);
        wrapping(vault, root);
        database(root, postgres);
        vault.seal();
        unseal(vault, keys);
        KvStore.at(root, "secret").list("");
      }
    }
  }

  private <T> T hold(T object) {
    held.add(object);
    return object;
  }

  private void unseal(Vault vault, InitialKeys keys) {
    for (KeyShare share : keys.shares().subList(0, 2)) {
      byte[] bytes = share.exposeBytes();
      canaries.remember("key share", bytes);
      Arrays.fill(bytes, (byte) 0);
      canaries.remember("key share in hex", share.exposeHex());
      canaries.remember("key share in Base64", share.exposeBase64());
      vault.unseal(share);
    }
  }

  private void secrets(Session root) {
    KvStore store = hold(KvStore.at(root, "secret"));
    String name = canaries.text("name of a secret");
    for (int version = 0; version < 3; version++) {
      store.put(name, Map.of("password", canaries.text("secret"), canaries.text("member"), 1));
      require(store.get(name).text("password").length() > 0);
    }
    store.put(
        canaries.text("folder") + "/" + canaries.text("name in a folder"),
        Map.of("wide", "\u20ac" + canaries.text("secret in UTF-16")));
    store.list("");
    store.delete(name);
    String plain = canaries.text("name of a secret without versions");
    root.request(
            Request.write("plain/" + plain, Map.of("a", canaries.text("secret without versions"))))
        .orThrow();
    root.request(Request.read("plain/" + plain)).orThrow();
  }

  private void overHttp(VaultHttpServer server, InitialKeys keys) throws IOException {
    String name = canaries.text("name over HTTP");
    String body = "{\"data\":{\"password\":\"" + canaries.text("secret over HTTP") + "\"}}";
    String token = keys.rootToken().exposeText();
    require(http(server, "POST", "/v1/secret/data/" + name, token, body).contains("200"));
    require(http(server, "GET", "/v1/secret/data/" + name, token, "").contains("password"));
  }

  /** A client of our own: those of the JDK keep what they sent for a while. */
  private static String http(
      VaultHttpServer server, String method, String path, String token, String body)
      throws IOException {
    byte[] request = (method + " " + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Vault-Token: " + token
            + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.UTF_8);
    try (Socket socket =
        new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void tokens(Vault vault, Session root) {
    root.request(Request.write(
            "sys/policies/acl/reader",
            Map.of("policy", "path \"secret/*\" { capabilities = [\"list\"] }")))
        .orThrow();
    for (TokenRequest wanted :
        List.of(TokenRequest.of("reader"), TokenRequest.of("reader").asBatch())) {
      ClientToken token = Tokens.of(root).create(wanted.withTtl(HOUR)).token().orElseThrow();
      useAndClose(hold(vault.session(token)));
    }
  }

  private void logins(Vault vault, Session root) {
    String password = canaries.text("password of a user");
    root.request(Request.write(
            "auth/userpass/users/ann", Map.of("password", password, "token_policies", "reader")))
        .orThrow();
    useAndClose(hold(vault.login(UserPass.login("userpass", "ann", password.toCharArray()))));
    root.request(Request.write("auth/approle/role/app", Map.of("token_policies", "reader")))
        .orThrow();
    String roleId = text(
        root.request(Request.read("auth/approle/role/app/role-id")).orThrow().dataOrEmpty(),
        "role_id");
    String secretId = canaries.remember(
        "secret id",
        text(
            root.request(Request.write("auth/approle/role/app/secret-id", Map.of()))
                .orThrow()
                .dataOrEmpty(),
            "secret_id"));
    useAndClose(hold(vault.login(AppRole.login("approle", roleId, secretId.toCharArray()))));
    // These two are left to the vault, which closes them with itself.
    use(hold(vault.login(UserPass.login("userpass", "ann", password.toCharArray()))));
    use(hold(vault.hostSession("app")));
  }

  private void useAndClose(Session session) {
    try (session) {
      use(session);
    }
  }

  private void use(Session session) {
    KvStore.at(session, "secret").list("");
    Payload self =
        session.request(Request.read("auth/token/lookup-self")).orThrow().dataOrEmpty();
    canaries.remember("token of a session", text(self, "id"));
  }

  private void wrapping(Vault vault, Session root) {
    WrapInfo gift = Wrapping.of(root).wrap(Map.of("gift", canaries.text("wrapped secret")), HOUR);
    canaries.remember("wrapping token", gift.token().exposeText());
    try (Session colleague = hold(vault.session(gift.token()))) {
      Wrapping.of(colleague).unwrap();
    }
    WrapInfo unopened =
        Wrapping.of(root).wrap(Map.of("gift", canaries.text("secret that stays wrapped")), HOUR);
    canaries.remember("unused wrapping token", unopened.token().exposeText());
  }

  private void database(Session root, TestPostgres postgres) throws SQLException {
    String admin = canaries.text("password of the vault in the database");
    postgres.execute("CREATE ROLE heap_admin SUPERUSER LOGIN PASSWORD '" + admin + "'");
    Database database = Database.at(root, "database");
    database.configure(
        "pg", DatabaseConfig.of(postgres.templateUrl(), "heap_admin", admin).withAllowedRoles("*"));
    database.putRole(
        "app",
        DatabaseRole.of(
                "pg",
                "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'")
            .withTtls(HOUR, Duration.ZERO));
    try (DatabaseCredentials credentials = hold(database.credentials("app"))) {
      canaries.remember("password of a database user", credentials.exposePassword());
      try (Connection connection =
          postgres.connect(credentials.user(), credentials.exposePassword())) {
        require(connection.isValid(10));
      }
    }
    database.rotateRoot("pg");
    postgres.execute("DROP OWNED BY heap_admin");
  }

  private static String text(Payload data, String member) {
    return data.text(member).orElseThrow();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("the vault did not do what this check expects");
    }
  }
}
