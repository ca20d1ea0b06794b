package dev.strongroom.internal.store;

import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The last row of every group of commits: how many encryptions each term has seen, and the latest
 * moment and revision known, and how far the audit has come. It becomes durable with the group, so
 * the count is never behind the data. Written by the leader of the commits only; the counts may be
 * read by anybody.
 */
final class StateRow {
  private static final StorageKey<State> KEY =
      RecordKind.attached("state", RecordCodec.of(1, State::write, State::read)).at("", "state");

  private final BarrierView system;
  private final RowAddress address;
  private final StorageBackend store;
  private final Map<Integer, Long> encryptions = new ConcurrentHashMap<>();
  private final List<Anchor> anchorsFound;
  private volatile Supplier<List<Anchor>> anchors;
  private volatile Instant latest;
  private volatile long revision;

  /** Reads the state of the store; a new store has none. */
  StateRow(BarrierView system, StorageBackend store) {
    this.system = system;
    this.store = store;
    this.address = system.address(KEY);
    Optional<Row> row = store.get(address);
    State found = row.map(there -> Records.decode(KEY, system.open(KEY, there.value())))
        .orElse(new State(0, Instant.EPOCH, Map.of(), List.of()));
    this.latest = found.latest();
    this.revision = row.map(Row::revision).orElse(0L);
    this.anchorsFound = found.anchors();
    this.anchors = () -> anchorsFound; // until somebody knows better
    encryptions.putAll(found.encryptions());
  }

  /** Returns the latest moment the store knows of. */
  Instant latest() {
    return latest;
  }

  /** Returns the revision of the last group, which a store that was set back does not have. */
  long revision() {
    return revision;
  }

  /** Notes that a group became durable, and the revision of its last batch. */
  void committed(long last) {
    revision = last;
  }

  /** Returns the anchors that the store had when it was opened. */
  List<Anchor> anchorsFound() {
    return anchorsFound;
  }

  /** Sets who knows how far the audit has come; asked with each group, so it must be fast. */
  void anchors(Supplier<List<Anchor>> source) {
    anchors = source;
  }

  long encryptions(int term) {
    return encryptions.getOrDefault(term, 0L);
  }

  /** Returns the batch that ends a group, counting what the group and this batch encrypt. */
  Batch closing(List<Batch> group, Instant now) {
    group.forEach(batch -> batch.changes().forEach(change -> {
      if (change instanceof Batch.Put put && !isBootRow(put.address())) {
        count(put.value());
      } else if (change instanceof Batch.DueAdd due) {
        count(due.row().reference());
      }
    }));
    latest = now;
    State state = new State(store.head(), now, new HashMap<>(encryptions), anchors.get());
    byte[] value = system.seal(KEY, Records.encode(KEY, state));
    count(value);
    return new Batch(List.of(), List.of(new Batch.Put(address, value)));
  }

  /** Boot rows lie under a parent of zeroes and have no term. */
  private static boolean isBootRow(RowAddress address) {
    for (byte b : address.parent()) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void count(byte[] sealed) {
    encryptions.merge(Barrier.termOf(sealed), 1L, Long::sum);
  }

  private record State(
      long revision, Instant latest, Map<Integer, Long> encryptions, List<Anchor> anchors) {
    private void write(RecordWriter out) {
      out.i64(revision).instant(latest);
      out.all(encryptions.entrySet(), (o, count) -> o.i32(count.getKey()).i64(count.getValue()));
      out.all(anchors, (o, anchor) -> anchor.write(o));
    }

    private static State read(RecordReader in) {
      long revision = in.i64();
      Instant latest = in.instant();
      Map<Integer, Long> encryptions = new HashMap<>();
      in.all(i -> Map.entry(i.i32(), i.i64()))
          .forEach(count -> encryptions.put(count.getKey(), count.getValue()));
      return new State(revision, latest, encryptions, in.all(Anchor::read));
    }
  }
}
