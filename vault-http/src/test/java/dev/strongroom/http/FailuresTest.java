package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Mount;
import dev.strongroom.http.Served.Answer;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that fails in every way, and tells what it sees of a request. */
class FailuresTest {
  private static final String CANARY = "CANARY-7f3a";
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  private final Served served =
      new Served(HttpOptions.DEFAULT, builder -> builder.mount("bad", Mount.of(new BadEngine())));
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler listener = new Handler() {
    @Override
    public void publish(LogRecord record) {
      logged.add(record.getMessage());
      for (Throwable thrown = record.getThrown(); thrown != null; thrown = thrown.getCause()) {
        logged.add(thrown.toString());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    ROOT_LOGGER.addHandler(listener);
  }

  @AfterEach
  void close() {
    ROOT_LOGGER.removeHandler(listener);
    served.close();
  }

  @ParameterizedTest(name = "H-12 engine throws {0}")
  @ValueSource(strings = {"runtime", "argument", "state", "nested", "overflow"})
  void engine_failing_tellsNobodyWhatItSaid(String how) {
    for (String method : List.of("GET", "POST", "LIST", "DELETE")) {
      Answer answer = served.root(method + " /v1/bad/" + how);
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.errors()).singleElement().asString().contains("internal error");
      assertThat(answer.body() + answer.headers()).doesNotContain(CANARY, "Exception", "java.");
    }
    assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(CANARY));
    assertThat(served.root("GET /v1/sys/mounts").status()).isEqualTo(200);
  }

  @ParameterizedTest(name = "H-15 engine throws {0}")
  @ValueSource(strings = {"overflow", "memory", "error", "runtime"})
  void engine_failing_leavesTheServerUsable(String how) throws IOException {
    try (VaultHttpServer server = VaultHttpServer.start(
        served.handler(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ServerLimits.DEFAULT.withThreads(8))) {
      for (int i = 0; i < 20; i++) { // more than there are threads
        assertThat(status(server, "bad/" + how)).isEqualTo(500);
      }
      assertThat(status(server, "sys/mounts")).isEqualTo(200);
    }
    assertThat(logged).noneMatch(line -> line.contains(CANARY));
  }

  @Test
  @DisplayName("H-8 an engine sees no credential")
  void request_withCredentials_reachesTheEngineWithoutThem() {
    SentCall call = SentCall.of("GET /v1/bad/sees")
        .with("Authorization", "Bearer " + Served.ROOT)
        .with("Cookie", "token=" + CANARY)
        .with("Proxy-Authorization", CANARY)
        .with("X-Vault-MFA", CANARY)
        .with("X-Forwarded-For", "10.1.1.1")
        .with("X-Other", "seen");
    assertThat(ApiCall.origin(call.with("X-Vault-Token", Served.ROOT), HttpOptions.DEFAULT)
            .headers())
        .isEqualTo(Map.of("x-other", List.of("seen")));
    Answer answer = served.root(call);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain(Served.ROOT, CANARY);
  }

  private static int status(VaultHttpServer server, String path) throws IOException {
    HttpURLConnection connection = (HttpURLConnection)
        new URL("http://127.0.0.1:" + server.address().getPort() + "/v1/" + path).openConnection();
    connection.setRequestProperty("X-Vault-Token", Served.ROOT);
    int status = connection.getResponseCode();
    connection.disconnect();
    return status;
  }

  private static final class BadEngine implements EngineType {
    @Override
    public String name() {
      return "bad";
    }

    @Override
    public SecretEngine create(MountContext context) {
      Route route = Route.at("{how}", "Fails.")
          .field("x", FieldType.TEXT, "Nothing.")
          .on(Operation.READ, BadEngine::fail)
          .on(Operation.UPDATE, BadEngine::fail)
          .on(Operation.LIST, BadEngine::fail)
          .on(Operation.DELETE, BadEngine::fail);
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

    private static Response fail(Call call) {
      return switch (call.captured("how")) {
        case "runtime" -> throw new RuntimeException(CANARY);
        case "argument" -> throw new IllegalArgumentException(CANARY);
        case "state" -> throw new IllegalStateException(CANARY);
        case "nested" -> throw new RuntimeException(CANARY, new IOException(CANARY));
        case "overflow" -> throw new StackOverflowError(CANARY);
        case "memory" -> throw new OutOfMemoryError(CANARY);
        case "error" -> throw new AssertionError(CANARY);
        default -> Response.of(Payload.of(Map.of("call", String.valueOf(call))));
      };
    }
  }
}
