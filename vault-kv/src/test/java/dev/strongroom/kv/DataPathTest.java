package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;
import static dev.strongroom.ErrorCode.NOT_FOUND;
import static dev.strongroom.kv.TestMount.assertEmpty;
import static dev.strongroom.kv.TestMount.assertNothing;
import static dev.strongroom.kv.TestMount.assertRefused;
import static dev.strongroom.kv.TestMount.at;
import static dev.strongroom.kv.TestMount.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataPathTest {
  private static final String START = "2026-01-01T00:00:00Z";

  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @Nested
  class Reading {
    @Test
    void read_liveVersion_givesDataAndMetadata() {
      mount.post("data/a", "{'data':{'user':'u','pw':'p'}}");

      assertThat(json(mount.get("data/a")))
          .isEqualTo("{'data':{'user':'u','pw':'p'},'metadata':{'version':1,'created_time':'"
              + START + "','deletion_time':'','destroyed':false,'custom_metadata':null}}");
    }

    @Test
    void read_unknownKey_isNotFoundWithoutAWord() {
      assertNothing(mount.get("data/a"));
      assertNothing(mount.get("data/a", "{'version':3}"));
    }

    @Test
    void read_keyWithoutVersions_isNotFound() {
      mount.post("metadata/a", "{'max_versions':3}");

      assertNothing(mount.get("data/a"));
    }

    @ParameterizedTest(name = "version {0}: {1}")
    @CsvSource({
      "1, 1",
      "2, 2",
      "'''2''', 2",
      "0, 2",
      "-1, 2",
      "-9223372036854775808, 2",
      "'''''', 2",
      "null, 2"
    })
    void read_version_isThatOneOrTheNewest(String parameter, int version) {
      mount.postVersions("a", 2);

      Response response = mount.get("data/a", "{'version':" + parameter + "}");

      assertThat(at(response, "data.n")).isEqualTo(version);
      assertThat(at(response, "metadata.version")).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "4294967297", "9223372036854775807"})
    void read_versionNeverWritten_isNotFound(String version) {
      mount.postVersions("a", 2);

      assertNothing(mount.get("data/a", "{'version':" + version + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'hunter2'", "1.5", "1.0", "[1]", "{}", "9223372036854775808"})
    void read_versionIsNoInteger_isRefusedWithoutItsValue(String version) {
      Response response = mount.get("data/a", "{'version':" + version + "}");

      assertRefused(
          response,
          INVALID_REQUEST,
          "Field validation failed: error converting input for field \"version\": ");
      assertThat(response.errors().toString()).doesNotContain("hunter2");
    }

    @Test
    void read_deletedVersion_isNotFoundWithItsMetadata() {
      mount.postVersions("a", 1);
      mount.advance(Duration.ofMillis(1500));
      mount.delete("data/a");

      Response response = mount.get("data/a");

      assertThat(response.failure()).contains(NOT_FOUND);
      assertThat(response.errors()).isEmpty();
      assertThat(json(response))
          .isEqualTo(
              "{'data':null,'metadata':{'version':1,'created_time':'"
                  + START
                  + "','deletion_time':'2026-01-01T00:00:01.5Z','destroyed':false,'custom_metadata':null}}");
    }

    @Test
    void read_destroyedVersion_isNotFoundWithItsMetadata() {
      mount.postVersions("a", 1);
      mount.post("destroy/a", "{'versions':[1]}");

      Response response = mount.get("data/a");

      assertThat(response.failure()).contains(NOT_FOUND);
      assertThat(json(response))
          .isEqualTo("{'data':null,'metadata':{'version':1,'created_time':'" + START
              + "','deletion_time':'','destroyed':true,'custom_metadata':null}}");
    }

    @Test
    void read_newestIsDeleted_doesNotFallBackToAnOlderOne() {
      mount.postVersions("a", 2);
      mount.delete("data/a");

      assertThat(at(mount.get("data/a"), "metadata.version")).isEqualTo(2);
      assertThat(at(mount.get("data/a", "{'version':1}"), "data.n")).isEqualTo(1);
    }

    @Test
    void read_oldVersion_showsTheCustomMetadataOfToday() {
      mount.postVersions("a", 2);
      mount.post("metadata/a", "{'custom_metadata':{'owner':'ops'}}");

      assertThat(at(mount.get("data/a", "{'version':1}"), "metadata.custom_metadata"))
          .isEqualTo(Map.of("owner", "ops"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/a/", "data/"})
    void readAndDelete_folder_findNothing(String folder) {
      mount.postVersions("a", 1);

      assertNothing(mount.get(folder));
      assertEmpty(mount.delete(folder));
      assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(1);
    }

    @Test
    void read_unknownParameter_isIgnoredWithAWarning() {
      mount.postVersions("a", 1);

      assertThat(mount.get("data/a", "{'zeta':1,'alpha':2}").warnings())
          .containsExactly("Endpoint ignored these unrecognized parameters: [alpha zeta]");
    }
  }

  @Nested
  class Writing {
    @Test
    void write_firstVersion_describesItAndNoValue() {
      assertThat(json(mount.post("data/a", "{'data':{'k':'v'}}")))
          .isEqualTo("{'version':1,'created_time':'" + START
              + "','deletion_time':'','destroyed':false,'custom_metadata':null}");
    }

    @Test
    void write_again_countsOnAndKeepsTheOldVersion() {
      mount.post("data/a", "{'data':{'k':'old'}}");

      assertThat(at(mount.post("data/a", "{'data':{'k':'new'}}"), "version")).isEqualTo(2);
      assertThat(at(mount.get("data/a"), "data.k")).isEqualTo("new");
      assertThat(at(mount.get("data/a", "{'version':1}"), "data.k")).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{}", "{'user':'u'}", "{'data':null}", "{'data':null,'options':{'cas':9}}"})
    void write_withoutData_isRefusedAndMakesNoKey(String body) {
      assertRefused(mount.post("data/a", body), INVALID_REQUEST, "no data provided");
      assertNothing(mount.get("metadata/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'hunter2'", "5", "true", "[]", "[{'k':'hunter2'}]"})
    void write_dataIsNoObject_isRefusedWithoutItsValue(String data) {
      Response response = mount.post("data/a", "{'data':" + data + "}");

      assertRefused(response, INVALID_REQUEST, "error converting input for field \"data\": ");
      assertThat(response.errors().toString()).doesNotContain("hunter2");
      assertNothing(mount.get("metadata/a"));
    }

    @Test
    void write_emptyObject_isASecret() {
      mount.post("data/a", "{'data':{}}").orThrow();

      assertThat(json(mount.get("data/a"))).startsWith("{'data':{},'metadata':");
    }

    @DisplayName("K-7 any legal value round-trips")
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'o':{'p':{'q':[1,'two',null,{'r':false}]}},'n':null,'t':true,'e':'','eo':{},'ea':[]}",
          "{'data':{'data':'x'},'metadata':'m','errors':['e'],'error':'boom','http_status_code':418}",
          "{'':'no name','ключ':'значение','\uD83D\uDD11':'\uD83D\uDDDD','\uFEFF':'\u2028<script>'}"
        })
    void write_anyJson_comesBackAsItWas(String data) {
      mount.post("data/a", "{'data':" + data + "}").orThrow();

      assertThat(mount
              .get("data/a")
              .data()
              .orElseThrow()
              .object("data")
              .orElseThrow()
              .toMap())
          .isEqualTo(Payload.parse(data.replace('\'', '"')).toMap());
    }

    @DisplayName("K-7 numbers keep their digits")
    @ParameterizedTest
    @ValueSource(
        strings = {
          "9007199254740993",
          "12345678901234567890",
          "1.0",
          "0.10",
          "1e2",
          "1E+2",
          "1e21",
          "-0",
          "-0.0",
          "1e-999999999",
          "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
        })
    void write_number_keepsEveryDigit(String number) {
      mount.post("data/a", "{'data':{'n':" + number + "}}").orThrow();
      mount.patch("data/a", "{'data':{'other':" + number + "}}").orThrow();

      assertThat(json(mount.get("data/a")))
          .startsWith("{'data':{'n':" + number + ",'other':" + number + "},");
    }

    @Test
    void write_deepestJsonAndAMebibyteOfText_comeBack() {
      String deep = "{'d':".repeat(61) + "{}" + "}".repeat(61);
      String large = "x".repeat(1024 * 1024);
      mount
          .post("data/a", "{'data':{'deep':" + deep + ",'large':'" + large + "'}}")
          .orThrow();

      Response response = mount.get("data/a");
      assertThat(json(response)).startsWith("{'data':{'deep':" + deep + ",'large':'xxx");
      assertThat(at(response, "data.large")).isEqualTo(large);
    }

    @Test
    void write_moreThan8Mebibytes_isRefusedAndMakesNoKey() {
      String large = "x".repeat(8 * 1024 * 1024);

      assertRefused(
          mount.post("data/a", "{'data':{'k':'" + large + "'}}"),
          LIMIT_EXCEEDED,
          "a record takes at most 8388608 bytes");
      assertNothing(mount.get("metadata/a"));
    }

    @Test
    void write_otherOptionsAndVersion_areIgnoredInSilence() {
      Response response =
          mount.post("data/a", "{'data':{'k':'v'},'options':{'other':1},'version':7}");

      assertThat(at(response, "version")).isEqualTo(1);
      assertThat(response.warnings()).isEmpty();
    }

    @Test
    void write_pathInTheBody_losesAgainstThePathOfTheRequest() {
      Response response = mount.post("data/a", "{'data':{'k':'v'},'path':'other'}");

      assertThat(response.warnings())
          .containsExactly(
              "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [path]");
      assertNothing(mount.get("data/other"));
      assertThat(at(mount.get("data/a"), "data.k")).isEqualTo("v");
    }

    @Test
    void write_later_movesUpdatedTimeToTheVersion() {
      mount.postVersions("a", 1);
      mount.advance(Duration.ofSeconds(1));
      mount.postVersions("a", 1);

      assertThat(at(mount.get("metadata/a"), "created_time")).isEqualTo(START);
      assertThat(at(mount.get("metadata/a"), "updated_time")).isEqualTo("2026-01-01T00:00:01Z");
      assertThat(at(mount.get("metadata/a"), "versions.2.created_time"))
          .isEqualTo("2026-01-01T00:00:01Z");
    }

    @Test
    void write_keyAndFolderOfOneName_areTwoThings() {
      mount.post("data/a", "{'data':{'k':'key'}}");
      mount.post("data/a/b", "{'data':{'k':'inside'}}");

      assertThat(at(mount.get("data/a"), "data.k")).isEqualTo("key");
      assertThat(at(mount.get("data/a/b"), "data.k")).isEqualTo("inside");
    }
  }

  @Nested
  class CheckAndSet {
    @ParameterizedTest(name = "cas {0} at version 1")
    @ValueSource(strings = {"1", "'1'", "true"})
    void write_casIsTheVersion_writes(String cas) {
      mount.postVersions("a", 1);

      assertThat(at(write(cas), "version")).isEqualTo(2);
    }

    @ParameterizedTest(name = "cas {0} at version 1")
    @ValueSource(
        strings = {
          "0",
          "null",
          "''",
          "false",
          "-1",
          "2",
          "'2'",
          "9223372036854775807",
          "-9223372036854775808"
        })
    void write_casIsAnotherVersion_isRefused(String cas) {
      mount.postVersions("a", 1);

      assertRefused(
          write(cas), CONFLICT, "check-and-set parameter did not match the current version");
      assertThat(at(mount.get("metadata/a"), "current_version")).isEqualTo(1);
    }

    @DisplayName("K-3 a condition that is no integer is refused")
    @ParameterizedTest(name = "cas {0}")
    @ValueSource(strings = {"1.0", "1.5", "1e0", "'x'", "' 1'", "[1]", "{}", "9223372036854775808"})
    void write_casIsNoInteger_isRefused(String cas) {
      mount.postVersions("a", 1);

      assertRefused(write(cas), INVALID_REQUEST, "error parsing check-and-set parameter");
    }

    @ParameterizedTest(name = "cas {0}")
    @ValueSource(strings = {"0", "'0'", "null", "''", "false"})
    void write_casZeroWithoutVersions_writes(String cas) {
      assertThat(at(write(cas), "version")).isEqualTo(1);
    }

    @Test
    void write_casZeroWithMetadataOnly_writes() {
      mount.post("metadata/a", "{'max_versions':3}");

      assertRefused(write("1"), CONFLICT, "did not match");
      assertThat(at(write("0"), "version")).isEqualTo(1);
    }

    @ParameterizedTest(name = "after {0}")
    @CsvSource({"delete/a", "destroy/a"})
    void write_everythingDeletedOrDestroyed_needsTheLastNumber(String path) {
      mount.postVersions("a", 2);
      mount.post(path, "{'versions':[1,2]}");

      assertRefused(write("0"), CONFLICT, "did not match");
      assertThat(at(write("2"), "version")).isEqualTo(3);
    }

    @Test
    void write_metadataDeleted_beginsAtZeroAgain() {
      mount.postVersions("a", 2);
      mount.delete("metadata/a");

      assertRefused(write("2"), CONFLICT, "did not match");
      assertThat(at(write("0"), "version")).isEqualTo(1);
    }

    @Test
    void write_oldVersionsPruned_comparesWithTheNewest() {
      mount.postVersions("a", 12);

      assertRefused(write("10"), CONFLICT, "did not match");
      assertThat(at(write("12"), "version")).isEqualTo(13);
    }

    @ParameterizedTest(name = "mount {0}, key {1}: {2}")
    @CsvSource({"false, false, false", "true, false, true", "false, true, true", "true, true, true"
    })
    void write_withoutCas_isRefusedWhereOneRequiresIt(
        boolean ofMount, boolean ofKey, boolean refused) {
      mount.post("config", "{'cas_required':" + ofMount + "}");
      mount.post("metadata/a", "{'cas_required':" + ofKey + "}");

      for (String body : new String[] {"{'data':{}}", "{'data':{},'options':{}}"}) {
        Response response = mount.post("data/a", body);
        if (refused) {
          assertRefused(
              response, INVALID_REQUEST, "check-and-set parameter required for this call");
        } else {
          assertThat(response.isFailure()).isFalse();
        }
      }
    }

    @Test
    void deleteAndUndelete_casRequired_needNone() {
      mount.postVersions("a", 1);
      mount.post("config", "{'cas_required':true}");

      assertEmpty(mount.delete("data/a"));
      assertEmpty(mount.post("undelete/a", "{'versions':[1]}"));
    }

    private Response write(String cas) {
      return mount.post("data/a", "{'data':{},'options':{'cas':" + cas + "}}");
    }
  }

  @Nested
  class Deleting {
    @Test
    void delete_liveVersion_keepsCounterTimesAndData() {
      mount.postVersions("a", 1);
      mount.advance(Duration.ofSeconds(1));

      assertEmpty(mount.delete("data/a"));

      assertThat(at(mount.get("metadata/a"), "updated_time")).isEqualTo(START);
      assertThat(at(mount.get("metadata/a"), "current_version")).isEqualTo(1);
      assertThat(at(mount.get("metadata/a"), "current_metadata_version")).isEqualTo(0);
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1);
    }

    @Test
    void delete_again_keepsTheFirstTime() {
      mount.postVersions("a", 1);
      mount.delete("data/a");
      mount.advance(Duration.ofSeconds(1));

      assertEmpty(mount.delete("data/a"));

      assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo(START);
    }

    @Test
    void delete_destroyedVersion_staysWithoutDeletionTime() {
      mount.postVersions("a", 1);
      mount.post("destroy/a", "{'versions':[1]}");

      assertEmpty(mount.delete("data/a"));

      assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo("");
    }

    @Test
    void delete_versionThatWillExpire_happensNow() {
      mount.post("config", "{'delete_version_after':'1h'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofMinutes(1));

      mount.delete("data/a");

      assertThat(at(mount.get("data/a"), "metadata.deletion_time"))
          .isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void delete_nothingThere_makesNoKey() {
      assertEmpty(mount.delete("data/a"));
      assertNothing(mount.get("metadata/a"));
      assertNothing(mount.list("metadata/"));
    }

    @Test
    void delete_keyWithoutVersions_changesNothing() {
      mount.post("metadata/a", "{'max_versions':3}");
      String before = json(mount.get("metadata/a"));

      assertEmpty(mount.delete("data/a"));

      assertThat(json(mount.get("metadata/a"))).isEqualTo(before);
    }

    @Test
    void write_afterDelete_isANewVersionAndLeavesTheOldOneDeleted() {
      mount.postVersions("a", 1);
      mount.delete("data/a");

      assertThat(at(mount.post("data/a", "{'data':{'n':2}}"), "deletion_time")).isEqualTo("");
      assertThat(mount.get("data/a", "{'version':1}").failure()).contains(NOT_FOUND);
    }
  }

  @Nested
  class Patching {
    @DisplayName("K-6 a patch merges objects only")
    @Test
    void patch_liveVersion_mergesIntoANewOne() {
      mount.post("data/a", "{'data':{'keep':1,'gone':2,'o':{'keep':3,'gone':4,'list':[1,2]}}}");

      Response response =
          mount.patch("data/a", "{'data':{'new':5,'gone':null,'o':{'gone':null,'list':[3]}}}");

      assertThat(json(response))
          .isEqualTo("{'version':2,'created_time':'" + START
              + "','deletion_time':'','destroyed':false,'custom_metadata':null}");
      assertThat(json(mount.get("data/a")))
          .startsWith("{'data':{'keep':1,'o':{'keep':3,'list':[3]},'new':5},");
      assertThat(at(mount.get("data/a", "{'version':1}"), "data.gone")).isEqualTo(2);
    }

    @Test
    void patch_empty_isStillANewVersion() {
      mount.post("data/a", "{'data':{'k':'v'}}");

      assertThat(at(mount.patch("data/a", "{'data':{}}"), "version")).isEqualTo(2);
      assertThat(at(mount.get("data/a"), "data.k")).isEqualTo("v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'data':null}", "{'other':1}"})
    void patch_withoutData_isRefusedBeforeTheKeyIsLookedUp(String body) {
      assertRefused(mount.patch("data/unknown", body), INVALID_REQUEST, "no data provided");
    }

    @Test
    void patch_nullStoredOrInsideAnArray_stays() {
      mount.post("data/a", "{'data':{'n':null}}");
      mount.patch("data/a", "{'data':{'list':[null,{'x':null}],'fresh':{'x':null,'y':1}}}");

      assertThat(json(mount.get("data/a")))
          .startsWith("{'data':{'n':null,'list':[null,{'x':null}],'fresh':{'y':1}},");
    }

    @Test
    void patch_unknownKey_isNotFoundWhateverItsCas() {
      assertNothing(mount.patch("data/a", "{'data':{'x':1},'options':{'cas':9}}"));
      assertNothing(mount.get("metadata/a"));
    }

    @Test
    void patch_keyWithoutVersions_isNotFoundAfterItsCas() {
      mount.post("metadata/a", "{'max_versions':3}");

      assertNothing(mount.patch("data/a", "{'data':{'x':1}}"));
      assertRefused(
          mount.patch("data/a", "{'data':{'x':1},'options':{'cas':9}}"), CONFLICT, "did not match");
    }

    @ParameterizedTest(name = "after {0}: destroyed {1}")
    @CsvSource({"delete/a, false", "destroy/a, true"})
    void patch_deletedOrDestroyed_isNotFoundWithItsMetadataAlone(String path, boolean destroyed) {
      mount.postVersions("a", 1);
      mount.post(path, "{'versions':[1]}");

      Response response = mount.patch("data/a", "{'data':{'x':1}}");

      assertThat(response.failure()).contains(NOT_FOUND);
      assertThat(at(response, "version")).isEqualTo(1);
      assertThat(at(response, "destroyed")).isEqualTo(destroyed);
      assertThat(at(response, "custom_metadata")).isNull();
      assertThat(at(mount.get("metadata/a"), "current_version")).isEqualTo(1);
    }

    @Test
    void patch_wrongCas_isRefusedBeforeTheStateIsLookedAt() {
      mount.postVersions("a", 1);
      mount.delete("data/a");

      assertRefused(
          mount.patch("data/a", "{'data':{'x':1},'options':{'cas':0}}"), CONFLICT, "did not match");
    }

    @Test
    void patch_casRequired_isRefusedWithoutIt() {
      mount.postVersions("a", 1);
      mount.post("metadata/a", "{'cas_required':true}");

      assertRefused(
          mount.patch("data/a", "{'data':{'x':1}}"), INVALID_REQUEST, "parameter required");
      assertThat(at(mount.patch("data/a", "{'data':{'x':1},'options':{'cas':1}}"), "version"))
          .isEqualTo(2);
    }

    @Test
    void patch_fullWindow_prunesAsAWriteDoes() {
      mount.postVersions("a", 10);

      mount.patch("data/a", "{'data':{'x':1}}");

      assertThat(at(mount.get("metadata/a"), "oldest_version")).isEqualTo(2);
      assertNothing(mount.get("data/a", "{'version':1}"));
    }
  }

  @Nested
  class Window {
    @ParameterizedTest(
        name = "{0} versions, mount keeps {1}, key keeps {2}: oldest is {3}, {4} left")
    @CsvSource({
      "9, 0, 0, 0, 9",
      "10, 0, 0, 1, 10",
      "11, 0, 0, 2, 10",
      "2, 3, 0, 0, 2",
      "3, 3, 0, 1, 3",
      "4, 3, 0, 2, 3",
      "5, 2, 4, 2, 4",
      "5, 4, 2, 2, 4",
      "1, 0, 1, 1, 1",
      "2, 0, 1, 2, 1",
      "12, 0, 11, 2, 11",
      "12, 9, 0, 4, 9"
    })
    void write_windowFull_dropsTheOldest(int writes, int ofMount, int ofKey, int oldest, int left) {
      mount.post("config", "{'max_versions':" + ofMount + "}");
      mount.post("metadata/a", "{'max_versions':" + ofKey + "}");
      mount.postVersions("a", writes);

      assertThat(at(mount.get("metadata/a"), "oldest_version")).isEqualTo(oldest);
      assertThat((Map<?, ?>) at(mount.get("metadata/a"), "versions")).hasSize(left);
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(left);
    }

    @Test
    void write_limitLowered_prunesAtTheNextWriteOnly() {
      mount.postVersions("a", 4);
      mount.post("metadata/a", "{'max_versions':2}");

      assertThat(at(mount.get("metadata/a"), "oldest_version")).isEqualTo(0);
      assertThat(at(mount.get("data/a", "{'version':1}"), "data.n")).isEqualTo(1);

      mount.postVersions("a", 1);

      assertThat(at(mount.get("metadata/a"), "oldest_version")).isEqualTo(4);
      assertThat(((Map<?, ?>) at(mount.get("metadata/a"), "versions")).keySet())
          .hasToString("[4, 5]");
    }

    @Test
    void write_limitRaised_keepsTheOldestUntilTheWindowIsFull() {
      mount.post("metadata/a", "{'max_versions':2}");
      mount.postVersions("a", 3);
      mount.post("metadata/a", "{'max_versions':4}");

      int[] oldest = {2, 2, 3};
      for (int expected : oldest) {
        mount.postVersions("a", 1);
        assertThat(at(mount.get("metadata/a"), "oldest_version")).isEqualTo(expected);
      }
    }

    @Test
    void write_deletedAndDestroyedVersions_takeTheirPlaceInTheWindow() {
      mount.post("metadata/a", "{'max_versions':2}");
      mount.postVersions("a", 2);
      mount.post("destroy/a", "{'versions':[2]}");
      mount.postVersions("a", 1);

      assertThat(((Map<?, ?>) at(mount.get("metadata/a"), "versions")).keySet())
          .hasToString("[2, 3]");
    }

    @Test
    void write_bulkPruningMeetsADestroyedVersion_leavesNoDataBehind() {
      mount.postVersions("a", 9);
      mount.post("destroy/a", "{'versions':[5]}");
      mount.post("metadata/a", "{'max_versions':1}");
      mount.postVersions("a", 1);

      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1);
    }

    @Test
    void write_thousandVersionsToPrune_removesMostOfThemInTheBackground() {
      mount.post("metadata/a", "{'max_versions':1000}");
      mount.postVersions("a", 1000);
      mount.post("metadata/a", "{'max_versions':2}");
      mount.postVersions("a", 1);

      assertNothing(mount.get("data/a", "{'version':1}"));
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1001 - 64);

      mount.advance(Duration.ZERO);

      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(2);
      assertThat(mount.rows(VersionPage.KIND, "a")).isZero();
      assertThat(at(mount.get("data/a", "{'version':1000}"), "data.n")).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete/a", "undelete/a", "destroy/a"})
    void change_prunedVersion_doesNothing(String path) {
      mount.postVersions("a", 11);
      String before = json(mount.get("metadata/a"));

      assertEmpty(mount.post(path, "{'versions':[1]}"));

      assertThat(json(mount.get("metadata/a"))).isEqualTo(before);
    }
  }

  @Nested
  class Lifetime {
    @ParameterizedTest(name = "mount {0}, key {1}: deleted after {2}")
    @CsvSource({
      "0s, 0s, ''",
      "1h, 0s, 2026-01-01T01:00:00Z",
      "0s, 30m, 2026-01-01T00:30:00Z",
      "1h, 30m, 2026-01-01T00:30:00Z",
      "1h, 2h, 2026-01-01T01:00:00Z",
      "-1s, 0s, ''",
      "-1s, 1h, ''",
      "0s, 3h25m19s, 2026-01-01T03:25:19Z"
    })
    void write_settings_giveTheDeletionTime(String ofMount, String ofKey, String deletedAt) {
      mount.post("config", "{'delete_version_after':'" + ofMount + "'}");
      mount.post("metadata/a", "{'delete_version_after':'" + ofKey + "'}");

      Response response = mount.post("data/a", "{'data':{}}");

      assertThat(at(response, "deletion_time")).isEqualTo(deletedAt);
    }

    @Test
    void write_longestLifetime_isCountedExactly() {
      mount.post("config", "{'delete_version_after':9223372036}").orThrow();

      assertThat(at(mount.post("data/a", "{'data':{}}"), "deletion_time"))
          .isEqualTo("2318-04-12T23:47:16Z");
    }

    @Test
    void read_lifetimeOver_isAsDeletedAtThatVeryMoment() {
      mount.post("metadata/a", "{'delete_version_after':'1s'}");
      mount.postVersions("a", 1);
      mount.advance(Duration.ofNanos(999_999_999));

      assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(1);

      mount.advance(Duration.ofNanos(1));

      assertThat(mount.get("data/a").failure()).contains(NOT_FOUND);
      assertThat(at(mount.get("data/a"), "metadata.deletion_time"))
          .isEqualTo("2026-01-01T00:00:01Z");
      assertThat(TestMount.texts(mount.list("metadata/"))).containsExactly("a");
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1);
    }

    @Test
    void change_settings_leavesOldVersionsAlone() {
      mount.postVersions("a", 1);
      mount.post("config", "{'delete_version_after':'1s'}");

      assertThat(at(mount.get("data/a"), "metadata.deletion_time")).isEqualTo("");
    }
  }

  /** The key is read first, then its version, which somebody destroys in between. */
  @Nested
  class WhileTheVersionGoes {
    private final OvertakenStorage storage = new OvertakenStorage();

    @Test
    void read_isNotFoundInsteadOfDamage() throws InterruptedException {
      Response response = storage.readWhileDestroyed();

      assertThat(response.failure()).contains(NOT_FOUND);
      assertThat(at(response, "metadata.destroyed")).isEqualTo(true);
    }
  }

  @Nested
  class Elsewhere {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"LIST", "SCAN"})
    void listOrScan_isUnsupported(String operation) {
      mount.postVersions("a", 1);

      assertRefused(
          mount.ask(Operation.valueOf(operation), "data/a", "{}"),
          ErrorCode.UNSUPPORTED,
          "unsupported operation");
    }
  }
}
