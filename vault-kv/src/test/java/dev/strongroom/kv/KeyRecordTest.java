package dev.strongroom.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyRecordTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final VersionEntry ENTRY = new VersionEntry(NOW, Optional.empty(), false);
  private static final String PATH = "apps/db";

  /** A key as the specification describes it, with all its entries in one map. */
  private static final class Model {
    final TreeMap<Integer, VersionEntry> entries = new TreeMap<>();
    int current;
    int oldest;

    void write(VersionEntry entry, int window) {
      current++;
      entries.put(current, entry);
      if (current - oldest >= window) {
        int lastGone = current - window;
        entries.headMap(lastGone, true).clear();
        oldest = lastGone + 1;
      }
    }

    long withData() {
      return entries.values().stream().filter(entry -> !entry.destroyed()).count();
    }
  }

  static LongStream seeds() {
    return Boolean.getBoolean("strongroom.thorough")
        ? LongStream.range(0, 400)
        : LongStream.range(0, 12);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void key_anyWritesChangesAndLimits_isAsTheModel(long seed) {
    Random random = new Random(seed);
    MapStorage storage = new MapStorage();
    Keys keys = new Keys(new SecureRandom());
    KeyRecord key = keys.create(NOW);
    keys.store(storage, PATH, key);
    Model model = new Model();
    int window = window(random);
    for (int step = 0; step < 1500; step++) {
      Instant now = NOW.plusSeconds(step);
      int choice = random.nextInt(100);
      if (choice < 75) {
        key = keys.addVersion(storage, PATH, key, config(window), data(model.current + 1), now)
            .key();
        model.write(new VersionEntry(now, Optional.empty(), false), window);
      } else if (choice < 98) {
        key = change(random, keys, storage, key, model, now);
      } else {
        window = window(random);
      }
      assertThat(storage.get(KeyRecord.KIND.at(PATH))).as("step %s", step).contains(key);
      assertSame(storage, key, model, step);
    }
    assertThat(keys.entries(storage, PATH, key)).isEqualTo(model.entries);
    for (int number : model.entries.keySet()) {
      KeyVersion version = keys.version(storage, PATH, key, number).orElseThrow();
      if (!version.entry().destroyed()) {
        assertThat(keys.data(storage, PATH, version)).isEqualTo(data(number));
      }
    }

    keys.delete(storage, PATH, key);

    assertThat(storage.count(KeyRecord.KIND)).isZero();
    assertThat(storage.count(Keys.VERSION)).isZero();
    assertThat(storage.count(VersionPage.KIND)).isZero();
  }

  private static KeyRecord change(
      Random random, Keys keys, MapStorage storage, KeyRecord key, Model model, Instant now) {
    int number = random.nextInt(model.current + 2);
    Optional<KeyVersion> version = keys.version(storage, PATH, key, number);
    assertThat(version.map(KeyVersion::entry))
        .isEqualTo(Optional.ofNullable(model.entries.get(number)));
    if (version.isEmpty()) {
      return key;
    }
    VersionEntry changed = random.nextBoolean()
        ? version.get().entry().withDeletedAt(Optional.of(now))
        : version.get().entry().withoutData();
    if (changed.destroyed()) {
      keys.destroyData(storage, PATH, key, number);
    }
    model.entries.put(number, changed);
    KeyRecord next = keys.putEntry(storage, PATH, key, number, changed);
    keys.store(storage, PATH, next);
    return next;
  }

  /** Compares what is cheap to compare at each step: counters, ends of the window, rows. */
  private static void assertSame(MapStorage storage, KeyRecord key, Model model, int step) {
    assertThat(key.current()).as("current at step %s", step).isEqualTo(model.current);
    assertThat(key.oldest()).as("oldest at step %s", step).isEqualTo(model.oldest);
    assertThat(key.entries()).as("inline entries at step %s", step).hasSizeLessThan(256);
    assertThat(storage.count(Keys.VERSION)).as("rows of data at step %s", step).isEqualTo((int)
        model.withData());
    Keys keys = new Keys(new SecureRandom());
    for (int number :
        new int[] {model.oldest - 1, model.oldest, model.current, model.current + 1}) {
      assertThat(keys.version(storage, PATH, key, number).map(KeyVersion::entry))
          .as("version %s at step %s", number, step)
          .isEqualTo(Optional.ofNullable(model.entries.get(number)));
    }
  }

  /** Small ones, and some on either side of one and more pages. */
  private static int window(Random random) {
    int[] windows = {1, 2, 10, 127, 128, 129, 255, 256, 257, 400, 1000};
    return windows[random.nextInt(windows.length)];
  }

  private static EngineConfig config(int maxVersions) {
    return new EngineConfig(maxVersions, false, false, Duration.ZERO);
  }

  private static byte[] data(int version) {
    return ("{\"n\":" + version + "}").getBytes(UTF_8);
  }

  @Nested
  class ManyVersions {
    private final MapStorage storage = new MapStorage();
    private final Keys keys = new Keys(new SecureRandom());
    private KeyRecord key = keys.create(NOW);

    @Test
    void addVersion_tenThousandTimes_rewritesAFewKilobytesEachTime() {
      for (int version = 1; version <= 10_000; version++) {
        add(65_536);
        assertThat(storage.largest(KeyRecord.KIND)).isLessThan(256 * 14 + 100);
      }

      assertThat(storage.count(VersionPage.KIND)).isEqualTo(77);
      assertThat(storage.largest(VersionPage.KIND)).isLessThan(128 * 14 + 100);
      assertThat(keys.entries(storage, PATH, key)).hasSize(10_000);
    }

    @Test
    void addVersion_beyondTheGreatestWindow_keeps65536() {
      for (int version = 1; version <= 65_537; version++) {
        add(Integer.MAX_VALUE);
      }

      assertThat(key.oldest()).isEqualTo(2);
      assertThat(storage.count(Keys.VERSION)).isEqualTo(65_536);
      assertThat(keys.version(storage, PATH, key, 1)).isEmpty();
      assertThat(keys.version(storage, PATH, key, 2)).isPresent();
    }

    @Test
    void addVersion_limitRaisedAfterPruning_keepsNoGap() {
      for (int version = 1; version <= 400; version++) {
        add(400);
      }
      add(2);
      for (int version = 1; version <= 400; version++) {
        add(1000);
      }

      assertThat(key.oldest()).isEqualTo(400);
      assertThat(keys.entries(storage, PATH, key).keySet())
          .containsExactlyElementsOf(IntStream.rangeClosed(400, 801).boxed().toList());
    }

    @Test
    void version_pageIsMissing_isDamage() {
      for (int version = 1; version <= 300; version++) {
        add(1000);
      }
      storage.deleteLater(VersionPage.KIND, PATH, "", "~");

      assertThatThrownBy(() -> keys.version(storage, PATH, key, 5))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("entries of versions are missing");
      assertThat(keys.version(storage, PATH, key, 300)).isPresent();
    }

    @Test
    void data_rowIsMissing_isDamage() {
      add(10);
      keys.destroyData(storage, PATH, key, 1);
      KeyVersion version = keys.version(storage, PATH, key, 1).orElseThrow();

      assertThatThrownBy(() -> keys.data(storage, PATH, version))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("data of a version are missing");
    }

    private void add(int window) {
      key =
          keys.addVersion(storage, PATH, key, config(window), new byte[1], NOW).key();
    }
  }

  @Nested
  class Records {
    @Test
    void create_twice_givesOtherIds() {
      Keys keys = new Keys(new SecureRandom());

      assertThat(keys.create(NOW).id()).isNotEqualTo(keys.create(NOW).id());
    }

    @Test
    void write_everythingSet_isReadAgain() {
      KeyRecord key = new KeyRecord(
          -1,
          3,
          2,
          7,
          NOW,
          NOW.plusNanos(1),
          new KeySettings(
              5, true, true, Duration.ofSeconds(90), Map.of("o", "x", "é", "\uD83D\uDD11")),
          0,
          List.of(
              new VersionEntry(NOW, Optional.of(NOW.plusSeconds(1)), true),
              new VersionEntry(NOW, Optional.empty(), false)));

      assertThat(read(write(key))).isEqualTo(key);
    }

    @ParameterizedTest(name = "current {0}, oldest {1}, paged {2}, {3} entries")
    @CsvSource({"1, 0, 0, 0", "0, 0, 0, 1", "3, 2, 0, 3", "200, 0, 128, 200", "5, 0, 128, 5"})
    void create_entriesDoNotMatchTheCounters_isRefused(
        int current, int oldest, int paged, int entries) {
      assertThatThrownBy(() -> new KeyRecord(
              1,
              current,
              oldest,
              0,
              NOW,
              NOW,
              KeySettings.DEFAULT,
              paged,
              Collections.nCopies(entries, ENTRY)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("an entry for each version");
    }

    @Test
    void read_anotherFormat_isRefused() {
      byte[] bytes = write(KeyRecord.create(1, NOW));
      bytes[0] = 2;

      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(RecordReader.CorruptRecord.class)
          .hasMessageContaining("format 2");
    }

    @Test
    void create_pageWithoutItsEntries_isRefused() {
      assertThatThrownBy(() -> new VersionPage(List.of(ENTRY)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a page has 128 entries");
    }

    @Test
    void withVersion_countersAtTheirEnd_isRefused() {
      KeyRecord key = new KeyRecord(
          1,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          NOW,
          NOW,
          KeySettings.DEFAULT,
          0,
          List.of(ENTRY));

      assertLimit(() -> key.withVersion(ENTRY));
      assertLimit(() -> key.withSettings(KeySettings.DEFAULT, NOW));
    }

    private static void assertLimit(Runnable change) {
      assertThatThrownBy(change::run)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
          .hasMessageContaining("up to 2147483647");
    }

    private static byte[] write(KeyRecord key) {
      try (RecordWriter out = new RecordWriter()) {
        KeyRecord.KIND.codec().orElseThrow().write(key, out);
        return out.toBytes();
      }
    }

    private static KeyRecord read(byte[] bytes) {
      RecordReader in = new RecordReader(bytes);
      KeyRecord key = KeyRecord.KIND.codec().orElseThrow().read(in);
      in.end();
      return key;
    }
  }
}
