package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;
import static dev.strongroom.ErrorCode.UNSUPPORTED;
import static dev.strongroom.kv.TestMount.assertEmpty;
import static dev.strongroom.kv.TestMount.assertNothing;
import static dev.strongroom.kv.TestMount.assertRefused;
import static dev.strongroom.kv.TestMount.at;
import static dev.strongroom.kv.TestMount.json;
import static dev.strongroom.kv.TestMount.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataPathTest {
  private static final String START = "2026-01-01T00:00:00Z";

  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @Nested
  class Reading {
    @Test
    void read_keyMadeByAWrite_hasDefaultsAndItsVersions() {
      mount.postVersions("a", 2);

      assertThat(json(mount.get("metadata/a")))
          .isEqualTo(
              "{'versions':{'1':{'created_time':'" + START
                  + "','deletion_time':'','destroyed':false},'2':{'created_time':'" + START
                  + "','deletion_time':'','destroyed':false}},'current_version':2,'oldest_version':0,"
                  + "'created_time':'" + START + "','updated_time':'" + START
                  + "','current_metadata_version':0,'max_versions':0,'cas_required':false,"
                  + "'metadata_cas_required':false,'delete_version_after':'0s','custom_metadata':null}");
    }

    @Test
    void read_unknownKey_isNotFound() {
      assertNothing(mount.get("metadata/a"));
    }

    @Test
    void read_folder_isNotFound() {
      mount.postVersions("a/b", 1);

      assertNothing(mount.get("metadata/a"));
      assertNothing(mount.get("metadata/a/"));
    }

    @Test
    void read_manyVersions_showsThemInOrder() {
      mount.post("metadata/a", "{'max_versions':1000}");
      mount.postVersions("a", 300);

      Map<?, ?> versions = (Map<?, ?>) at(mount.get("metadata/a"), "versions");

      assertThat(versions.keySet())
          .hasToString(
              IntStream.rangeClosed(1, 300).boxed().collect(Collectors.toList()).toString());
    }
  }

  @Nested
  class Writing {
    @Test
    void write_unknownKey_makesItWithoutVersions() {
      assertEmpty(mount.post("metadata/a", "{'max_versions':7}"));

      assertThat(json(mount.get("metadata/a")))
          .isEqualTo("{'versions':{},'current_version':0,'oldest_version':0,'created_time':'"
              + START
              + "','updated_time':'" + START + "','current_metadata_version':1,'max_versions':7,"
              + "'cas_required':false,'metadata_cas_required':false,"
              + "'delete_version_after':'0s','custom_metadata':null}");
      assertThat(texts(mount.list("metadata/"))).containsExactly("a");
    }

    @Test
    void write_knownKey_changesWhatIsGivenAndMovesUpdatedTime() {
      mount.postVersions("a", 1);
      mount.post(
          "metadata/a",
          "{'max_versions':7,'cas_required':true,'metadata_cas_required':true,'delete_version_after':'90','custom_metadata':{'o':'x'}}");
      mount.advance(Duration.ofSeconds(1));

      assertEmpty(mount.post("metadata/a", "{'max_versions':8,'metadata_cas':1}"));

      Response metadata = mount.get("metadata/a");
      assertThat(at(metadata, "max_versions")).isEqualTo(8);
      assertThat(at(metadata, "cas_required")).isEqualTo(true);
      assertThat(at(metadata, "metadata_cas_required")).isEqualTo(true);
      assertThat(at(metadata, "delete_version_after")).isEqualTo("1m30s");
      assertThat(at(metadata, "custom_metadata")).isEqualTo(Map.of("o", "x"));
      assertThat(at(metadata, "current_metadata_version")).isEqualTo(2);
      assertThat(at(metadata, "current_version")).isEqualTo(1);
      assertThat(at(metadata, "created_time")).isEqualTo(START);
      assertThat(at(metadata, "updated_time")).isEqualTo("2026-01-01T00:00:01Z");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{'bogus':1}",
          "{'metadata_cas':0}",
          "{'metadata_cas':7}",
          "{'delete_version_after':null}"
        })
    void write_noSetting_doesNothing(String body) {
      assertEmpty(mount.post("metadata/a", body));

      assertNothing(mount.get("metadata/a"));
      assertNothing(mount.list("metadata/"));
    }

    @ParameterizedTest(name = "{0}: {1} becomes {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "max_versions|3|3",
          "max_versions|'3'|3",
          "max_versions|'0x10'|16",
          "max_versions|''|0",
          "max_versions|null|0",
          "max_versions|true|1",
          "max_versions|65536|65536",
          "cas_required|'true'|true",
          "cas_required|1|true",
          "cas_required|null|false",
          "cas_required|''|false",
          "metadata_cas_required|false|false",
          "delete_version_after|'1500ms'|1s",
          "delete_version_after|'2d'|48h0m0s",
          "delete_version_after|'1.5h'|1h30m0s"
        })
    void write_settingInOtherShape_isConverted(String name, String value, String stored) {
      assertEmpty(mount.post("metadata/a", "{'" + name + "':" + value + "}"));

      assertThat(at(mount.get("metadata/a"), name)).hasToString(stored);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "max_versions|'hunter2'",
          "max_versions|[1]",
          "max_versions|1.5",
          "max_versions|1.0",
          "cas_required|2",
          "cas_required|'hunter2'",
          "metadata_cas|'hunter2'",
          "delete_version_after|'hunter2'",
          "delete_version_after|'1w'",
          "delete_version_after|1.5",
          "delete_version_after|true",
          "delete_version_after|'500ms'",
          "delete_version_after|'9223372037'",
          "custom_metadata|'hunter2'",
          "custom_metadata|['hunter2']"
        })
    void write_settingOfAnotherType_isRefusedWithoutItsValue(String name, String value) {
      Response response = mount.post("metadata/a", "{'" + name + "':" + value + "}");

      assertRefused(
          response, INVALID_REQUEST, "error converting input for field \"" + name + "\": ");
      assertThat(response.errors().toString()).doesNotContain("hunter2");
      assertNothing(mount.get("metadata/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65537", "9223372036854775807"})
    void writeAndPatch_maxVersionsOutOfRange_areRefused(String value) {
      mount.postVersions("a", 1);
      String body = "{'max_versions':" + value + "}";

      for (Response response :
          new Response[] {mount.post("metadata/a", body), mount.patch("metadata/a", body)}) {
        assertRefused(
            response,
            INVALID_REQUEST,
            "max_versions must be in the range [0,65536], but is " + value);
      }
    }

    @Test
    void writeAndPatch_negativeLifetime_areRefused() {
      mount.postVersions("a", 1);

      for (Response response : new Response[] {
        mount.post("metadata/a", "{'delete_version_after':-1}"),
        mount.patch("metadata/a", "{'delete_version_after':'-1s'}")
      }) {
        assertRefused(response, INVALID_REQUEST, "cannot provide negative value '-1'");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cas_required", "metadata_cas_required"})
    void writeAndPatch_falseWhereTheMountDemandsIt_storeItWithAWarning(String setting) {
      mount.post("metadata/a", "{'" + setting + "':true}");
      mount.post("config", "{'" + setting + "':true}");

      for (Response response : new Response[] {
        mount.post("metadata/a", "{'" + setting + "':false,'metadata_cas':1}"),
        mount.patch("metadata/a", "{'" + setting + "':false,'metadata_cas':2}")
      }) {
        assertThat(response.isFailure()).isFalse();
        assertThat(response.data()).isEmpty();
        assertThat(response.warnings())
            .containsExactly(
                "\"" + setting
                    + "\" set to false, but is mandated by backend config. This value will be ignored.");
      }
      assertThat(at(mount.get("metadata/a"), setting)).isEqualTo(false);
    }

    @Test
    void write_lowerLimit_prunesNothing() {
      mount.postVersions("a", 5);

      mount.post("metadata/a", "{'max_versions':1}");

      assertThat((Map<?, ?>) at(mount.get("metadata/a"), "versions")).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null"})
    void write_emptyCustomMetadata_clearsIt(String custom) {
      mount.post("metadata/a", "{'custom_metadata':{'o':'x'}}");

      mount.post("metadata/a", "{'custom_metadata':" + custom + "}");

      assertThat(at(mount.get("metadata/a"), "custom_metadata")).isNull();
    }

    @Test
    void write_customMetadata_replacesAllOfIt() {
      mount.post("metadata/a", "{'custom_metadata':{'o':'x','p':'y'}}");

      mount.post("metadata/a", "{'custom_metadata':{'q':1.50}}");

      assertThat(at(mount.get("metadata/a"), "custom_metadata")).isEqualTo(Map.of("q", "1.50"));
    }

    @Test
    void write_customMetadataRefused_changesNothing() {
      mount.post("metadata/a", "{'max_versions':1}");

      assertRefused(
          mount.post("metadata/a", "{'max_versions':2,'custom_metadata':{'o':''}}"),
          INVALID_REQUEST,
          "custom_metadata validation failed: length of value for key \"o\" is 0");
      assertThat(at(mount.get("metadata/a"), "max_versions")).isEqualTo(1);
    }
  }

  @Nested
  class CheckAndSet {
    @ParameterizedTest(name = "metadata_cas {0} at version 1: {1}")
    @CsvSource({"1, true", "'''1''', true", "0, false", "2, false", "-1, false", "null, false"})
    void writeAndPatch_metadataCas_mustBeTheVersion(String cas, boolean matches) {
      mount.post("metadata/a", "{'max_versions':1}");
      mount.post("metadata/b", "{'max_versions':1}");
      String body = "{'max_versions':2,'metadata_cas':" + cas + "}";

      for (Response response :
          new Response[] {mount.post("metadata/a", body), mount.patch("metadata/b", body)}) {
        if (matches) {
          assertEmpty(response);
        } else {
          assertRefused(
              response,
              CONFLICT,
              "metadata check-and-set parameter does not match the current version");
        }
      }
    }

    @ParameterizedTest(name = "metadata_cas {0}: {1}")
    @CsvSource({"0, true", "1, false", "-1, false"})
    void write_unknownKey_needsZero(String cas, boolean matches) {
      Response response = mount.post("metadata/a", "{'max_versions':2,'metadata_cas':" + cas + "}");

      if (matches) {
        assertEmpty(response);
      } else {
        assertRefused(response, CONFLICT, "metadata_cas must be 0 when creating new metadata");
      }
    }

    @Test
    void write_keyMadeByADataWrite_isAtZero() {
      mount.postVersions("a", 3);

      assertEmpty(mount.post("metadata/a", "{'max_versions':2,'metadata_cas':0}"));
      mount.postVersions("a", 1);
      assertThat(at(mount.get("metadata/a"), "current_metadata_version")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "metadata/a"})
    void writeAndPatch_required_areRefusedWithoutIt(String path) {
      mount.postVersions("a", 1);
      mount.post(path, "{'metadata_cas_required':true}");

      for (Response response : new Response[] {
        mount.post("metadata/a", "{'max_versions':2}"),
        mount.patch("metadata/a", "{'max_versions':2}")
      }) {
        assertRefused(
            response, INVALID_REQUEST, "metadata check-and-set parameter required for this call");
      }
      assertThat(at(mount.post("data/a", "{'data':{}}"), "version")).isEqualTo(2);
    }
  }

  @Nested
  class Patching {
    @Test
    void patch_settings_leavesTheOthers() {
      mount.post("metadata/a", "{'max_versions':4,'custom_metadata':{'a':'1','b':'2'}}");
      mount.advance(Duration.ofSeconds(1));

      assertEmpty(
          mount.patch("metadata/a", "{'custom_metadata':{'a':null,'b':'3','c':4,'d':true}}"));

      Response metadata = mount.get("metadata/a");
      assertThat(at(metadata, "custom_metadata")).isEqualTo(Map.of("b", "3", "c", "4", "d", "1"));
      assertThat(at(metadata, "max_versions")).isEqualTo(4);
      assertThat(at(metadata, "current_metadata_version")).isEqualTo(2);
      assertThat(at(metadata, "updated_time")).isEqualTo("2026-01-01T00:00:01Z");
    }

    @Test
    void patch_nulls_resetButForTheLifetime() {
      mount.post(
          "metadata/a",
          "{'max_versions':4,'cas_required':true,'delete_version_after':'1h','custom_metadata':{'a':'1'}}");

      mount.patch(
          "metadata/a",
          "{'max_versions':null,'cas_required':null,'delete_version_after':null,'custom_metadata':null}");

      Response metadata = mount.get("metadata/a");
      assertThat(at(metadata, "max_versions")).isEqualTo(0);
      assertThat(at(metadata, "cas_required")).isEqualTo(false);
      assertThat(at(metadata, "delete_version_after")).isEqualTo("1h0m0s");
      assertThat(at(metadata, "custom_metadata")).isNull();
    }

    @Test
    void patch_zeroLifetime_clearsIt() {
      mount.post("metadata/a", "{'delete_version_after':'1h'}");

      mount.patch("metadata/a", "{'delete_version_after':'0s'}");

      assertThat(at(mount.get("metadata/a"), "delete_version_after")).isEqualTo("0s");
    }

    @Test
    void patch_nothingDiffers_countsAllTheSame() {
      mount.post("metadata/a", "{'custom_metadata':{'a':'1'}}");

      assertEmpty(mount.patch("metadata/a", "{'custom_metadata':{'zz':null}}"));

      assertThat(at(mount.get("metadata/a"), "current_metadata_version")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{}", "{'bogus':1}", "{'metadata_cas':7}", "{'delete_version_after':null}"})
    void patch_noSetting_doesNothingEvenForAnUnknownKey(String body) {
      assertEmpty(mount.patch("metadata/a", body));
      assertNothing(mount.get("metadata/a"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'max_versions':2}",
          "{'custom_metadata':{}}",
          "{'max_versions':2,'metadata_cas':7}"
        })
    void patch_unknownKey_isNotFound(String body) {
      assertNothing(mount.patch("metadata/a", body));
      assertNothing(mount.get("metadata/a"));
    }

    @Test
    void patch_badCustomMetadata_isRefusedBeforeTheKeyIsLookedUp() {
      assertRefused(
          mount.patch("metadata/unknown", "{'custom_metadata':{'x':''}}"),
          INVALID_REQUEST,
          "length of value for key \"x\" is 0");
      assertRefused(
          mount.patch("metadata/unknown", "{'custom_metadata':{'x':{'y':'z'}}}"),
          INVALID_REQUEST,
          "custom_metadata validation failed: ");
    }

    @Test
    void patch_resultOfMoreThan64Entries_isRefused() {
      mount.post("metadata/a", "{'custom_metadata':" + entries(0, 64) + "}").orThrow();

      assertRefused(
          mount.patch("metadata/a", "{'custom_metadata':{'more':'v'}}"),
          INVALID_REQUEST,
          "payload must contain at most 64 keys, provided 65");
      assertEmpty(mount.patch("metadata/a", "{'custom_metadata':{'more':'v','k0':null}}"));
    }
  }

  @Nested
  class Deleting {
    @Test
    void delete_key_removesEverythingAndItsEmptyFolders() {
      mount.postVersions("f/g/a", 3);
      mount.post("metadata/f/g/a", "{'max_versions':5,'custom_metadata':{'o':'x'}}");

      assertEmpty(mount.delete("metadata/f/g/a"));

      assertNothing(mount.get("metadata/f/g/a"));
      assertNothing(mount.get("data/f/g/a"));
      assertNothing(mount.get("data/f/g/a", "{'version':1}"));
      assertNothing(mount.list("metadata/"));
      assertThat(mount.rows(Keys.VERSION, "f/g/a")).isZero();
    }

    @Test
    void delete_folderWithOthers_staysListed() {
      mount.postVersions("f/a", 1);
      mount.postVersions("f/b", 1);

      mount.delete("metadata/f/a");

      assertThat(texts(mount.list("metadata/"))).containsExactly("f/");
      assertThat(texts(mount.list("metadata/f"))).containsExactly("b");
    }

    @Test
    void delete_unknownKeyOrFolder_changesNothing() {
      mount.postVersions("f/a", 1);

      assertEmpty(mount.delete("metadata/b"));
      assertEmpty(mount.delete("metadata/f"));
      assertEmpty(mount.delete("metadata/f/"));
      assertEmpty(mount.delete("metadata/f/a/"));

      assertThat(at(mount.get("data/f/a"), "data.n")).isEqualTo(1);
    }

    @Test
    void write_afterDelete_beginsAnewAndNeverShowsTheOldVersions() {
      mount.post(
          "metadata/a", "{'max_versions':5,'cas_required':true,'custom_metadata':{'o':'x'}}");
      for (int cas = 0; cas < 3; cas++) {
        mount
            .post("data/a", "{'data':{'old':" + cas + "},'options':{'cas':" + cas + "}}")
            .orThrow();
      }
      mount.delete("metadata/a");

      assertThat(json(mount.post("data/a", "{'data':{'new':1}}")))
          .startsWith("{'version':1,")
          .endsWith("'custom_metadata':null}");

      assertThat(at(mount.get("data/a", "{'version':1}"), "data")).isEqualTo(Map.of("new", 1));
      assertNothing(mount.get("data/a", "{'version':2}"));
      assertNothing(mount.get("data/a", "{'version':3}"));
      assertThat(at(mount.get("metadata/a"), "max_versions")).isEqualTo(0);
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1);
    }

    @Test
    void delete_thousandVersions_removesMostRowsInTheBackgroundAndNoneOfTheNewKey() {
      mount.post("metadata/a", "{'max_versions':65536}");
      mount.postVersions("a", 1000);
      assertThat(mount.rows(VersionPage.KIND, "a")).isEqualTo(6);

      mount.delete("metadata/a");
      mount.postVersions("a", 2);

      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1000 - 64 + 2);
      assertNothing(mount.get("data/a", "{'version':3}"));

      mount.advance(Duration.ZERO);

      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(2);
      assertThat(mount.rows(VersionPage.KIND, "a")).isZero();
      assertThat(at(mount.get("data/a"), "data.n")).isEqualTo(2);
    }
  }

  @Nested
  class Listing {
    @Test
    void list_folder_givesItsChildrenInTheOrderOfTheirBytes() {
      for (String key :
          new String[] {"a", "a/b", "a-b", "B", "a0", "a.b/c/d", "\uFFFD", "\uD83D\uDD11", "é"}) {
        mount.postVersions(key, 1);
      }

      assertThat(texts(mount.list("metadata/")))
          .containsExactly("B", "a", "a-b", "a.b/", "a/", "a0", "é", "\uFFFD", "\uD83D\uDD11");
      assertThat(texts(mount.list("metadata/a"))).containsExactly("b");
      assertThat(texts(mount.list("metadata/a/"))).containsExactly("b");
      assertThat(texts(mount.list("metadata/a.b/"))).containsExactly("c/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata/", "metadata/a", "metadata/zzz/", "detailed-metadata/"})
    void list_nothingThere_isNotFound(String folder) {
      if (folder.equals("metadata/a")) {
        mount.postVersions("a", 1);
      }

      assertNothing(mount.list(folder));
    }

    @Test
    void list_deletedDestroyedAndVersionlessKeys_areThere() {
      mount.postVersions("deleted", 1);
      mount.delete("data/deleted");
      mount.postVersions("destroyed", 1);
      mount.post("destroy/destroyed", "{'versions':[1]}");
      mount.post("metadata/empty", "{'max_versions':1}");

      assertThat(texts(mount.list("metadata/"))).containsExactly("deleted", "destroyed", "empty");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{'limit':2}|[a, b]",
          "{'after':'b'}|[c, d/]",
          "{'after':'bb','limit':1}|[c]",
          "{'limit':0}|[a, b, c, d/]",
          "{'limit':-3,'after':''}|[a, b, c, d/]",
          "{'after':'c','limit':'10'}|[d/]",
          "{'after':'d'}|[d/]"
        })
    void list_afterAndLimit_giveAPart(String parameters, String names) {
      for (String key : new String[] {"a", "b", "c", "d/e"}) {
        mount.postVersions(key, 1);
      }

      Response response = mount.ask(Operation.LIST, "metadata/", parameters);

      assertThat(texts(response)).hasToString(names);
      assertThat(response.warnings()).isEmpty();
    }

    @Test
    void list_afterTheLast_isNotFound() {
      mount.postVersions("a", 1);

      assertNothing(mount.ask(Operation.LIST, "metadata/", "{'after':'a'}"));
      assertNothing(mount.ask(Operation.LIST, "metadata/", "{'after':'\uD83D\uDD11'}"));
    }

    @Test
    void listDetailed_givesSettingsAndVersionsOfKeysOnly() {
      mount.postVersions("f", 1);
      mount.postVersions("f/x", 2);
      mount.post("metadata/a", "{'custom_metadata':{'o':'x'}}");

      Response response = mount.list("detailed-metadata/");

      assertThat(texts(response)).containsExactly("a", "f", "f/");
      assertThat(at(response, "key_info.a.custom_metadata")).isEqualTo(Map.of("o", "x"));
      assertThat(at(response, "key_info.f.current_version")).isEqualTo(1);
      assertThat(at(response, "key_info.f/")).isEqualTo(Map.of());
      assertThat(texts(mount.ask(Operation.LIST, "detailed-metadata/", "{'limit':1}")))
          .containsExactly("a");
    }

    @Test
    void scan_folder_givesKeysBelowIt() {
      for (String key : new String[] {"a", "f/x", "f/g/y", "h/z"}) {
        mount.postVersions(key, 1);
      }

      assertThat(texts(mount.ask(Operation.SCAN, "metadata/", "{}")))
          .containsExactly("a", "h/z", "f/x", "f/g/y");
      assertThat(texts(mount.ask(Operation.SCAN, "metadata/f", "{'after':'z','limit':1}")))
          .containsExactly("x", "g/y");
      Response detailed = mount.ask(Operation.SCAN, "detailed-metadata/f", "{}");
      assertThat(at(detailed, "key_info.g/y.current_version")).isEqualTo(1);
    }

    @Test
    void scan_nothingThere_isAnEmptyObject() {
      assertThat(json(mount.ask(Operation.SCAN, "metadata/", "{}"))).isEqualTo("{}");
    }

    @Test
    void readDetailed_isUnsupported() {
      assertRefused(mount.get("detailed-metadata/a"), UNSUPPORTED, "unsupported operation");
    }
  }

  @Nested
  class WithAnswersOfThreeEntries {
    private final TestMount small = new TestMount(3);

    @AfterEach
    void closeSmallVault() {
      small.close();
    }

    @Test
    void scan_moreNames_isRefused() {
      for (String key : new String[] {"a", "f/b", "f/g/c"}) {
        small.postVersions(key, 1);
      }
      assertThat(texts(small.ask(Operation.SCAN, "metadata/", "{}"))).hasSize(3);
      small.postVersions("d", 1);

      assertRefused(
          small.ask(Operation.SCAN, "metadata/", "{}"),
          LIMIT_EXCEEDED,
          "an answer holds at most 3 names; list folder by folder");
    }

    @Test
    void listDetailed_moreKeysAndVersions_isRefused() {
      small.postVersions("a", 2);
      assertThat(texts(small.list("detailed-metadata/"))).containsExactly("a");
      small.postVersions("b", 1);

      assertRefused(
          small.list("detailed-metadata/"),
          LIMIT_EXCEEDED,
          "an answer holds at most 3 keys and versions; ask for fewer with after and limit");
      assertThat(texts(small.ask(Operation.LIST, "detailed-metadata/", "{'limit':1}")))
          .containsExactly("a");
    }

    @Test
    void list_moreNames_givesThemAll() {
      for (String key : new String[] {"a", "b", "c", "d"}) {
        small.postVersions(key, 1);
      }

      assertThat(texts(small.list("metadata/"))).hasSize(4);
    }
  }

  private static String entries(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "'k" + i + "':'v'")
        .collect(Collectors.joining(",", "{", "}"));
  }
}
