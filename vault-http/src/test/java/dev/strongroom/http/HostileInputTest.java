package dev.strongroom.http;

import static dev.strongroom.http.RawClient.HOST;
import static dev.strongroom.http.RawClient.bytes;
import static dev.strongroom.http.RawClient.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Mount;
import dev.strongroom.VaultBuilder;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that mean harm, at the socket. Others are answered meanwhile, and nothing is left. */
class HostileInputTest {
  private static final ServerLimits LIMITS = ServerLimits.DEFAULT
      .withHead(Duration.ofSeconds(1))
      .withRequest(Duration.ofSeconds(2))
      .withIdle(Duration.ofSeconds(5))
      .withDrain(Duration.ofSeconds(1));
  private static final String TOKEN = "X-Vault-Token: " + Served.ROOT + "\r\n";
  private static final String CLOSE = "Connection: close\r\n";

  private final WaitingEngine waiting = new WaitingEngine();
  private final Served served = new Served(HttpOptions.DEFAULT, this::mounts);
  private VaultHttpServer server;

  private void mounts(VaultBuilder builder) {
    builder.mount("kv", Kv.version2()).mount("waiting", Mount.of(waiting));
  }

  @BeforeEach
  void start() throws IOException {
    server = start(LIMITS);
  }

  @AfterEach
  void stop() {
    waiting.mayEnd.countDown();
    server.close();
    served.close();
  }

