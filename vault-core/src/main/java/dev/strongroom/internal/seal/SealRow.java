package dev.strongroom.internal.seal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The seal's row as it is stored. In memory, so that the status of a vault, and sealing it, never
 * depend on a store that may have failed. Thread-safe; reading and writing the store is for one
 * thread at a time.
 */
final class SealRow {
  private final StorageBackend store;

  @GuardedBy("this")
  private Optional<SealRecord> record = Optional.empty();

  @GuardedBy("this")
  private long revision;

  SealRow(StorageBackend store) {
    this.store = store;
  }

  /**
   * Reads the row.
   *
   * @throws StorageException if it is of an unknown format
   */
  void load() {
    Optional<Row> row = store.get(BootRows.address(SealRecord.NAME));
    Optional<SealRecord> read = row.map(found -> SealRecord.parse(found.value()));
    synchronized (this) {
      record = read;
      revision = row.map(Row::revision).orElse(0L);
    }
  }

  /** Returns what the row holds; empty before there is one. */
  synchronized Optional<SealRecord> record() {
    return record;
  }

  /** Returns what initialising has confirmed; empty before that. */
  Optional<SealRecord> initialized() {
    return record().filter(known -> known.progress() != SealRecord.Progress.PENDING);
  }

  /** What the row holds, and the condition that it still does. */
  record Known(SealRecord record, Batch.Condition unchanged) {}

  /** Returns what the row holds now; there must be one. */
  synchronized Known known() {
    return new Known(record.orElseThrow(), unchanged());
  }

  /** Returns the condition that nobody has stored another record. */
  synchronized Batch.Condition unchanged() {
    return new Batch.AtRevision(BootRows.address(SealRecord.NAME), revision);
  }

  static Batch.Put put(SealRecord successor) {
    return new Batch.Put(BootRows.address(SealRecord.NAME), successor.toJson());
  }

  /** Follows a record that was stored by a commit of that revision. */
  synchronized void follow(SealRecord stored, long commit) {
    if (commit > revision) {
      record = Optional.of(stored);
      revision = commit;
    }
  }

  /**
   * Stores a record, and what else belongs to it, or nothing.
   *
   * @return the revision of both
   * @throws StorageException if nothing was stored, or that is not known
   */
  long replace(SealRecord successor, List<Batch.Condition> conditions, List<Batch.Change> changes) {
    List<Batch.Condition> required = new ArrayList<>(conditions);
    required.add(unchanged());
    List<Batch.Change> written = new ArrayList<>(changes);
    written.add(put(successor));
    CommitResult result = store.commit(List.of(new Batch(required, written))).get(0);
    if (!(result instanceof CommitResult.Committed committed)) {
      throw new StorageException("the seal's row could not be written: " + result);
    }
    follow(successor, committed.revision());
    return committed.revision();
  }
}
