package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Vault;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.ServerLimits;
import dev.strongroom.http.TlsFiles;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorOnServerTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A client keeps its connection; nobody need wait for it. */
  private static final ServerLimits LIMITS = ServerLimits.DEFAULT.withDrain(Duration.ZERO);

  @Nested
  class OnAVault {
    private Vault vault;
    private VaultHttpServer server;
    private List<String> shares = List.of();
    private String token = "";
    private String address = "";

    @BeforeEach
    void serve() throws IOException {
      vault = Vault.builder().storage(InMemoryStorage.create()).open();
      try (InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
        shares = keys.shares().stream().map(KeyShare::exposeBase64).toList();
        token = keys.rootToken().exposeText();
      }
      server = VaultHttpServer.start(VaultHttpHandler.of(vault, HttpOptions.DEFAULT), ANY, LIMITS);
      address = "http://127.0.0.1:" + server.address().getPort();
    }

    @AfterEach
    void stop() {
      server.close();
      vault.close();
    }

    @Test
    void unseal_withEnoughShares_opensTheVault() {
      assertThat(Run.of("operator", "status", "-address=" + address).code()).isEqualTo(2);
      Run first = Run.withInput(shares.get(0), "operator", "unseal", "-address", address);
      assertThat(first.code()).isZero();
      assertThat(first.err()).isEmpty();
      assertThat(first.out()).contains("Unseal Progress    1/2");
      Run second = Run.withInput(
          shares.get(1) + "\n", "operator", "unseal", "-address", address, "-format=json");
      assertThat(Payload.parse(second.out()).flag("sealed")).contains(false);
      assertThat(vault.sealStatus().sealed()).isFalse();
      Run status = Run.in(Map.of("VAULT_ADDR", address), "", "operator", "status");
      assertThat(status.code()).isZero();
      assertThat(status.out()).contains("Sealed          false", "Cluster ID");
    }

    @Test
    void unseal_wrongShares_areRefused() {
      Run.withInput(shares.get(0), "operator", "unseal", "-address", address);
      String wrong = "01".repeat(33);
      Run run = Run.withInput(wrong, "operator", "unseal", "-address", address);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("unseal: " + address + " answers 400: ")
          .doesNotContain(wrong);
    }

    @Test
    void unseal_reset_forgetsTheShares() {
      Run.withInput(shares.get(0), "operator", "unseal", "-address", address);
      Run run = Run.of("operator", "unseal", "-address", address, "-reset");
      assertThat(run.out()).contains("Unseal Progress    0/2");
    }

    @Test
    void unseal_noShareOrMany_sendsNone() {
      assertThat(Run.withInput("", "operator", "unseal", "-address", address).code())
          .isEqualTo(1);
      assertThat(Run.withInput(String.join("\n", shares), "operator", "unseal", "-address", address)
              .code())
          .isEqualTo(1);
      assertThat(vault.sealStatus().given()).isZero();
    }

    @Test
    void seal_withTheRightToken_seals() {
      shares.subList(0, 2).forEach(share -> vault.unseal(KeyShare.parse(share)));
      Map<String, String> wrong = Map.of("VAULT_ADDR", address, "VAULT_TOKEN", "wrong-token");
      Run denied = Run.in(wrong, "", "operator", "seal");
      assertThat(denied.code()).isEqualTo(2);
      assertThat(denied.err()).isEqualTo("seal: " + address + " answers 403: permission denied\n");
      assertThat(vault.sealStatus().sealed()).isFalse();
      Map<String, String> right = Map.of("BAO_ADDR", address, "BAO_TOKEN", token);
      assertThat(Run.in(right, "", "operator", "seal"))
          .isEqualTo(new Run(0, "Success! Vault is sealed.\n", ""));
      assertThat(vault.sealStatus().sealed()).isTrue();
    }

    @Test
    void seal_tokenFromTheInput_isTaken() {
      shares.subList(0, 2).forEach(share -> vault.unseal(KeyShare.parse(share)));
      assertThat(Run.withInput(token + "\n", "operator", "seal", "-address", address)
              .code())
          .isZero();
    }

    @Test
    void seal_asJson_isOneObject() {
      shares.subList(0, 2).forEach(share -> vault.unseal(KeyShare.parse(share)));
      Run run = Run.withInput(token, "operator", "seal", "-address", address, "-format=json");
      assertThat(run.code()).isZero();
      assertThat(Payload.parse(run.out()).toMap()).isEqualTo(Map.of("sealed", true));
      assertThat(vault.sealStatus().sealed()).isTrue();
    }

    @Test
    void seal_whatIsNoToken_isNotSentAndNotRepeated() {
      for (String bad : List.of("", "a\u0007b", "a b")) {
        Run run = Run.withInput(bad, "operator", "seal", "-address", address);
        assertThat(run)
            .isEqualTo(new Run(1, "", "seal: a token is needed, of visible ASCII characters\n"));
      }
    }
  }

  @Nested
  class OverTls {
    @Test
    void status_withTheCertificateOfTheServer_isAnsweredAndWithAnotherNot() throws Exception {
      try (Vault vault = Vault.builder().storage(InMemoryStorage.create()).open();
          VaultHttpServer server = VaultHttpServer.startTls(
              VaultHttpHandler.of(vault, HttpOptions.DEFAULT),
              ANY,
              LIMITS,
              new TlsFiles(resource("server-cert.pem"), resource("server-key.pem")))) {
        String address = "https://127.0.0.1:" + server.address().getPort();
        String certificate = resource("server-cert.pem").toString();
        Run known = Run.in(
            Map.of("VAULT_ADDR", address, "VAULT_CACERT", certificate), "", "operator", "status");
        assertThat(known.code()).isEqualTo(2);
        assertThat(known.out()).contains("Initialized        false");
        Run other = Run.of(
            "operator", "status", "-address", address, "-ca-cert=" + resource("other-cert.pem"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).isEmpty();
        assertThat(Run.of("operator", "status", "-address", address, "-ca-cert=/dev/null")
                .err())
            .isEqualTo("status: /dev/null: holds no certificate\n");
      }
    }

    private static Path resource(String name) throws URISyntaxException {
      return Path.of(
          Objects.requireNonNull(OperatorOnServerTest.class.getResource(name)).toURI());
    }
  }

  @Nested
  class OnSomethingElse {
    @ParameterizedTest
    @ValueSource(
        strings = {"ftp://a", "a:8200", "http://", "http://u:secret@a", "http://a?b", "http://a b"})
    void anAddress_thatIsNone_isRefusedAndNotRepeated(String address) {
      Run run = Run.of("operator", "status", "-address", address);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).startsWith("status: an address is http://").doesNotContain("secret");
    }

    @Test
    void nobodyThere_endsWithOne() throws IOException {
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      Run run = Run.of("operator", "status", "-address=http://127.0.0.1:" + port);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("does not answer: ConnectException");
    }

    @Test
    void anEndlessAnswer_isGivenUp() throws Exception {
      try (Pretender server = new Pretender(
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"type\":\"" + "x".repeat(2_000_000))) {
        Run run = Run.of("operator", "status", "-address=" + server.address());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the answer has more than 1048576 bytes");
      }
    }

    @Test
    void aSilentServer_isGivenUp() throws Exception {
      try (Pretender server = new Pretender("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{")) {
        ServedVault vault = ServedVault.at(
            ServerAddress.parse(server.address()), Optional.empty(), Duration.ofMillis(300));
        assertThatThrownBy(vault::sealStatus)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("does not answer");
      }
    }

    @Test
    void aRedirect_isNotFollowedAndGetsNoShare() throws Exception {
      try (Pretender target = new Pretender("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
          Pretender server = new Pretender("HTTP/1.1 307 Temporary Redirect\r\nLocation: "
              + target.address() + "\r\nContent-Length: 0\r\n\r\n")) {
        Run run = Run.withInput(
            "01".repeat(33), "operator", "unseal", "-address", server.address() + "/prefix/");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("points to another address");
        assertThat(server.requests().get(0)).startsWith("PUT /prefix/v1/sys/unseal ");
        assertThat(target.requests()).isEmpty();
      }
    }

    @Test
    void whatControlsATerminal_isNotPrinted() throws Exception {
      String body = "{\"type\":\"\\u001b[2J\",\"sealed\":true}";
      try (Pretender server = new Pretender(
          "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)) {
        Run run = Run.of("operator", "status", "-address", server.address());
        assertThat(run.out()).contains("?[2J").doesNotContain("\u001b");
      }
    }
  }

  /** Answers every connection with the same bytes. */
  private static final class Pretender implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> open = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    Pretender(String answer) throws IOException {
      socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> serve(answer.getBytes(US_ASCII)));
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(byte[] answer) {
      try {
        while (true) {
          Socket client = socket.accept();
          synchronized (this) {
            open.add(client);
          }
          byte[] head = new byte[8192];
          int length = client.getInputStream().read(head);
          synchronized (this) {
            requests.add(new String(head, 0, Math.max(length, 0), US_ASCII));
          }
          client.getOutputStream().write(answer);
          client.getOutputStream().flush();
        }
      } catch (IOException e) {
        // The test has ended, or the client has seen enough.
      }
    }

    String address() {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }

    synchronized List<String> requests() {
      return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
      socket.close();
      synchronized (this) {
        for (Socket client : open) {
          client.close();
        }
      }
    }
  }
}
