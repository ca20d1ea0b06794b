package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes; a group is one transaction. For one thread at a time,
 * {@link #head()} for every thread.
 */
final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  /**
   * So many revisions are reserved in the file at a time. Writing the head with every commit would
   * take a page more, a twentieth of its time; instead a store that was not closed leaves out what
   * was reserved.
   */
  private static final long RESERVED_REVISIONS = 1024;

  private final DatabaseFile file;
  private final Health health;
  private final BooleanSupplier longRead;
  private final Connection connection; // always in a transaction, as the driver wants it
  private final WriteAheadLog log;
  private final long ownDataVersion;
  private Tables tables;
  private volatile Revisions revisions;

  /**
   * Where the store is.
   *
   * @param head of the last committed batch
   * @param reserved what the file says: no batch has a higher one
   */
  private record Revisions(long head, long reserved) {}

  private Writer(DatabaseFile file, Connection connection, Health health, BooleanSupplier longRead)
      throws SQLException {
    this.file = file;
    this.health = health;
    this.longRead = longRead;
    this.connection = connection;
    this.log = new WriteAheadLog(connection);
    this.tables = new Tables(connection);
    this.ownDataVersion = tables.dataVersion();
    this.revisions = new Revisions(tables.head(), tables.head());
    connection.setAutoCommit(false);
  }

  /**
   * Opens the file for writing, and makes it a store if it is empty.
   *
   * @param longRead whether a reader is at work that nothing should wait for
   */
  static Writer of(DatabaseFile file, long maxBytes, Health health, BooleanSupplier longRead)
      throws SQLException {
    Connection connection = file.connectWriter(maxBytes);
    try {
      return new Writer(file, connection, health, longRead);
    } catch (SQLException | RuntimeException | Error e) {
      try (connection) {
        throw e;
      }
    }
  }

  /** Returns the revision of the last committed batch. */
  long head() {
    return revisions.head;
  }

  /** As {@code StorageBackend.commit}. */
  List<CommitResult> commit(List<Batch> group) {
    List<CommitResult> results = new ArrayList<>(group.size());
    try {
      inTransaction(() -> reserve(carryOut(group, results)));
      shortenLog(() -> log.afterCommit(pages(group), longRead.getAsBoolean()));
      health.requireUsable();
      return results;
    } catch (StorageException e) {
      if (!health.isStopped()) {
        throw e;
      }
      return group.stream()
          .<CommitResult>map(batch -> new CommitResult.Unknown(e))
          .toList();
    }
  }

  /** As {@code StorageBackend.restore}. */
  void restore(Consumer<SnapshotSink> source) {
    if (head() != 0) {
      throw new StorageException(
          "a snapshot is restored into an empty store, but this one was written to");
    }
    inTransaction(() -> {
      RestoringSink sink = new RestoringSink();
      source.accept(sink);
      return reserve(sink.finish());
    });
    shortenLog(log::empty);
  }

  /** As {@code StorageBackend.purge}. */
  void purge() {
    boolean purged;
    try {
      purged = log.empty();
    } catch (SQLException e) {
      throw logFailure(e);
    }
    if (!purged) {
      throw new StorageException("what was deleted from the store " + file.path()
          + " stays in its log for now: another program reads it");
    }
  }

  /** Writes down the head, empties the log and closes. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!health.isStopped()) {
        writeDownHead();
        shortenLog(log::empty);
      }
    }
  }

  private interface Work {
    Revisions run() throws SQLException;
  }

  private interface Step {
    void run() throws SQLException;
  }

  /**
   * Does all of the work or nothing. If that cannot be said, or the disk fails, the store stops. On
   * a full disk nothing was done: what SQLite could not write whole has no valid check sum.
   */
  private void inTransaction(Work work) {
    boolean committing = false;
    try {
      requireSoleWriter();
      Revisions after = work.run();
      committing = true;
      connection.commit();
      revisions = after;
    } catch (SQLException e) {
      StorageException failure = SqlFailure.of(file.path(), e);
      if (SqlFailure.isInputOutput(e) || (committing && !SqlFailure.isFull(e))) {
        throw health.stop(failure);
      }
      rollBack();
      throw failure;
    } catch (RuntimeException | Error e) {
      if (committing) { // it may have happened
        health.stop(new StorageException("a commit of the store " + file.path() + " broke off", e));
      } else {
        rollBack();
      }
      throw e;
    }
  }

  /** Runs in the transaction, so that nobody can write between it and the commit. */
  private void requireSoleWriter() throws SQLException {
    if (tables.dataVersion() != ownDataVersion) {
      throw health.stop(new StorageException("another program has changed the store " + file.path()
          + ", which one vault must have for itself"));
    }
  }

  /** Returns the revision of the last batch that happens. */
  private long carryOut(List<Batch> group, List<CommitResult> results) throws SQLException {
    long revision = head();
    for (Batch batch : group) {
      List<RowAddress> moved = moved(batch);
      if (moved.isEmpty()) {
        revision++;
        for (Batch.Change change : batch.changes()) {
          tables.carryOut(change, revision);
        }
        results.add(new CommitResult.Committed(revision));
      } else {
        results.add(new CommitResult.Conflict(moved));
      }
    }
    return revision;
  }

  private List<RowAddress> moved(Batch batch) throws SQLException {
    List<RowAddress> moved = new ArrayList<>(0);
    for (Batch.Condition condition : batch.conditions()) {
      if (!tables.holds(condition)) {
        moved.add(condition.address());
      }
    }
    return moved;
  }

  private Revisions reserve(long head) throws SQLException {
    long reserved = revisions.reserved;
    if (head > reserved) {
      reserved = head + RESERVED_REVISIONS;
      tables.setHead(reserved);
    }
    return new Revisions(head, reserved);
  }

  private void writeDownHead() {
    if (revisions.reserved == head()) {
      return;
    }
    try {
      inTransaction(() -> {
        tables.setHead(head());
        return new Revisions(head(), head());
      });
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "the store leaves out some revisions", e);
    }
  }

  private void rollBack() {
    try {
      rollBackOrBegin();
      tables.close();
      tables = new Tables(connection);
    } catch (SQLException e) {
      health.stop(SqlFailure.of(file.path(), e));
    }
  }

  /**
   * Where it runs out of space SQLite rolls back by itself, but the driver counts on the open
   * transaction that it began: without one, each statement of the next commit would be on its own.
   */
  private void rollBackOrBegin() throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException rollback) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
      } catch (SQLException begin) {
        begin.addSuppressed(rollback);
        throw begin;
      }
    }
  }

  private void shortenLog(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "the log of the store could not be shortened", logFailure(e));
    }
  }

  /** On a full disk the log stays, and nothing is lost; anything else stops the store. */
  private StorageException logFailure(SQLException e) {
    rollBack();
    StorageException failure = SqlFailure.of(file.path(), e);
    return SqlFailure.isFull(e) ? failure : health.stop(failure);
  }

  /** Returns about how many pages a group writes. */
  private static long pages(List<Batch> group) {
    long pages = 0;
    for (Batch batch : group) {
      for (Batch.Change change : batch.changes()) {
        pages += 2;
        pages += change instanceof Batch.Put row ? row.value().length / DatabaseFile.PAGE_BYTES : 0;
      }
    }
    return pages;
  }

  /** Writes a snapshot into the transaction and refuses what no store can hold. */
  private final class RestoringSink implements SnapshotSink {
    private long restoredHead = -1;
    private @Nullable StorageException failure;

    @Override
    public void head(long revision) {
      if (restoredHead >= 0 || revision < 0) {
        throw new StorageException("the snapshot is damaged: its head is told twice or negative");
      }
      restoredHead = revision;
    }

    @Override
    public void row(Row row) {
      if (row.revision() < 1 || row.revision() > restoredHead) {
        throw new StorageException("the snapshot is damaged: a row has revision " + row.revision()
            + ", but its head is " + restoredHead);
      }
      write(() -> tables.insert(row));
    }

    @Override
    public void due(DueRow row) {
      write(() -> tables.add(row));
    }

    /** Returns the head, if everything the source gave has been written. */
    long finish() {
      if (failure != null) { // even if the source has swallowed it
        throw failure;
      }
      if (restoredHead < 0) {
        throw new StorageException("the snapshot is damaged: it does not begin with its head");
      }
      return restoredHead;
    }

    private void write(Step step) {
      try {
        step.run();
      } catch (SQLException e) {
        failure = SqlFailure.of(file.path(), e);
        throw failure;
      }
    }
  }
}
