package dev.strongroom.kv;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys and their versions in a mount's storage. The window of versions, what leaves it, and when a
 * version expires are decided here (OpenBao v2.6.2 {@code builtin/logical/kv/path_data.go},
 * {@code delete_version_after.go}).
 */
final class Keys {
  /** The data of a version: a JSON object, as text. */
  static final RecordKind<byte[]> VERSION = RecordKind.secretAttached("version");

  /** More versions than this are not kept, whatever a setting says. */
  static final int MAX_VERSIONS = 65_536;

  private static final int DEFAULT_VERSIONS = 10;

  /** Rows removed within one request; what is more goes in the background. */
  private static final int MAX_ROWS = 64;

  private final SecureRandom random;

  Keys(SecureRandom random) {
    this.random = random;
  }

  Optional<KeyRecord> find(Storage storage, String path) {
    return isKey(path) ? storage.get(KeyRecord.KIND.at(path)) : Optional.empty();
  }

  /** Returns whether a path can name a key: it is not a folder. */
  static boolean isKey(String path) {
    return !path.isEmpty() && !path.endsWith("/");
  }

  KeyRecord create(Instant now) {
    return KeyRecord.create(random.nextLong(), now);
  }

  void store(Storage storage, String path, KeyRecord key) {
    storage.put(KeyRecord.KIND.at(path), key);
  }

  /**
   * Returns the version that a read names by its parameter {@code version}, the newest if that is
   * not positive; empty if the key does not keep it.
   */
  Optional<KeyVersion> asked(Call call) {
    String path = call.captured("path");
    Storage storage = call.storage();
    Optional<KeyRecord> key = find(storage, path);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    long wanted = call.integer("version").orElse(0);
    return version(storage, path, key.get(), wanted > 0 ? wanted : key.get().current());
  }

  /** Returns a version that the key keeps. */
  Optional<KeyVersion> version(Storage storage, String path, KeyRecord key, long number) {
    if (!key.keeps(number)) {
      return Optional.empty();
    }
    int kept = (int) number;
    Optional<VersionEntry> inline = key.inline(kept);
    VersionEntry entry =
        inline.isPresent() ? inline.get() : page(storage, path, key, kept).entry(kept);
    return Optional.of(new KeyVersion(key, kept, entry));
  }

  /** Returns the entries of all versions the key keeps. */
  SortedMap<Integer, VersionEntry> entries(Storage storage, String path, KeyRecord key) {
    SortedMap<Integer, VersionEntry> all = new TreeMap<>();
    int version = key.firstKept();
    while (version < key.firstInline()) {
      VersionPage page = page(storage, path, key, version);
      for (int end = endOfPage(version); version <= end; version++) {
        all.put(version, page.entry(version));
      }
    }
    for (VersionEntry entry : key.entries()) {
      all.put(version++, entry);
    }
    return all;
  }

  /**
   * Returns the data of a live version.
   *
   * @throws StorageException if they are not there: the version went meanwhile, or the store is
   *     damaged
   */
  byte[] data(Storage storage, String path, KeyVersion version) {
    return storage
        .get(versionKey(path, version.key(), version.number()))
        .orElseThrow(
            () -> new StorageException("the store is damaged: the data of a version are missing"));
  }

