package dev.strongroom.testkit;

import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.util.concurrent.atomic.AtomicLong;

/** What lies in a store, seen without a vault. */
final class StoredRows {
  private StoredRows() {}

  /** Counts the rows, but for those that fall due. Nothing may have the store open. */
  static long count(StorageType storage) {
    AtomicLong count = new AtomicLong();
    try (StorageBackend backend = storage.open()) {
      backend.snapshot(new StorageBackend.SnapshotSink() {
        @Override
        public void head(long revision) {}

        @Override
        public void row(Row row) {
          count.incrementAndGet();
        }

        @Override
        public void due(DueRow row) {}
      });
    }
    return count.get();
  }
}
