package dev.strongroom.internal.metrics;

import dev.strongroom.TimeSource;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that tells how long its reads, lists and commits take. */
final class MeteredStorage implements StorageBackend {
  private final StorageBackend store;
  private final TimeSource time;
  private final Durations reads;
  private final Durations lists;
  private final Durations commits;

  MeteredStorage(
      StorageBackend store, TimeSource time, Durations reads, Durations lists, Durations commits) {
    this.store = store;
    this.time = time;
    this.reads = reads;
    this.lists = lists;
    this.commits = commits;
  }

  private <T> T timed(Durations durations, Supplier<T> work) {
    long began = time.nanos();
    T result = work.get();
    durations.add(time.nanos() - began);
    return result;
  }

  @Override
  public Optional<Row> get(RowAddress address) {
    return timed(reads, () -> store.get(address));
  }

  @Override
  public List<Optional<Row>> getAll(List<RowAddress> addresses) {
    return timed(reads, () -> store.getAll(addresses));
  }

  @Override
  public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
    return timed(lists, () -> store.children(parent, after, max));
  }

  @Override
  public List<CommitResult> commit(List<Batch> group) {
    return timed(commits, () -> store.commit(group));
  }

  @Override
  public List<DueRow> due(long untilSeconds, int max) {
    return store.due(untilSeconds, max);
  }

  @Override
  public long head() {
    return store.head();
  }

  @Override
  public void snapshot(SnapshotSink sink) {
    store.snapshot(sink);
  }

  @Override
  public void restore(Consumer<SnapshotSink> source) {
    store.restore(source);
  }

  @Override
  public void purge() {
    store.purge();
  }

  @Override
  public boolean losesDataOnClose() {
    return store.losesDataOnClose();
  }

  @Override
  public void close() {
    store.close();
  }
}
