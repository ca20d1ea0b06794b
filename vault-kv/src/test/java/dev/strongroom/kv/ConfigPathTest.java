package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.UNSUPPORTED;
import static dev.strongroom.kv.TestMount.assertEmpty;
import static dev.strongroom.kv.TestMount.assertRefused;
import static dev.strongroom.kv.TestMount.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigPathTest {
  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @Test
  void read_newMount_hasDefaults() {
    assertThat(mount.get("config").data().orElseThrow().toMap())
        .isEqualTo(Map.of(
            "max_versions",
            0,
            "cas_required",
            false,
            "metadata_cas_required",
            false,
            "delete_version_after",
            "0s"));
  }

  @Test
  void write_someSettings_leavesTheOthers() {
    assertEmpty(mount.post("config", "{'max_versions':5,'delete_version_after':'3h25m19s'}"));
    assertEmpty(mount.post("config", "{'cas_required':true}"));
    assertEmpty(mount.post("config", "{'metadata_cas_required':'t'}"));

    Response config = mount.get("config");
    assertThat(at(config, "max_versions")).isEqualTo(5);
    assertThat(at(config, "cas_required")).isEqualTo(true);
    assertThat(at(config, "metadata_cas_required")).isEqualTo(true);
    assertThat(at(config, "delete_version_after")).isEqualTo("3h25m19s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'bogus':1}", "{'delete_version_after':null}"})
  void write_noSetting_changesNothing(String body) {
    mount.post("config", "{'max_versions':5,'delete_version_after':'1h'}");

    assertEmpty(mount.post("config", body));

    assertThat(at(mount.get("config"), "max_versions")).isEqualTo(5);
    assertThat(at(mount.get("config"), "delete_version_after")).isEqualTo("1h0m0s");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'3h25m19s'|3h25m19s",
        "'1d'|24h0m0s",
        "90|1m30s",
        "'90'|1m30s",
        "'1.5h'|1h30m0s",
        "'59s'|59s",
        "'1500ms'|1s",
        "''|0s",
        "0|0s",
        "'-5h'|-1s",
        "-7|-1s",
        "'-1s'|-1s",
        "'-1500ms'|-1s",
        "9223372036|2562047h47m16s"
      })
  void write_lifetime_isShownAsGoDoes(String given, String shown) {
    assertEmpty(mount.post("config", "{'delete_version_after':" + given + "}"));

    assertThat(at(mount.get("config"), "delete_version_after")).isEqualTo(shown);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "max_versions|'hunter2'",
        "max_versions|1.5",
        "cas_required|2",
        "metadata_cas_required|'hunter2'",
        "delete_version_after|'1w'",
        "delete_version_after|'500ms'",
        "delete_version_after|9223372037"
      })
  void write_settingOfAnotherType_isRefusedWithoutItsValue(String name, String value) {
    Response response = mount.post("config", "{'" + name + "':" + value + "}");

    assertRefused(
        response,
        INVALID_REQUEST,
        "Field validation failed: error converting input for field \"" + name + "\": ");
    assertThat(response.errors().toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65537", "4294967296"})
  void write_maxVersionsOutOfRange_isRefused(String value) {
    assertRefused(
        mount.post("config", "{'max_versions':" + value + "}"),
        INVALID_REQUEST,
        "max_versions must be in the range [0,65536], but is " + value);
    assertThat(at(mount.get("config"), "max_versions")).isEqualTo(0);
  }

  @Test
  void read_unknownParameter_isIgnoredWithAWarning() {
    assertThat(mount.get("config", "{'x':1}").warnings())
        .containsExactly("Endpoint ignored these unrecognized parameters: [x]");
  }

  @Test
  void deleteAndPatch_areUnsupported() {
    assertRefused(mount.delete("config"), UNSUPPORTED, "unsupported operation");
    assertRefused(
        mount.patch("config", "{'max_versions':1}"), UNSUPPORTED, "unsupported operation");
  }
}
