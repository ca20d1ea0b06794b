package dev.strongroom.http;

import static dev.strongroom.http.RawClient.HOST;
import static dev.strongroom.http.RawClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two clients, 127.0.0.1 and 127.0.0.2; of ten connections each may have three. */
class ConnectionSharesTest {
  private static final ServerLimits LIMITS =
      ServerLimits.DEFAULT.withConnections(10).withClientConnections(3).withDrain(Duration.ZERO);
  private static final String ASK = "GET /v1/sys/leader HTTP/1.1\r\n" + HOST;

  private final Served served = new Served();
  private final List<Socket> open = new ArrayList<>();
  private @Nullable VaultHttpServer server;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    if (server != null) {
      server.close();
    }
    served.close();
  }

  @Test
  @DisplayName("H-15 one client cannot use up the connections of all")
  void connections_moreThanTheShareOfOne_areClosedAndOthersAnswered() throws IOException {
    start(address -> false);
    for (int i = 0; i < 3; i++) {
      assertThat(first(connect("127.0.0.1"))).isEqualTo("HTTP/1.1 200");
    }
    for (int i = 0; i < 20; i++) {
      assertThat(first(connect("127.0.0.1"))).isEmpty();
    }
    assertThat(first(connect("127.0.0.2"))).isEqualTo("HTTP/1.1 200");
    assertThat(served.root("GET /v1/sys/metrics?format=prometheus").body())
        .contains("vault_http_refused_connections 20\n");
  }

  @Test
  void connection_afterAnotherWasClosed_isTaken() throws IOException {
    start(address -> false);
    int answered = 0;
    for (int i = 0;
        answered < 20 && i < 10_000;
        i++) { // the server sees a little later what is closed
      Socket socket = connect("127.0.0.1");
      answered += first(socket).isEmpty() ? 0 : 1;
      socket.close();
    }
    assertThat(answered).isEqualTo(20);
  }

  @Test
  void connections_ofASharedAddress_areTaken() throws IOException {
    start(InetAddress::isLoopbackAddress);
    for (int i = 0; i < 6; i++) {
      assertThat(first(connect("127.0.0.1"))).isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void limits_outOfRange_areRefused() {
    assertThat(ServerLimits.DEFAULT.clientConnections()).isEqualTo(2_500);
    assertThat(ServerLimits.DEFAULT.withConnections(100).clientConnections()).isEqualTo(25);
    assertThat(ServerLimits.DEFAULT.withConnections(1).clientConnections()).isEqualTo(1);
    for (int wrong : List.of(0, -1, 11, Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> LIMITS.withClientConnections(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("need 1 <= clientConnections <= 10, but got " + wrong);
    }
  }

  private void start(Predicate<InetAddress> shared) throws IOException {
    server = VaultHttpServer.start(
        served.handler(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        LIMITS,
        shared);
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.setSoTimeout(10_000);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(Objects.requireNonNull(server).address());
    return socket;
  }

  /** Returns how the answer begins; empty if the connection was closed instead. */
  private static String first(Socket socket) {
    try {
      socket.getOutputStream().write(bytes(ASK + "\r\n"));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    } catch (IOException reset) {
      return "";
    }
  }
}
