package dev.strongroom.benchmarks;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.benchmarks.HttpLoad.Kind;
import dev.strongroom.benchmarks.ServedRate.Served;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jetty.server.Server;

/**
 * How long does a JVM take until a vault in memory answers over HTTP, and how much memory does it
 * take, at rest and after writes and reads over 64 connections? Floor: the same for Jetty with a
 * constant handler. Each time is that of a JVM of its own, with the JVM's default heap; floor and
 * vault take turns. Memory is what the operating system counts as resident, on Linux only.
 *
 * <p>Arguments: number of JVMs for each (default 5), seconds of writes and of reads (default 15).
 */
public final class ServerStart {
  private static final PrintStream OUT = System.out;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private ServerStart() {}

  /** One JVM: times in milliseconds, memory in MiB. */
  private record Figures(double start, double atRest, double afterLoad) {}

  public static void main(String[] args) throws Exception {
    if (args.length == 1 && args[0].equals("floor")) {
      Server server = ServedRate.constant("{}".getBytes(StandardCharsets.US_ASCII));
      serve(ServedRate.port(server), "none", () -> {});
      server.stop();
    } else if (args.length == 1 && args[0].equals("vault")) {
      try (Served served = Served.over(InMemoryStorage.create())) {
        serve(served.port(), served.token(), served::fill);
      }
    } else {
      compare(
          args.length > 0 ? Integer.parseInt(args[0]) : 5,
          (args.length > 1 ? Long.parseLong(args[1]) : 15) * 1_000_000_000L);
    }
  }

  /** Tells where, makes secrets when it is told to, and ends with the input. */
  private static void serve(int port, String token, Runnable fill) throws IOException {
    OUT.println(port + " " + token);
    if (System.in.read() >= 0) {
      fill.run();
      OUT.println("filled");
    }
    System.in.readAllBytes();
  }

  private static void compare(int jvms, long nanos) throws Exception {
    Figures[] floor = new Figures[jvms];
    Figures[] vault = new Figures[jvms];
    try (HttpLoad load = HttpLoad.start()) {
      for (int i = 0; i < jvms; i++) {
        floor[i] = child("floor", load, nanos);
        vault[i] = child("vault", load, nanos);
      }
    }
    print("start to the first answer, ms", start(vault), start(floor));
    print("resident at rest, MiB", atRest(vault), atRest(floor));
    print("resident after load, MiB", afterLoad(vault), afterLoad(floor));
  }

  private static double start(Figures[] all) {
    return Median.of(Arrays.stream(all).mapToDouble(Figures::start).toArray());
  }

  private static double atRest(Figures[] all) {
    return Median.of(Arrays.stream(all).mapToDouble(Figures::atRest).toArray());
  }

  private static double afterLoad(Figures[] all) {
    return Median.of(Arrays.stream(all).mapToDouble(Figures::afterLoad).toArray());
  }

  private static void print(String what, double vault, double floor) {
    OUT.printf("%-30s vault %6.0f   floor %6.0f   ratio %.2f%n", what, vault, floor, vault / floor);
  }

  private static Figures child(String what, HttpLoad load, long nanos) throws Exception {
    long begin = System.nanoTime();
    Process process = ChildJvm.start(ServerStart.class, what);
    try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("the child failed");
      }
      String[] words = line.split(" ", -1);
      int port = Integer.parseInt(words[0]);
      askForHealth(port);
      double start = (System.nanoTime() - begin) / 1e6;
      double atRest = ChildJvm.residentMiB(process.pid());
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      out.readLine();
      load.run(port, words[1], Kind.WRITE, ServedRate.CALLERS, nanos);
      load.run(port, words[1], Kind.READ, ServedRate.CALLERS, nanos);
      return new Figures(start, atRest, ChildJvm.residentMiB(process.pid()));
    } finally {
      process.getOutputStream().close();
      process.destroy();
    }
  }

  private static void askForHealth(int port) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/v1/sys/health");
    HttpResponse<byte[]> answer =
        CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the server answers " + answer.statusCode());
    }
  }
}
