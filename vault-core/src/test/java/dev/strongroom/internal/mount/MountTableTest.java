package dev.strongroom.internal.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.mount.AuthSettings.Lockout;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordReader.CorruptRecord;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link MountTable} and its {@link MountEntry}s. */
class MountTableTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00.5Z");

  private final MountEntry secret = entry(1, "secret/");
  private final MountTable table =
      new MountTable(List.of(entry(2, "team/b/"), secret, entry(3, "team/a/")));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @Nested
  class Table {
    @Test
    void entries_areInTheOrderOfTheirPaths() {
      assertThat(paths(table)).containsExactly("secret/", "team/a/", "team/b/");
      assertThat(table.entries()).isUnmodifiable();
    }

    @Test
    void at_exactlyThePath_findsTheMount() {
      assertThat(table.at("secret/")).containsSame(secret);
      assertThat(table.at("secret")).isEmpty();
      assertThat(table.at("secret/a/")).isEmpty();
      assertThat(table.at("team/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "secret/, secret/",
      "secret/a/, secret/",
      "team/, team/a/",
      "team/b/c/d/, team/b/",
      "secrets/,",
      "sec/,",
      "team/c/,"
    })
    void overlapping_aPathAtAboveOrBelow_findsTheMount(String path, String expected) {
      assertThat(table.overlapping(path).map(MountEntry::path))
          .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void with_without_changing_returnOtherTables() {
      MountEntry fresh = entry(4, "new/");

      assertThat(paths(table.with(fresh))).containsExactly("new/", "secret/", "team/a/", "team/b/");
      assertThat(paths(table.without(entry(1, "elsewhere/")))) // by id, wherever it lies
          .containsExactly("team/a/", "team/b/");
      assertThat(paths(table.changing(secret.withPath("z/"))))
          .containsExactly("team/a/", "team/b/", "z/");
      assertThat(paths(table)).containsExactly("secret/", "team/a/", "team/b/");
    }

    @ParameterizedTest
    @CsvSource({"secret/", "secret/a/", "secret/a/b/", "team/", "team/a/x/"})
    void with_aMountAboveOrBelowAnother_isRefused(String path) {
      assertThatThrownBy(() -> table.with(entry(4, path)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("two mounts lie at or below [a-z/]+");
    }
  }

  @Nested
  class Entry {
    @Test
    void with_aChange_changesNothingElse() {
      MountEntry changed = secret
          .withPath("moved/")
          .withDescription("other")
          .withOptions(Map.of("version", "1"))
          .withSettings(MountSettings.UNSET);

      assertThat(
              List.of(changed.path(), changed.description(), changed.options(), changed.settings()))
          .containsExactly("moved/", "other", Map.of("version", "1"), MountSettings.UNSET);
      assertThat(changed.id()).isSameAs(secret.id());
      assertThat(changed.secret()).isSameAs(secret.secret());
      assertThat(changed.type()).isEqualTo("kv");
      assertThat(changed.accessor()).isEqualTo("kv_1");
      assertThat(changed.createdAt()).isEqualTo(CREATED);
      assertThat(secret.path()).isEqualTo("secret/");
    }

    @Test
    void equalsInSettings_comparesWhatTuningCanChange() {
      assertThat(secret.equalsInSettings(entry(9, "elsewhere/"))).isTrue();
      assertThat(secret.equalsInSettings(secret.withDescription("x"))).isFalse();
      assertThat(secret.equalsInSettings(secret.withOptions(Map.of()))).isFalse();
      MountSettings set = secret.settings();
      assertThat(Stream.of(
              set.withLeaseTtls(Duration.ofHours(1), set.maxLeaseTtl()),
              set.withLeaseTtls(set.defaultLeaseTtl(), Duration.ofHours(1)),
              set.withPlainKeys(PlainKeys.NONE),
              set.withVisibility(Visibility.HIDDEN),
              set.withAuth(AuthSettings.UNSET)))
          .noneMatch(changed -> secret.equalsInSettings(secret.withSettings(changed)));
    }

    @Test
    void describesEngineOf_comparesTypeAndVersion() {
      MountEntry unversioned = secret.withOptions(Map.of("other", "x"));

      assertThat(secret.engineText()).isEqualTo("kv version 2");
      assertThat(unversioned.engineText()).isEqualTo("kv");
      assertThat(secret.describesEngineOf(entry(9, "elsewhere/"))).isTrue();
      assertThat(secret.describesEngineOf(unversioned)).isFalse();
      assertThat(secret.describesEngineOf(secret.withOptions(Map.of("version", "1"))))
          .isFalse();
    }

    @Test
    void uuid_isTheId_andTheSecretIsNotPrinted() {
      assertThat(secret.uuid()).isEqualTo(new UUID(0x0101010101010101L, 0x0101010101010101L));
      assertThat(secret).hasToString("MountEntry[secret/, kv, kv_1]");
      assertThat(secret.withSharedContainer().secret()).hasSize(32).containsOnly(0);
      assertThat(secret.secret()).containsOnly(1);
    }

    @Test
    void options_areCopied() {
      Map<String, String> options = new HashMap<>(Map.of("a", "1"));
      MountEntry entry = secret.withOptions(options);
      options.clear();

      assertThat(entry.options()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void anEntryThatCannotBe_isRefused() {
      assertRefused(() -> secret.withPath("secret"), "a mount's path ends in a slash");
      assertRefused(
          () -> MountSettings.UNSET.withLeaseTtls(Duration.ofSeconds(-1), Duration.ZERO),
          "lease lifetimes are zero or more");
      assertRefused(
          () -> MountSettings.UNSET.withLeaseTtls(Duration.ZERO, Duration.ofSeconds(-1)),
          "lease lifetimes are zero or more");
      assertRefused(
          () -> entry(new byte[15], "a/", new byte[32]),
          "a mount has an id of 16 bytes and a secret of 32, but got 15 and 32");
      assertRefused(
          () -> entry(new byte[16], "a/", new byte[33]),
          "a mount has an id of 16 bytes and a secret of 32, but got 16 and 33");
    }

    private void assertRefused(Runnable making, String message) {
      assertThatThrownBy(making::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  @Nested
  class Codec {
    private final RecordCodec<MountTable> codec = MountTable.KIND.codec().orElseThrow();
    private final byte[] written = written();

    @Test
    void read_whatWasWritten_givesItBack() {
      MountTable read = read(written);

      assertThat(read.entries())
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(table.entries());
      assertThat(read(write(new MountTable(List.of()))).entries()).isEmpty();
    }

    @Test
    void read_cutAnywhere_isCorrupt() {
      for (int length = 0; length < written.length; length++) {
        byte[] cut = Arrays.copyOf(written, length);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(CorruptRecord.class);
      }
    }

    @Test
    void read_anotherFormat_isCorrupt() {
      written[0] = 2;

      assertThatThrownBy(() -> read(written)).hasMessage("format 2 is not known");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.strongroom.internal.mount.MountTableTest#seeds")
    void read_anyChange_givesATableOrARefusalAndNothingElse(long seed) {
      Random random = new Random(seed);
      written[random.nextInt(written.length)] ^= (byte) (1 << random.nextInt(8));

      try {
        assertThat(read(written).entries()).hasSizeLessThanOrEqualTo(3);
      } catch (CorruptRecord | IllegalArgumentException e) {
        assertThat(e).hasNoCause();
      }
    }

    private byte[] written() {
      return write(table);
    }

    private byte[] write(MountTable value) {
      try (RecordWriter out = new RecordWriter()) {
        codec.write(value, out);
        return out.toBytes();
      }
    }

    private MountTable read(byte[] bytes) {
      RecordReader in = new RecordReader(bytes);
      MountTable read = codec.read(in);
      in.end();
      return read;
    }
  }

  private static Stream<String> paths(MountTable table) {
    return table.entries().stream().map(MountEntry::path);
  }

  private static MountEntry entry(int number, String path) {
    byte[] id = new byte[16];
    byte[] secret = new byte[32];
    Arrays.fill(id, (byte) number);
    Arrays.fill(secret, (byte) number);
    return entry(id, path, secret);
  }

  private static MountEntry entry(byte[] id, String path, byte[] secret) {
    return new MountEntry(
        id,
        path,
        "kv",
        Map.of("version", "2"),
        "description",
        "kv_" + id[0],
        secret,
        new MountSettings(
            Duration.ZERO,
            Duration.ofDays(1),
            new PlainKeys(List.of("ttl"), List.of()),
            Visibility.UNAUTH,
            AuthSettings.UNSET
                .withTokenType(TokenTypeRule.BATCH)
                .withLockout(new Lockout(3, Duration.ofMinutes(1), Duration.ZERO, true))),
        CREATED,
        MountEntry.State.ACTIVE);
  }
}
