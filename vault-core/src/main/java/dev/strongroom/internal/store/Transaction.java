package dev.strongroom.internal.store;

import dev.strongroom.Change;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.store.RowCache.Entry;
import dev.strongroom.internal.store.RowCache.Place;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The reads and writes of one request, over any number of containers. What is read becomes a
 * condition of the batch, with the revision it had; writes wait in memory. A read-only transaction
 * remembers nothing. For one thread.
 */
public final class Transaction {
  private final Transactions owner;
  private final Mode mode;
  private final Map<Place, Entry> reads;
  private final Map<Place, Write> writes;
  private final List<Batch.Change> others;
  private final List<Batch.Condition> otherConditions;
  private final List<LongConsumer> afterCommit;
  private final List<Change> announced;
  private final List<SecretBytes> closedAfterwards;
  private @Nullable UnaryOperator<?> next;

  /** What a transaction is for. */
  enum Mode {
    READ,
    /** As {@link #READ}, but on rows fresh from the store. */
    REREAD,
    WRITE
  }

  Transaction(Transactions owner, Mode mode) {
    this.owner = owner;
    this.mode = mode;
    boolean readOnly = mode != Mode.WRITE;
    this.reads = readOnly ? Map.of() : new LinkedHashMap<>();
    this.writes = readOnly ? Map.of() : new LinkedHashMap<>();
    this.others = readOnly ? List.of() : new ArrayList<>(0);
    this.otherConditions = readOnly ? List.of() : new ArrayList<>(0);
    this.afterCommit = readOnly ? List.of() : new ArrayList<>(0);
    this.announced = readOnly ? List.of() : new ArrayList<>(0);
    this.closedAfterwards = readOnly ? List.of() : new ArrayList<>(0);
  }

  /** Returns a container's records as this transaction sees them. */
  public Storage in(BarrierView view) {
    return new View(view);
  }

  /** Adds a change that is no record: a due row, or a boot row. */
  public void add(Batch.Change change) {
    requireWritable();
    others.add(change);
  }

  /** Adds a condition about a row that is no record. */
  public void require(Batch.Condition condition) {
    requireWritable();
    otherConditions.add(condition);
  }

  /**
   * Runs {@code work} when the changes are durable and visible, before the commit returns: for what
   * follows them in memory. Given the revision of the commit; must be fast and must not fail.
   */
  public void afterCommit(LongConsumer work) {
    requireWritable();
    afterCommit.add(work);
  }

  /**
   * Goes on with {@code work} on the same thread when the changes are durable and every lock of the
   * write is released: for what takes long, or must not be undone. Not after a failed or discarded
   * write. What it returns becomes the result of the write.
   *
   * @param <R> of the write
   */
  public <R> void then(UnaryOperator<R> work) {
    requireWritable();
    if (next != null) {
      throw new IllegalStateException("one thing follows a write");
    }
    next = work;
  }

  /** Returns whether something {@link #then follows} the write. */
  public boolean isFollowed() {
    return next != null;
  }

  @SuppressWarnings("unchecked") // whoever writes knows what its write returns
  <R> UnaryOperator<R> next() {
    return next == null ? UnaryOperator.identity() : (UnaryOperator<R>) next;
  }

  /** Wipes a secret when this attempt has ended, whatever came of it. */
  public void closeAfterwards(SecretBytes secret) {
    requireWritable();
    closedAfterwards.add(secret);
  }

  /** Tells listeners of a change, when what was written is durable and visible. */
  public void announce(Change change) {
    requireWritable();
    announced.add(change);
  }

  List<Change> announced() {
    return announced;
  }

  boolean changesNothing() {
    return writes.isEmpty() && others.isEmpty();
  }

  /** Returns everything as one batch, with the values encrypted. */
  Batch toBatch() {
    List<Batch.Condition> conditions = new ArrayList<>(otherConditions);
    reads
        .values()
        .forEach(entry -> conditions.add(
            entry.content() == null
                ? new Batch.Absent(entry.address())
                : new Batch.AtRevision(entry.address(), entry.revision())));
    List<Batch.Change> changes = new ArrayList<>(writes.size() + others.size());
    Folders folders = new Folders(changes);
    writes.forEach((place, write) -> write.addTo(changes, folders, place, reads.get(place)));
    changes.addAll(others);
    return new Batch(conditions, changes);
  }

  /** Returns the places of a tree that change in one step; none where it is but one. */
  List<Place> changedTogether() {
    List<Place> places =
        writes.keySet().stream().filter(place -> place.key().kind().isTree()).toList();
    return places.size() > 1 ? places : List.of();
  }

