package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite store that is only read: for who looks at one that no vault has open. One connection,
 * and a lock that is held over input and output on purpose.
 */
final class ReadOnlyBackend implements StorageBackend {
  private final DatabaseFile file;
  private final Ownership ownership;
  private final Reader reader;
  private final long head;
  private final Health health = new Health();
  private final ReentrantLock lock = new ReentrantLock();

  private ReadOnlyBackend(DatabaseFile file, Ownership ownership) throws SQLException {
    this.file = file;
    this.ownership = ownership;
    this.reader = Reader.ofClosed(file);
    this.head = headOr(reader);
  }

  private static long headOr(Reader reader) throws SQLException {
    try {
      return reader.head();
    } catch (SQLException | RuntimeException | Error e) {
      try (reader) {
        throw e;
      }
    }
  }

  static StorageBackend open(Path path) {
    DatabaseFile file = DatabaseFile.at(path);
    file.requireContent();
    return Ownership.open(file, owner -> new ReadOnlyBackend(file, owner));
  }

  @Override
  public Optional<Row> get(RowAddress address) {
    return read(() -> reader.get(address));
  }

  @Override
  public List<Optional<Row>> getAll(List<RowAddress> addresses) {
    return read(() -> reader.getAll(addresses));
  }

  @Override
  public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
    return read(() -> reader.children(parent, after, max));
  }

  @Override
  public List<DueRow> due(long untilSeconds, int max) {
    return read(() -> reader.due(untilSeconds, max));
  }

  /** As the file says it; a store that was not closed leaves out some. */
  @Override
  public long head() {
    health.requireUsable();
    return head;
  }

  @Override
  public void snapshot(SnapshotSink sink) {
    read(() -> {
      sink.head(head);
      reader.handTo(sink);
      return true;
    });
  }

  @Override
  public List<CommitResult> commit(List<Batch> group) {
    throw notWritten();
  }

  @Override
  public void restore(Consumer<SnapshotSink> source) {
    throw notWritten();
  }

  @Override
  public void purge() {
    throw notWritten();
  }

  private StorageException notWritten() {
    health.requireUsable();
    return new StorageException(
        "the store " + file.path() + " was opened for reading: nothing in it can be changed");
  }

  @Override
  public boolean losesDataOnClose() {
    return false;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (health.close()) {
        try (ownership) {
          reader.close();
        }
      }
    } catch (SQLException e) {
      throw SqlFailure.of(file.path(), e);
    } finally {
      lock.unlock();
    }
  }

  private interface Read<T> {
    T run() throws SQLException;
  }

  private <T> T read(Read<T> work) {
    lock.lock();
    try {
      health.requireUsable();
      return work.run();
    } catch (SQLException e) {
      throw SqlFailure.of(file.path(), e);
    } finally {
      lock.unlock();
    }
  }
}
