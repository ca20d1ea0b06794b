package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.testkit.KvModel.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One random history of a vault and of the model beside it, on virtual time: requests of all kinds,
 * sealing, and a store that fails, dies, and comes back. After every step both show the same.
 */
final class KvHistory implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("hot", "a", "a/b", "a-b", "a/b/c", "ä/🔑", "ä/\uffee", "B");
  private static final List<String> FOLDERS = List.of("", "a/", "a/b/", "ä/", "none/");
  private static final List<Integer> WINDOWS = List.of(0, 1, 3, 12, 400, 400);
  private static final List<Integer> LIFETIMES = List.of(0, 0, 1, 90, 3_600);

  private final long seed;
  private final Random random;
  private final FaultyStorage storage;
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final String share;
  private final String token;

  private KvModel model = new KvModel();
  private Vault vault;
  private Session root;
  private int step;
  private int written;

  /** A request before it is one. */
  private record Call(Operation operation, String path, Map<String, ?> params) {
    Request request() {
      return Request.of(operation, VaultPath.parse("secret/" + path), Payload.of(params));
    }
  }

  KvHistory(long seed, FaultyStorage storage) {
    this.seed = seed;
    this.random = new Random(seed);
    this.storage = storage;
    vault = open();
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      token = keys.rootToken().exposeText();
    }
    unseal();
  }

  private Vault open() {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .mount("secret", Kv.version2())
        .open();
  }

  private void unseal() {
    try (KeyShare given = KeyShare.parse(share)) {
      assertThat(vault.unseal(given).sealed()).isFalse();
    }
    root = vault.session(ClientToken.parse(token));
  }

  private void reopen() {
    vault.close();
    storage.heal();
    vault = open();
    unseal();
    checkAll();
  }

  @Override
  public void close() {
    vault.close();
  }

  void run(int steps) {
    for (step = 1; step <= steps; step++) {
      time.advance(pause());
      switch (random.nextInt(100)) {
        case 0 -> {
          vault.seal();
          unseal();
        }
        case 1 -> reopen();
        case 2 -> {
          storage.die();
          reopen();
        }
        case 3, 4 -> storeDiesIn(anyCall());
        case 5, 6 -> commitFailsIn(anyCall());
        case 7 -> burst(pick(WINDOWS), random.nextInt(100));
        default -> bothDo(anyCall());
      }
      checkKey(pick(NAMES));
    }
    checkAll();
  }

  private Duration pause() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> Duration.ZERO;
      case 3 -> Duration.ofHours(random.nextInt(3));
      case 4 -> Duration.ofSeconds(random.nextInt(100));
      default -> Duration.ofNanos(random.nextInt(1_000_000_000));
    };
  }

  private void bothDo(Call call) {
    assertSame(call, ask(call), modelled(call, model));
  }

  /** Adds many versions to one key: more, perhaps, than a page of their entries holds. */
  void burst(int window, int versions) {
    bothDo(new Call(Operation.UPDATE, "metadata/hot", Map.of("max_versions", window)));
    for (int i = 0; i < versions; i++) {
      bothDo(new Call(Operation.UPDATE, "data/hot", Map.of("data", data())));
    }
    checkAll();
  }

  /** A commit that is refused leaves nothing; a call without one is answered as ever. */
  private void commitFailsIn(Call call) {
    KvModel after = model.copy();
    Reply expected = modelled(call, after);
    storage.failCommit(1);
    Reply seen = ask(call);
    storage.heal();
    if (seen.status() < 500) {
      assertSame(call, seen, expected);
      model = after;
    }
  }

  /**
   * A store that dies in a commit leaves nothing or everything, and nobody knows which at first.
   */
  private void storeDiesIn(Call call) {
    int survivingBatches = pick(List.of(0, 1, Integer.MAX_VALUE));
    KvModel after = model.copy();
    Reply expected = modelled(call, after);
    storage.dieInCommit(1, survivingBatches);
    Reply seen = ask(call);
    if (seen.status() < 500) {
      assertSame(call, seen, expected);
      model = after;
    } else if (survivingBatches > 0) {
      model = after;
    }
    storage.die();
    reopen();
  }

  private Reply modelled(Call call, KvModel by) {
    return by.request(call.operation, call.path, call.params, time.instant());
  }

  private Reply ask(Call call) {
    Request request = call.request();
    Answer answer = Answer.of(request, root.request(request));
    return new Reply(answer.status(), answer.at("data"));
  }

  private void assertSame(Call call, Reply seen, Reply expected) {
    assertThat(seen)
        .as("seed %d, step %d: %s %s %s", seed, step, call.operation, call.path, call.params)
        .isEqualTo(expected);
  }

  private void checkAll() {
    bothDo(new Call(Operation.READ, "config", Map.of()));
    bothDo(new Call(Operation.SCAN, "metadata/", Map.of()));
    FOLDERS.forEach(folder -> bothDo(new Call(Operation.LIST, "metadata/" + folder, Map.of())));
    for (String name : NAMES) {
      bothDo(new Call(Operation.READ, "metadata/" + name, Map.of()));
      model
          .versions(name)
          .forEach(version ->
              bothDo(new Call(Operation.READ, "data/" + name, Map.of("version", version))));
    }
  }

  private void checkKey(String name) {
    bothDo(new Call(Operation.READ, "metadata/" + name, Map.of()));
    bothDo(new Call(Operation.READ, "data/" + name, Map.of()));
    bothDo(new Call(Operation.READ, "data/" + name, Map.of("version", version(name))));
  }

  private Call anyCall() {
    String name = random.nextInt(3) == 0 ? "hot" : pick(NAMES);
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5 -> new Call(Operation.UPDATE, "data/" + name, write(name, data()));
      case 6, 7, 8 -> new Call(Operation.PATCH, "data/" + name, write(name, changes()));
      case 9 -> new Call(Operation.DELETE, "data/" + name, Map.of());
      case 10, 11 -> new Call(Operation.UPDATE, "delete/" + name, versions(name));
      case 12, 13 -> new Call(Operation.UPDATE, "undelete/" + name, versions(name));
      case 14 -> new Call(Operation.UPDATE, "destroy/" + name, versions(name));
      case 15, 16 -> new Call(Operation.UPDATE, "metadata/" + name, settings(/* patch= */ false));
      case 17, 18 -> new Call(Operation.PATCH, "metadata/" + name, settings(/* patch= */ true));
      case 19 ->
        new Call(
            random.nextInt(3) == 0 ? Operation.DELETE : Operation.READ,
            "metadata/" + name,
            Map.of());
      case 20 -> new Call(Operation.UPDATE, "config", config());
      case 21 ->
        new Call(
            Operation.READ,
            "subkeys/" + name,
            Map.of("version", version(name), "depth", random.nextInt(5) - 1));
      case 22 ->
        new Call(
            Operation.LIST,
            pick(List.of("metadata/", "detailed-metadata/")) + pick(FOLDERS),
            Map.of("after", pick(List.of("", "a", "a/", "ä", "B")), "limit", random.nextInt(4)));
      default -> new Call(Operation.SCAN, "metadata/" + pick(FOLDERS), Map.of());
    };
  }

  private Map<String, Object> write(String name, Map<String, ?> data) {
    Map<String, Object> params = new LinkedHashMap<>();
    if (random.nextInt(20) > 0) {
      params.put("data", data);
    }
    if (random.nextInt(3) == 0) {
      int cas = random.nextInt(4) == 0 ? random.nextInt(4) - 1 : model.current(name);
      params.put("options", Map.of("cas", cas));
    }
    return params;
  }

  private Map<String, Object> data() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("v", ++written);
    if (random.nextBoolean()) {
      data.put("inner", object(3));
      data.put("none", null);
    }
    return data;
  }

  private Map<String, Object> changes() {
    Map<String, @Nullable Object> changes = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      changes.put(pick(List.of("v", "inner", "inner", "none", "x")), member(3));
    }
    return changes;
  }

  private @Nullable Object member(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 0 -> null;
      case 1 -> ++written;
      case 2 -> List.of("x", written);
      case 3 -> Map.of();
      default -> object(depth - 1);
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      object.put(pick(List.of("a", "b", "c")), member(depth));
    }
    return object;
  }

  /** One that is kept, more often than not. */
  private int version(String name) {
    List<Integer> kept = model.versions(name);
    return kept.isEmpty() || random.nextInt(5) == 0
        ? random.nextInt(model.current(name) + 3) - 1
        : pick(kept);
  }

  private Map<String, ?> versions(String name) {
    return Map.of(
        "versions",
        Stream.generate(() -> version(name)).limit(random.nextInt(4)).toList());
  }

  private Map<String, Object> settings(boolean patch) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      params.put("max_versions", numberOrNull(WINDOWS, patch));
    }
    if (random.nextInt(3) == 0) {
      params.put("delete_version_after", numberOrNull(LIFETIMES, patch));
    }
    if (random.nextInt(5) == 0) {
      params.put(pick(List.of("cas_required", "metadata_cas_required")), random.nextInt(4) == 0);
    }
    if (random.nextInt(3) == 0) {
      params.put("custom_metadata", customMetadata(patch));
    }
    if (random.nextInt(4) == 0) {
      params.put("metadata_cas", random.nextInt(4));
    }
    return params;
  }

  /** A write refuses a negative one. */
  private @Nullable Integer numberOrNull(List<Integer> numbers, boolean patch) {
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1 -> patch ? pick(numbers) : Integer.valueOf(-1);
      default -> pick(numbers);
    };
  }

  private @Nullable Map<String, Object> customMetadata(boolean patch) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    Map<String, @Nullable Object> custom = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      custom.put("name" + random.nextInt(3), patch && random.nextBoolean() ? null : "x" + step);
    }
    return custom;
  }

  private Map<String, ?> config() {
    return switch (random.nextInt(6)) {
      case 0 -> Map.of("max_versions", pick(List.of(0, 1, 2, 5)));
      case 1 -> Map.of("cas_required", random.nextInt(4) == 0);
      case 2 -> Map.of("metadata_cas_required", random.nextInt(4) == 0);
      case 3 -> Map.of("delete_version_after", pick(List.of(0, -5, 60)));
      case 4 ->
        Map.of(
            "max_versions",
            0,
            "cas_required",
            false,
            "metadata_cas_required",
            false,
            "delete_version_after",
            0);
      default -> Map.of();
    };
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