  /** As {@link #data}, parsed. */
  Map<String, @Nullable Object> members(Storage storage, String path, KeyVersion version) {
    byte[] json = data(storage, path, version);
    try {
      return Payload.parse(json).toMap();
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /**
   * Adds a version, and removes what leaves the window.
   *
   * @param data taken over
   */
  KeyVersion addVersion(
      Storage storage, String path, KeyRecord key, EngineConfig config, byte[] data, Instant now) {
    VersionEntry entry =
        new VersionEntry(now, lifetime(key, config).map(now::plus), /* destroyed= */ false);
    KeyRecord grown = key.withVersion(entry);
    storage.put(versionKey(path, grown, grown.current()), data);
    KeyRecord kept = moveToPage(storage, path, prune(storage, path, grown, config));
    store(storage, path, kept);
    return new KeyVersion(kept, kept.current(), entry);
  }

  /**
   * Adds what a mount of version 1 held at a path. Its window counts from version 1, as in the
   * reference ({@code upgrade.go}); a key that somebody made meanwhile gets one version more.
   *
   * @param data taken over
   */
  void addConverted(Storage storage, String path, byte[] data, Instant now) {
    KeyRecord key = find(storage, path).orElseGet(() -> create(now).withoutVersionsBefore(1));
    addVersion(storage, path, key, EngineConfig.load(storage), data, now);
  }

  /** Returns how long a version lives that is made, or restored, now; empty: for ever. */
  static Optional<Duration> lifetime(KeyRecord key, EngineConfig config) {
    Duration ofMount = config.deleteVersionAfter();
    Duration ofKey = key.settings().deleteVersionAfter();
    if (ofMount.isNegative() || (ofMount.isZero() && ofKey.isZero())) {
      return Optional.empty();
    }
    boolean keysCounts = ofMount.isZero() || (!ofKey.isZero() && ofKey.compareTo(ofMount) < 0);
    return Optional.of(keysCounts ? ofKey : ofMount);
  }

  /**
   * Changes the entry of a version that the key keeps, wherever it lies. Returns the key, which the
   * caller stores if it is another one then.
   */
  KeyRecord putEntry(Storage storage, String path, KeyRecord key, int version, VersionEntry entry) {
    if (key.inline(version).isPresent()) {
      return key.withEntry(version, entry);
    }
    storage.put(
        pageKey(path, key, VersionPage.of(version)),
        page(storage, path, key, version).with(version, entry));
    return key;
  }

  /** Removes the data of a version for good. */
  void destroyData(Storage storage, String path, KeyRecord key, int version) {
    storage.delete(versionKey(path, key, version));
  }

  /** Removes a key with all its versions. */
  void delete(Storage storage, String path, KeyRecord key) {
    remove(storage, VERSION, path, key, key.firstKept(), key.current());
    remove(storage, VersionPage.KIND, path, key, VersionPage.of(key.firstKept()), lastPage(key));
    storage.delete(KeyRecord.KIND.at(path));
  }

  private static KeyRecord prune(Storage storage, String path, KeyRecord key, EngineConfig config) {
    int wanted = Math.max(key.settings().maxVersions(), config.maxVersions());
    int window = wanted == 0 ? DEFAULT_VERSIONS : Math.min(wanted, MAX_VERSIONS);
    if (key.current() - key.oldest() < window) {
      return key;
    }
    int lastGone = key.current() - window;
    KeyRecord pruned = key.withoutVersionsBefore(lastGone + 1);
    int lastPageGone = Math.min(VersionPage.of(pruned.firstKept()) - 1, lastPage(key));
    remove(storage, VERSION, path, key, key.firstKept(), lastGone);
    remove(storage, VersionPage.KIND, path, key, VersionPage.of(key.firstKept()), lastPageGone);
    return pruned;
  }

  /**
   * Moves the older half of the entries out of the key's record when it holds two pages of them.
   */
  private static KeyRecord moveToPage(Storage storage, String path, KeyRecord key) {
    int end = endOfPage(key.firstInline());
    if (key.current() - end < VersionPage.SIZE) {
      return key;
    }
    List<VersionEntry> entries = new ArrayList<>();
    for (int version = end - VersionPage.SIZE + 1; version <= end; version++) {
      // What left the window before its page was full has no entry any more; nobody asks for it.
      entries.add(key.inline(Math.max(version, key.firstInline())).orElseThrow());
    }
    storage.put(pageKey(path, key, VersionPage.of(end)), new VersionPage(entries));
    return key.withPagedUpTo(end);
  }

  private static VersionPage page(Storage storage, String path, KeyRecord key, int version) {
    return storage
        .get(pageKey(path, key, VersionPage.of(version)))
        .orElseThrow(
            () -> new StorageException("the store is damaged: entries of versions are missing"));
  }

  /** Returns the last version of the page that a version lies in. */
  private static int endOfPage(int version) {
    return (VersionPage.of(version) + 1) * VersionPage.SIZE;
  }

  /** Returns the number of the last page that was written; -1 before the first. */
  private static int lastPage(KeyRecord key) {
    return key.paged() / VersionPage.SIZE - 1;
  }

  private static void remove(
      Storage storage, RecordKind<?> kind, String path, KeyRecord key, int from, int to) {
    int direct = Math.max(from, to - MAX_ROWS + 1);
    for (int number = direct; number <= to; number++) {
      storage.delete(kind.at(path, name(key, number)));
    }
    if (from < direct) {
      storage.deleteLater(kind, path, name(key, from), name(key, direct - 1));
    }
  }

  private static StorageKey<byte[]> versionKey(String path, KeyRecord key, int version) {
    return VERSION.at(path, name(key, version));
  }

  private static StorageKey<VersionPage> pageKey(String path, KeyRecord key, int page) {
    return VersionPage.KIND.at(path, name(key, page));
  }

  /** The key's id, then the number, in hex of fixed length: names in order of the numbers. */
  private static String name(KeyRecord key, int number) {
    return HexFormat.of()
        .formatHex(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
            .putLong(key.id())
            .putInt(number)
            .array());
  }
}
