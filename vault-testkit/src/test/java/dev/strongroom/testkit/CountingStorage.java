package dev.strongroom.testkit;

import dev.strongroom.InMemoryStorage;
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

/** A store in memory that counts what is written. For one thread. */
final class CountingStorage implements StorageType {
  private long rows;
  private long bytes;

  /** Rows written or removed, and the bytes of the values written. */
  record Cost(long rows, long bytes) {
    Cost max(Cost other) {
      return new Cost(Math.max(rows, other.rows), Math.max(bytes, other.bytes));
    }
  }

  /** Returns what {@code work} writes. */
  Cost of(Runnable work) {
    long rowsBefore = rows;
    long bytesBefore = bytes;
    work.run();
    return new Cost(rows - rowsBefore, bytes - bytesBefore);
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public StorageBackend open() {
    return new Backend(InMemoryStorage.create().open());
  }

  private final class Backend implements StorageBackend {
    private final StorageBackend below;

    Backend(StorageBackend below) {
      this.below = below;
    }

    @Override
    public List<CommitResult> commit(List<Batch> group) {
      group.forEach(batch -> batch.changes().forEach(change -> {
        rows++;
        if (change instanceof Batch.Put put) {
          bytes += put.value().length;
        }
      }));
      return below.commit(group);
    }

    @Override
    public Optional<Row> get(RowAddress address) {
      return below.get(address);
    }

    @Override
    public List<Optional<Row>> getAll(List<RowAddress> addresses) {
      return below.getAll(addresses);
    }

    @Override
    public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
      return below.children(parent, after, max);
    }

    @Override
    public List<DueRow> due(long untilSeconds, int max) {
      return below.due(untilSeconds, max);
    }

    @Override
    public long head() {
      return below.head();
    }

    @Override
    public void snapshot(SnapshotSink sink) {
      below.snapshot(sink);
    }

    @Override
    public void restore(Consumer<SnapshotSink> source) {
      below.restore(source);
    }

    @Override
    public void purge() {
      below.purge();
    }

    @Override
    public boolean losesDataOnClose() {
      return below.losesDataOnClose();
    }

    @Override
    public void close() {
      below.close();
    }
  }
}
