package dev.strongroom.testkit.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.request.Payload;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/1.1 over TLS on the loopback address, a thread for each connection: as much as a test needs,
 * and in the hands of the test, which the JDK's server is not.
 */
final class HttpsListener implements AutoCloseable {
  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

  private final ServerSocket listener;
  private final Supplier<SSLContext> tls;
  private final Answerer answerer;

  @GuardedBy("sockets")
  private final Set<Socket> sockets = new HashSet<>();

  @GuardedBy("threads")
  private final Set<Thread> threads = new HashSet<>();

  @GuardedBy("sockets")
  private long accepted;

  /** Answers a request; false ends the connection. */
  interface Answerer {
    boolean answer(ApiRequest request, OutputStream out) throws IOException, InterruptedException;
  }

  private HttpsListener(ServerSocket listener, Supplier<SSLContext> tls, Answerer answerer) {
    this.listener = listener;
    this.tls = tls;
    this.answerer = answerer;
  }

  static HttpsListener start(Supplier<SSLContext> tls, Answerer answerer) {
    try {
      ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      HttpsListener listener = new HttpsListener(socket, tls, answerer);
      listener.run("accept", listener::accept);
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  long accepted() {
    synchronized (sockets) {
      return accepted;
    }
  }

  private void run(String name, Runnable work) {
    Thread thread = new Thread(work, "kubernetes-api-" + port() + "-" + name);
    thread.setDaemon(true);
    synchronized (threads) {
      threads.removeIf(each -> !each.isAlive());
      threads.add(thread);
      thread.start();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        synchronized (sockets) {
          sockets.add(socket);
          accepted++;
        }
        run("connection", () -> serve(socket));
      } catch (IOException e) {
        // closed, or the caller has gone before it was taken
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      SSLSocket secured =
          (SSLSocket) tls.get().getSocketFactory().createSocket(socket, "127.0.0.1", port(), true);
      secured.setUseClientMode(false);
      InputStream in = new BufferedInputStream(secured.getInputStream());
      OutputStream out = secured.getOutputStream();
      for (Optional<ApiRequest> request = read(in); request.isPresent(); request = read(in)) {
        if (!answerer.answer(request.get(), out)) {
          return;
        }
      }
    } catch (IOException e) {
      // the caller has gone, or does not trust the certificate
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (sockets) {
        sockets.remove(socket);
      }
    }
  }

  private static Optional<ApiRequest> read(InputStream in) throws IOException {
    String first = line(in);
    List<String> words = List.of(first.split(" ", -1));
    if (words.size() != 3) {
      return Optional.empty();
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        return Optional.empty();
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(length(headers));
    return Optional.of(new ApiRequest(words.get(0), words.get(1), headers, parsed(body)));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() > MAX_LINE_BYTES) {
        throw new IOException("a line is too long");
      }
      line.append((char) next);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private static int length(Map<String, String> headers) throws IOException {
    try {
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      if (length >= 0 && length <= MAX_BODY_BYTES && !headers.containsKey("transfer-encoding")) {
        return length;
      }
    } catch (NumberFormatException e) {
      // as any other length that is none
    }
    throw new IOException("a body without a length, or a large one");
  }

  private static Payload parsed(byte[] body) {
    try {
      return Payload.parse(new String(body, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Payload.empty();
    }
  }

  /** Ends every connection there is. New ones are welcome. */
  void dropConnections() {
    List<Socket> open;
    synchronized (sockets) {
      open = List.copyOf(sockets);
    }
    for (Socket socket : open) {
      close(socket);
    }
  }

  /** The socket below TLS: saying goodbye would wait for a writer. */
  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone
    }
  }

  /** Waits until the last thread has ended. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Optional<Thread> thread = running(); thread.isPresent(); thread = running()) {
      dropConnections();
      try {
        thread.get().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Optional<Thread> running() {
    synchronized (threads) {
      return threads.stream().filter(Thread::isAlive).findFirst();
    }
  }
}
