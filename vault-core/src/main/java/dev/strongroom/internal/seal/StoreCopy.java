package dev.strongroom.internal.seal;

import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.snapshot.SnapshotFile;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A store as a snapshot, and back. Whether the vault itself wrote a snapshot can only be checked
 * with its keys: a restored store carries what the snapshot says of itself until somebody unseals
 * it.
 */
final class StoreCopy {
  private static final String MAC_KEY = "strongroom snapshot";

  private StoreCopy() {}

  static void write(StorageBackend store, Path target, Keyring keyring) {
    withMacKey(keyring, macKey -> {
      SnapshotFile.write(store, target, macKey);
      return true;
    });
  }

  static void restore(Path snapshot, StorageBackend store, Instant now) {
    restore(snapshot, store, now, sink -> sink);
  }

  /** As {@link #restore}, but only the boot rows arrive in the store. */
  static void restoreSealOnly(
      Path snapshot, StorageBackend store, Instant now, SnapshotSink content) {
    restore(snapshot, store, now, sink -> new SealOnlySink(sink, content));
  }

  private static void restore(
      Path snapshot, StorageBackend store, Instant now, UnaryOperator<SnapshotSink> between) {
    SnapshotFile.Seal seal = SnapshotFile.check(snapshot);
    store.restore(sink -> {
      SnapshotFile.Seal read = SnapshotFile.read(
          snapshot, between.apply(new MarkingSink(sink, new StoreRecord.Restored(now, seal))));
      if (!Arrays.equals(read.digest(), seal.digest())) {
        throw new StorageException("the snapshot " + snapshot + " was changed while it was read");
      }
    });
  }

  /**
   * Checks what a restored store carries.
   *
   * @throws StorageException if this vault did not write the snapshot
   */
  static void requireGenuine(StoreRecord.Restored restored, Keyring keyring) {
    if (!withMacKey(keyring, macKey -> SnapshotFile.isGenuine(restored.seal(), macKey))) {
      throw new StorageException("the store was restored on " + restored.at()
          + " from a snapshot that this vault did not write");
    }
  }

  private static <T> T withMacKey(Keyring keyring, Function<byte[], T> work) {
    byte[] macKey = keyring.derive(MAC_KEY);
    try {
      return work.apply(macKey);
    } finally {
      Arrays.fill(macKey, (byte) 0);
    }
  }

  /** Lets nothing through but the boot rows, and tells {@code content} of everything. */
  private record SealOnlySink(SnapshotSink sink, SnapshotSink content) implements SnapshotSink {
    @Override
    public void head(long revision) {
      sink.head(revision);
      content.head(revision);
    }

    @Override
    public void row(Row row) {
      if (BootRows.isBootRow(row.address())) {
        sink.row(row);
      }
      content.row(row);
    }

    @Override
    public void due(DueRow row) {
      content.due(row);
    }
  }

  /** Puts the mark of a restored snapshot into the store's own row. */
  private record MarkingSink(SnapshotSink sink, StoreRecord.Restored mark) implements SnapshotSink {
    @Override
    public void head(long revision) {
      sink.head(revision);
    }

    @Override
    public void row(Row row) {
      sink.row(
          row.address().equals(BootRows.address(StoreRecord.NAME))
              ? new Row(
                  row.address(),
                  row.revision(),
                  StoreRecord.parse(row.value()).restoredAs(mark).toJson())
              : row);
    }

    @Override
    public void due(DueRow row) {
      sink.due(row);
    }
  }
}
