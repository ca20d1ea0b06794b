package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open SQLite store: one connection writes and a few read beside it, because with a single one
 * reads wait for commits (2,000 to 3,000 a second and up to a second each, against 151,000 and 0.13
 * ms, measured). Locks are held over input and output on purpose: a connection serves one thread at
 * a time.
 */
final class SqliteBackend implements StorageBackend {
  private final DatabaseFile file;
  private final Ownership ownership;
  private final Health health = new Health();
  private final Readers readers;
  private final ReentrantLock snapshot = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock(/* fair= */ true);
  private final Writer writer;

  private SqliteBackend(DatabaseFile file, Ownership ownership, long maxBytes) throws SQLException {
    this.file = file;
    this.ownership = ownership;
    this.readers = new Readers(file, health);
    this.writer = Writer.of(file, maxBytes, health, snapshot::isLocked);
  }

  static SqliteBackend open(Path path, long maxBytes) {
    DatabaseFile file = DatabaseFile.at(path);
    return Ownership.open(file, owner -> {
      file.requireWritable();
      return new SqliteBackend(file, owner, maxBytes);
    });
  }

  @Override
  public Optional<Row> get(RowAddress address) {
    return read(reader -> reader.get(address));
  }

  @Override
  public List<Optional<Row>> getAll(List<RowAddress> addresses) {
    return read(reader -> reader.getAll(addresses));
  }

  @Override
  public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
    requirePositive(max);
    return read(reader -> reader.children(parent, after, max));
  }

  @Override
  public List<DueRow> due(long untilSeconds, int max) {
    requirePositive(max);
    return read(reader -> reader.due(untilSeconds, max));
  }

  @Override
  public List<CommitResult> commit(List<Batch> group) {
    writing.lock();
    try {
      health.requireUsable();
      return writer.commit(group);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public long head() {
    health.requireUsable();
    return writer.head();
  }

  /** One at a time, with a connection of its own: short reads do not wait for it. */
  @Override
  public void snapshot(SnapshotSink sink) {
    snapshot.lock();
    try {
      health.requireUsable();
      try (Reader reader = Reader.of(file)) {
        sink.head(freeze(reader));
        reader.handTo(sink);
      }
    } catch (SQLException e) {
      throw SqlFailure.of(file.path(), e);
    } finally {
      snapshot.unlock();
    }
  }

  /** Returns the head of what the reader sees: nobody commits meanwhile. */
  private long freeze(Reader reader) throws SQLException {
    writing.lock();
    try {
      reader.freeze();
      return writer.head();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void restore(Consumer<SnapshotSink> source) {
    writing.lock();
    try {
      health.requireUsable();
      writer.restore(source);
    } finally {
      writing.unlock();
    }
  }

  /** Waits for a snapshot, which needs the log. */
  @Override
  public void purge() {
    snapshot.lock();
    writing.lock();
    try {
      health.requireUsable();
      writer.purge();
    } finally {
      writing.unlock();
      snapshot.unlock();
    }
  }

  @Override
  public boolean losesDataOnClose() {
    return false;
  }

  @Override
  public void close() {
    snapshot.lock();
    writing.lock();
    try {
      if (health.close()) {
        closeConnections();
      }
    } catch (SQLException e) {
      throw SqlFailure.of(file.path(), e);
    } finally {
      writing.unlock();
      snapshot.unlock();
    }
  }

  /** The writer last: with the last connection goes the log. */
  private void closeConnections() throws SQLException {
    try (ownership) {
      try {
        readers.close();
      } finally {
        writer.close();
      }
    }
  }

  private <T> T read(Readers.Read<T> read) {
    try {
      return readers.read(read);
    } catch (SQLException e) {
      throw SqlFailure.of(file.path(), e);
    }
  }

  private static void requirePositive(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("a page has at least 1 row, but got " + max);
    }
  }
}
