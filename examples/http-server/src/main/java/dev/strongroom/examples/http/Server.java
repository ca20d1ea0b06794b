package dev.strongroom.examples.http;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.Session;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.http.HttpLimits;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.ServerLimits;
import dev.strongroom.http.TlsFiles;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Request;
import dev.strongroom.spi.Cidr;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A vault behind the Vault HTTP API, for the clients people already have. */
public final class Server {
  private static final String DEV_ADDRESS = "127.0.0.1:8200";
  private static final String USAGE = """
      usage: run.sh [server] -dev [-dev-root-token-id ID] [-dev-listen-address ADDR]
             run.sh [server] -inmem -listen ADDR
             run.sh [server] -data DIR -listen ADDR [-tls-cert F -tls-key F] [-seal-key-file F] [-audit-file F]
      -dev                           in memory, unsealed, for development
      -inmem                         in memory, not initialised
      -data DIR                      on disk
      -listen ADDR                   host:port, or :port for all addresses
      -dev-root-token-id ID          root token of a dev server
      -dev-listen-address ADDR       address of a dev server, default 127.0.0.1:8200
      -tls-cert F, -tls-key F        certificate chain and PKCS #8 key in PEM
      -seal-key-file F               32 random bytes that unseal without people
      -audit-file F                  records every request there
      -database-tls-folder D         where certificates and keys lie that database connections name
      -trusted-proxies A,B           addresses or CIDR blocks whose X-Forwarded-For is believed
      -open-metrics                  sys/metrics needs no token
      -max-body-bytes N              default 33554432
      -max-connections N             default 10000
      -max-client-connections N      of one address, default a quarter of all
      -client-requests-per-second N  of one address, default 0: any number
      -request-seconds N             until a request has been answered, default 90
      -allow-audit-api               callers may enable audit devices
      -legacy-rekey                  key ceremonies without a token
      -help                          prints this""";

  /** Kept, because loggers that nobody holds forget their level. */
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  /** Quotes host names that it cannot read, and with them whatever a stranger sent. */
  private static final Logger JETTY_HOSTS = Logger.getLogger("org.eclipse.jetty.util.HostPort");

  private Server() {}

  /** Serves until it is told to stop. */
  public static void main(String[] arguments) throws InterruptedException {
    if (Flags.wantHelp(List.of(arguments))) {
      System.out.println(USAGE);
      return;
    }
    try {
      run(Flags.parse(List.of(arguments), System.getenv()));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
    } catch (VaultException | IllegalStateException | IOException e) {
      System.err.println("the server does not start: " + reason(e));
      System.exit(1);
    }
  }

