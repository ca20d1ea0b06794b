package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates {@code one} and {@code two} are self-signed, for these tests only. */
class TlsTest {
  private final Served served = new Served();
  private TlsFiles files;
  private VaultHttpServer server;
  private int written;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    use("one-cert", "one-key");
    server = VaultHttpServer.startTls(
        served.handler(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ServerLimits.DEFAULT,
        files);
  }

  @AfterEach
  void stop() {
    server.close();
    served.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void request_overTls_isAnswered(String protocol) throws Exception {
    try (SSLSocket socket = connect(protocol)) {
      socket
          .getOutputStream()
          .write("GET /v1/sys/leader HTTP/1.1\r\nHost: v\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("{\"ha_enabled\":false}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void handshake_ofAnOlderVersion_isRefused(String protocol) {
    assertThatThrownBy(() -> connect(protocol)).isInstanceOf(SSLException.class);
  }

  @Test
  @DisplayName("H-15 a handshake that never comes is not waited for")
  void handshake_begunOnly_endsItsConnection() throws Exception {
    server.close();
    server = VaultHttpServer.startTls(
        served.handler(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ServerLimits.DEFAULT.withHead(Duration.ofSeconds(1)),
        files);
    try (Socket socket = new RawClient(server.address()).connect()) {
      socket.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02});
      assertThat(RawClient.readToTheEnd(socket)).hasSizeLessThan(100); // alerts of TLS
    }
    try (SSLSocket silent = connect("TLSv1.3")) {
      assertThat(silent.getInputStream().read()).isNegative();
    }
  }

  @Test
  void certificate_replaced_isShownAtTheNextHandshake() throws Exception {
    assertThat(shown()).isEqualTo("CN=one");
    use("two-cert", "two-key");
    assertThat(shown()).isEqualTo("CN=two");
  }

  @Test
  void certificate_replacedBeforeItsKey_isShownWithItsKeyOnly() throws Exception {
    copy("two-cert", files.certificates());
    assertThat(shown()).isEqualTo("CN=one");
    assertThat(shown()).isEqualTo("CN=one");
    copy("two-key", files.key());
    assertThat(shown()).isEqualTo("CN=two");
  }

  @Test
  void certificate_replacedByRubbish_leavesTheOldOneInUse() throws Exception {
    Files.writeString(files.key(), "rubbish");
    changed(files.key());
    assertThat(shown()).isEqualTo("CN=one");
  }

  @Test
  void read_fileWithoutKey_saysWhatIsMissing() throws Exception {
    Files.writeString(files.key(), "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n");
    assertThatThrownBy(files::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("BEGIN PRIVATE KEY")
        .hasMessageNotContaining("c2VjcmV0");
  }

  private String shown() throws Exception {
    try (SSLSocket socket = connect("TLSv1.3")) {
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private SSLSocket connect(String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    SSLSocket socket = (SSLSocket) context
        .getSocketFactory()
        .createSocket(server.address().getAddress(), server.address().getPort());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    return socket;
  }

  private void use(String certificate, String key) throws IOException {
    copy(certificate, files.certificates());
    copy(key, files.key());
  }

  private void copy(String name, Path to) throws IOException {
    try (InputStream in = TlsTest.class.getResourceAsStream(name + ".pem")) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
    changed(to);
  }

  private void changed(Path file) throws IOException {
    written++;
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(written)));
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      assertThat(Arrays.asList(chain)).isNotEmpty();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
