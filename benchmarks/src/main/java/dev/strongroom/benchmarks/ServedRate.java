package dev.strongroom.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Vault;
import dev.strongroom.benchmarks.HttpLoad.Kind;
import dev.strongroom.benchmarks.HttpLoad.Result;
import dev.strongroom.http.HttpCall;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.HttpReply;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * How many secrets of 256 bytes can be read and written over HTTP per second? Floor: the same
 * engine answering the same bytes from a constant handler. Beside it the same vault behind the HTTP
 * server of the JDK, and durable writes beside as many callers in the process. All take turns in
 * one run; the load is a process of its own.
 *
 * <p>Arguments: seconds per turn (default 3), number of turns (default 5).
 */
public final class ServedRate {
  private static final PrintStream OUT = System.out;
  private static final int KEYS = 2000;
  static final int CALLERS = 64;
  private static final int THREADS = 200;
  private static final long WARM_UP_NANOS = 45_000_000_000L;
  private static final Map<String, String> SECRET =
      Map.of("username", "app", "password", "x".repeat(210));

  private final long nanos;
  private final int turns;
  private final HttpLoad load;

  private ServedRate(long nanos, int turns, HttpLoad load) {
    this.nanos = nanos;
    this.turns = turns;
    this.load = load;
  }

  public static void main(String[] args) throws Exception {
    long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 3) * 1_000_000_000L;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    try (HttpLoad load = HttpLoad.start()) {
      ServedRate benchmark = new ServedRate(nanos, turns, load);
      benchmark.inMemory();
      benchmark.durable();
    }
  }

  /** A vault, and what serves it. */
  record Served(Vault vault, InitialKeys keys, VaultHttpHandler handler, VaultHttpServer jetty)
      implements AutoCloseable {
    static Served withSecrets(StorageType storage) throws IOException {
      Served served = over(storage);
      served.fill();
      return served;
    }

    static Served over(StorageType storage) throws IOException {
      Vault vault =
          Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
      InitialKeys keys = vault.initialize(new KeyShares(1, 1));
      vault.unseal(keys.shares().get(0));
      VaultHttpHandler handler = VaultHttpHandler.of(vault, HttpOptions.DEFAULT);
      return new Served(vault, keys, handler, VaultHttpServer.start(handler, loopback()));
    }

    void fill() {
      KvStore store = KvStore.at(vault.session(keys.rootToken()), "secret");
      for (int key = 0; key < KEYS; key++) {
        store.put("folder/key" + key, SECRET);
      }
    }

    String token() {
      return keys.rootToken().exposeText();
    }

    int port() {
      return jetty.address().getPort();
    }

    @Override
    public void close() {
      jetty.close();
      keys.close();
      vault.close();
    }
  }

  private void inMemory() throws Exception {
    try (Served served = Served.withSecrets(InMemoryStorage.create())) {
      Server constantRead = constant(answer(served, "GET", ""));
      Server constantWrite = constant(answer(served, "PUT", "{\"data\":{\"a\":\"b\"}}"));
      HttpServer jdk = jdk(served.handler());
      try {
        for (Kind kind : Kind.values()) {
          int floor = port(kind == Kind.READ ? constantRead : constantWrite);
          List<Integer> ports = List.of(floor, served.port(), jdk.getAddress().getPort());
          for (int port : ports) {
            load.run(port, served.token(), kind, CALLERS, WARM_UP_NANOS);
          }
          for (int connections : List.of(1, 8, CALLERS)) {
            print(kind, connections, measured(served.token(), kind, connections, ports));
          }
        }
      } finally {
        jdk.stop(0);
        constantRead.stop();
        constantWrite.stop();
      }
    }
  }

  private List<List<Result>> measured(String token, Kind kind, int connections, List<Integer> ports)
      throws IOException {
    List<List<Result>> results = new ArrayList<>();
    ports.forEach(port -> results.add(new ArrayList<>()));
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < ports.size(); i++) {
        results.get(i).add(load.run(ports.get(i), token, kind, connections, nanos));
      }
    }
    return results;
  }

  private static void print(Kind kind, int connections, List<List<Result>> results) {
    OUT.printf(
        "%-5s %2d connections  constant %8.0f/s  vault %8.0f/s (p50 %.0f µs, p99 %.0f µs)"
            + "  ratio %.2f   behind the JDK's server %8.0f/s%n",
        kind,
        connections,
        rate(results.get(0)),
        rate(results.get(1)),
        Median.of(results.get(1).stream().mapToDouble(Result::p50Micros).toArray()),
        Median.of(results.get(1).stream().mapToDouble(Result::p99Micros).toArray()),
        rate(results.get(1)) / rate(results.get(0)),
        rate(results.get(2)));
  }

  private static double rate(List<Result> results) {
    return Median.of(results.stream().mapToDouble(Result::perSecond).toArray());
  }

  private void durable() throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create();
        Served served = Served.withSecrets(SqliteStorage.at(folder.file("vault.db")))) {
      KvStore store = KvStore.at(served.vault().session(served.keys().rootToken()), "secret");
      inProcess(store, WARM_UP_NANOS);
      load.run(served.port(), served.token(), Kind.WRITE, CALLERS, WARM_UP_NANOS);
      double[] direct = new double[turns];
      double[] http = new double[turns];
      for (int turn = 0; turn < turns; turn++) {
        direct[turn] = inProcess(store, nanos);
        http[turn] =
            load.run(served.port(), served.token(), Kind.WRITE, CALLERS, nanos).perSecond();
      }
      OUT.printf(
          "durable write, %d connections %8.0f/s   %d callers in the process %8.0f/s   ratio %.2f%n",
          CALLERS,
          Median.of(http),
          CALLERS,
          Median.of(direct),
          Median.of(http) / Median.of(direct));
    }
  }

  private static double inProcess(KvStore store, long nanos) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    Callers.run(CALLERS, () -> {
      while (System.nanoTime() - begin < nanos) {
        store.put("folder/key" + done.getAndIncrement() % KEYS, SECRET);
      }
    });
    return done.get() * 1e9 / (System.nanoTime() - begin);
  }

  /** The bytes that the vault answers. */
  private static byte[] answer(Served served, String method, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + served.port() + "/v1/secret/data/folder/key0");
    HttpRequest request = HttpRequest.newBuilder(uri)
        .header("X-Vault-Token", served.token())
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }

  static Server constant(byte[] answer) throws Exception {
    Server server = new Server(new QueuedThreadPool(THREADS));
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(/* last= */ true, ByteBuffer.wrap(answer), callback);
        return true;
      }
    });
    server.start();
    return server;
  }

  static int port(Server server) {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HttpServer jdk(VaultHttpHandler handler) throws IOException {
    HttpServer server = HttpServer.create(loopback(), /* backlog= */ CALLERS);
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS, task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    });
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      try (exchange) {
        HttpReply reply = handler.handle(new JdkCall(exchange));
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
        reply.wipe();
      }
    });
    server.start();
    return server;
  }

  private record JdkCall(HttpExchange exchange) implements HttpCall {
    @Override
    public String method() {
      return exchange.getRequestMethod();
    }

    @Override
    public String target() {
      return exchange.getRequestURI().toString();
    }

    @Override
    public List<String> header(String name) {
      return exchange.getRequestHeaders().getOrDefault(name, List.of());
    }

    @Override
    public Set<String> headerNames() {
      return exchange.getRequestHeaders().keySet();
    }

    @Override
    public InputStream body() {
      return exchange.getRequestBody();
    }

    @Override
    public InetSocketAddress remote() {
      return exchange.getRemoteAddress();
    }
  }
}
