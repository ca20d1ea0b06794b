package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Mounts;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeTest {
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.mount("kv", Kv.version1()));
  private final Kv1Store before = Kv1Store.at(vault.root(), "kv");
  private final KvStore after = KvStore.at(vault.root(), "kv");

  @AfterEach
  void closeVault() {
    vault.close();
  }

  private Response tune(String version) {
    return vault
        .root()
        .request(
            Request.write("sys/mounts/kv/tune", Map.of("options", Map.of("version", version))));
  }

  private void finish() {
    vault.time().advance(Duration.ZERO);
  }

  private void assertUnavailable(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage(Upgrade.UNAVAILABLE);
  }

  @Test
  void tune_toVersion2_warnsAndMakesEverySecretVersion1() {
    before.put("a", Map.of("k", "v", "ttl", "1h"));
    before.put("f/b", Map.of("n", 5));

    assertThat(tune("2").warnings())
        .singleElement()
        .asString()
        .startsWith("Upgrading mount from version 1 to version 2.");
    finish();

    assertThat(after.get("a").toMap()).isEqualTo(Map.of("k", "v", "ttl", "1h"));
    assertThat(after.get("f/b").toMap()).isEqualTo(Map.of("n", 5));
    assertThat(after.list("")).containsExactly("a", "f/");
    assertThat(after.history("a"))
        .containsExactly(
            new KvVersion(1, vault.time().instant(), Optional.empty(), /* destroyed= */ false));
    Map<String, ?> metadata =
        vault.root().request(Request.read("kv/metadata/a")).dataOrEmpty().toMap();
    assertThat(metadata.get("oldest_version")).isEqualTo(1);
    assertThat(metadata.get("current_metadata_version")).isEqualTo(0);
    assertThat(metadata.get("updated_time")).isEqualTo(metadata.get("created_time"));
  }

  @Test
  void anyCall_whileConverting_isUnavailable() {
    before.put("a", Map.of("k", "v"));
    tune("2");

    assertUnavailable(() -> after.get("a"));
    assertUnavailable(() -> after.put("new", Map.of("k", "v")));
    assertUnavailable(() -> after.list(""));
    assertUnavailable(after::config);
    assertThatThrownBy(() -> before.get("a")).hasMessageContaining("is KV version 2 (KvStore)");

    finish();
    assertThat(after.get("a").text("k")).isEqualTo("v");
  }

  @Test
  void tune_anEmptyMount_isAvailableAtOnce() {
    tune("2");

    after.put("a", Map.of("k", "v"));

    finish();
    assertThat(after.get("a").version().number()).isEqualTo(1);
  }

  @Test
  void tune_manySecretsInManyFolders_areAllConverted() {
    List<String> keys = IntStream.range(0, 450)
        .mapToObj(i -> i % 3 == 0 ? "k" + i : "f" + i % 7 + "/g" + i % 2 + "/k" + i)
        .toList();
    keys.forEach(key -> before.put(key, Map.of("name", key)));

    tune("2");
    finish();

    assertThat(keys).allSatisfy(key -> assertThat(after.get(key).text("name")).isEqualTo(key));
    assertThat(after.list("f1/")).containsExactly("g0/", "g1/");
  }

  @Test
  void tune_secretsLargerThanAStep_areAllConverted() {
    for (int i = 0; i < 5; i++) {
      before.put("k" + i, Map.of("v", "x".repeat(900_000)));
    }

    tune("2");
    finish();

    for (int i = 0; i < 5; i++) {
      assertThat(after.get("k" + i).text("v")).hasSize(900_000);
    }
  }

  @Test
  void write_eleventhVersion_leavesVersion1Behind() {
    before.put("a", Map.of("n", 1));
    tune("2");
    finish();

    for (int n = 2; n <= 11; n++) {
      after.put("a", Map.of("n", n));
    }

    assertThat(after.history("a")).hasSize(10).first().returns(2, KvVersion::number);
  }

  @Test
  void tune_theVersionItHasWithoutSayingSo_isWrittenDown() {
    Mounts.of(vault.root()).mount("plain", Mount.of(Kv.engine()));

    vault
        .root()
        .request(Request.write("sys/mounts/plain/tune", Map.of("options", Map.of("version", "1"))))
        .orThrow();

    assertThat(Mounts.of(vault.root()).list().get("plain").options())
        .isEqualTo(Map.of("version", "1"));
  }

  @Test
  void unmount_whileConverting_isSafe() {
    before.put("a", Map.of("k", "v"));
    tune("2");

    Mounts.of(vault.root()).unmount("kv");
    finish();

    Mounts.of(vault.root()).mount("kv", Kv.version2());
    assertThat(after.list("")).isEmpty();
  }

  @Test
  void move_whileConverting_goesOn() {
    before.put("a", Map.of("k", "v"));
    tune("2");

    Mounts.of(vault.root()).move("kv", "moved");
    finish();

    assertThat(KvStore.at(vault.root(), "moved").get("a").text("k")).isEqualTo("v");
  }

  @Test
  void tune_sameVersion_saysNothing() {
    assertThat(tune("1").isEmpty()).isTrue();
    tune("2");
    assertThat(tune("2").isEmpty()).isTrue();
    assertThat(tune("1").errors()).containsExactly("cannot downgrade mount from version 2");
  }
}
