package dev.strongroom.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Binds a {@link VaultHttpHandler} to Jetty: HTTP/1.1, plain or over TLS 1.2 and 1.3. Headers and
 * bodies are read without a thread waiting for them. Thread-safe.
 */
public final class VaultHttpServer implements AutoCloseable {
  /** How long a connection may be silent while there are as many as there may be. */
  private static final long CROWDED_IDLE_MILLIS = 1_000;

  /** Connections that come at once; a client tries again only a second later. */
  private static final int ACCEPT_QUEUE = 1_024;

  private final Server server;
  private final ServerConnector connector;

  private VaultHttpServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Listens and answers over plain HTTP, with the limits of {@link ServerLimits#DEFAULT}.
   *
   * @throws IOException if the address cannot be bound
   */
  public static VaultHttpServer start(VaultHttpHandler handler, InetSocketAddress address)
      throws IOException {
    return start(handler, address, ServerLimits.DEFAULT);
  }

  /** As {@link #start(VaultHttpHandler, InetSocketAddress)} with other limits. */
  public static VaultHttpServer start(
      VaultHttpHandler handler, InetSocketAddress address, ServerLimits limits) throws IOException {
    return start(handler, address, limits, isShared(handler));
  }

  /**
   * Listens and answers over TLS.
   *
   * @throws IOException if the address cannot be bound, or the files cannot be used
   */
  public static VaultHttpServer startTls(
      VaultHttpHandler handler, InetSocketAddress address, ServerLimits limits, TlsFiles files)
      throws IOException {
    return start(handler, address, limits, isShared(handler), Optional.of(context(files)));
  }

  /**
   * As {@link #start(VaultHttpHandler, InetSocketAddress, ServerLimits)}.
   *
   * @param shared addresses of many clients
   */
  static VaultHttpServer start(
      VaultHttpHandler handler,
      InetSocketAddress address,
      ServerLimits limits,
      Predicate<InetAddress> shared)
      throws IOException {
    return start(handler, address, limits, shared, Optional.empty());
  }

  private static Predicate<InetAddress> isShared(VaultHttpHandler handler) {
    return address -> address.isLoopbackAddress() || handler.isTrustedProxy(address);
  }

  private static VaultHttpServer start(
      VaultHttpHandler handler,
      InetSocketAddress address,
      ServerLimits limits,
      Predicate<InetAddress> shared,
      Optional<SSLContext> tls)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(limits.threads());
    threads.setName("strongroom-http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration(limits));
    ServerConnector connector = tls.map(context -> secured(server, http, context))
        .orElseGet(() -> new ServerConnector(server, http));
    connector.setHost(host(address));
    connector.setPort(address.getPort());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(limits.idle().toMillis());
    server.addConnector(connector);
    NetworkConnectionLimit connections =
        new NetworkConnectionLimit(limits.connections(), connector);
    connections.setEndPointIdleTimeout(CROWDED_IDLE_MILLIS);
    server.addBean(connections);
    connector
        .getSelectorManager()
        .addEventListener(
            new JettyShares(limits.clientConnections(), shared, handler::connectionRefused));
    JettyWatch watch = new JettyWatch(connector.getScheduler(), limits.head(), limits.request());
    connector.addBean(watch);
    server.setHandler(new GracefulHandler(new JettyBinding(handler, watch)));
    server.setErrorHandler(new JettyErrors(handler));
    server.setStopTimeout(limits.drain().toMillis());
    try {
      server.start();
      return new VaultHttpServer(server, connector);
    } catch (IOException | RuntimeException e) {
      stop(server, e);
      throw e;
    } catch (Exception e) {
      stop(server, e);
      throw new IOException("the server did not start", e);
    }
  }

  /** The path is decoded and checked by {@link RequestTarget}, from the bytes that were sent. */
  private static HttpConfiguration configuration(ServerLimits limits) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setHttpCompliance(HttpCompliance.STRICT);
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(limits.headerBytes());
    // Clients check the name in the certificate; behind a proxy they use another one.
    configuration.addCustomizer(new SecureRequestCustomizer(/* sniHostCheck= */ false));
    return configuration;
  }

  private static ServerConnector secured(
      Server server, HttpConnectionFactory http, SSLContext context) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context);
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setRenegotiationAllowed(false);
    return new ServerConnector(server, new SslConnectionFactory(tls, http.getProtocol()), http);
  }

  private static SSLContext context(TlsFiles files) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new ReloadingKeyManager(files)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not usable in this JVM", e);
    }
  }

  private static String host(InetSocketAddress address) throws IOException {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      throw new IOException("unknown host " + address.getHostString());
    }
    return resolved.getHostAddress();
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /** Takes no more requests and lets those under way end, as long as the limits say. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    }
  }

  private static void stop(Server server, Exception reason) {
    try {
      server.stop();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }
}
