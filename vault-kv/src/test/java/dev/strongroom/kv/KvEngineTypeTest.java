package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mounts;
import dev.strongroom.Vault;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvEngineTypeTest {
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.engine(Kv.engine()));

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @ParameterizedTest(name = "type {0}, version {1}")
  @CsvSource({"kv, '\"2\"'", "kv, 2", "kv-v2, '\"2\"'", "kv-v2, '\"1\"'", "generic, '\"2\"'"})
  void mount_version2ByAnyName_isKvWithThatOption(String type, String version) {
    assertThat(mount(type, version).isFailure()).isFalse();

    assertThat(Mounts.of(vault.root()).list().get("k"))
        .satisfies(info -> assertThat(info.type()).isEqualTo("kv"))
        .satisfies(info -> assertThat(info.options()).isEqualTo(Map.of("version", "2")));
    KvStore.at(vault.root(), "k").put("a", Map.of("k", "v"));
    assertThat(KvStore.at(vault.root(), "k").get("a").text("k")).isEqualTo("v");
  }

  @ParameterizedTest(name = "type {0}, version {1}")
  @CsvSource({"kv, '\"1\"'", "kv, ", "kv-v1, ", "kv-v1, '\"2\"'", "generic, "})
  void mount_version1ByAnyName_keepsNoVersions(String type, String version) {
    assertThat(mount(type, version).isFailure()).isFalse();

    assertThat(Mounts.of(vault.root()).list().get("k").type()).isEqualTo("kv");
    Kv1Store.at(vault.root(), "k").put("a", Map.of("k", "v"));
    assertThat(Kv1Store.at(vault.root(), "k").get("a").text("k")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"3\"", "3", "\"0\"", "\"two\"", "\" 2\"", "2.0"})
  void mount_anotherVersion_isRefused(String version) {
    Response response = mount("kv", version);

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors())
        .singleElement()
        .asString()
        .startsWith("kv has versions 1 and 2, not ");
  }

  @Test
  void tune_sameVersionAndOtherOptions_areTaken() {
    mount("kv", "2");

    assertThat(tune("{\"version\":\"2\"}").isFailure()).isFalse();
    assertThat(tune("{\"other\":\"x\"}").isFailure()).isFalse();

    assertThat(Mounts.of(vault.root()).list().get("k").options())
        .isEqualTo(Map.of("version", "2", "other", "x"));
  }

  @ParameterizedTest(name = "version {0}")
  @CsvSource({
    "1, cannot downgrade mount from version 2",
    "3, invalid version provided: 3",
    "'', 'invalid version provided: '"
  })
  void tune_anotherVersion_isRefused(String version, String error) {
    mount("kv", "2");

    Response response = tune("{\"version\":\"" + version + "\"}");

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(error);
  }

  private Response mount(String type, String version) {
    return ask(
        "sys/mounts/k",
        "{\"type\":\"" + type + "\""
            + (version == null ? "" : ",\"options\":{\"version\":" + version + "}") + "}");
  }

  private Response tune(String options) {
    return ask("sys/mounts/k/tune", "{\"options\":" + options + "}");
  }

  private Response ask(String path, String body) {
    return vault.root().request(Request.write(path, Payload.parse(body).toMap()));
  }
}
