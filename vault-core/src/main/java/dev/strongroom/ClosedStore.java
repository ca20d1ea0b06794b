package dev.strongroom;

import dev.strongroom.internal.seal.GivenShares;
import dev.strongroom.internal.seal.OpenKeys;
import dev.strongroom.internal.seal.SealMigration;
import dev.strongroom.internal.seal.VaultSeal;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A store that no vault has open, as its operator looks at it, or a snapshot of one. Nothing in it
 * is changed, no vault is unsealed, nothing outside is touched and nothing is audited: who can read
 * the file needs no permission. Keys are opened for one call and wiped. For one thread at a time.
 */
public final class ClosedStore implements AutoCloseable {
  private final StorageBackend store;
  private final SystemTime time = new SystemTime();
  private final VaultSeal seal;
  private final Optional<Path> snapshot;
  private final Supplier<Counting> counting;

  private ClosedStore(
      StorageBackend store,
      Optional<Seal> automatic,
      Optional<Path> snapshot,
      Supplier<Counting> counting) {
    this.store = store;
    this.seal =
        new VaultSeal(store, automatic, SealMigration.NONE, time, new SecureRandom(), () -> {});
    this.snapshot = snapshot;
    this.counting = counting;
  }

  /**
   * Opens a store.
   *
   * @param storage best one that is opened for reading only
   * @param automatic the seal that opens it, if it is not sealed by key shares; closed with this
   * @throws StorageException if it cannot be opened, or is of an unknown format
   */
  public static ClosedStore open(StorageType storage, Optional<Seal> automatic) {
    StorageBackend store = storage.open();
    return reading(
        new ClosedStore(store, automatic, Optional.empty(), () -> Counting.contentOf(store)));
  }

  /**
   * Opens a snapshot. It is read whole: what this returns is not damaged. Whether this vault wrote
   * it shows when keys are tried.
   *
   * @param automatic as in {@link #open}
   * @throws StorageException if it is not a snapshot, or damaged
   */
  public static ClosedStore openSnapshot(Path snapshot, Optional<Seal> automatic) {
    StorageBackend store = InMemoryStorage.create().open();
    Counting counted = new Counting();
    try (SystemTime time = new SystemTime()) {
      VaultSeal.restoreSealOnly(snapshot, store, time.instant(), counted);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
    return reading(new ClosedStore(store, automatic, Optional.of(snapshot), () -> counted));
  }

  private static ClosedStore reading(ClosedStore opened) {
    try {
      opened.seal.read();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** Returns how the store is sealed, which it always is. */
  public SealStatus sealStatus() {
    return new SealStatus(
        seal.isInitialized(),
        /* sealed= */ true,
        seal.currentType(),
        seal.shares(),
        0,
        Optional.empty(),
        /* migrating= */ false);
  }

  /** Returns what the store tells without a key. Reads all of it. */
  public StoreSummary summary() {
    Counting counted = counting.get();
    return new StoreSummary(
        seal.storeId().map(ClosedStore::uuid),
        seal.createdAt(),
        counted.head,
        counted.rows,
        counted.dueRows);
  }

  private static UUID uuid(byte[] id) {
    ByteBuffer bytes = ByteBuffer.wrap(id);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /**
   * Tries keys. More shares than are needed must all fit together; those that wait to replace
   * others open as well, and go on waiting.
   *
   * @param shares of the unseal key, or recovery shares, which the automatic seal then confirms;
   *     none where that seal is to open alone
   * @throws VaultException with code {@code INVALID_REQUEST} if they do not open it, or are not
   *     enough; {@code NOT_INITIALIZED}; {@code STORAGE_FAILED} if they open it, but it was changed
   *     outside the vault, or is a snapshot that this vault did not write; or with the code of the
   *     seal's failure
   */
  public void requireOpenedBy(List<KeyShare> shares) {
    openKeys(shares).wipe();
  }

  /**
   * Writes a snapshot, as {@link Vault#snapshot} does.
   *
   * @param target replaced if it exists
   * @param shares as in {@link #requireOpenedBy}
   * @throws VaultException as {@link #requireOpenedBy}, and with code {@code STORAGE_FAILED} if it
   *     cannot be written
   * @throws IllegalStateException if this is a snapshot
   */
  public void snapshot(Path target, List<KeyShare> shares) {
    if (snapshot.isPresent()) {
      throw new IllegalStateException("this is a snapshot: copy the file");
    }
    OpenKeys keys = openKeys(shares);
    try {
      VaultSeal.snapshot(store, target, keys.keyring());
    } finally {
      keys.wipe();
    }
  }

  private OpenKeys openKeys(List<KeyShare> shares) {
    try (GivenShares given = new GivenShares()) {
      for (KeyShare share : shares) {
        byte[] bytes = share.exposeBytes();
        try {
          VaultSeal.requireLength(bytes);
          given.add(bytes);
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
      }
      return seal.openForReading(given);
    } catch (StorageException e) {
      throw snapshot.isEmpty()
          ? e
          : new StorageException(
              "the snapshot " + snapshot.get() + " is not one that this vault wrote", e);
    }
  }

  /** Closes the store and the seal. */
  @Override
  public void close() {
    try (time;
        store) {
      seal.close();
    }
  }

  /** Counts what a store holds. */
  private static final class Counting implements SnapshotSink {
    private long head;
    private long rows;
    private long dueRows;

    static Counting contentOf(StorageBackend store) {
      Counting counted = new Counting();
      store.snapshot(counted);
      return counted;
    }

    @Override
    public void head(long revision) {
      head = revision;
    }

    @Override
    public void row(Row row) {
      if (row.revision() < 1 || row.revision() > head) {
        throw new StorageException("the store or snapshot is damaged: a row has revision "
            + row.revision() + ", but its head is " + head);
      }
      rows++;
    }

    @Override
    public void due(DueRow row) {
      dueRows++;
    }
  }
}
