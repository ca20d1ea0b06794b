package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordReader.CorruptRecord;
import dev.strongroom.spi.RecordWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are nearly records of the engine; the first byte says of which kind. */
@Tag("slow")
class RecordsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final List<RecordKind<?>> KINDS = new KvVersion2(new SecureRandom())
      .records().stream().filter(kind -> kind.codec().isPresent()).toList();

  static List<byte[]> seeds() {
    VersionEntry live = new VersionEntry(NOW, Optional.empty(), /* destroyed= */ false);
    VersionEntry gone = new VersionEntry(NOW, Optional.of(NOW), /* destroyed= */ true);
    KeySettings settings = new KeySettings(7, true, false, Duration.ofHours(1), Map.of("a", "ä"));
    KeyRecord key = KeyRecord.create(5, NOW)
        .withVersion(live)
        .withVersion(gone)
        .withVersion(live)
        .withSettings(settings, NOW)
        .withoutVersionsBefore(2);
    return List.of(
        input(EngineConfig.KIND, new EngineConfig(3, true, false, Duration.ofSeconds(-1))),
        input(KeyRecord.KIND, KeyRecord.create(1, NOW)),
        input(KeyRecord.KIND, key),
        input(VersionPage.KIND, new VersionPage(Collections.nCopies(VersionPage.SIZE, gone))));
  }

  private static <T> byte[] input(RecordKind<T> kind, T value) {
    byte[] record = write(kind.codec().orElseThrow(), value);
    byte[] input = new byte[1 + record.length];
    input[0] = (byte) KINDS.indexOf(kind);
    System.arraycopy(record, 0, input, 1, record.length);
    return input;
  }

  private static <T> byte[] write(RecordCodec<T> codec, T value) {
    try (RecordWriter out = new RecordWriter()) {
      codec.write(value, out);
      return out.toBytes();
    }
  }

  @Test
  void seeds_areOfAllKinds() {
    assertThat(seeds().stream().map(RecordsFuzzTest::kind).distinct()).hasSameSizeAs(KINDS);
    assertThat(seeds()).allSatisfy(seed -> assertThat(read(seed)).isPresent());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void read_changedOrCutAtAnyPlace_isReadOrRefused(byte[] seed) {
    for (int position = 1; position < seed.length; position++) {
      for (int value : new int[] {0, 1, 2, 0x7f, 0x80, 0xff}) {
        for (int length = 1; length <= 4; length++) {
          byte[] changed = seed.clone();
          int end = Math.min(seed.length, position + length);
          Arrays.fill(changed, position, end, (byte) value);
          check(changed);
        }
      }
      check(Arrays.copyOf(seed, position));
    }
    check(Arrays.copyOf(seed, seed.length + 1));
  }

  private static void check(byte[] input) {
    try {
      requireReadOrRefused(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("it failed on " + HexFormat.of().formatHex(input), e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void read_anyBytes_areReadOrRefused(byte[] input) {
    requireReadOrRefused(input);
  }

  private static void requireReadOrRefused(byte[] input) {
    read(input).ifPresent(value -> {
      byte[] written = input(kind(input), value);
      assertThat(read(written)).contains(value);
      if (value instanceof KeyRecord key) {
        assertThat(key.keeps(key.current())).isEqualTo(key.current() >= key.firstKept());
        key.inline(key.current());
        key.inline(key.firstKept());
      }
    });
  }

  /** Reads a record with the refusals that the vault makes a {@code StorageException} of. */
  private static Optional<Object> read(byte[] input) {
    if (input.length == 0) {
      return Optional.empty();
    }
    try {
      RecordReader in = new RecordReader(Arrays.copyOfRange(input, 1, input.length));
      Object value = kind(input).codec().orElseThrow().read(in);
      in.end();
      return Optional.of(value);
    } catch (CorruptRecord | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("unchecked") // which kind it is decides what its records are
  private static RecordKind<Object> kind(byte[] input) {
    return (RecordKind<Object>) KINDS.get((input[0] & 0xff) % KINDS.size());
  }
}
