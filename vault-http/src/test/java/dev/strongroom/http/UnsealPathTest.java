package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.Vault;
import dev.strongroom.http.Served.Answer;
import dev.strongroom.spi.Cidr;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls come through a trusted proxy, so that they come from many places. */
class UnsealPathTest {
  private static final String OPERATOR = "10.0.0.1";
  private static final String STRANGER = "10.0.0.66";

  private final Vault vault = Vault.builder().storage(InMemoryStorage.create()).open();
  private final VaultHttpHandler handler = VaultHttpHandler.of(
      vault, HttpOptions.DEFAULT.withTrustedProxies(List.of(Cidr.parse("127.0.0.1"))));
  private List<String> keys = List.of();

  @BeforeEach
  void initialize() {
    keys = send("PUT /v1/sys/init", OPERATOR, "{\"secret_shares\":5,\"secret_threshold\":3}")
        .json()
        .texts("keys_base64");
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  @DisplayName("S-6 strangers who reset or give wrong shares keep nobody from unsealing")
  void unseal_betweenResetsAndWrongShares_opens() {
    assertThat(give(keys.get(0), OPERATOR).body()).contains("\"progress\":1");
    assertThat(reset(STRANGER).body()).contains("\"progress\":0");
    assertThat(give(wrong(1), STRANGER).status()).isEqualTo(200);
    assertThat(give(keys.get(1), OPERATOR).body()).contains("\"progress\":2");
    assertThat(give(wrong(2), STRANGER).status()).isEqualTo(400);
    assertThat(give(keys.get(2), OPERATOR).body()).contains("\"sealed\":false");
  }

  @Test
  @DisplayName("S-6 attempts of others are given up rarely")
  void reset_ofOthersAgainAndAgain_is400AndSaysWhatToDo() {
    for (int i = 0; i < 5; i++) {
      give(keys.get(0), OPERATOR);
      assertThat(reset(STRANGER).status()).isEqualTo(200);
    }
    give(keys.get(0), OPERATOR);
    Answer refused = reset(STRANGER);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .contains("5 times", "10 minutes", "from one address");
    assertThat(reset(OPERATOR).body()).contains("\"progress\":0");
  }

  private Answer give(String key, String from) {
    return send("PUT /v1/sys/unseal", from, "{\"key\":\"" + key + "\"}");
  }

  private Answer reset(String from) {
    return send("PUT /v1/sys/unseal", from, "{\"reset\":true}");
  }

  private Answer send(String call, String from, String body) {
    HttpReply reply =
        handler.handle(SentCall.of(call).with("X-Forwarded-For", from).body(body));
    return new Answer(
        reply.status(), reply.headers(), new String(reply.body(), StandardCharsets.UTF_8));
  }

  private static String wrong(int x) {
    byte[] share = new byte[33];
    share[32] = (byte) (200 + x);
    return Base64.getEncoder().encodeToString(share);
  }
}
