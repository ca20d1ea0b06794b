package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Kv1StoreTest {
  private static final Duration DEFAULT = Duration.ofDays(32);

  private final InMemoryVault vault = Vault.inMemory(builder -> builder.mount("kv", Kv.version1()));
  private final Kv1Store store = Kv1Store.at(vault.root(), "kv");

  @AfterEach
  void closeVault() {
    vault.close();
  }

  private record Login(String user, String password) {}

  @Test
  void put_again_replacesTheWholeSecret() {
    store.put("apps/db", Map.of("user", "app", "password", "x"));
    store.put("apps/db", Map.of("other", 1));

    assertThat(store.get("apps/db").toMap()).isEqualTo(Map.of("other", 1));
  }

  @Test
  void put_aRecord_isReadAsOne() {
    store.put("apps/db", new Login("app", "x"));

    assertThat(store.get("apps/db").as(Login.class)).isEqualTo(new Login("app", "x"));
    assertThat(store.get("apps/db")).hasToString("Kv1Secret[redacted]");
  }

  @Test
  void put_membersNamedAsFieldsOfVersion2_areData() {
    Map<String, Object> data = Map.of("path", "p", "data", Map.of("a", 1), "metadata", "m");

    store.put("a", data);

    assertThat(store.get("a").toMap()).isEqualTo(data);
  }

  @Test
  void put_nothing_isRefused() {
    assertThatThrownBy(() -> store.put("a", Map.of()))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("missing data fields");
  }

  @Test
  void get_whatIsNotThere_isNotFound() {
    assertThatThrownBy(() -> store.get("a"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessage("there is no such secret at kv/");
    assertThat(store.find("a")).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> store.get("a/"));
  }

  @Test
  void delete_removesTheSecretAndItsEmptyFolder() {
    store.put("a/b", Map.of("k", "v"));

    store.delete("a/b");
    store.delete("a/b");

    assertThat(store.find("a/b")).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void list_aFolder_namesSecretsAndSubFolders() {
    for (String key : List.of("a", "a/b", "a-b", "B")) {
      store.put(key, Map.of("k", "v"));
    }

    assertThat(store.list("")).containsExactly("B", "a", "a-b", "a/");
    assertThat(store.list("a")).containsExactly("b");
    assertThat(store.list("none")).isEmpty();
  }

  @Test
  void scan_namesEverythingBelow() {
    store.put("x/y/z", Map.of("k", "v"));
    store.put("x/a", Map.of("k", "v"));

    assertThat(ask(Operation.SCAN, "kv/x/").dataOrEmpty().texts("keys"))
        .containsExactly("a", "y/z");
    assertThat(ask(Operation.SCAN, "kv/none/").dataOrEmpty().isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0} -> {1} s")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ttl\":\"1h\"}|3600",
        "{\"ttl\":90}|90",
        "{\"ttl\":\"1m30s\",\"lease\":\"1h\"}|90",
        "{\"lease\":\"30m\"}|1800",
        "{\"ttl\":\"99999h\"}|359996400",
        "{\"ttl\":\"\"}|0",
        "{\"ttl\":null}|0",
        "{\"ttl\":\"abc\"}|2764800",
        "{\"ttl\":{}}|2764800",
        "{\"ttl\":true}|2764800",
        "{\"ttl\":-5}|2764800",
        "{\"ttl\":\"999999999999999d\"}|2764800",
        "{\"other\":1}|2764800"
      })
  void get_leaseDuration_isWhatTheSecretSays(String json, long seconds) {
    vault
        .root()
        .request(Request.of(Operation.UPDATE, VaultPath.parse("kv/a"), Payload.parse(json)))
        .orThrow();

    assertThat(store.get("a").leaseDuration()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void get_leaseDuration_followsTheMount() {
    store.put("a", Map.of("k", "v"));
    assertThat(store.get("a").leaseDuration()).isEqualTo(DEFAULT);

    vault
        .root()
        .request(Request.write("sys/mounts/kv/tune", Map.of("default_lease_ttl", "2h")))
        .orThrow();

    assertThat(store.get("a").leaseDuration()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void put_withTheRightToCreateOnly_doesNotReplace() {
    Policies.of(vault.root()).put("create", "path \"kv/*\" { capabilities = [\"create\"] }");
    Session caller = vault
        .vault()
        .session(
            Tokens.of(vault.root()).create(TokenRequest.of("create")).token().orElseThrow());
    Kv1Store callers = Kv1Store.at(caller, "kv");

    callers.put("a", Map.of("k", 1));

    assertThatThrownBy(() -> callers.put("a", Map.of("k", 2)))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    store.delete("a");
    callers.put("a", Map.of("k", 3));
  }

  private Response ask(Operation operation, String path) {
    return vault
        .root()
        .request(Request.of(operation, VaultPath.parse(path), Payload.empty()))
        .orThrow();
  }
}
