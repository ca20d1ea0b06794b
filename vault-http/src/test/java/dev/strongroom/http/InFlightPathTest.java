package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.http.Served.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InFlightPathTest {
  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void read_withRoot_isBareAndHasTheRequestItself() {
    served.root("GET /v1/sys/mounts");
    Answer answer = served.root("GET /v1/sys/in-flight-req?CANARY=1");
    assertThat(answer.status()).isEqualTo(200);
    Map<String, ?> all = answer.json().toMap();
    assertThat(all).hasSize(1);
    assertThat((Map<?, ?>) all.values().iterator().next())
        .extracting("start_time", "request_path", "request_method")
        .containsExactly("2026-01-01T00:00:00Z", "/v1/sys/in-flight-req", "GET");
    assertThat(answer.body()).contains("127.0.0.1:").doesNotContain("CANARY");
  }

  @Test
  void request_withoutTheRight_isDenied() {
    assertThat(served.send("GET /v1/sys/in-flight-req").status()).isEqualTo(403);
    String token = served.tokenWith("path \"sys/in-flight-req\" { capabilities = [\"list\"] }");
    assertThat(served
            .send(SentCall.of("GET /v1/sys/in-flight-req").with("X-Vault-Token", token))
            .status())
        .isEqualTo(403);
    assertThat(served.root("POST /v1/sys/in-flight-req").status()).isEqualTo(405);
    served.vault().seal();
    assertThat(served.root("GET /v1/sys/in-flight-req").status()).isEqualTo(503);
  }

  @Test
  void openApi_withoutToken_isABareDocument() {
    Answer answer = served.send("GET /v1/sys/internal/specs/openapi");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().toMap())
        .containsOnlyKeys("openapi", "info", "servers", "paths", "components");
    assertThat(served.root("GET /v1/sys/internal/specs/openapi").body())
        .contains("\"/kv/data/{path}\"");
  }
}