  private VaultHttpServer start(ServerLimits limits) throws IOException {
    return VaultHttpServer.start(
        served.handler(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits);
  }

  private RawClient client() {
    return new RawClient(server.address());
  }

  static List<String> bodies() {
    return List.of(
        "[".repeat(60_000),
        "{\"a\":".repeat(5_000),
        "{\"data\":{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}}",
        "{\"data\":{}}{\"data\":{}}",
        "{\"data\":{}} x",
        "{\"data\":{\"a\":1,\"a\":2}}",
        "{\"data\":{\"a\":\"\u00ff\"}}", // a byte that is no UTF-8
        "{\"data\":{\"a\":\"\u00c0\u00ae\"}}",
        "{\"data\":{\"a\":\"\\ud800\"}}",
        "{\"data\":{\"a\":" + "9".repeat(101) + "}}",
        "{\"data\":{\"" + "n".repeat(1_025) + "\":1}}",
        "{\"data\":{\"a\":[" + "\"\",".repeat(1_000) + "\"\"]}}",
        "{\"data\":{\"a\":[" + "{},".repeat(20_000) + "{}]}",
        "\u00ef\u00bb\u00bf{\"data\":{}}",
        "\u0000",
        "{\"data\":{\"a\":\"\n\"}}");
  }

  @ParameterizedTest(name = "H-5 body {index}")
  @MethodSource("bodies")
  void body_thatIsNoStrictJson_is400AndTheConnectionGoesOn(String body) throws IOException {
    String answer = client()
        .send("POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN
            + "Content-Length: " + body.length() + "\r\n\r\n" + body
            + "GET /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN + CLOSE + "\r\n");
    assertThat(statuses(answer)).containsExactly("400", "404");
  }

  static List<String> targets() {
    return List.of(
        "/v1/kv/data/a/../b",
        "/v1/kv/data/a/%2e%2e/b",
        "/v1/kv/data/a/.%2e/b",
        "/v1/kv//data/a",
        "/v1/kv/data/a//",
        "/v1/kv%2Fdata/a",
        "/v1/kv/data%2fa",
        "/v1/kv/data/a%5cb",
        "/v1/kv/data/%c0%ae%c0%ae/b",
        "/v1/kv/data/%ff",
        "/v1/kv/data/%00",
        "/v1/kv/data/a;b",
        "/v1/kv/data/%zz");
  }

  @ParameterizedTest(name = "H-1 {0}")
  @MethodSource("targets")
  void target_thatIsNotCanonical_is400WhoeverAsks(String target) throws IOException {
    for (String token : List.of(TOKEN, "", "X-Vault-Token: other\r\n")) {
      assertThat(statuses(
              client().send("GET " + target + " HTTP/1.1\r\n" + HOST + token + CLOSE + "\r\n")))
          .containsExactly("400");
    }
  }

  @Test
  @DisplayName("H-6 a compressed body is refused unread")
  void body_compressed_is415() throws IOException {
    assertThat(statuses(client()
            .send("POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN + CLOSE
                + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\u0008\u0000")))
        .containsExactly("415");
  }

  @Test
  void tokens_deniedUnknownAndMalformed_areAnsweredAlike() throws IOException {
    String expired = served.tokenWith("path \"kv/*\" { capabilities = [\"read\"] }");
    served.root(SentCall.of("POST /v1/auth/token/revoke").body("{\"token\":\"" + expired + "\"}"));
    List<String> tokens = List.of(
        expired,
        "s.AAAAAAAAAAAAAAAAAAAAAAAA",
        "hvs.AAAAAAAAAAAAAAAAAAAAAAAA",
        "b.AAAA",
        "x",
        "x y",
        ".",
        "\u00e4\u00ff",
        "'; drop table tokens",
        "x".repeat(8_000));
    String without = answerTo("");
    assertThat(without).contains(" 403 ").endsWith("{\"errors\":[\"permission denied\"]}");
    for (String token : tokens) {
      assertThat(answerTo("X-Vault-Token: " + token + "\r\n")).as(token).isEqualTo(without);
      assertThat(answerTo("Authorization: Bearer " + token + "\r\n")).isEqualTo(without);
    }
  }

  private String answerTo(String header) throws IOException {
    return client()
        .send("GET /v1/kv/data/a HTTP/1.1\r\n" + HOST + header + CLOSE + "\r\n")
        .replaceFirst("Date: [^\r]*\r\n", "");
  }

  @Test
  @DisplayName("H-15 a head that comes one byte at a time is not waited for")
  void head_oneByteAtATime_endsItsConnection() throws Exception {
    try (Socket socket = client().connect()) {
      OutputStream out = socket.getOutputStream();
      Thread sender = trickling(out, "GET /v1/sys/leader HTTP/1.1\r\nX: " + "a".repeat(10_000));
      assertThat(RawClient.readToTheEnd(socket)).isEmpty();
      sender.join();
    }
  }

  @Test
  @DisplayName("H-15 the second head of a connection is not waited for either")
  void head_oneByteAtATimeAfterAnAnswer_endsItsConnection() throws Exception {
    try (Socket socket = client().connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes("GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "\r\n"));
      Thread sender = trickling(out, "GET /v1/sys/leader HTTP/1.1\r\nX: " + "a".repeat(10_000));
      assertThat(statuses(RawClient.readToTheEnd(socket))).containsExactly("200");
      sender.join();
    }
  }

  @Test
  void connection_silentBetweenTwoRequests_isKept() throws Exception {
    try (Socket socket = client().connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes("GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "\r\n"));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      pause(Duration.ofSeconds(3)); // longer than a head may take
      out.write(bytes("GET /v1/sys/leader HTTP/1.1\r\n" + HOST + CLOSE + "\r\n"));
      assertThat(statuses("H" + RawClient.readToTheEnd(socket))).containsExactly("200", "200");
    }
  }

  @Test
  @DisplayName("H-15 a body that comes one byte at a time is not waited for")
  void body_oneByteAtATime_isRefused() throws Exception {
    try (Socket socket = client().connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes(
          "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN + "Content-Length: 10000\r\n\r\n"));
      Thread sender = trickling(out, "a".repeat(10_000));
      assertThat(statuses(RawClient.readToTheEnd(socket))).hasSize(1).first().isIn("408", "500");
      sender.join();
    }
  }

  @Test
  @DisplayName("H-15 a request that is not answered in time is given up")
  void request_tooLong_is500AndItsConnectionIsClosed() throws IOException {
    assertThat(client().send("GET /v1/waiting/x HTTP/1.1\r\n" + HOST + TOKEN + "\r\n"))
        .startsWith("HTTP/1.1 500 ")
        .endsWith("{\"errors\":[\"context deadline exceeded\"]}");
    waiting.mayEnd.countDown();
    assertAnsweredFast();
  }

  @Test
  void close_withARequestUnderWay_letsItEnd() throws Exception {
    try (Socket socket = client().connect()) {
      socket
          .getOutputStream()
          .write(bytes("GET /v1/waiting/x HTTP/1.1\r\n" + HOST + TOKEN + "\r\n"));
      waiting.begun.await();
      InetSocketAddress address = server.address();
      Thread closing = new Thread(server::close, "closing");
      closing.start();
      while (canConnect(address)) {
        pause(Duration.ofMillis(10));
      }
      waiting.mayEnd.countDown();
      assertThat(statuses(RawClient.readToTheEnd(socket))).containsExactly("404");
      closing.join();
    }
  }

  private static boolean canConnect(InetSocketAddress address) {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  @DisplayName("a body that comes in many pieces is taken")
  void body_inManyPieces_isTaken() throws IOException {
    try (Socket socket = client().connect()) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      out.write(bytes(
          "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN + CLOSE + "Content-Length: 23\r\n\r\n"));
      for (char piece : "{\"data\":{\"a\":\"secret\"}}".toCharArray()) {
        out.write(piece);
        pause(Duration.ofMillis(30));
      }
      assertThat(statuses(RawClient.readToTheEnd(socket))).containsExactly("200");
    }
  }

  @Test
  @DisplayName("H-15 a body in chunks of one byte takes no more than its length")
  void body_inChunksOfOneByte_isReadInOnePass() throws IOException {
    String chunks = "1\r\n{\r\n".repeat(60_000) + "0\r\n\r\n";
    assertThat(statuses(client()
            .send("POST /v1/sys/unseal HTTP/1.1\r\n" + HOST + CLOSE
                + "Transfer-Encoding: chunked\r\n\r\n" + chunks)))
        .containsExactly("400");
  }

  @Test
  @DisplayName("H-15 more than 200 headers are refused")
  void headers_moreThanAllowed_are431() throws IOException {
    assertThat(statuses(client()
            .send("GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "a: b\r\n".repeat(200) + "\r\n")))
        .containsExactly("431");
  }

  @Test
  @DisplayName("H-15 who expects to be told to go on, and does not, is not waited for")
  void body_promisedAndNotSent_isRefused() throws IOException {
    assertThat(statuses(client()
            .send("POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN
                + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")))
        .hasSize(1)
        .first()
        .isIn("408", "500");
  }

  @Test
  @DisplayName("H-4 of strangers' bodies no more than 64 KiB each is held")
  void bodies_ofStrangers_takeLittleMemory() throws IOException {
    byte[] chunk = bytes("10000\r\n" + "x".repeat(0x10000) + "\r\n");
    long before = heapBytes();
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        Socket socket = client().connect();
        open.add(socket);
        socket
            .getOutputStream()
            .write(bytes(
                "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"));
        writeWhatIsTaken(socket, chunk, 40 * 16);
      }
      assertThat(heapBytes() - before).isLessThan(50 * 2 * 64 * 1024L);
      for (Socket socket : open) {
        assertThat(statuses(RawClient.readToTheEnd(socket))).isIn(List.of("403"), List.of());
      }
    } finally {
      closeAll(open);
    }
  }

  @Test
  @DisplayName("H-15 after all of that the heap is as it was")
  void flood_ofEverything_leavesNothingBehind() throws Exception {
    flood();
    long before = heapBytes();
    for (int i = 0; i < 5; i++) {
      flood();
    }
    long most = before + before / 10;
    for (int i = 0; i < 100 && heapBytes() > most; i++) {
      assertAnsweredFast(); // until the server has seen that the connections are closed
    }
    assertThat(heapBytes()).isLessThan(most);
    assertAnsweredFast();
  }

  private void flood() throws IOException {
    for (String body : bodies()) {
      body_thatIsNoStrictJson_is400AndTheConnectionGoesOn(body);
    }
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = client().connect();
        open.add(socket);
        socket
            .getOutputStream()
            .write(bytes(
                i % 2 == 0
                    ? "GET /v1/sys/lea"
                    : "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + TOKEN
                        + "Content-Length: 1000000\r\n\r\n" + "{".repeat(100_000)));
      }
      assertAnsweredFast();
    } finally {
      closeAll(open);
    }
  }

  @Test
  @Tag("slow")
  @DisplayName("H-15 5,000 silent connections of another process keep nobody from being answered")
  void connections_silent_leaveOthersAlone() throws Exception {
    server.close();
    server = start(LIMITS.withHead(Duration.ofMinutes(5)).withIdle(Duration.ofMinutes(5)));
    assertAnsweredFast();
    long before = heapBytes();
    Process other = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            "target/test-classes" + File.pathSeparator + System.getProperty("java.class.path"),
            IdleConnections.class.getName(),
            server.address().getAddress().getHostAddress(),
            String.valueOf(server.address().getPort()),
            "5000")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("open 5000");
      for (int i = 0; i < 10; i++) {
        assertAnsweredFast();
      }
      other.getOutputStream().close();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      other.destroy();
    }
    for (int i = 0; i < 50 && heapBytes() > before + before / 10; i++) {
      pause(Duration.ofMillis(100)); // until the server has seen all of them closed
    }
    assertThat(heapBytes()).isLessThan(before + before / 10);
  }

  private void assertAnsweredFast() throws IOException {
    long began = System.nanoTime();
    assertThat(statuses(
            client().send("GET /v1/sys/mounts HTTP/1.1\r\n" + HOST + TOKEN + CLOSE + "\r\n")))
        .containsExactly("200");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
  }

  /** Sends ten bytes a second until the other side has enough. */
  private static Thread trickling(OutputStream out, String text) {
    Thread sender = new Thread(
        () -> {
          try {
            for (byte b : bytes(text)) {
              out.write(b);
              pause(Duration.ofMillis(100));
            }
          } catch (IOException closed) {
            // That is what is waited for.
          }
        },
        "trickling");
    sender.setDaemon(true);
    sender.start();
    return sender;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void writeWhatIsTaken(Socket socket, byte[] chunk, int times) {
    try {
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(chunk);
      }
    } catch (IOException refused) {
      // Long before the end.
    }
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** An engine whose read waits. */
  private static final class WaitingEngine implements EngineType {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);

    @Override
    public String name() {
      return "waiting";
    }

    @Override
    public SecretEngine create(MountContext context) {
      Route route = Route.at("{name}", "Waits.").on(Operation.READ, call -> {
        begun.countDown();
        try {
          mayEnd.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return Response.empty();
      });
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of(route);
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }
  }
}
