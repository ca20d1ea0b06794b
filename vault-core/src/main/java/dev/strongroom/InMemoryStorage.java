package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests and for vaults that may forget: closing it loses everything. It
 * keeps the contract of every other store. Each {@link #open()} makes a store of its own.
 */
public final class InMemoryStorage implements StorageType {
  private InMemoryStorage() {}

  public static InMemoryStorage create() {
    return new InMemoryStorage();
  }

  @Override
  public String name() {
    return "inmem";
  }

  @Override
  public StorageBackend open() {
    return new Backend();
  }

  /** Readers share the lock; a writer holds it for as long as its group takes in memory. */
  private static final class Backend implements StorageBackend {
    private static final Comparator<DueRow> BY_TIME_THEN_ID = Comparator.comparingLong(
            DueRow::atSeconds)
        .thenComparing(DueRow::id, Arrays::compareUnsigned);
    private static final byte[] LEAST_NAME = {0};

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    @GuardedBy("lock")
    private final NavigableMap<RowAddress, Row> rows = new TreeMap<>();

    @GuardedBy("lock")
    private final NavigableMap<DueRow, DueRow> due = new TreeMap<>(BY_TIME_THEN_ID);

    @GuardedBy("lock")
    private long head;

    @GuardedBy("lock")
    private boolean closed;

    @Override
    public Optional<Row> get(RowAddress address) {
      return reading(() -> Optional.ofNullable(rows.get(address)));
    }

    @Override
    public List<Optional<Row>> getAll(List<RowAddress> addresses) {
      return reading(() -> addresses.stream()
          .map(address -> Optional.ofNullable(rows.get(address)))
          .toList());
    }

    @Override
    public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
      requirePositive(max);
      RowAddress from = RowAddress.of(parent, after == null ? LEAST_NAME : after);
      return reading(() -> rows.tailMap(from, /* inclusive= */ after == null).keySet().stream()
          .takeWhile(address -> Arrays.equals(address.parent(), parent))
          .limit(max)
          .map(RowAddress::name)
          .toList());
    }

    @Override
    public List<DueRow> due(long untilSeconds, int max) {
      requirePositive(max);
      return reading(() -> due.values().stream()
          .takeWhile(row -> row.atSeconds() <= untilSeconds)
          .limit(max)
          .toList());
    }

    @Override
    public List<CommitResult> commit(List<Batch> group) {
      return writing(() -> group.stream().map(this::carryOut).toList());
    }

    @Override
    public long head() {
      return reading(() -> head);
    }

    @Override
    public void snapshot(SnapshotSink sink) {
      // Copied, because a slow sink would otherwise keep writers waiting.
      Content content =
          reading(() -> new Content(head, List.copyOf(rows.values()), List.copyOf(due.values())));
      sink.head(content.head);
      content.rows.forEach(sink::row);
      content.due.forEach(sink::due);
    }

    @Override
    public void restore(Consumer<SnapshotSink> source) {
      requireEmpty();
      RestoredContent restored = new RestoredContent();
      source.accept(restored);
      writing(() -> {
        requireEmpty();
        head = restored.requireHead();
        rows.putAll(restored.rows);
        restored.due.forEach(row -> due.put(row, row));
        return true;
      });
    }

    /** Nothing is left in a file; being closed is still told. */
    @Override
    public void purge() {
      reading(() -> true);
    }

    @Override
    public boolean losesDataOnClose() {
      return true;
    }

    @Override
    public void close() {
      lock.writeLock().lock();
      try {
        closed = true;
        rows.clear();
        due.clear();
      } finally {
        lock.writeLock().unlock();
      }
    }

    private CommitResult carryOut(Batch batch) {
      List<RowAddress> moved = batch.conditions().stream()
          .filter(condition -> !holds(condition))
          .map(Batch.Condition::address)
          .toList();
      if (!moved.isEmpty()) {
        return new CommitResult.Conflict(moved);
      }
      head++;
      batch.changes().forEach(this::carryOut);
      return new CommitResult.Committed(head);
    }

    private boolean holds(Batch.Condition condition) {
      Row row = rows.get(condition.address());
      return condition instanceof Batch.AtRevision at
          ? row != null && row.revision() == at.revision()
          : row == null;
    }

    private void carryOut(Batch.Change change) {
      if (change instanceof Batch.Put put) {
        rows.put(put.address(), new Row(put.address(), head, put.value()));
      } else if (change instanceof Batch.Delete delete) {
        rows.remove(delete.address());
      } else if (change instanceof Batch.Ensure ensure) {
        rows.putIfAbsent(ensure.address(), new Row(ensure.address(), head, new byte[0]));
      } else if (change instanceof Batch.DeleteIfChildless delete) {
        if (children(delete.children(), null, 1).isEmpty()) {
          rows.remove(delete.address());
        }
      } else if (change instanceof Batch.DueAdd add) {
        due.put(add.row(), add.row());
      } else if (change instanceof Batch.DueRemove remove) {
        due.remove(new DueRow(remove.atSeconds(), remove.id(), new byte[0]));
      }
    }

    private void requireEmpty() {
      if (head() != 0) {
        throw new StorageException(
            "a snapshot is restored into an empty store, but this one was written to");
      }
    }

    private static void requirePositive(int max) {
      if (max < 1) {
        throw new IllegalArgumentException("a page has at least 1 row, but got " + max);
      }
    }

    private <T> T reading(Supplier<T> work) {
      return holding(lock.readLock(), work);
    }

    private <T> T writing(Supplier<T> work) {
      return holding(lock.writeLock(), work);
    }

    private <T> T holding(Lock held, Supplier<T> work) {
      held.lock();
      try {
        if (closed) {
          throw new IllegalStateException("the store is closed");
        }
        return work.get();
      } finally {
        held.unlock();
      }
    }

    private record Content(long head, List<Row> rows, List<DueRow> due) {}

    /** Collects a snapshot and refuses what no store can hold. For one thread. */
    private static final class RestoredContent implements SnapshotSink {
      final NavigableMap<RowAddress, Row> rows = new TreeMap<>();
      final List<DueRow> due = new ArrayList<>();
      private @Nullable Long head;

      @Override
      public void head(long revision) {
        if (head != null || revision < 0) {
          throw new StorageException("the snapshot is damaged: its head is told twice or negative");
        }
        head = revision;
      }

      @Override
      public void row(Row row) {
        if (row.revision() < 1 || row.revision() > requireHead()) {
          throw new StorageException("the snapshot is damaged: a row has revision " + row.revision()
              + ", but its head is " + head);
        }
        if (rows.put(row.address(), row) != null) {
          throw new StorageException("the snapshot is damaged: it holds a row twice");
        }
      }

      @Override
      public void due(DueRow row) {
        due.add(row);
      }

      long requireHead() {
        if (head == null) {
          throw new StorageException("the snapshot is damaged: it does not begin with its head");
        }
        return head;
      }
    }
  }
}
