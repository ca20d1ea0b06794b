package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.NOT_FOUND;
import static dev.strongroom.ErrorCode.UNSUPPORTED;
import static dev.strongroom.kv.TestMount.assertEmpty;
import static dev.strongroom.kv.TestMount.assertNothing;
import static dev.strongroom.kv.TestMount.assertRefused;
import static dev.strongroom.kv.TestMount.at;
import static dev.strongroom.kv.TestMount.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsPathTest {
  private static final String START = "2026-01-01T00:00:00Z";
  private static final String LATER = "2026-01-01T00:01:00Z";

  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @ParameterizedTest(name = "{1} of a {0} version: deleted at {2}, destroyed {3}")
  @CsvSource({
    "live, delete, " + LATER + ", false",
    "live, undelete, '', false",
    "live, destroy, '', true",
    "deleted, delete, " + START + ", false",
    "deleted, undelete, '', false",
    "deleted, destroy, " + START + ", true",
    "destroyed, delete, '', true",
    "destroyed, undelete, '', true",
    "destroyed, destroy, '', true"
  })
  void change_versionInAState_leadsToAState(
      String state, String change, String deletedAt, boolean destroyed) {
    mount.postVersions("a", 1);
    if (state.equals("deleted")) {
      mount.post("delete/a", "{'versions':[1]}").orThrow();
    } else if (state.equals("destroyed")) {
      mount.post("destroy/a", "{'versions':[1]}").orThrow();
    }
    mount.advance(Duration.ofMinutes(1));

    assertEmpty(mount.post(change + "/a", "{'versions':[1]}"));

    Response metadata = mount.get("metadata/a");
    assertThat(at(metadata, "versions.1.deletion_time")).isEqualTo(deletedAt);
    assertThat(at(metadata, "versions.1.destroyed")).isEqualTo(destroyed);
    assertThat(at(metadata, "updated_time")).isEqualTo(START);
    assertThat(at(metadata, "current_version")).isEqualTo(1);
    assertThat(at(metadata, "current_metadata_version")).isEqualTo(0);
    assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(destroyed ? 0 : 1);
  }

  @Test
  void undelete_deletedVersion_bringsItsDataBack() {
    mount.postVersions("a", 1);
    mount.delete("data/a");

    mount.post("undelete/a", "{'versions':[1]}");

    assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(1);
  }

  @Test
  void delete_olderVersions_leavesTheNewestReadable() {
    mount.postVersions("a", 3);

    mount.post("delete/a", "{'versions':[1,2]}");

    assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(3);
    assertThat(mount.get("data/a", "{'version':1}").failure()).contains(NOT_FOUND);
  }

  @ParameterizedTest(name = "{0} with {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "delete|No|{}",
        "delete|No|{'versions':[]}",
        "undelete|No|{'versions':''}",
        "undelete|No|{'versions':null}",
        "destroy|no|{}",
        "destroy|no|{'versions':[]}"
      })
  void change_noVersion_isRefusedBeforeTheKeyIsLookedUp(String change, String no, String body) {
    Response response = mount.post(change + "/unknown", body);

    assertThat(response.failure()).contains(INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(no + " version number provided");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[2,3]", "['2','3']", "'2,3'", "[2,'3',2]", "[0,-1,999999,2,3]", "['0x2',3]"})
  void change_versionsInAnyShape_areThose(String versions) {
    mount.postVersions("a", 4);

    assertEmpty(mount.post("destroy/a", "{'versions':" + versions + "}"));

    Response metadata = mount.get("metadata/a");
    List<Boolean> destroyed = List.of(false, true, true, false);
    for (int version = 1; version <= 4; version++) {
      assertThat(at(metadata, "versions." + version + ".destroyed"))
          .isEqualTo(destroyed.get(version - 1));
    }
  }

  @Test
  void change_singleNumber_isThatVersion() {
    mount.postVersions("a", 2);

    assertEmpty(mount.post("delete/a", "{'versions':2}"));

    assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo(START);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'hunter2'", "1.5", "[1,'x']", "[1.0]", "[null]", "[[1]]", "{}", "['1 ']"})
  void change_versionsAreNoIntegers_isRefusedWithoutTheirValue(String versions) {
    mount.postVersions("a", 1);

    Response response = mount.post("destroy/a", "{'versions':" + versions + "}");

    assertRefused(
        response,
        INVALID_REQUEST,
        "Field validation failed: error converting input for field \"versions\": ");
    assertThat(response.errors().toString()).doesNotContain("hunter2");
    assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[99]",
        "[0]",
        "[-1]",
        "[9223372036854775807]",
        "[-9223372036854775808]",
        "[4294967297]"
      })
  void change_versionThatIsNotThere_isSkipped(String versions) {
    mount.postVersions("a", 1);
    String before = json(mount.get("metadata/a"));

    for (String change : List.of("delete", "undelete", "destroy")) {
      assertEmpty(mount.post(change + "/a", "{'versions':" + versions + "}"));
    }

    assertThat(json(mount.get("metadata/a"))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "undelete", "destroy"})
  void change_unknownKey_makesNone(String change) {
    assertEmpty(mount.post(change + "/a", "{'versions':[1]}"));

    assertNothing(mount.get("metadata/a"));
    assertNothing(mount.list("metadata/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete/a", "undelete/a", "destroy/a"})
  void read_isUnsupported(String path) {
    assertRefused(mount.get(path), UNSUPPORTED, "unsupported operation");
    assertRefused(mount.delete(path), UNSUPPORTED, "unsupported operation");
    assertRefused(mount.list(path), UNSUPPORTED, "unsupported operation");
  }

  @Nested
  class WithALifetime {
    @Test
    void undelete_expiredVersion_beginsItsLifetimeAnew() {
      mount.post("config", "{'delete_version_after':'1h'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofHours(2));

      mount.post("undelete/a", "{'versions':[1]}");

      assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(1);
      assertThat(at(mount.get("data/a"), "metadata.deletion_time"))
          .isEqualTo("2026-01-01T03:00:00Z");
    }

    @Test
    void undelete_liveVersion_beginsItsLifetimeAnew() {
      mount.post("metadata/a", "{'delete_version_after':'1h'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofMinutes(1));

      mount.post("undelete/a", "{'versions':[1]}");

      assertThat(at(mount.get("data/a"), "metadata.deletion_time"))
          .isEqualTo("2026-01-01T01:01:00Z");
    }

    @Test
    void undelete_lifetimeLiftedMeanwhile_lastsForEver() {
      mount.post("metadata/a", "{'delete_version_after':'1s'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofSeconds(2));
      mount.post("metadata/a", "{'delete_version_after':'0s'}");

      mount.post("undelete/a", "{'versions':[1]}");

      assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo("");
    }

    @Test
    void delete_versionThatWillExpire_happensNow() {
      mount.post("metadata/a", "{'delete_version_after':'1h'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofMinutes(1));

      mount.post("delete/a", "{'versions':[1]}");

      assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo(LATER);
    }
  }

  /** Entries of versions 1 to 256 lie in pages, those of 257 to 400 in the key's own record. */
  @Nested
  class OldVersions {
    @Test
    void change_versionsInPagesAndOutside_changesThese() {
      mount.post("metadata/a", "{'max_versions':1000}");
      mount.postVersions("a", 400);
      assertThat(mount.rows(VersionPage.KIND, "a")).isEqualTo(2);

      mount.post("delete/a", "{'versions':[1,128,129,256,257,400]}").orThrow();
      mount.post("undelete/a", "{'versions':[128,257]}").orThrow();
      mount.post("destroy/a", "{'versions':[2,129,399]}").orThrow();

      Response metadata = mount.get("metadata/a");
      for (int version = 1; version <= 400; version++) {
        assertThat(at(metadata, "versions." + version + ".deletion_time"))
            .as("version %s", version)
            .isEqualTo(List.of(1, 129, 256, 400).contains(version) ? START : "");
        assertThat(at(metadata, "versions." + version + ".destroyed"))
            .as("version %s", version)
            .isEqualTo(List.of(2, 129, 399).contains(version));
      }
      assertThat(at(mount.get("data/a", "{'version':128}"), "data.n")).isEqualTo(128);
      assertThat(mount.get("data/a", "{'version':129}").failure()).contains(NOT_FOUND);
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(397);
    }
  }
}
