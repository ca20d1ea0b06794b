package dev.strongroom.storage.sqlite;

import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Up to {@value #MAX} connections for reading, opened when they are needed and lent in the order of
 * asking. Thread-safe.
 */
final class Readers {
  private static final int MAX = 4;

  private final DatabaseFile file;
  private final Health health;
  private final Semaphore permits = new Semaphore(MAX, /* fair= */ true);
  private final Deque<Reader> idle = new ConcurrentLinkedDeque<>();

  Readers(DatabaseFile file, Health health) {
    this.file = file;
    this.health = health;
  }

  interface Read<T> {
    T from(Reader reader) throws SQLException;
  }

  /** Reads with a connection that nobody else uses meanwhile. One that failed is not kept. */
  <T> T read(Read<T> read) throws SQLException {
    permits.acquireUninterruptibly();
    try {
      health.requireUsable();
      Reader kept = idle.poll();
      Reader reader = kept == null ? Reader.of(file) : kept;
      try {
        T result = read.from(reader);
        idle.push(reader);
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        try (reader) {
          throw e;
        }
      }
    } finally {
      permits.release();
    }
  }

  /** Waits for running reads and closes all connections. Nothing may be read afterwards. */
  void close() throws SQLException {
    permits.acquireUninterruptibly(MAX);
    try {
      for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
        reader.close();
      }
    } finally {
      permits.release(MAX);
    }
  }
}
