package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.FileAudit;
import dev.strongroom.http.Served.Answer;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a refusal leaves: a record, or where the vault has not seen it, a figure. */
class RefusedRequestsTest {
  private static final String CANARY = "CANARY-7f3a";

  @TempDir
  private Path folder;

  private Served served;

  @BeforeEach
  void open() {
    served = new Served(
        HttpOptions.DEFAULT.withLimits(HttpLimits.DEFAULT.withBodyBytes(100)), builder -> builder
            .mount("kv", Kv.version2())
            .audit("file", FileAudit.appendTo(folder.resolve("audit.log"))));
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  @DisplayName("AU-8 a body that cannot be read is recorded, without a word of it")
  void write_ofABodyThatIsNone_hasItsTwoRecords() throws IOException {
    int before = records().size();
    SentCall call = SentCall.of("POST /v1/kv/data/a").body("{\"" + CANARY + "\":{\"" + CANARY);
    assertThat(served.root(call).status()).isEqualTo(400);
    List<String> records = records().subList(before, records().size());
    assertThat(records).hasSize(2).noneMatch(record -> record.contains(CANARY));
    Payload response = Payload.parse(records.get(1));
    assertThat(response.text("type")).contains("response");
    assertThat(response.object("request").orElseThrow().text("path")).contains("kv/data/a");
    assertThat(response.text("error").orElseThrow())
        .contains("refused with status 400, before its parameters were read");
    assertThat(response.object("auth").orElseThrow().text("display_name")).contains("token");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Content-Encoding: gzip", "X-Vault-Wrap-TTL: soon"})
  void write_thatAHeaderSpoils_hasItsTwoRecords(String header) throws IOException {
    String[] parts = header.split(": ", 2);
    int before = records().size();
    SentCall call = SentCall.of("POST /v1/kv/data/a").with(parts[0], parts[1]).body("{}");
    assertThat(served.root(call).status()).isBetween(400, 415);
    assertThat(records()).hasSize(before + 2);
  }

  @Test
  void write_ofTooMuch_hasItsTwoRecordsAndIsDeniedToWhoMayNot() throws IOException {
    SentCall call = SentCall.of("POST /v1/kv/data/a");
    String large = " ".repeat(200);
    int before = records().size();
    assertThat(served.root(call.body(large)).status()).isEqualTo(413);
    assertThat(records()).hasSize(before + 2);
    for (String token : List.of("s.AAAAAAAAAAAAAAAAAAAAAAAA", "x y")) {
      before = records().size();
      Answer answer = served.send(call.with("X-Vault-Token", token).body(large));
      assertThat(answer).isEqualTo(served.send(call.body("{}")));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(records()).hasSize(before + 4);
    }
  }

  @Test
  void write_ofABodyThatIsNoneToASealedVault_is400() {
    served.vault().seal();
    assertThat(served.root(SentCall.of("POST /v1/kv/data/a").body("{")).status())
        .isEqualTo(400);
  }

  @Test
  void request_thatIsNone_isCounted() throws IOException {
    int before = records().size();
    assertThat(served.root("GET /v1/kv/data/../a").status()).isEqualTo(400);
    assertThat(served.root("BREW /v1/kv/data/a").status()).isEqualTo(405);
    assertThat(served.send("GET /v1/kv/data/a;b").status()).isEqualTo(400);
    assertThat(records()).hasSize(before);
    assertThat(served.root("GET /v1/sys/metrics?format=prometheus").body())
        .contains(
            "vault_http_refused{status=\"400\"} 2\n",
            "vault_http_refused{status=\"405\"} 1\n",
            "vault_http_refused_connections 0\n");
  }

  private List<String> records() throws IOException {
    return Files.readAllLines(folder.resolve("audit.log")).stream()
        .filter(
            line -> line.contains("\"type\":\"request\"") || line.contains("\"type\":\"response\""))
        .toList();
  }
}
