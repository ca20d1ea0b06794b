package dev.strongroom.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.InMemoryVault;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvConfig;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.storage.sqlite.SqliteStorage;
import dev.strongroom.testkit.CountingStorage.Cost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is legal comes back as it was written, however large or odd it is. */
@Tag("slow")
class LargeSecretsTest {
  private static final int MIB = 1024 * 1024;

  @Test
  @DisplayName("K-7 values of 0 bytes and of 1 MiB come back, also after opening again")
  void put_emptyAndLargeValues_comeBack(@TempDir Path folder) {
    SqliteStorage storage = SqliteStorage.at(folder.resolve("vault.db"));
    byte[] bytes = new byte[MIB];
    new Random(1).nextBytes(bytes);
    String text = "\u0000é€🔑".repeat(MIB / 10);
    Map<String, ?> large = Map.of("bytes", bytes, "text", text, "nothing", "", "none", new byte[0]);
    InitialKeys keys;
    try (Vault vault = open(storage)) {
      keys = vault.initialize(new KeyShares(1, 1));
      vault.unseal(keys.shares().get(0));
      KvStore store = KvStore.at(vault.session(keys.rootToken()), "secret");
      store.put("large", large);
      store.put("beside", Map.of());
      checkLarge(store, bytes, text);
    }
    try (Vault again = open(storage);
        keys) {
      again.unseal(keys.shares().get(0));
      checkLarge(KvStore.at(again.session(keys.rootToken()), "secret"), bytes, text);
    }
  }

  private static Vault open(SqliteStorage storage) {
    return Vault.builder().storage(storage).mount("secret", Kv.version2()).open();
  }

  private static void checkLarge(KvStore store, byte[] bytes, String text) {
    var secret = store.get("large");
    try (SecretBytes found = secret.bytes("bytes");
        SecretBytes none = secret.bytes("none")) {
      assertThat(found.matches(bytes)).isTrue();
      assertThat(none.matches(new byte[0])).isTrue();
    }
    assertThat(secret.text("text").equals(text)).isTrue();
    assertThat(secret.text("nothing")).isEmpty();
    assertThat(store.get("beside").toMap()).isEmpty();
    assertThat(store.list("")).containsExactly("beside", "large");
  }

  @Test
  void put_tenThousandVersions_costsNoMoreThanTheFirstOnes() {
    CountingStorage storage = new CountingStorage();
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    try (Vault vault = Vault.builder()
            .storage(storage)
            .time(time)
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      KvStore store = KvStore.at(vault.session(keys.rootToken()), "secret");
      store.setConfig(new KvConfig(65_536, false, Duration.ZERO));
      List<Cost> costs = new ArrayList<>();
      for (int i = 1; i <= 10_000; i++) {
        Map<String, Integer> data = Map.of("n", 10_000 + i);
        costs.add(storage.of(() -> store.put("a", data)));
      }

      Cost first = dearest(costs.subList(0, 512));
      assertThat(dearest(costs.subList(512, 10_000))).isEqualTo(first);
      assertThat(first.rows()).isLessThanOrEqualTo(4); // data, key, page, state
      assertThat(first.bytes()).isLessThan(16 * 1024);
    }
  }

  private static Cost dearest(List<Cost> costs) {
    return costs.stream().reduce(new Cost(0, 0), Cost::max);
  }

  @Test
  @DisplayName("K-7 keys of every printable character are listed and read")
  void put_keysOfAllPrintableCharacters_areListedAndRead() {
    List<String> names = namesOfAllCharacters(128);
    try (InMemoryVault vault = newVault()) {
      KvStore store = KvStore.at(vault.root(), "secret");
      for (String name : names) {
        store.put("folder " + name + "/" + name, Map.of("name", name));
      }
      assertThat(store.list(""))
          .containsExactlyElementsOf(names.stream()
              .map(name -> "folder " + name + "/")
              .sorted(Comparator.comparing(name -> name.getBytes(UTF_8), Arrays::compareUnsigned))
              .toList());
      for (String name : names) {
        assertThat(store.list("folder " + name)).containsExactly(name);
        assertThat(store.get("folder " + name + "/" + name).text("name")).isEqualTo(name);
      }
    }
  }

