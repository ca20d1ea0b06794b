package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.NOT_FOUND;
import static dev.strongroom.ErrorCode.UNSUPPORTED;
import static dev.strongroom.kv.TestMount.assertNothing;
import static dev.strongroom.kv.TestMount.assertRefused;
import static dev.strongroom.kv.TestMount.at;
import static dev.strongroom.kv.TestMount.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubkeysPathTest {
  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @Test
  void read_secret_givesItsNamesAndNoValue() {
    mount.post(
        "data/a",
        "{'data':{'foo':'hunter2','bar':{'baz':'hunter2'},'quux':{},'l':['hunter2',{'x':1}],'n':null,'t':true}}");

    assertThat(json(mount.get("subkeys/a")))
        .isEqualTo(
            "{'subkeys':{'foo':null,'bar':{'baz':null},'quux':null,'l':null,'n':null,'t':null},"
                + "'metadata':{'version':1,'created_time':'2026-01-01T00:00:00Z','deletion_time':'',"
                + "'destroyed':false,'custom_metadata':null}}");
  }

  @ParameterizedTest(name = "depth {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0|{'a':{'b':{'c':{'d':null}}},'z':null}",
        "1|{'a':null,'z':null}",
        "2|{'a':{'b':null},'z':null}",
        "3|{'a':{'b':{'c':null}},'z':null}",
        "4|{'a':{'b':{'c':{'d':null}}},'z':null}",
        "9223372036854775807|{'a':{'b':{'c':{'d':null}}},'z':null}",
        "-1|{'a':null,'z':null}",
        "''|{'a':{'b':{'c':{'d':null}}},'z':null}"
      })
  void read_depth_cutsBelowThatLevel(String depth, String names) {
    mount.post("data/a", "{'data':{'a':{'b':{'c':{'d':1}}},'z':1}}");

    assertThat(json(mount.get("subkeys/a", "{'depth':" + depth + "}")))
        .startsWith("{'subkeys':" + names + ",'metadata':");
  }

  @Test
  void read_version_givesTheNamesOfThatOne() {
    mount.post("data/a", "{'data':{'one':1}}");
    mount.post("data/a", "{'data':{'two':2}}");

    assertThat(json(mount.get("subkeys/a", "{'version':1}")))
        .startsWith("{'subkeys':{'one':null},");
    assertThat(json(mount.get("subkeys/a"))).startsWith("{'subkeys':{'two':null},");
  }

  @ParameterizedTest(name = "after {0}: destroyed {1}")
  @CsvSource({"delete/a, false", "destroy/a, true"})
  void read_deletedOrDestroyed_isNotFoundWithItsMetadata(String path, boolean destroyed) {
    mount.postVersions("a", 1);
    mount.post(path, "{'versions':[1]}");

    Response response = mount.get("subkeys/a");

    assertThat(response.failure()).contains(NOT_FOUND);
    assertThat(at(response, "subkeys")).isNull();
    assertThat(at(response, "metadata.version")).isEqualTo(1);
    assertThat(at(response, "metadata.destroyed")).isEqualTo(destroyed);
  }

  @Test
  void read_nothingThere_isNotFound() {
    mount.post("metadata/empty", "{'max_versions':1}");
    mount.postVersions("a", 1);

    assertNothing(mount.get("subkeys/unknown"));
    assertNothing(mount.get("subkeys/empty"));
    assertNothing(mount.get("subkeys/a/"));
    assertNothing(mount.get("subkeys/a", "{'version':2}"));
  }

  @Test
  void read_depthIsNoInteger_isRefused() {
    assertRefused(
        mount.get("subkeys/a", "{'depth':'x'}"), INVALID_REQUEST, "Field validation failed: ");
  }

  @Test
  void write_isUnsupported() {
    assertRefused(mount.post("subkeys/a", "{'x':1}"), UNSUPPORTED, "unsupported operation");
  }
}