  private static void run(Flags flags) throws IOException, InterruptedException {
    JETTY.setLevel(Level.WARNING);
    JETTY_HOSTS.setLevel(Level.OFF);
    boolean dev = flags.has("dev");
    InetSocketAddress address = address(
        dev ? flags.devValue("dev-listen-address").orElse(DEV_ADDRESS) : flags.required("listen"));
    ServerLimits limits = limits(flags);
    HttpOptions options = options(flags);
    requireUsable(flags);
    Vault vault = open(flags);
    Optional<DevKeys> devKeys = dev ? Optional.of(DevKeys.make(vault, flags)) : Optional.empty();
    VaultHttpServer server = start(VaultHttpHandler.of(vault, options), address, limits, flags);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(
            () -> {
              server.close();
              vault.close();
              stopped.countDown();
            },
            "strongroom-stop"));
    devKeys.ifPresent(keys -> keys.print(server.address()));
    if (flags.has("data") && !flags.has("audit-file")) {
      System.err.println("WARNING: nothing is audited; -audit-file names a file for it");
    }
    System.out.println(state(vault.sealStatus()));
    System.out.println("Strongroom listens at " + (flags.has("tls-cert") ? "https" : "http") + "://"
        + text(server.address()));
    stopped.await();
  }

  private static VaultHttpServer start(
      VaultHttpHandler handler, InetSocketAddress address, ServerLimits limits, Flags flags)
      throws IOException {
    if (!flags.has("tls-cert")) {
      return VaultHttpServer.start(handler, address, limits);
    }
    TlsFiles files =
        new TlsFiles(Path.of(flags.required("tls-cert")), Path.of(flags.required("tls-key")));
    return VaultHttpServer.startTls(handler, address, limits, files);
  }

  private static ServerLimits limits(Flags flags) {
    ServerLimits limits = ServerLimits.DEFAULT;
    OptionalInt connections = flags.number("max-connections");
    limits = connections.isPresent() ? limits.withConnections(connections.getAsInt()) : limits;
    OptionalInt ofOne = flags.number("max-client-connections");
    limits = ofOne.isPresent() ? limits.withClientConnections(ofOne.getAsInt()) : limits;
    OptionalInt seconds = flags.number("request-seconds");
    return seconds.isPresent()
        ? limits.withRequest(Duration.ofSeconds(seconds.getAsInt()))
        : limits;
  }

  private static HttpOptions options(Flags flags) {
    HttpLimits limits = HttpLimits.DEFAULT;
    OptionalInt body = flags.number("max-body-bytes");
    limits = body.isPresent() ? limits.withBodyBytes(body.getAsInt()) : limits;
    OptionalInt rate = flags.number("client-requests-per-second");
    limits = rate.isPresent() ? limits.withClientRequestsPerSecond(rate.getAsInt()) : limits;
    List<Cidr> proxies = flags.value("trusted-proxies").stream()
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .map(text -> Cidr.parse(text.strip()))
        .toList();
    return HttpOptions.DEFAULT
        .withStorageType(flags.has("data") ? "sqlite" : "inmem")
        .withLimits(limits)
        .withTrustedProxies(proxies)
        .withMetricsOpen(flags.has("open-metrics"));
  }

  /** A vault would notice only when it is initialised or unsealed, and tell a caller. */
  private static void requireUsable(Flags flags) throws IOException {
    Optional<Path> audit = flags.value("audit-file").map(Path::of);
    if (audit.isPresent()) {
      try {
        FileAudit.appendTo(audit.get()).open(VirtualTime.at(Instant.now())).close();
      } catch (IOException e) {
        throw new IOException(
            "-audit-file cannot be used; its folder must exist, and be writable for this process",
            e);
      }
    }
    flags.value("seal-key-file").map(Path::of).map(StaticKeySeal::fromFile).ifPresent(seal -> {
      try {
        String unused = seal.keyId();
      } catch (VaultException e) {
        throw new IllegalStateException("-seal-key-file cannot be used", e);
      }
    });
  }

  private static Vault open(Flags flags) throws IOException {
    VaultBuilder builder = builder(flags);
    try {
      return builder.open();
    } catch (VaultException e) {
      if (e.code() != ErrorCode.INVALID_REQUEST) {
        throw e;
      }
      String hint = flags.has("seal-key-file")
          ? "a vault that is opened with key shares is started without -seal-key-file"
          : "a vault that opens by itself is started with -seal-key-file";
      throw new VaultException(e.code(), e.getMessage() + "; " + hint);
    }
  }

  private static String state(SealStatus status) {
    if (!status.initialized()) {
      return "The vault is not initialised: initialise it with PUT /v1/sys/init";
    }
    int needed = status.shares().map(KeyShares::threshold).orElse(0);
    return status.sealed()
        ? "The vault is sealed: unseal it with PUT /v1/sys/unseal, " + needed + " key share"
            + (needed == 1 ? "" : "s") + " needed"
        : "The vault is unsealed";
  }

  private static VaultBuilder builder(Flags flags) throws IOException {
    VaultBuilder builder = Vault.builder()
        .engine(Kv.engine())
        .engine(flags
            .value("database-tls-folder")
            .map(folder -> DatabaseSecrets.engine(Path.of(folder)))
            .orElseGet(DatabaseSecrets::engine))
        .authMethod(UserPass.method())
        .authMethod(AppRole.method())
        .authMethod(KubernetesAuth.method(KubernetesOptions.DEFAULT.allowing(
            Relaxation.REASONS_IN_REFUSALS,
            Relaxation.ROLES_WITHOUT_AUDIENCE,
            Relaxation.ROLES_FOR_EVERY_ACCOUNT)));
    if (flags.has("legacy-rekey")) {
      builder.allowCeremoniesWithoutToken();
    }
    if (flags.has("allow-audit-api")) { // any file that this process may write
      builder.auditOverApi(Path.of("/"));
    }
    flags
        .value("audit-file")
        .ifPresent(file -> builder.audit("file", FileAudit.appendTo(Path.of(file))));
    if (flags.has("dev") || flags.has("inmem")) { // no data to lose, and tests choose short tokens
      return builder.allowGuessableTokenIds().storage(InMemoryStorage.create());
    }
    Path folder = Path.of(flags.required("data"));
    makeForOwner(folder);
    builder.storage(SqliteStorage.at(folder.resolve("vault.db")));
    flags
        .value("seal-key-file")
        .map(Path::of)
        .map(StaticKeySeal::fromFile)
        .ifPresent(builder::seal);
    return builder;
  }

  private static void makeForOwner(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
      int port = Integer.parseInt(text.substring(colon + 1));
      return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an address is host:port, but got " + text, e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause();
    return cause == null
        ? String.valueOf(e.getMessage())
        : e.getMessage() + ": " + cause.getMessage();
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /** What a dev server prints: everything that opens it. */
  private record DevKeys(String unsealKey, String rootToken) {

    /** Initialises and unseals, and mounts KV 2 at {@code secret/}. */
    static DevKeys make(Vault vault, Flags flags) {
      try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        vault.unseal(keys.shares().get(0));
        try (Session root = vault.session(keys.rootToken())) {
          root.request(Request.write(
                  "sys/mounts/secret",
                  Map.of(
                      "type", "kv",
                      "description", "key/value secret storage",
                      "options", Map.of("version", "2"))))
              .orThrow();
          ClientToken token = flags
              .devValue("dev-root-token-id")
              .map(id -> replace(root, id))
              .orElseGet(keys::rootToken);
          return new DevKeys(keys.shares().get(0).exposeBase64(), token.exposeText());
        }
      }
    }

    /** Makes a root token with a chosen id in the place of the first one. */
    private static ClientToken replace(Session root, String id) {
      root.request(Request.write(
              "auth/token/create",
              Map.of("id", id, "policies", List.of("root"), "no_parent", true)))
          .orThrow();
      root.request(Request.write("auth/token/revoke-self", Map.of())).orThrow();
      return ClientToken.parse(id);
    }

    void print(InetSocketAddress address) {
      System.out.println("""
          WARNING! This server is for development: its data are in memory, it is unsealed, and its
          root token is printed here. Never use it in production.

              export VAULT_ADDR='http://%s'

          Unseal Key: %s
          Root Token: %s
          """.formatted(text(address), unsealKey, rootToken));
    }
  }
}