  /** Shows to everybody what became durable with {@code revision}. */
  void publish(RowCache cache, long revision) {
    writes.forEach((place, write) -> cache.publish(place, write.asEntry(place.key(), revision)));
    afterCommit.forEach(work -> work.accept(revision));
  }

  /** Forgets what was read, which has changed meanwhile. */
  void evictReads(RowCache cache) {
    reads.keySet().forEach(cache::evict);
  }

  /** Wipes the secret bytes that were written; the transaction is of no use any more. */
  void wipe() {
    writes.values().forEach(Write::wipe);
    closedAfterwards.forEach(SecretBytes::close);
  }

  private void requireWritable() {
    if (mode != Mode.WRITE) {
      throw new IllegalStateException("a read, list or scan cannot write");
    }
  }

  /** A record to be written, or deleted where the value is null. */
  private static final class Write {
    private final @Nullable Object value;
    private @Nullable RowAddress address;
    private byte @Nullable [] sealed;

    Write(@Nullable Object value) {
      this.value = value;
    }

    void addTo(List<Batch.Change> changes, Folders folders, Place place, @Nullable Entry before) {
      RowAddress target = before != null ? before.address() : place.view().address(place.key());
      address = target;
      boolean absent = before != null && before.content() == null;
      boolean present = before != null && before.content() != null;
      if (value == null) {
        if (!absent) {
          changes.add(new Batch.Delete(target));
          folders.removeEmpty(place);
        }
        return;
      }
      if (!present) {
        folders.ensure(place);
      }
      byte[] bytes = seal(place, place.key(), value);
      sealed = bytes;
      changes.add(new Batch.Put(target, bytes));
    }

    Entry asEntry(StorageKey<?> key, long revision) {
      RowAddress target = Objects.requireNonNull(address);
      byte[] bytes = sealed;
      if (bytes == null) {
        return new Entry(key, target, revision, null, 0);
      }
      return new Entry(
          key, target, revision, value instanceof byte[] ? bytes : value, bytes.length);
    }

    void wipe() {
      if (value instanceof byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
      }
    }

    @SuppressWarnings("unchecked") // put() took the value together with its key
    private static <T> byte[] seal(Place place, StorageKey<T> key, Object value) {
      byte[] plain = Records.encode(key, (T) value);
      try {
        return place.view().seal(key, plain);
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    }
  }

  private final class View implements Storage {
    private final BarrierView view;

    View(BarrierView view) {
      this.view = view;
    }

    @Override
    public <T> Optional<T> get(StorageKey<T> key) {
      Place place = new Place(view, key);
      Write written = writes.get(place);
      if (written != null) {
        return Optional.ofNullable(copy(key, written.value));
      }
      Entry entry =
          switch (mode) {
            case READ -> owner.cached(place);
            case REREAD -> owner.reread(place);
            case WRITE -> reads.computeIfAbsent(place, owner::cached);
          };
      return Optional.ofNullable(open(key.kind(), entry));
    }

    @Override
    public <T> void put(StorageKey<T> key, T value) {
      write(key, new Write(Objects.requireNonNull(value, "value")));
    }

    @Override
    public void delete(StorageKey<?> key) {
      write(key, new Write(null));
    }

    private void write(StorageKey<?> key, Write write) {
      requireWritable();
      Write before = writes.put(new Place(view, key), write);
      if (before != null) {
        before.wipe();
      }
    }

    @Override
    public void deleteLater(RecordKind<?> kind, String owner, String from, String to) {
      requireWritable();
      Transaction.this.owner.sweeper().add(Transaction.this, view, kind, owner, from, to);
    }

    @Override
    public List<String> list(RecordKind<?> kind, String folder) {
      return owner.names(view, kind, folder);
    }

    @Override
    public List<String> someNames(RecordKind<?> kind, String folder, int max) {
      return owner.someNames(view, kind, folder, max);
    }

    @SuppressWarnings("unchecked") // the cache holds what the key's own codec made
    private <T> @Nullable T open(RecordKind<T> kind, Entry entry) {
      Object content = entry.content();
      return content == null || kind.codec().isPresent()
          ? (T) content
          : (T) view.open(entry.key(), (byte[]) content);
    }

    @SuppressWarnings("unchecked") // put() took the value together with its key
    private <T> @Nullable T copy(StorageKey<T> key, @Nullable Object value) {
      return value instanceof byte[] bytes && key.kind().codec().isEmpty()
          ? (T) bytes.clone()
          : (T) value;
    }
  }
}
