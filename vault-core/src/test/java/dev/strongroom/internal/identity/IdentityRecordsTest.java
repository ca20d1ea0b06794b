package dev.strongroom.internal.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordReader.CorruptRecord;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link Entity} and {@link Group} as bytes. */
class IdentityRecordsTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final Instant UPDATED = CREATED.plusSeconds(5);
  private static final Alias ALIAS = new Alias(
      "al-1", "userpass_1", "röbert", Map.of("k", "v"), Map.of("custom", "w"), CREATED, UPDATED);
  private static final Entity ENTITY = new Entity(
      "e-1",
      "böb",
      Map.of("team", "red", "empty", ""),
      List.of("a", "b"),
      true,
      List.of(ALIAS),
      CREATED,
      UPDATED);
  private static final Group GROUP = new Group(
      "g-1", "ops", Map.of("floor", "3"), List.of("a"), List.of("e-1", "e-0"), 7, CREATED, UPDATED);

  private static <T> byte[] write(RecordCodec<T> codec, T value) {
    try (RecordWriter out = new RecordWriter()) {
      codec.write(value, out);
      return out.toBytes();
    }
  }

  private static <T> T read(RecordCodec<T> codec, byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    T value = codec.read(in);
    in.end();
    return value;
  }

  @Test
  void read_whatWasWritten_givesItBack() {
    assertThat(read(Entity.CODEC, write(Entity.CODEC, ENTITY))).isEqualTo(ENTITY);
    assertThat(read(Group.CODEC, write(Group.CODEC, GROUP))).isEqualTo(GROUP);
  }

  @Test
  void read_cutAnywhere_isCorrupt() {
    assertCutIsCorrupt(Entity.CODEC, ENTITY);
    assertCutIsCorrupt(Group.CODEC, GROUP);
  }

  private static <T> void assertCutIsCorrupt(RecordCodec<T> codec, T value) {
    byte[] written = write(codec, value);
    for (int length = 0; length < written.length; length++) {
      byte[] cut = Arrays.copyOf(written, length);
      assertThatThrownBy(() -> read(codec, cut)).isInstanceOf(CorruptRecord.class);
    }
  }

  @Test
  void with_anAliasOfThatId_takesItsPlace() {
    Alias moved = ALIAS.at("userpass_2", "rob", Map.of(), UPDATED.plusSeconds(1));
    Entity after = ENTITY.with(moved, UPDATED.plusSeconds(1));
    assertThat(after.aliases()).containsExactly(moved);
    assertThat(after.updatedAt()).isEqualTo(UPDATED.plusSeconds(1));
    assertThat(after.without(moved, UPDATED).aliases()).isEmpty();
    assertThat(moved.metadata()).isEqualTo(ALIAS.metadata());
    assertThat(moved.id()).isEqualTo("al-1");
  }

  @Test
  void without_aMember_keepsTheOthersAndCounts() {
    Group after = GROUP.without("e-1", UPDATED.plusSeconds(1));
    assertThat(after.members()).containsExactly("e-0");
    assertThat(after.changes()).isEqualTo(8);
  }
}