  /** Every character of a path but the slash, so many of them in a name. */
  private static List<String> namesOfAllCharacters(int length) {
    int[] characters = IntStream.rangeClosed(Character.MIN_CODE_POINT, Character.MAX_CODE_POINT)
        .filter(c -> c != '/' && VaultPath.isPrintable(Character.toString(c)))
        .toArray();
    assertThat(characters).hasSizeGreaterThan(130_000).contains(0x1f511, 0x20000, 0xe0100);
    return IntStream.iterate(0, from -> from < characters.length, from -> from + length)
        .mapToObj(from -> new String(characters, from, Math.min(length, characters.length - from)))
        .toList();
  }

  private static InMemoryVault newVault() {
    return Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "-0",
        "-0.0",
        "1.50",
        "1e2",
        "1E+2",
        "12345678901234567890.12345678901234567890",
        "1e-400",
        "1e-999999999"
      })
  void put_number_comesBackAsItsDigits(String number) {
    checkNumber(number);
  }

  @Test
  void put_numberOfHundredDigits_comesBackAsItsDigits() {
    checkNumber("123456789".repeat(11) + "1");
    checkNumber("-0." + "123456789".repeat(10) + "1234567");
  }

  private static void checkNumber(String number) {
    String secret = "{\"n\":" + number + ",\"list\":[" + number + "]}";
    try (InMemoryVault vault = newVault()) {
      Session root = vault.root();
      write(root, Operation.UPDATE, secret).orThrow();
      assertThat(read(root)).isEqualTo(secret);
      write(root, Operation.PATCH, "{\"x\":" + number + "}").orThrow();
      assertThat(read(root)).isEqualTo(secret.replace("]}", "],\"x\":" + number + "}"));
      assertThat(KvStore.at(root, "secret").get("a").text("n")).isEqualTo(number);
    }
  }

  @Test
  @DisplayName("K-7 a secret at the limit of depth is read, patched and described")
  void put_deepestSecret_isReadPatchedAndDescribed() {
    String deep = "{\"d\":".repeat(63) + "1" + "}".repeat(63); // with the request around it: 64
    try (InMemoryVault vault = newVault()) {
      Session root = vault.root();
      write(root, Operation.UPDATE, deep).orThrow();
      assertThat(read(root)).isEqualTo(deep);
      write(root, Operation.PATCH, deep.replace("1", "2")).orThrow();
      assertThat(read(root)).isEqualTo(deep.replace("1", "2"));
      Response subkeys = root.request(Request.read("secret/subkeys/a")).orThrow();
      assertThat(new String(subkeys.dataOrEmpty().toJson(), UTF_8))
          .contains(deep.replace("1", "null"));
      KvStore store = KvStore.at(root, "secret");
      assertThat(Payload.of(store.get("a").toMap()).toJson()).hasSameSizeAs(deep.getBytes(UTF_8));
      assertThat(store.rollback("a", 1).number()).isEqualTo(3);
    }
  }

  @Test
  void put_secretBeyondTheLimits_isRefused() {
    try (InMemoryVault vault = newVault()) {
      Session root = vault.root();
      for (String secret :
          List.of("{\"d\":".repeat(64) + "1" + "}".repeat(64), "{\"n\":" + "1".repeat(101) + "}")) {
        assertThatThrownBy(() -> write(root, Operation.UPDATE, secret))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(KvStore.at(root, "secret").list("")).isEmpty();
    }
  }

  private static Response write(Session session, Operation operation, String secret) {
    return session.request(Request.of(
        operation, VaultPath.parse("secret/data/a"), Payload.parse("{\"data\":" + secret + "}")));
  }

  private static String read(Session session) {
    Payload answer = session.request(Request.read("secret/data/a")).orThrow().dataOrEmpty();
    return new String(answer.object("data").orElseThrow().toJson(), UTF_8);
  }
}
