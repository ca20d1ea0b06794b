package dev.strongroom;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory that outlives the vaults that close it. */
final class KeptStorage implements StorageType {
  private StorageBackend kept = InMemoryStorage.create().open();

  /** Begins again with an empty store. */
  void clear() {
    kept = InMemoryStorage.create().open();
  }

  @Override
  public String name() {
    return "kept";
  }

  @Override
  public StorageBackend open() {
    StorageBackend store = kept;
    return new StorageBackend() {
      @Override
      public Optional<Row> get(RowAddress address) {
        return store.get(address);
      }

      @Override
      public List<Optional<Row>> getAll(List<RowAddress> addresses) {
        return store.getAll(addresses);
      }

      @Override
      public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
        return store.children(parent, after, max);
      }

      @Override
      public List<DueRow> due(long untilSeconds, int max) {
        return store.due(untilSeconds, max);
      }

      @Override
      public List<CommitResult> commit(List<Batch> group) {
        return store.commit(group);
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
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
