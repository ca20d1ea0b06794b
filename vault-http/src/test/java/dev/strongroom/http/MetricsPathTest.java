package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.http.Served.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPathTest {
  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void read_withRoot_isBareJsonUnderTheNamesOfDashboards() {
    served.root("GET /v1/sys/mounts");
    Answer answer = served.root("GET /v1/sys/metrics");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().toMap())
        .containsOnlyKeys("Timestamp", "Gauges", "Points", "Counters", "Samples");
    assertThat(answer.body())
        .contains("2026-01-01 00:00:00 +0000 UTC")
        .contains("\"vault.core.handle_request\"", "\"vault.core.unsealed\"");
  }

  @ParameterizedTest(name = "Accept {0}")
  @ValueSource(
      strings = {
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
        "prometheus/telemetry"
      })
  void read_byPrometheus_isItsText(String accepted) {
    Answer answer = served.root(SentCall.of("GET /v1/sys/metrics").with("Accept", accepted));
    assertThat(answer.headers().get("Content-Type")).startsWith("text/plain");
    assertThat(answer.body()).contains("vault_core_unsealed 1\n");
  }

  @Test
  void read_inTheFormatOfPrometheus_hasWhatWasDone() {
    Answer before = served.root("GET /v1/sys/metrics?format=prometheus");
    served.root("GET /v1/sys/mounts");
    served.root("POST /v1/auth/token/create");
    Answer answer = served.root("GET /v1/sys/metrics?format=prometheus");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(number(answer, "vault_core_handle_request_count")
            - number(before, "vault_core_handle_request_count"))
        .isEqualTo(3);
    assertThat(answer.body().lines())
        .contains(
            "# TYPE vault_core_handle_request summary",
            "# TYPE vault_barrier_put summary",
            "# TYPE vault_token_creation counter")
        .anyMatch(line -> line.startsWith("vault_token_creation{token_type=\"service\"} "))
        .anyMatch(line -> line.startsWith("vault_core_handle_request{quantile=\"0.99\"} "));
  }

  @Test
  void read_aSecondTime_knowsHowManyTokensThereAre() {
    served.root("GET /v1/sys/metrics");
    served.time().advance(Duration.ZERO);
    int before = number(served.root("GET /v1/sys/metrics?format=prometheus"), "vault_token_count");
    served.root("POST /v1/auth/token/create");
    served.time().advance(Duration.ofMinutes(10));
    served.root("GET /v1/sys/metrics");
    served.time().advance(Duration.ZERO);
    Answer answer = served.root("GET /v1/sys/metrics?format=prometheus");
    assertThat(number(answer, "vault_token_count")).isEqualTo(before + 1);
    assertThat(number(answer, "vault_identity_num_entities")).isZero();
  }

  @Test
  void read_inAnotherFormat_is400InPlainText() {
    Answer answer = served.root("GET /v1/sys/metrics?format=xml");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).containsEntry("Content-Type", "text/plain");
    assertThat(answer.body()).doesNotContain("xml");
  }

  @Test
  void read_withoutTheRight_isDenied() {
    String token = served.tokenWith("path \"sys/metrics\" { capabilities = [\"list\"] }");
    assertThat(served.send("GET /v1/sys/metrics").status()).isEqualTo(403);
    assertThat(served
            .send(SentCall.of("GET /v1/sys/metrics?format=xml").with("X-Vault-Token", token))
            .status())
        .isEqualTo(403);
    String reader = served.tokenWith("path \"sys/metrics\" { capabilities = [\"read\"] }");
    assertThat(served
            .send(SentCall.of("GET /v1/sys/metrics").with("X-Vault-Token", reader))
            .status())
        .isEqualTo(200);
  }

  @Test
  void read_ofASealedVault_is503UnlessMetricsAreOpen() {
    served.vault().seal();
    assertThat(served.root("GET /v1/sys/metrics").status()).isEqualTo(503);
    try (Served open = new Served(HttpOptions.DEFAULT.withMetricsOpen(true))) {
      assertThat(open.send("GET /v1/sys/metrics?format=prometheus").status()).isEqualTo(200);
      open.vault().seal();
      Answer answer = open.send("GET /v1/sys/metrics?format=prometheus");
      assertThat(answer.body()).contains("vault_core_unsealed 0\n");
      assertThat(open.send("POST /v1/sys/metrics").status()).isEqualTo(503);
    }
  }

  @Test
  void write_withRoot_is405() {
    assertThat(served.root("POST /v1/sys/metrics").status()).isEqualTo(405);
    assertThat(served.root("LIST /v1/sys/metrics").status()).isEqualTo(405);
  }

  @Test
  void names_ofCallers_areInNoMetric() {
    served.root("GET /v1/kv/data/CANARY-7f3a");
    served.root("POST /v1/auth/CANARY-7f3a/login/CANARY-7f3a");
    for (String format : List.of("", "?format=prometheus")) {
      assertThat(served.root("GET /v1/sys/metrics" + format).body()).doesNotContain("CANARY");
    }
  }

  private static int number(Answer answer, String name) {
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> Integer.parseInt(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
