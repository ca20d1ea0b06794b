package dev.strongroom.http;

import static dev.strongroom.http.RawClient.HOST;
import static dev.strongroom.http.RawClient.bytes;
import static dev.strongroom.http.RawClient.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at the socket as bytes. */
class VaultHttpServerTest {
  private static final String SECOND = "GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "\r\n";

  private final Served served = new Served();
  private VaultHttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = VaultHttpServer.start(
        served.handler(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ServerLimits.DEFAULT.withIdle(Duration.ofSeconds(5)).withDrain(Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() {
    server.close();
    served.close();
  }

  static List<String> malformed() {
    String post = "POST /v1/sys/unseal HTTP/1.1\r\n" + HOST;
    String get = "GET /v1/sys/leader HTTP/1.1\r\n";
    return List.of(
        post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
        post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + SECOND,
        post + "Content-Length: +2\r\n\r\n{}" + SECOND,
        post + "Content-Length: -1\r\n\r\n{}" + SECOND,
        post + "Content-Length: 0x2\r\n\r\n{}" + SECOND,
        post + "Content-Length: 2, 2\r\n\r\n{}" + SECOND,
        post + "Content-Length : 2\r\n\r\n{}" + SECOND,
        post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n" + SECOND,
        post + "Transfer-Encoding: chunked\r\n\r\n2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n" + SECOND,
        post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n" + SECOND,
        post + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + SECOND,
        get + HOST + "X: a\r\n b\r\n\r\n" + SECOND,
        get + "\r\n" + SECOND,
        get + HOST + HOST + "\r\n" + SECOND,
        get + "Host: a b/c\r\n\r\n" + SECOND,
        get + HOST + "X: a\u0000b\r\n\r\n" + SECOND,
        "GET /v1/sys/leader HTTP/1.1\nHost: vault\n\n" + SECOND,
        "\u0001GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "\r\n" + SECOND,
        "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
  }

  @ParameterizedTest(name = "H-9 message {index}")
  @MethodSource("malformed")
  void message_malformed_is400AndNothingBehindItIsAnswered(String bytes) throws IOException {
    String answer = send(bytes);
    assertThat(statuses(answer)).containsExactly("400");
    assertThat(answer).doesNotContain("ha_enabled").doesNotContain("Jetty").doesNotContain("<html");
  }

  @ParameterizedTest(name = "H-9 version [{0}]")
  @ValueSource(strings = {"", " HTTP/9.9", " HTTP/0.9", " HTTP/2.0"})
  void version_unknown_isRefused(String version) throws IOException {
    assertThat(statuses(send("GET /v1/sys/leader" + version + "\r\n" + HOST + "\r\n" + SECOND)))
        .hasSize(1)
        .first()
        .isIn("400", "426", "505");
  }

  @ParameterizedTest(name = "H-9 head of {0} bytes")
  @ValueSource(ints = {40_000, 2_000_000})
  void head_tooLarge_isRefused(int bytes) throws IOException {
    assertThat(statuses(send("GET /v1/" + "a".repeat(bytes) + " HTTP/1.1\r\n" + HOST + "\r\n")))
        .containsExactly("414");
    assertThat(statuses(
            send("GET /v1/a HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(bytes) + "\r\n\r\n")))
        .containsExactly("431");
  }

  @Test
  void headers_flood_isRefused() throws IOException {
    assertThat(
            statuses(send("GET /v1/a HTTP/1.1\r\n" + HOST + "X-Y: 1\r\n".repeat(5_000) + "\r\n")))
        .containsExactly("431");
  }

  @Test
  void request_wellFormed_isAnsweredAndTheNextOneToo() throws IOException {
    String answer =
        send(SECOND + "GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
    assertThat(statuses(answer)).containsExactly("200", "200");
    assertThat(answer)
        .contains("Content-Type: application/json\r\n", "Cache-Control: no-store\r\n")
        .doesNotContain("Server:");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "LIST /v1/kv/metadata",
        "SCAN /v1/kv/metadata",
        "GET /v1/kv/data/%2e%2e/x",
        "BREW /v1/sys/mounts"
      })
  void request_anyMethodAndTarget_reachesTheHandlerAsItWasSent(String call) throws IOException {
    String answer = send(call + " HTTP/1.1\r\n" + HOST + "X-Vault-Token: " + Served.ROOT
        + "\r\nConnection: close\r\n\r\n");
    assertThat(statuses(answer))
        .containsExactly(String.valueOf(served.root(call).status()));
  }

  @Test
  void body_chunked_isRead() throws IOException {
    String answer = send("POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + "X-Vault-Token: " + Served.ROOT
        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + "9\r\n{\"data\":{\r\n7\r\n\"a\":1}}\r\n0\r\n\r\n");
    assertThat(statuses(answer)).containsExactly("200");
    assertThat(served.root("GET /v1/kv/data/a").body()).contains("\"a\":1");
  }

  @Test
  @DisplayName("H-4 a stranger's body is held up to 64 KiB only")
  void body_ofAStranger_isCut() throws IOException {
    String large = "{\"data\":{\"a\":\"" + "x".repeat(100_000) + "\"}}";
    String head = "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + "Connection: close\r\nContent-Length: "
        + large.length() + "\r\n";
    assertThat(statuses(send(head + "\r\n" + large))).containsExactly("403");
    assertThat(statuses(send(head + "X-Vault-Token: " + Served.ROOT + "\r\n\r\n" + large)))
        .containsExactly("200");
  }

  @Test
  void body_tooLong_isAnsweredAsAnyOtherToWhoMayNot() throws IOException {
    String denied = served.tokenWith("path \"other/*\" { capabilities = [\"update\"] }");
    for (String token : List.of("", "s.AAAAAAAAAAAAAAAAAAAAAAAA", "x y", denied)) {
      String head = "POST /v1/kv/data/a HTTP/1.1\r\n" + HOST + "Connection: close\r\n"
          + (token.isEmpty() ? "" : "X-Vault-Token: " + token + "\r\n");
      String shortBody = undated(head + "Content-Length: 2\r\n\r\n{}");
      assertThat(statuses(shortBody)).containsExactly("403");
      String longBody = "{" + " ".repeat(70_000) + "}";
      assertThat(undated(head + "Content-Length: 70002\r\n\r\n" + longBody)).isEqualTo(shortBody);
      assertThat(undated(
              head + "Transfer-Encoding: chunked\r\n\r\n11172\r\n" + longBody + "\r\n0\r\n\r\n"))
          .isEqualTo(shortBody);
    }
  }

  /** Returns the answer without its moment. */
  private String undated(String request) throws IOException {
    return send(request).replaceFirst("Date: [^\r]*\r\n", "");
  }

  @Test
  void body_tooLongWhereNobodyIsKnown_isRefusedWhateverTheToken() throws IOException {
    for (String token : List.of("", "X-Vault-Token: " + Served.ROOT + "\r\n")) {
      assertThat(statuses(send("POST /v1/sys/unseal HTTP/1.1\r\n" + HOST + "Connection: close\r\n"
              + token + "Content-Length: 70002\r\n\r\n{" + " ".repeat(70_000) + "}")))
          .containsExactly("413");
    }
  }

  @Test
  @DisplayName("H-15 senders that say nothing more keep nobody from being answered")
  void connections_halfOpen_leaveOthersAlone() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) { // twice as many as there are threads
        Socket socket = connect();
        socket
            .getOutputStream()
            .write(bytes(
                i % 2 == 0
                    ? "GET /v1/sys/lea"
                    : "POST /v1/sys/unseal HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n{"));
        silent.add(socket);
      }
      assertThat(statuses(
              send("GET /v1/sys/leader HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")))
          .containsExactly("200");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void start_atATakenAddress_fails() {
    assertThatThrownBy(() -> VaultHttpServer.start(served.handler(), server.address()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void start_withoutUsableTlsFiles_failsWithoutAWordOfTheKey(@TempDir Path folder) {
    TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    assertThatThrownBy(() -> VaultHttpServer.startTls(
            served.handler(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ServerLimits.DEFAULT,
            files))
        .isInstanceOf(IOException.class);
  }

  private String send(String text) throws IOException {
    return client().send(text);
  }

  private Socket connect() throws IOException {
    return client().connect();
  }

  private RawClient client() {
    return new RawClient(server.address());
  }
}
