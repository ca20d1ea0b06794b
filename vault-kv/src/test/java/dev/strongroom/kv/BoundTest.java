package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Mounts;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTest {
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final Vault vault = Vault.builder()
      .storage(InMemoryStorage.create())
      .time(time)
      .mount("secret", Kv.version2())
      .open();
  private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));
  private final Session root = vault.session(keys.rootToken());
  private final KvStore store = KvStore.at(root, "secret");
  private final List<Database> told = new ArrayList<>();

  BoundTest() {
    unseal();
  }

  @AfterEach
  void close() {
    vault.close();
    keys.close();
  }

  private void unseal() {
    vault.unseal(keys.shares().get(0));
  }

  private void deliver() {
    time.advance(Duration.ZERO);
  }

  record Database(String username, int port) {}

  private Bound<Database> bind() {
    store.put("apps/db", new Database("one", 1));
    Bound<Database> bound = store.bind("apps/db", Database.class);
    bound.onChange(told::add);
    return bound;
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Optional<ErrorCode> failure(Bound<?> bound) {
    return bound.failure().map(VaultException::code);
  }

  @Test
  void bind_readsTheSecretAtOnce() {
    Bound<Database> bound = bind();

    assertThat(bound.current()).isEqualTo(new Database("one", 1));
    assertThat(bound.failure()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void bind_whatCannotBeRead_failsAsAGetDoes() {
    store.put("other", Map.of("username", 1));
    store.put("deleted", new Database("one", 1));
    store.delete("deleted");

    assertRefused(() -> store.bind("none", Database.class), ErrorCode.NOT_FOUND);
    assertRefused(() -> store.bind("deleted", Database.class), ErrorCode.NOT_FOUND);
    assertRefused(() -> store.bind("other", Database.class), ErrorCode.INVALID_REQUEST);
    vault.seal();
    assertRefused(() -> store.bind("other", Database.class), ErrorCode.SEALED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/", "/a", "a//b", "a*"})
  void bind_keyThatCannotBe_isRefused(String key) {
    assertThatThrownBy(() -> store.bind(key, Database.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bind_withoutTheRight_isDenied() {
    store.put("apps/db", new Database("one", 1));
    Policies.of(root).put("p", "path \"secret/data/apps\" { capabilities = [\"read\"] }");
    ClientToken token = Tokens.of(root).create(TokenRequest.of("p")).token().orElseThrow();

    assertRefused(
        () -> KvStore.at(vault.session(token), "secret").bind("apps/db", Database.class),
        ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void change_isReadAndTold() {
    Bound<Database> bound = bind();

    store.put("apps/db", new Database("two", 2));
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("two", 2));
    assertThat(told).containsExactly(new Database("two", 2));
  }

  /** The example of {@link KvStore#bind}. */
  @Test
  void pool_boundToItsSecret_connectsAnew() {
    class Pool {
      private final List<String> connections = new ArrayList<>();

      void connect(Database database) {
        connections.add("connect " + database.username());
      }

      void reconnect(Database database) {
        connections.add("reconnect " + database.username());
      }
    }
    Pool pool = new Pool();
    KvStore secrets = store;
    secrets.put("apps/db", new Database("one", 1));

    Bound<Database> database = secrets.bind("apps/db", Database.class);
    database.onChange(now -> pool.reconnect(now));
    pool.connect(database.current());
    secrets.put("apps/db", new Database("two", 2));
    deliver();

    assertThat(pool.connections).containsExactly("connect one", "reconnect two");
  }

  @Test
  void change_ofAnotherKey_isNotRead() {
    Bound<Database> bound = bind();

    store.put("apps/db/more", new Database("two", 2));
    store.put("apps/db2", new Database("two", 2));
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("one", 1));
    assertThat(told).isEmpty();
  }

  @Test
  void changes_inQuickSuccession_areToldOnceWithTheLastValue() {
    Bound<Database> bound = bind();

    for (int port = 2; port <= 1100; port++) {
      store.put("apps/db", new Database("two", port));
    }
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("two", 1100));
    assertThat(told).containsExactly(new Database("two", 1100));
  }

  @Test
  void change_toAnEqualValue_isNotTold() {
    bind();

    store.put("apps/db", new Database("one", 1));
    deliver();

    assertThat(told).isEmpty();
  }

  @Test
  void change_thatDoesNotFit_keepsTheLastValueAndSaysWhy() {
    Bound<Database> bound = bind();

    store.put("apps/db", Map.of("username", "s3cr3t", "port", "s3cr3t"));
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("one", 1));
    assertThat(failure(bound)).contains(ErrorCode.INVALID_REQUEST);
    assertThat(bound.failure().orElseThrow())
        .hasMessageContaining("port")
        .hasMessageNotContaining("s3cr3t");
    assertThat(told).isEmpty();

    store.put("apps/db", new Database("two", 2));
    deliver();
    assertThat(bound.failure()).isEmpty();
    assertThat(told).containsExactly(new Database("two", 2));
  }

  @Test
  void delete_keepsTheLastValueAndSaysSo() {
    Bound<Database> bound = bind();

    store.delete("apps/db");
    deliver();
    assertThat(bound.current()).isEqualTo(new Database("one", 1));
    assertThat(failure(bound)).contains(ErrorCode.NOT_FOUND);

    store.undelete("apps/db", 1);
    deliver();
    assertThat(bound.failure()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void removeAndWriteAnew_isFollowed() {
    Bound<Database> bound = bind();

    store.deleteMetadata("apps/db");
    deliver();
    assertThat(failure(bound)).contains(ErrorCode.NOT_FOUND);
    store.put("apps/db", new Database("two", 2));
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("two", 2));
    assertThat(bound.failure()).isEmpty();
  }

  @Test
  void listener_thatThrows_keepsNothingFromTheOthers() {
    store.put("apps/db", new Database("one", 1));
    Bound<Database> bound = store.bind("apps/db", Database.class);
    for (int i = 0; i < 2; i++) {
      bound.onChange(database -> {
        throw new IllegalStateException("on purpose");
      });
    }
    bound.onChange(told::add);

    store.put("apps/db", new Database("two", 2));
    deliver();
    store.put("apps/db", new Database("three", 3));
    deliver();

    assertThat(told).containsExactly(new Database("two", 2), new Database("three", 3));
  }

  @Test
  void change_whileTheVaultIsBeingSealed_isFollowedAfterTheNextUnseal() {
    Bound<Database> bound = bind();
    bound.onChange(database -> {
      if (told.size() == 1) {
        vault.seal();
      }
      store.get("apps/db");
    });

    store.put("apps/db", new Database("two", 2));
    deliver();
    assertThat(told).containsExactly(new Database("two", 2));
    unseal();
    deliver();

    assertThat(told).containsExactly(new Database("two", 2), new Database("two", 2));
    assertThat(bound.current()).isEqualTo(new Database("two", 2));
    assertThat(bound.failure()).isEmpty();
  }

  @Test
  void versionOne_isFollowedAsWell() {
    Mounts.of(root).mount("kv", Kv.version1());
    Kv1Store kv = Kv1Store.at(root, "kv");
    kv.put("apps/db", new Database("one", 1));
    Bound<Database> bound = kv.bind("apps/db", Database.class);

    kv.put("apps/db", new Database("two", 2));
    deliver();
    assertThat(bound.current()).isEqualTo(new Database("two", 2));
    kv.delete("apps/db");
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("two", 2));
    assertThat(failure(bound)).contains(ErrorCode.NOT_FOUND);
    assertThatThrownBy(() -> kv.bind("apps/", Database.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void close_endsIt_andTheLastValueStays() {
    Bound<Database> bound = bind();

    store.put("apps/db", new Database("two", 2));
    bound.close();
    bound.close();
    deliver();

    assertThat(bound.current()).isEqualTo(new Database("one", 1));
    assertThat(told).isEmpty();
  }

  @Test
  void print_showsNoValue() {
    assertThat(bind()).hasToString("Bound[redacted]");
  }
}
