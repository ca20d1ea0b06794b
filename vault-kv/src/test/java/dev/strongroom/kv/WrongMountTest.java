package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client at a mount of the other version, or at one that has no secrets of its kind at all. */
class WrongMountTest {
  private static final Map<String, String> DATA = Map.of("k", "v");

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("one", Kv.version1()).mount("two", Kv.version2()));

  @AfterEach
  void closeVault() {
    vault.close();
  }

  private record Value(String k) {}

  @Test
  void everyCall_ofKvStoreAtVersion1_isRefusedAndStoresNothing() {
    KvStore store = KvStore.at(vault.root(), "one");
    Kv1Store.at(vault.root(), "one").put("data/there", DATA);

    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> store.put("a", DATA),
      () -> store.put("a", KvWrite.of(DATA).ifVersion(0)),
      () -> store.writeAll(Map.of("a", KvWrite.of(DATA))),
      () -> store.patch("there", DATA),
      () -> store.get("there"),
      () -> store.find("a"),
      () -> store.bind("there", Value.class),
      () -> store.delete("there"),
      () -> store.delete("there", 1),
      () -> store.deleteMetadata("there"),
      () -> store.list(""),
      () -> store.metadata("there"),
      () -> store.setConfig(new KvConfig(3, false, Duration.ZERO))
    }) {
      assertRefused(
          call,
          "the mount one/ is KV version 1 (Kv1Store), but the request is for KV version 2 (KvStore)");
    }
    assertThat(everythingIn("one/")).isEqualTo("{\"keys\":[\"data/there\"]}");
  }

  @Test
  void everyCall_ofKv1StoreAtVersion2_isRefusedAndChangesNothing() {
    KvStore.at(vault.root(), "two").put("there", DATA);
    Kv1Store store = Kv1Store.at(vault.root(), "two");

    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> store.put("a", DATA),
      () -> store.put("data/a", Map.of("data", DATA)),
      () -> store.get("data/there"),
      () -> store.find("a"),
      () -> store.bind("data/there", Value.class),
      () -> store.delete("metadata/there"),
      () -> store.list("metadata")
    }) {
      assertRefused(
          call,
          "the mount two/ is KV version 2 (KvStore), but the request is for KV version 1 (Kv1Store)");
    }
    assertThat(everythingIn("two/metadata/")).isEqualTo("{\"keys\":[\"there\"]}");
  }

  @Test
  void put_atAnotherEngine_isRefusedAndStoresNothing() {
    assertRefused(
        () -> KvStore.at(vault.root(), "cubbyhole").put("a", DATA),
        "the mount cubbyhole/ is of type cubbyhole, but the request is for KV version 2 (KvStore)");
    assertThat(vault.root().request(Request.read("cubbyhole/data/a")).isMissing())
        .isTrue();
  }

  @Test
  void find_atAnEngineWithoutSuchAPath_isRefused_andNotEmpty() {
    assertRefused(
        () -> KvStore.at(vault.root(), "identity").find("a"),
        "the mount identity/ is of type identity, but the request is for KV version 2 (KvStore)");
  }

  @Test
  void put_whereTheCallerMayNot_isDeniedWithoutAWordOfTheMount() {
    Policies.of(vault.root()).put("none", "path \"one/other\" { capabilities = [\"read\"] }");
    Session caller = vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("none")).token().orElseThrow());

    assertThatThrownBy(() -> KvStore.at(caller, "one").put("a", DATA))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessage("permission denied");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage(message);
  }

  private String everythingIn(String folder) {
    return new String(
        vault
            .root()
            .request(Request.of(Operation.SCAN, VaultPath.parse(folder), Payload.empty()))
            .orThrow()
            .dataOrEmpty()
            .toJson(),
        StandardCharsets.UTF_8);
  }
}
