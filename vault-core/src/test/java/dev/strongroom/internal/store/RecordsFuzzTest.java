package dev.strongroom.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.CorsRules;
import dev.strongroom.Mutations;
import dev.strongroom.internal.identity.Alias;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.Group;
import dev.strongroom.internal.mount.AuthSettings;
import dev.strongroom.internal.mount.AuthSettings.Lockout;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.MountSettings;
import dev.strongroom.internal.mount.MountTable;
import dev.strongroom.internal.mount.PlainKeys;
import dev.strongroom.internal.mount.Visibility;
import dev.strongroom.internal.policy.PolicyRecord;
import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are nearly records, of every kind there is; the first byte says which. */
class RecordsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final List<RecordKind<?>> KINDS = StoredKinds.all();

  /** A record of each kind. */
  static List<byte[]> seeds() {
    return List.of(
        written("token", token()),
        written("token-role", role()),
        written(
            "policy", new PolicyRecord("text", 1, false, Optional.of(NOW), NOW, true, false, true)),
        written("mounts", new MountTable(List.of(mount("kv/"), mount("secret/")))),
        written("rotation", new KeyRotation.Config(true, 1_000_000, Duration.ofDays(1))),
        written("entity", entity()),
        written("group", group()),
        written("alias", "entity"),
        written("memberships", List.of("group", "other")),
        written("password-policy", "length = 8"),
        written("ended", true),
        written("uses", 3L),
        written("accessor", "päivä 🔑"),
        written("child", ""),
        written("login-token", "hash"),
        written("disabled-auth", true),
        written("removed-entity", true),
        written("token-lease", "hash"),
        written("lease-of-token", "db/creds/a/x"),
        written("lease-of-mount", "db/creds/a/x"),
        written("lease-irrevocable", "db/creds/a/x"),
        written("lease-prefix", out -> out.text("db/").instant(NOW)),
        written("outside-released", "digest"),
        written("state", out -> {
          out.i64(7).instant(NOW);
          out.all(List.of(1, 2), (o, term) -> o.i32(term).i64(5));
          out.all(
              List.of("a", "b"),
              (o, digit) -> o.text("device").text(digit.repeat(32)).i64(7).text(digit.repeat(64)));
        }),
        written(
            "audit-devices",
            out -> out.all(List.of("file", "other"), (o, name) -> o.text(name)
                .text("id")
                .text("file")
                .text("description")
                .texts(Map.of("file_path", "a"))
                .text("salt")
                .flag(true))),
        written(
            "audit-headers",
            out -> out.all(List.of("x-a", "x-b"), (o, name) -> o.text(name).flag(true))),
        written("cors", new CorsRules(List.of("https://a", "https://b"), List.of("x-a"), true)),
        written(
            "versions",
            out -> out.all(
                List.of("1.0", "1.1"),
                (o, version) -> o.text(version).text("built").instant(NOW))),
        written("sweep", out -> {
          out.bytes(new byte[64]);
          out.all(List.of("key", "page"), (o, kind) -> o.text(kind).flag(true));
          out.flag(true).text("owner").text("from").text("to");
        }));
  }

  private static TokenRecord token() {
    return new TokenRecord(
        TokenRecord.State.ACTIVE,
        TokenType.SERVICE,
        Optional.of("parent"),
        "accessor",
        "cubbyhole",
        List.of("default", "root"),
        "auth/token/create",
        Optional.of("role"),
        Optional.of("entity"),
        Map.of("k", "v"),
        "token",
        3,
        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::1")),
        NOW,
        Optional.of(NOW),
        Duration.ofSeconds(60),
        Duration.ofHours(2),
        Duration.ofHours(1),
        true,
        Optional.of(NOW),
        Optional.of(new TokenRecord.Issuer("auth_1", Map.of("role", "r"))));
  }

  private static RoleRecord role() {
    return new RoleRecord(
        List.of("a"),
        List.of("b-*"),
        List.of("c"),
        List.of("*d*"),
        true,
        false,
        "suffix",
        Duration.ofHours(1),
        Duration.ofHours(2),
        List.of(Cidr.parse("10.0.0.0/8")),
        TokenTypeRule.DEFAULT_BATCH,
        3,
        true,
        List.of("alias*"),
        Set.of("period"));
  }

  private static Entity entity() {
    Alias alias = new Alias("id", "auth_1", "name", Map.of("k", "v"), Map.of("c", "d"), NOW, NOW);
    return new Entity(
        "id", "name", Map.of("k", "v"), List.of("p"), true, List.of(alias, alias), NOW, NOW);
  }

  private static Group group() {
    return new Group(
        "id", "name", Map.of("k", "v"), List.of("p"), List.of("entity", "other"), 3, NOW, NOW);
  }

  private static MountEntry mount(String path) {
    return new MountEntry(
        new byte[16],
        path,
        "kv",
        Map.of("version", "2"),
        "text",
        "kv_1",
        new byte[32],
        new MountSettings(
            Duration.ZERO,
            Duration.ofDays(1),
            new PlainKeys(List.of("ttl"), List.of()),
            Visibility.UNAUTH,
            AuthSettings.UNSET
                .withTokenType(TokenTypeRule.BATCH)
                .withLockout(new Lockout(3, Duration.ofMinutes(1), Duration.ZERO, true))),
        NOW,
        MountEntry.State.ACTIVE);
  }

  private static byte[] written(String kind, Object value) {
    return input(kind, Records.encode(key(kindOf(kind)), value));
  }

  private static byte[] written(String kind, Consumer<RecordWriter> write) {
    try (RecordWriter out = new RecordWriter()) {
      write.accept(out.u8(1));
      return input(kind, out.toBytes());
    }
  }

  private static byte[] input(String kind, byte[] record) {
    byte[] input = new byte[1 + record.length];
    input[0] = (byte) KINDS.indexOf(kindOf(kind));
    System.arraycopy(record, 0, input, 1, record.length);
    return input;
  }

  private static RecordKind<?> kindOf(String name) {
    return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }

  @SuppressWarnings("unchecked") // which kind it is decides what its records are
  private static StorageKey<Object> key(RecordKind<?> kind) {
    return (StorageKey<Object>) (kind.isTree() ? kind.at("path") : kind.at("owner", "name"));
  }

  @Test
  void seeds_areOfAllKinds() {
    Set<Integer> seeded = seeds().stream().map(seed -> (int) seed[0]).collect(Collectors.toSet());
    assertThat(KINDS.stream().filter(kind -> !seeded.contains(KINDS.indexOf(kind))))
        .as("kinds without a record to begin with")
        .isEmpty();
    seeds().forEach(seed -> assertThat(decoded(seed)).isPresent());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void decode_mutatedRecord_isReadOrRefused(long seed) {
    Mutations.run(seed, 5_000, seeds(), this::decode_anyBytes_areReadOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void decode_anyBytes_areReadOrRefused(byte[] input) {
    decoded(input).ifPresent(value -> {
      StorageKey<Object> key = key(KINDS.get((input[0] & 0xff) % KINDS.size()));
      byte[] written = Records.encode(key, value);
      int length = written.length;
      assertThat(Records.encode(key, Records.decode(key, written))).hasSize(length);
    });
  }

  /** Reads a record as the store does; empty if it was refused. */
  private static Optional<Object> decoded(byte[] input) {
    if (input.length == 0) {
      return Optional.empty();
    }
    StorageKey<Object> key = key(KINDS.get((input[0] & 0xff) % KINDS.size()));
    try {
      return Optional.of(Records.decode(key, Arrays.copyOfRange(input, 1, input.length)));
    } catch (StorageException e) {
      assertThat(e).hasMessageStartingWith("a record of kind " + key.kind() + " is corrupt");
      return Optional.empty();
    }
  }
}
