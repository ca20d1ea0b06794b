package dev.strongroom.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they were last read or written: decoded where their kind has a codec, sealed where they
 * are secret, and absences too. An entry gives way to a higher revision only, and is made nowhere
 * but here, by loading it under the entry's own lock: so neither a late reader nor a late writer
 * puts an old row over a new one. Thread-safe.
 */
final class RowCache {
  /** What an entry takes besides its content: key, address, table. */
  private static final int ENTRY_BYTES = 256;

  private final StorageBackend store;
  private final Cache<Place, Entry> entries;

  /** Counts the changes under way that hold a place. */
  private final ConcurrentHashMap<Place, Integer> held = new ConcurrentHashMap<>();

  /** A key in its container. Views are compared by identity: there is one of each container. */
  record Place(BarrierView view, StorageKey<?> key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place && view == place.view && key.equals(place.key);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(view) + key.hashCode();
    }
  }

  /**
   * A row or its absence.
   *
   * @param key as it was first asked for: it remembers its encoding, which opening the row needs
   * @param revision of the batch that wrote or deleted it; for an absence that was found by
   *     looking, that of a batch after which it was so
   * @param content the decoded record, the sealed bytes of a secret one, or null where there is no
   *     row
   */
  record Entry(
      StorageKey<?> key,
      RowAddress address,
      long revision,
      @Nullable Object content,
      int bytes) {}

  RowCache(StorageBackend store, long maxBytes) {
    this.store = store;
    this.entries = Caffeine.newBuilder()
        .maximumWeight(maxBytes)
        .weigher((Place place, Entry entry) -> ENTRY_BYTES + entry.bytes())
        .executor(Runnable::run)
        .build();
  }

  Entry get(Place place) {
    Entry entry = entries.getIfPresent(place);
    if (entry == null) {
      entry = entries.get(place, p -> held.containsKey(p) ? null : load(p));
    }
    return entry != null ? entry : load(place);
  }

  /**
   * Keeps rows that will change together out of the cache, so that everybody reads them in the
   * store, where they change at once: shown here one by one, the new row of one could be seen
   * before the old row of another.
   */
  void hold(List<Place> places) {
    places.forEach(place -> held.merge(place, 1, Integer::sum));
    places.forEach(place -> entries.asMap().compute(place, (p, entry) -> null)); // waits for loads
  }

  /** Ends {@link #hold}, when the change happened or did not. */
  void release(List<Place> places) {
    places.forEach(place -> held.computeIfPresent(place, (p, n) -> n == 1 ? null : n - 1));
  }

  /**
   * Shows what was written, unless something later is there. Where nothing is there it stays so: a
   * later write may have been here and gone. Whoever is loading the row meanwhile may have read the
   * old one, and is waited for; Caffeine's {@code computeIfPresent} would not see it.
   */
  void publish(Place place, Entry written) {
    entries
        .asMap()
        .compute(
            place,
            (p, present) ->
                present != null && present.revision() < written.revision() ? written : present);
  }

  void evict(Place place) {
    entries.invalidate(place);
  }

  void clear() {
    entries.invalidateAll();
  }

  private Entry load(Place place) {
    RowAddress address = place.view().address(place.key());
    long head = store.head();
    return store
        .get(address)
        .map(row -> new Entry(
            place.key(), address, row.revision(), content(place, row.value()), row.value().length))
        .orElseGet(() -> new Entry(place.key(), address, head, null, 0));
  }

  private static Object content(Place place, byte[] sealed) {
    return place.key().kind().codec().isPresent()
        ? decode(place.key(), place.view(), sealed)
        : sealed;
  }

  private static <T> Object decode(StorageKey<T> key, BarrierView view, byte[] sealed) {
    return Objects.requireNonNull(Records.decode(key, view.open(key, sealed)));
  }
}
