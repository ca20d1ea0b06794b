package dev.strongroom.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends HTTP requests over connections that stay open, each the next one when the last is answered,
 * from a process of its own that stays warm. {@link #main} is that process; an object of this class
 * commands it. For one thread.
 */
final class HttpLoad implements AutoCloseable {
  private static final int BODY_BYTES = 256;
  private static final int KEYS = 2000;

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader results;

  private HttpLoad(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.US_ASCII);
    this.results = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** What is sent. */
  enum Kind {
    READ,
    WRITE
  }

  /** Requests per second, and how long the middle one and the slowest percent took. */
  record Result(double perSecond, double p50Micros, double p99Micros) {}

  static HttpLoad start() throws IOException {
    return new HttpLoad(ChildJvm.start(HttpLoad.class));
  }

  Result run(int port, String token, Kind kind, int connections, long nanos) throws IOException {
    commands.write(
        String.join(" ", Integer.toString(port), token, kind.name(), "" + connections, "" + nanos));
    commands.newLine();
    commands.flush();
    String line = results.readLine();
    if (line == null) {
      throw new EOFException("the load ended");
    }
    double[] figures =
        Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    return new Result(figures[0], figures[1], figures[2]);
  }

  @Override
  public void close() throws IOException {
    commands.close(); // the process ends with its input
    process.destroy();
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    ExecutorService callers = Executors.newCachedThreadPool();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        out.println(load(
            callers,
            Integer.parseInt(words[0]),
            words[1],
            Kind.valueOf(words[2]),
            Integer.parseInt(words[3]),
            Long.parseLong(words[4])));
        out.flush();
      }
    }
    callers.shutdownNow();
  }

  private static String load(
      ExecutorService callers, int port, String token, Kind kind, int connections, long nanos)
      throws InterruptedException, ExecutionException {
    AtomicLong next = new AtomicLong();
    long begin = System.nanoTime();
    List<Future<long[]>> running = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      running.add(callers.submit(() -> times(port, token, kind, next, begin + nanos)));
    }
    List<long[]> all = new ArrayList<>();
    for (Future<long[]> one : running) {
      all.add(one.get());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return sorted.length / seconds
        + " "
        + sorted[sorted.length / 2] / 1e3
        + " "
        + sorted[(int) (sorted.length * 0.99)] / 1e3;
  }

  private static long[] times(int port, String token, Kind kind, AtomicLong next, long end)
      throws IOException {
    long[] times = new long[1 << 16];
    int count = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[64 * 1024];
      long begin = System.nanoTime();
      while (begin < end) {
        socket.getOutputStream().write(request(kind, token, next.getAndIncrement() % KEYS));
        readAnswer(in, buffer);
        long now = System.nanoTime();
        if (count == times.length) {
          times = Arrays.copyOf(times, 2 * count);
        }
        times[count++] = now - begin;
        begin = now;
      }
    }
    return Arrays.copyOf(times, count);
  }

  private static byte[] request(Kind kind, String token, long key) {
    String head = " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nX-Vault-Request: true\r\n"
        + "X-Vault-Token: " + token + "\r\n";
    String path = " /v1/secret/data/folder/key" + key;
    if (kind == Kind.READ) {
      return ("GET" + path + head + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
    String start = "{\"data\":{\"username\":\"app\",\"password\":\"";
    String body = start + "x".repeat(BODY_BYTES - start.length() - 3) + "\"}}";
    return ("PUT" + path + head + "Content-Type: application/json\r\nContent-Length: "
            + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads one answer that tells its length. */
  private static void readAnswer(InputStream in, byte[] buffer) throws IOException {
    int have = 0;
    int end = -1;
    while (end < 0) {
      int read = in.read(buffer, have, buffer.length - have);
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
      have += read;
      end = endOfHead(buffer, have);
    }
    String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
    if (!head.startsWith("HTTP/1.1 200")) {
      throw new IOException(head.substring(0, head.indexOf('\r')));
    }
    int left = end + contentLength(head) - have;
    if (in.readNBytes(buffer, 0, left) < left) {
      throw new EOFException("the answer ended early");
    }
  }

  private static int endOfHead(byte[] buffer, int have) {
    for (int i = 3; i < have; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(String head) {
    String name = "content-length:";
    for (String line : head.split("\r\n", -1)) {
      if (line.regionMatches(/* ignoreCase= */ true, 0, name, 0, name.length())) {
        return Integer.parseInt(line.substring(name.length()).strip());
      }
    }
    throw new IllegalStateException("an answer without a length");
  }
}
