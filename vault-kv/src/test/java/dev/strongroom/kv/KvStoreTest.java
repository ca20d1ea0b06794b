package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.Registration;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.secret.SecretBytes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvStoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TestMount mount = new TestMount();
  private final KvStore store = mount.store();

  private record Login(String username, String password, int attempts) {}

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @Nested
  class Values {
    @Test
    void put_map_isReadByItsMembers() {
      store.put("apps/db", Map.of("username", "app", "port", 5432, "tls", true));

      KvSecret secret = store.get("apps/db");
      assertThat(secret.text("username")).isEqualTo("app");
      assertThat(secret.text("port")).isEqualTo("5432");
      assertThat(secret.text("tls")).isEqualTo("true");
      assertThat(secret.has("username")).isTrue();
      assertThat(secret.has("password")).isFalse();
      assertThat(secret.toMap()).isEqualTo(Map.of("username", "app", "port", 5432, "tls", true));
    }

    @Test
    void put_emptyMap_isASecret() {
      store.put("a", Map.of());

      assertThat(store.get("a").toMap()).isEmpty();
    }

    @Test
    void put_bytes_comeBackAsBytes() {
      byte[] key = {0, 1, -1};
      try (SecretBytes secret = SecretBytes.copyOf(key)) {
        store.put("a", Map.of("array", key, "secret", secret));
      }

      try (SecretBytes array = store.get("a").bytes("array");
          SecretBytes secret = store.get("a").bytes("secret")) {
        assertThat(array.matches(key)).isTrue();
        assertThat(secret.matches(key)).isTrue();
      }
    }

    @Test
    void put_record_comesBackAsARecord() {
      Login login = new Login("app", "hunter2", 3);
      store.put("a", login);

      assertThat(store.get("a").as(Login.class)).isEqualTo(login);
      assertThat(store.get("a").text("attempts")).isEqualTo("3");
    }

    @Test
    void put_number_keepsItsDigits() {
      store.put("a", Map.of("exact", new BigDecimal("1.0"), "long", new BigDecimal("1e2")));

      assertThat(store.get("a").text("exact")).isEqualTo("1.0");
      assertThat(store.get("a").toMap()).containsEntry("exact", new BigDecimal("1.0"));
    }

    @Test
    void text_missingNullOrNoText_isNotFoundWithItsName() {
      Map<String, Object> data = new HashMap<>();
      data.put("null", null);
      data.put("list", List.of("hunter2"));
      store.put("a", data);

      for (String member : List.of("null", "list", "unknown")) {
        assertFailure(() -> store.get("a").text(member), ErrorCode.NOT_FOUND)
            .hasMessage("the secret has no text \"" + member + "\"");
      }
    }

    @Test
    void bytes_noBase64_isNotFoundWithoutItsValue() {
      store.put("a", Map.of("k", "hunter2!"));

      assertFailure(() -> store.get("a").bytes("k"), ErrorCode.NOT_FOUND)
          .hasMessage("the member \"k\" of the secret is not base64")
          .hasNoCause();
    }

    @Test
    void as_memberThatDoesNotFit_isRefusedWithoutItsValue() {
      store.put("a", Map.of("username", "app", "password", "hunter2", "attempts", "hunter2"));

      assertFailure(() -> store.get("a").as(Login.class), ErrorCode.INVALID_REQUEST)
          .hasMessage("the member \"attempts\" of the secret is not of type int");
    }

    static List<Object> unfit() {
      return List.of(
          "hunter2\uD800", new char[] {'x'}, Double.NaN, START, Map.of("x".repeat(1025), 1));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void put_dataBeyondTheLimits_isRefusedWithoutItsValue(Object value) {
      assertThatThrownBy(() -> store.put("a", Map.of("k", value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("hunter2");
      assertThat(store.find("a")).isEmpty();
    }

    @Test
    void put_tooDeep_isRefused() {
      Map<String, Object> data = Map.of();
      for (int level = 0; level < 100; level++) {
        data = Map.of("d", data);
      }
      Map<String, Object> deep = data;

      assertThatThrownBy(() -> store.put("a", deep))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64 levels");
    }

    @Test
    void toString_ofSecretAndWrite_showNothing() {
      store.put("a", Map.of("k", "hunter2"));

      assertThat(store.get("a")).hasToString("KvSecret[redacted]");
      assertThat(KvWrite.of(Map.of("k", "hunter2"))).hasToString("KvWrite[redacted]");
    }

    @Test
    void get_secret_carriesVersionAndCustomMetadata() {
      store.put("a", Map.of("k", "v"));
      store.setMetadata("a", KvSettings.unchanged().withCustomMetadata(Map.of("owner", "ops")));

      assertThat(store.get("a").version())
          .isEqualTo(new KvVersion(1, START, Optional.empty(), false));
      assertThat(store.get("a").customMetadata()).isEqualTo(Map.of("owner", "ops"));
    }
  }

  @Nested
  class Reading {
    @Test
    void get_version_isThatOne() {
      store.put("a", Map.of("k", "old"));
      store.put("a", Map.of("k", "new"));

      assertThat(store.get("a", 1).text("k")).isEqualTo("old");
      assertThat(store.get("a", 2).text("k")).isEqualTo("new");
      assertThat(store.get("a").text("k")).isEqualTo("new");
    }

    @Test
    void get_nothingThere_isNotFound() {
      store.setMetadata("empty", KvSettings.unchanged().withMaxVersions(1));
      store.put("a", Map.of("k", "v"));

      for (ThrowingCallable get : List.<ThrowingCallable>of(
          () -> store.get("unknown"), () -> store.get("empty"), () -> store.get("a", 2))) {
        assertFailure(get, ErrorCode.NOT_FOUND)
            .hasMessage("there is no such secret, or no such version of it, at secret/");
      }
      assertThat(store.find("unknown")).isEmpty();
      assertThat(store.find("empty")).isEmpty();
    }

    @Test
    void get_deletedOrDestroyed_isNotFoundAndSaysWhy() {
      store.put("a", Map.of("k", "v"));
      store.delete("a");

      assertFailure(() -> store.get("a"), ErrorCode.NOT_FOUND)
          .hasMessage("version 1 of this secret is deleted; undelete brings it back");
      assertThat(store.find("a")).isEmpty();

      store.destroy("a", 1);

      assertFailure(() -> store.get("a"), ErrorCode.NOT_FOUND)
          .hasMessage("version 1 of this secret is destroyed");
      assertThat(store.find("a")).isEmpty();
    }

    @Test
    void find_liveVersion_isThere() {
      store.put("a", Map.of("k", "v"));

      assertThat(store.find("a").orElseThrow().text("k")).isEqualTo("v");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void get_versionBelow1_isRefused(int version) {
      assertThatThrownBy(() -> store.get("a", version))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("versions begin at 1, but got " + version);
    }

    @Test
    void any_mountThatIsNotThere_isAnErrorAndNotEmpty() {
      KvStore nowhere = mount.store("nowhere");

      for (ThrowingCallable call : List.<ThrowingCallable>of(
          () -> nowhere.find("a"), () -> nowhere.get("a"), () -> nowhere.list(""))) {
        assertFailure(call, ErrorCode.NOT_FOUND).hasMessageContaining("no handler for route");
      }
    }

    @Test
    void any_pathBelowAMount_isAnErrorAndNotEmpty() {
      KvStore below = mount.store("secret/apps");

      for (ThrowingCallable call : List.<ThrowingCallable>of(
          () -> below.find("a"), () -> below.get("a"), () -> below.list(""))) {
        assertFailure(call, ErrorCode.NOT_FOUND)
            .hasMessageContaining("Invalid path for a versioned K/V secrets engine");
      }
    }

    @Test
    void any_sealedVault_isAnErrorAndNotEmpty() {
      mount.seal();

      assertFailure(() -> store.find("a"), ErrorCode.SEALED);
      assertFailure(() -> store.list(""), ErrorCode.SEALED);
    }
  }

  @Nested
  class Writing {
    @Test
    void put_again_returnsTheNextVersion() {
      assertThat(store.put("a", Map.of("k", 1)))
          .isEqualTo(new KvVersion(1, START, Optional.empty(), false));
      mount.advance(Duration.ofSeconds(1));
      assertThat(store.put("a", Map.of("k", 2)))
          .isEqualTo(new KvVersion(2, START.plusSeconds(1), Optional.empty(), false));
    }

    @Test
    void put_ifAbsent_writesOnceOnly() {
      store.put("a", KvWrite.of(Map.of("k", 1)).ifAbsent());

      assertFailure(() -> store.put("a", KvWrite.of(Map.of("k", 2)).ifAbsent()), ErrorCode.CONFLICT)
          .hasMessage("check-and-set parameter did not match the current version");
      assertThat(store.get("a").version().number()).isEqualTo(1);
    }

    @Test
    void put_ifVersion_writesAfterThatOneOnly() {
      store.put("a", Map.of("k", 1));

      assertThat(store.put("a", KvWrite.of(Map.of("k", 2)).ifVersion(1)).number())
          .isEqualTo(2);
      assertFailure(
          () -> store.put("a", KvWrite.of(Map.of("k", 3)).ifVersion(1)), ErrorCode.CONFLICT);
      assertThatThrownBy(() -> KvWrite.of(Map.of()).ifVersion(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("but got -1");
    }

    @Test
    void put_whereAConditionIsDemanded_isRefusedWithoutOne() {
      store.setMetadata("a", KvSettings.unchanged().withCasRequired(true));

      assertFailure(() -> store.put("a", Map.of("k", 1)), ErrorCode.INVALID_REQUEST)
          .hasMessage("check-and-set parameter required for this call");
      assertThat(store.put("a", KvWrite.of(Map.of("k", 1)).ifAbsent()).number()).isEqualTo(1);
    }

    @Test
    void put_mapChangedAfterwards_wroteWhatItWas() {
      List<String> list = new ArrayList<>(List.of("a"));
      KvWrite write = KvWrite.of(Map.of("list", list));
      list.add("b");

      store.put("a", write);

      assertThat(store.get("a").toMap()).isEqualTo(Map.of("list", List.of("a")));
    }

    @Test
    void put_moreThan8Mebibytes_isRefused() {
      assertFailure(
          () -> store.put("a", Map.of("k", "x".repeat(8 * 1024 * 1024))), ErrorCode.LIMIT_EXCEEDED);
    }

    @Test
    void patch_members_changesThemOnly() {
      store.put("a", Map.of("keep", 1, "change", 2, "remove", 3));
      Map<String, Object> changes = new HashMap<>(Map.of("change", 4));
      changes.put("remove", null);

      assertThat(store.patch("a", changes).number()).isEqualTo(2);

      assertThat(store.get("a").toMap()).isEqualTo(Map.of("keep", 1, "change", 4));
    }

    @Test
    void patch_record_changesItsComponents() {
      store.put("a", new Login("app", "old", 1));
      record Password(String password, Optional<String> username) {}

      store.patch("a", KvWrite.of(new Password("new", Optional.empty())).ifVersion(1));

      assertThat(store.get("a").as(Login.class)).isEqualTo(new Login("app", "new", 1));
    }

    @Test
    void patch_nothingToPatch_isNotFoundAndSaysWhy() {
      assertFailure(() -> store.patch("a", Map.of("k", 1)), ErrorCode.NOT_FOUND)
          .hasMessageContaining("there is no such secret");

      store.put("a", Map.of("k", 1));
      store.delete("a");

      assertFailure(() -> store.patch("a", Map.of("k", 1)), ErrorCode.NOT_FOUND)
          .hasMessage("version 1 of this secret is deleted; undelete brings it back");
    }
  }

  @Nested
  class Removing {
    @Test
    void deleteAndUndelete_newest_comeAndGo() {
      store.put("a", Map.of("k", "v"));

      store.delete("a");
      assertThat(store.find("a")).isEmpty();

      store.undelete("a", 1);
      assertThat(store.get("a").text("k")).isEqualTo("v");
    }

    @Test
    void delete_versions_areThoseOnly() {
      for (int n = 1; n <= 3; n++) {
        store.put("a", Map.of("k", n));
      }

      store.delete("a", 1, 2, 99);

      assertThat(store.history("a").stream().map(KvVersion::deletedAt))
          .containsExactly(Optional.of(START), Optional.of(START), Optional.empty());
    }

    @Test
    @DisplayName("K-2 destroyed means gone")
    void destroy_version_isGoneForGood() {
      store.put("a", Map.of("k", "v"));
      store.put("a", Map.of("k", "w"));

      store.destroy("a", 1);
      store.undelete("a", 1);

      assertFailure(() -> store.get("a", 1), ErrorCode.NOT_FOUND).hasMessageContaining("destroyed");
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(1);
      assertThat(store.get("a").text("k")).isEqualTo("w");
    }

    @Test
    void deleteMetadata_key_isGoneWithItsHistory() {
      store.put("a", Map.of("k", "v"));

      store.deleteMetadata("a");

      assertFailure(() -> store.metadata("a"), ErrorCode.NOT_FOUND);
      assertThat(store.list("")).isEmpty();
      assertThat(store.put("a", Map.of("k", "w")).number()).isEqualTo(1);
    }

    @Test
    void any_nothingThere_changesNothing() {
      store.delete("a");
      store.delete("a", 1);
      store.undelete("a", 1);
      store.destroy("a", 1);
      store.deleteMetadata("a");

      assertThat(store.list("")).isEmpty();
    }

    @Test
    void any_noVersionOrOneBelow1_isRefused() {
      for (Consumer<int[]> change : List.<Consumer<int[]>>of(
          versions -> store.delete("a", versions),
          versions -> store.undelete("a", versions),
          versions -> store.destroy("a", versions))) {
        assertThatThrownBy(() -> change.accept(new int[0]))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("name at least one version");
        assertThatThrownBy(() -> change.accept(new int[] {1, 0}))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("versions begin at 1, but got 0");
      }
    }
  }

  @Nested
  class RollingBack {
    @Test
    void rollback_liveVersion_isWrittenAgain() {
      store.put("a", Map.of("k", new BigDecimal("1.0")));
      store.put("a", Map.of("k", 2));

      assertThat(store.rollback("a", 1).number()).isEqualTo(3);

      assertThat(store.get("a").toMap()).isEqualTo(Map.of("k", new BigDecimal("1.0")));
    }

    @Test
    void rollback_newestIsDeletedOrDestroyed_worksAllTheSame() {
      store.put("a", Map.of("k", 1));
      store.put("a", Map.of("k", 2));
      store.delete("a");
      store.rollback("a", 1);
      store.destroy("a", 3);

      assertThat(store.rollback("a", 1).number()).isEqualTo(4);
      assertThat(store.get("a").text("k")).isEqualTo("1");
    }

    @Test
    void rollback_versionThatWillExpire_countsAndBeginsALifetimeOfItsOwn() {
      store.setMetadata("a", KvSettings.unchanged().withDeleteVersionAfter(Duration.ofHours(1)));
      store.put("a", Map.of("k", 1));
      mount.advance(Duration.ofMinutes(30));
      store.put("a", Map.of("k", 2));

      assertThat(store.rollback("a", 1).deletedAt()).contains(START.plus(Duration.ofMinutes(90)));

      mount.advance(Duration.ofMinutes(30));
      assertFailure(() -> store.rollback("a", 1), ErrorCode.NOT_FOUND)
          .hasMessageContaining("version 1 of this secret is deleted");
    }

    @Test
    void rollback_versionThatIsGone_isNotFoundAndWritesNothing() {
      for (int n = 1; n <= 12; n++) {
        store.put("a", Map.of("k", n));
      }
      store.delete("a", 3);
      store.destroy("a", 4);

      assertFailure(() -> store.rollback("a", 1), ErrorCode.NOT_FOUND)
          .hasMessageContaining("no such version");
      assertFailure(() -> store.rollback("a", 3), ErrorCode.NOT_FOUND)
          .hasMessageContaining("version 3 of this secret is deleted");
      assertFailure(() -> store.rollback("a", 4), ErrorCode.NOT_FOUND)
          .hasMessageContaining("version 4 of this secret is destroyed");
      assertFailure(() -> store.rollback("unknown", 1), ErrorCode.NOT_FOUND);
      assertThatThrownBy(() -> store.rollback("a", 0)).isInstanceOf(IllegalArgumentException.class);
      assertThat(store.metadata("a").currentVersion()).isEqualTo(12);
    }

    @Test
    void rollback_somebodyWroteMeanwhile_isAConflict() {
      store.put("a", Map.of("k", 1));
      store.put("a", Map.of("k", 2));
      List<String> paths = new ArrayList<>();
      KvStore slow = KvStore.at(
          new Session() {
            @Override
            public Response request(Request request) {
              if (paths.size() == 2) {
                store.put("a", Map.of("k", 3));
              }
              paths.add(request.operation() + " " + request.path());
              return mount.root().request(request);
            }

            @Override
            public Registration onChange(String prefix, Consumer<Change> listener) {
              return mount.root().onChange(prefix, listener);
            }

            @Override
            public void close() {}
          },
          "secret");

      assertFailure(() -> slow.rollback("a", 1), ErrorCode.CONFLICT);

      assertThat(paths)
          .containsExactly("READ secret/data/a", "READ secret/data/a", "UPDATE secret/data/a");
      assertThat(store.get("a").text("k")).isEqualTo("3");
    }
  }

  @Nested
  class Listing {
    @Test
    @DisplayName("K-5 names are public to those who list")
    void list_folder_givesItsChildrenWithAndWithoutASlash() {
      store.put("a", Map.of());
      store.put("f/b", Map.of());
      store.put("f/g/c", Map.of());
      store.delete("f/b");

      assertThat(store.list("")).containsExactly("a", "f/");
      assertThat(store.list("f")).containsExactly("b", "g/");
      assertThat(store.list("f/")).containsExactly("b", "g/");
      assertThat(store.list("f/g")).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "unknown", "unknown/"})
    void list_nothingThere_isEmpty(String folder) {
      store.put("a", Map.of());

      assertThat(store.list(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/f", "f//", "..", "f/./g", "f\n"})
    void list_folderThatCannotBe_isRefused(String folder) {
      assertThatThrownBy(() -> store.list(folder)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("K-1 a key is the path that was authorised")
    void put_namesThatLookAlike_areSeveralKeys() {
      List<String> keys = List.of(
          "a",
          "A",
          "a ",
          " a",
          "a.",
          "a%2Fb",
          "a/b",
          "a\\b",
          "a?b",
          "a#b",
          "é",
          "e\u0301",
          "ａ",
          "data/a",
          "metadata/a");
      keys.forEach(key -> store.put(key, Map.of("key", key)));

      for (String key : keys) {
        assertThat(store.get(key).text("key")).isEqualTo(key);
        assertThat(store.metadata(key).currentVersion()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Settings {
    @Test
    void setMetadata_newKey_hasThemAndNoVersion() {
      store.setMetadata(
          "a",
          KvSettings.unchanged()
              .withMaxVersions(5)
              .withCasRequired(true)
              .withDeleteVersionAfter(Duration.ofHours(1))
              .withCustomMetadata(Map.of("owner", "ops")));

      assertThat(store.metadata("a"))
          .isEqualTo(new KvMetadata(
              0, 0, START, START, 5, true, Duration.ofHours(1), Map.of("owner", "ops"), List.of()));
    }

    @Test
    void setMetadata_someSettings_leavesTheOthers() {
      store.setMetadata("a", KvSettings.unchanged().withMaxVersions(5));
      store.setMetadata("a", KvSettings.unchanged().withCasRequired(true));
      store.setMetadata("a", KvSettings.unchanged());

      assertThat(store.metadata("a").maxVersions()).isEqualTo(5);
      assertThat(store.metadata("a").casRequired()).isTrue();
    }

    @Test
    @DisplayName("K-4 limits are checked before anything is sent")
    void settings_outOfRange_areRefused() {
      KvSettings settings = KvSettings.unchanged();

      assertRange(() -> settings.withMaxVersions(-1), "need 0 <= maxVersions <= 65536, but got -1");
      assertRange(() -> settings.withMaxVersions(65_537), "but got 65537");
      assertRange(() -> settings.withDeleteVersionAfter(Duration.ofSeconds(-1)), "but got PT-1S");
      assertRange(() -> settings.withDeleteVersionAfter(Duration.ofMillis(500)), "whole seconds");
      assertRange(
          () -> settings.withDeleteVersionAfter(Duration.ofSeconds(Long.MAX_VALUE)),
          "at most 9223372036");
      assertRange(() -> new KvConfig(-1, false, Duration.ZERO), "but got -1");
      assertRange(() -> new KvConfig(65_537, false, Duration.ZERO), "but got 65537");
      assertRange(() -> new KvConfig(0, false, Duration.ofMillis(1500)), "whole seconds");
      assertRange(() -> new KvConfig(0, false, Duration.ofMillis(-1500)), "whole seconds");
      assertRange(() -> new KvConfig(0, false, Duration.ofSeconds(Long.MIN_VALUE)), "at most");
    }

    @Test
    void setMetadata_customMetadataBeyondItsLimits_isRefusedByTheVault() {
      KvSettings settings =
          KvSettings.unchanged().withCustomMetadata(Map.of("owner", "x".repeat(513)));

      assertFailure(() -> store.setMetadata("a", settings), ErrorCode.INVALID_REQUEST)
          .hasMessageContaining("length of value for key \"owner\" is 513");
    }

    @ParameterizedTest(name = "{0}, {1}, {2} s")
    @CsvSource({"0, false, 0", "5, true, 90", "65536, false, 9223372036", "1, true, -1"})
    void setConfig_anySettings_areReadAgain(int maxVersions, boolean casRequired, long seconds) {
      KvConfig config = new KvConfig(maxVersions, casRequired, Duration.ofSeconds(seconds));

      store.setConfig(config);

      assertThat(store.config()).isEqualTo(config);
    }

    @Test
    void config_newMount_hasDefaults() {
      assertThat(store.config()).isEqualTo(new KvConfig(0, false, Duration.ZERO));
    }

    private static void assertRange(ThrowingCallable call, String text) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(text);
    }
  }

  @Nested
  class ManyVersions {
    @Test
    void put_tenThousandTimes_keepsAllOfThem() {
      store.setConfig(new KvConfig(65_536, false, Duration.ZERO));
      for (int n = 1; n <= 10_000; n++) {
        store.put("a", Map.of("n", n));
      }
      store.delete("a", 1, 128, 129, 9_999);
      store.destroy("a", 2, 10_000);

      List<KvVersion> history = store.history("a");

      assertThat(history.stream().map(KvVersion::number))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 10_000).boxed().toList());
      assertThat(history.stream().filter(v -> v.deletedAt().isPresent()).map(KvVersion::number))
          .containsExactly(1, 128, 129, 9_999);
      assertThat(history.stream().filter(KvVersion::destroyed).map(KvVersion::number))
          .containsExactly(2, 10_000);
      for (int n : new int[] {3, 127, 130, 256, 257, 5_000, 9_984, 9_985, 9_998}) {
        assertThat(store.get("a", n).text("n")).isEqualTo(Integer.toString(n));
      }
      assertThat(store.rollback("a", 77).number()).isEqualTo(10_001);
    }
  }

  @Nested
  class BadNames {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/", "a/", "a/b/"})
    void any_keyThatIsNone_isRefusedBeforeAnythingIsSent(String key) {
      for (ThrowingCallable call : calls(key)) {
        assertThatThrownBy(call)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a key is a path such as apps/db, without a slash at its end");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a//b", ".", "a/../b", "a/./b", "a\nb", "a\u0000", "a\u200Eb"})
    void any_keyThatIsNoPath_isRefusedBeforeAnythingIsSent(String key) {
      for (ThrowingCallable call : calls(key)) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void put_longestSegmentsAndPath_areTaken() {
      String key = "é".repeat(512) + "/" + "k".repeat(1024) + "/" + "k".repeat(1024);
      store.put(key, Map.of("k", "v"));

      assertThat(store.get(key).text("k")).isEqualTo("v");
      assertThatThrownBy(() -> store.put("k".repeat(1025), Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1024 bytes");
      assertThatThrownBy(() -> store.put(key + "/" + "k".repeat(1024), Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4096 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", ".."})
    void at_mountThatCannotBe_isRefused(String path) {
      assertThatThrownBy(() -> KvStore.at(mount.root(), path))
          .isInstanceOf(IllegalArgumentException.class);
    }

    private List<ThrowingCallable> calls(String key) {
      return List.of(
          () -> store.put(key, Map.of()),
          () -> store.put(key, new Login("u", "p", 1)),
          () -> store.patch(key, Map.of()),
          () -> store.get(key),
          () -> store.get(key, 1),
          () -> store.find(key),
          () -> store.delete(key),
          () -> store.delete(key, 1),
          () -> store.undelete(key, 1),
          () -> store.destroy(key, 1),
          () -> store.deleteMetadata(key),
          () -> store.rollback(key, 1),
          () -> store.metadata(key),
          () -> store.history(key),
          () -> store.setMetadata(key, KvSettings.unchanged().withMaxVersions(1)));
    }
  }

  @Nested
  class ByManyThreads {
    @Test
    @DisplayName("K-3 of 64 writes on one condition exactly one wins, round after round")
    void put_sameCondition_hasExactlyOneWinner() throws Exception {
      for (int round = 0; round < 20; round++) {
        int version = round;
        List<Optional<Integer>> written = atOnce(64, thread -> () -> {
          try {
            return Optional.of(store
                .put("a", KvWrite.of(Map.of("thread", thread)).ifVersion(version))
                .number());
          } catch (VaultException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            return Optional.empty();
          }
        });

        assertThat(written.stream().flatMap(Optional::stream)).containsExactly(round + 1);
        assertThat(store.get("a").version().number()).isEqualTo(round + 1);
      }
    }

    @Test
    @DisplayName("K-3 versions never repeat")
    void put_withoutCondition_givesEveryNumberOnce() throws Exception {
      store.setConfig(new KvConfig(1000, false, Duration.ZERO));

      List<List<Integer>> numbers = atOnce(8, thread -> () -> {
        List<Integer> mine = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
          int number = store.put("a", Map.of("written by", thread + "/" + n)).number();
          mine.add(number);
          assertThat(store.get("a", number).text("written by")).isEqualTo(thread + "/" + n);
        }
        return mine;
      });

      assertThat(numbers.stream().flatMap(List::stream))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 800).boxed().toList());
      assertThat(mount.rows(Keys.VERSION, "a")).isEqualTo(800);
    }

    @Test
    void patch_otherMembers_losesNoUpdate() throws Exception {
      store.put("a", Map.of());

      atOnce(8, thread -> () -> {
        for (int n = 0; n < 50; n++) {
          store.patch("a", Map.of("t" + thread, Map.of("n" + n, n)));
        }
        return true;
      });

      Map<String, Object> all = store.get("a").toMap();
      assertThat(all).hasSize(8);
      all.values().forEach(members -> assertThat((Map<?, ?>) members).hasSize(50));
      assertThat(store.get("a").version().number()).isEqualTo(401);
    }

    @Test
    void get_whileVersionsComeAndGo_isThereOrNotFound() throws Exception {
      List<ErrorCode> failures = Collections.synchronizedList(new ArrayList<>());

      atOnce(4, thread -> () -> {
        for (int n = 0; n < 300; n++) {
          try {
            if (thread > 0) {
              store.find("a").ifPresent(secret -> assertThat(secret.text("k")).isEqualTo("v"));
            } else {
              int number = store.put("a", Map.of("k", "v")).number();
              if (n % 3 == 0) {
                store.deleteMetadata("a");
              } else {
                store.destroy("a", number);
              }
            }
          } catch (VaultException e) {
            failures.add(e.code());
          }
        }
        return true;
      });

      assertThat(failures).isEmpty();
    }

    private <T> List<T> atOnce(int threads, IntFunction<Callable<T>> work)
        throws InterruptedException, ExecutionException {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      try {
        CountDownLatch start = new CountDownLatch(threads);
        List<Future<T>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          Callable<T> mine = work.apply(thread);
          running.add(executor.submit(() -> {
            start.countDown();
            start.await();
            return mine.call();
          }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : running) {
          results.add(future.get());
        }
        return results;
      } finally {
        executor.shutdownNow();
      }
    }
  }

  private static AbstractThrowableAssert<?, ?> assertFailure(
      ThrowingCallable call, ErrorCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageNotContaining("hunter2");
  }
}
