package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class WriteAllTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));
  private final KvStore store = KvStore.at(vault.root(), "secret");

  @AfterEach
  void closeVault() {
    vault.close();
  }

  private static KvWrite n(int n) {
    return KvWrite.of(Map.of("n", n));
  }

  private static void assertFails(ErrorCode code, String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  private KvStore callerWith(String policy) {
    Policies.of(vault.root()).put("p", policy);
    return KvStore.at(
        vault
            .vault()
            .session(
                Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow()),
        "secret");
  }

  @Test
  void writeAll_newAndKnownSecrets_writesAVersionOfEach() {
    store.put("b", Map.of("n", 0));
    Map<String, KvWrite> writes = new LinkedHashMap<>();
    writes.put("folder/a", n(1));
    writes.put("b", n(2).ifVersion(1));

    Map<String, KvVersion> written = store.writeAll(writes);

    assertThat(written.keySet()).containsExactly("folder/a", "b");
    assertThat(written.get("folder/a").number()).isEqualTo(1);
    assertThat(written.get("b").number()).isEqualTo(2);
    assertThat(store.get("folder/a").toMap()).isEqualTo(Map.of("n", 1));
    assertThat(store.get("b").toMap()).isEqualTo(Map.of("n", 2));
    assertThat(store.list("")).containsExactly("b", "folder/");
  }

  @Test
  void writeAll_oneConditionDoesNotHold_writesNothing() {
    store.put("b", Map.of("n", 0));

    assertFails(
        ErrorCode.CONFLICT,
        "\"b\": check-and-set parameter did not match the current version",
        () -> store.writeAll(Map.of("a", n(1), "b", n(2).ifAbsent(), "c", n(3))));

    assertThat(store.list("")).containsExactly("b");
    assertThat(store.get("b").version().number()).isEqualTo(1);
  }

  @Test
  void writeAll_mountDemandsConditions_needsOneForEach() {
    store.setConfig(new KvConfig(0, /* casRequired= */ true, Duration.ZERO));

    assertFails(
        ErrorCode.INVALID_REQUEST,
        "\"b\": check-and-set parameter required for this call",
        () -> store.writeAll(Map.of("a", n(1).ifAbsent(), "b", n(2))));
    store.writeAll(Map.of("a", n(1).ifAbsent(), "b", n(2).ifAbsent()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no right for one, path \"secret/write-all\" {capabilities=[\"update\"]} path \"secret/data/a\" {capabilities=[\"create\"]}",
    "create where update is needed, path \"secret/write-all\" {capabilities=[\"update\"]} path \"secret/data/*\" {capabilities=[\"create\"]}",
    "no right to write-all, path \"secret/data/*\" {capabilities=[\"create\"; \"update\"]}"
  })
  void writeAll_withoutARight_isDeniedAndTellsNothing(String what, String policy) {
    store.put("b", Map.of("n", 0));
    KvStore caller = callerWith(policy.replace(';', ','));

    assertFails(
        ErrorCode.PERMISSION_DENIED,
        "permission denied",
        () -> caller.writeAll(Map.of("a", n(1), "b", n(2).ifVersion(7))));

    assertThat(store.find("a")).isEmpty();
  }

  @Test
  void writeAll_withTheRights_isAllowed() {
    store.put("b", Map.of("n", 0));
    KvStore caller = callerWith("""
        path "secret/write-all" { capabilities = ["update"] }
        path "secret/data/a" { capabilities = ["create"] }
        path "secret/data/b" { capabilities = ["update"] }
        """);

    caller.writeAll(Map.of("a", n(1), "b", n(2)));

    assertThat(store.get("b").version().number()).isEqualTo(2);
  }

  @Test
  void writeAll_nothing_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> store.writeAll(Map.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> store.writeAll(Map.of("a/", n(1))));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no secrets provided",
        "{\"secrets\":{}}|no secrets provided",
        "{\"secrets\":{\"a\":{\"data\":{}},\"b\":{}}}|\"b\": no data provided",
        "{\"secrets\":{\"a\":{\"data\":{}},\"b\":null}}|\"b\": no data provided",
        "{\"secrets\":{\"a\":{\"data\":{}},\"b\":7}}|\"b\": no data provided",
        "{\"secrets\":{\"a\":{\"data\":{}},\"b/\":{\"data\":{}}}}|\"b/\": cannot write to a path ending in '/'",
        "{\"secrets\":{\"a\":{\"data\":{}},\"/b\":{\"data\":{}}}}|paths must not contain empty segments",
        "{\"secrets\":{\"a\":{\"data\":{}},\"../b\":{\"data\":{}}}}|relative paths not supported",
        "{\"secrets\":{\"a\":{\"data\":{}},\"b\":{\"data\":{},\"options\":{\"cas\":1.5}}}}|\"b\": error parsing check-and-set parameter"
      })
  void request_thatIsNotRight_isRefusedAndWritesNothing(String json, String error) {
    Response response = vault
        .root()
        .request(Request.write("secret/write-all", Payload.parse(json).toMap()));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(error);
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void request_moreThanALimit_isRefused() {
    Map<String, KvWrite> writes = new LinkedHashMap<>();
    for (int i = 0; i <= WriteAllPath.MAX_SECRETS; i++) {
      writes.put("k" + i, n(i));
    }
    assertFails(
        ErrorCode.LIMIT_EXCEEDED,
        "one step writes at most 1000 secrets",
        () -> store.writeAll(writes));

    writes.remove("k0");
    assertThat(store.writeAll(writes)).hasSize(WriteAllPath.MAX_SECRETS);
  }

  /** Without holding both keys in the cache back, some read sees the new one before the old. */
  @Test
  void writeAll_besideReaders_isNeverSeenInPart() throws InterruptedException {
    store.writeAll(Map.of("a", n(0), "b", n(0)));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<String> seen = new AtomicReference<>();
    List<Thread> readers = List.of(
        new Thread(() -> readInOrder("a", "b", stop, seen)),
        new Thread(() -> readInOrder("b", "a", stop, seen)));
    readers.forEach(Thread::start);
    for (int i = 1; i <= 1000 && seen.get() == null; i++) {
      store.writeAll(Map.of("a", n(i), "b", n(i)));
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }

    assertThat(seen).hasValue(null);
    assertThat(store.get("a").text("n")).isEqualTo("1000");
  }

  private void readInOrder(
      String first, String second, AtomicBoolean stop, AtomicReference<String> seen) {
    while (!stop.get()) {
      int one = store.get(first).version().number();
      int other = store.get(second).version().number();
      if (other < one) {
        seen.set(first + " at version " + one + ", then " + second + " at " + other);
        return;
      }
    }
  }
}
