package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {
  private final InMemoryVault vault = Vault.inMemory();

  @AfterEach
  void close() {
    vault.close();
  }

  private Response tools(String path, Map<String, ?> members) {
    return vault.root().request(Request.write("sys/tools/" + path, members));
  }

  private static String text(Response response, String member) {
    return response.orThrow().data().flatMap(data -> data.text(member)).orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "random, 32",
    "random/16, 16",
    "random/platform, 32",
    "random/platform/1, 1",
    "random/131072, 131072"
  })
  void random_ofACount_isThatLong(String path, int bytes) {
    String made = text(tools(path, Map.of()), "random_bytes");
    assertThat(Base64.getDecoder().decode(made)).hasSize(bytes);
    assertThat(text(tools(path, Map.of("format", "hex")), "random_bytes"))
        .matches("[0-9a-f]{" + 2 * bytes + "}");
  }

  @Test
  void random_ofTheSeal_isThePlatformsAndSaysSo() {
    assertThat(tools("random/seal", Map.of()).warnings())
        .containsExactly("the seal is no source of randomness here: the platform's was used");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "random/x, error parsing url-set byte count: not a number",
    "random/0, '''bytes'' cannot be less than 1'",
    "random/99999999999, error parsing url-set byte count: not a number",
    "random/disk/8, 'unsupported entropy source; must be \"platform\", \"seal\" or \"all\"'"
  })
  void random_ofWhatThereIsNot_isRefused(String path, String error) {
    assertThat(tools(path, Map.of()).errors()).containsExactly(error);
  }

  /** FIPS 180-4 and FIPS 202, of the empty message. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sha2-224, d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
    "sha2-256, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha3-256, a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"
  })
  void hash_ofNothing_isTheStandards(String algorithm, String sum) {
    assertThat(text(tools("hash", Map.of("input", "", "algorithm", algorithm)), "sum"))
        .isEqualTo(sum);
    assertThat(text(tools("hash/" + algorithm, Map.of("input", "")), "sum")).isEqualTo(sum);
  }

  @Test
  void hash_ofWhatIsNoBase64_doesNotQuoteIt() {
    Response refused = tools("hash", Payload.of(Map.of("input", "canary!")).toMap());
    assertThat(refused.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(refused.errors())
        .containsExactly("unable to decode input as base64: not standard base64 with padding");
  }

  @Test
  void hash_withAnUnknownFormat_isRefused() {
    assertThat(tools("hash", Map.of("input", "YQ==", "format", "octal")).errors())
        .containsExactly("unsupported encoding format \"octal\"; must be \"hex\" or \"base64\"");
  }
}
