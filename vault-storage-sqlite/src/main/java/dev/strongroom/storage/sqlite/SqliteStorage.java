package dev.strongroom.storage.sqlite;

import dev.strongroom.Beta;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A store in a SQLite file, for a vault in one process. What was committed survives a crash and a
 * loss of power. Immutable and thread-safe.
 *
 * <p>Beside the file lie, while it is open, SQLite's {@code -wal} and {@code -shm}, and always
 * {@code .lock}, which keeps a second vault out. All are made for the owner of the process only;
 * the folder must be on a local disk. A copy of the open file is no backup: take a snapshot of the
 * vault.
 *
 * <p>Deleted content is overwritten with zeroes, though not at once: file and {@code -wal} may hold
 * it until {@link StorageBackend#purge()} or until the store is closed, and without either until
 * some 32 MiB more have been committed.
 *
 * <p>The driver's native library is unpacked into a new private folder, removed once it is loaded
 * where the system allows that. An application that sets {@code org.sqlite.tmpdir} or
 * {@code org.sqlite.lib.path} decides itself. From JDK 24 on the JVM warns of a native library
 * unless it is started with {@code --enable-native-access=org.xerial.sqlitejdbc}, or
 * {@code ALL-UNNAMED} where the driver is on the class path. Threads wait inside the driver's
 * native calls: a virtual thread holds its carrier meanwhile.
 */
public final class SqliteStorage implements StorageType {
  static final long LEAST_MAX_BYTES = 1024L * 1024;

  /** SQLite's own limit. */
  static final long GREATEST_MAX_BYTES = 4_294_967_294L * DatabaseFile.PAGE_BYTES;

  private final Path file;
  private final long maxBytes;

  private SqliteStorage(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /**
   * A store in {@code file}, which is made when the store is opened for the first time. Its folder
   * must exist. Links are followed.
   */
  public static SqliteStorage at(Path file) {
    return new SqliteStorage(Objects.requireNonNull(file, "file"), GREATEST_MAX_BYTES);
  }

  /**
   * Limits the size of the file. A commit that needs more fails, and the store can be used further.
   * A file that is larger already does not grow. The {@code -wal} beside it comes on top: up to 32
   * MiB, and more while a snapshot is taken.
   *
   * @param bytes 1,048,576 (1 MiB) to 17,592,186,036,224 (16 TiB), rounded down to pages of 4,096;
   *     default: the greatest
   */
  public SqliteStorage withMaxBytes(long bytes) {
    if (bytes < LEAST_MAX_BYTES || bytes > GREATEST_MAX_BYTES) {
      throw new IllegalArgumentException("the limit of a store is " + LEAST_MAX_BYTES + " to "
          + GREATEST_MAX_BYTES + " bytes, but got " + bytes);
    }
    return new SqliteStorage(file, bytes);
  }

  /**
   * The same store, to be looked at while no vault has it open: nothing in it can be changed, and
   * it is not made where there is none. Beside the file only {@code .lock} is written, and what a
   * vault that crashed left in {@code -wal} stays there.
   */
  public StorageType forReading() {
    return new ForReading(file);
  }

  /**
   * Returns the files of the store that there are at this moment, by their real paths: the file
   * itself first, then {@code -wal}, {@code -shm} and {@code .lock}.
   *
   * @throws StorageException if there cannot be a store: no folder, or something else is there
   */
  @Beta(until = "others than the strongroom command have asked it")
  public List<Path> files() {
    return DatabaseFile.at(file).files();
  }

  /**
   * Returns whether anybody has the store open at this moment, in this process or another. Who
   * opens it while this is found out may be refused. Nothing is made.
   *
   * @throws StorageException if there cannot be a store, or its {@code .lock} cannot be written
   */
  @Beta(until = "others than the strongroom command have asked it")
  public boolean isInUse() {
    return Ownership.isHeld(DatabaseFile.at(file));
  }

  private record ForReading(Path file) implements StorageType {
    @Override
    public String name() {
      return "sqlite";
    }

    @Override
    public StorageBackend open() {
      return ReadOnlyBackend.open(file);
    }
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public StorageBackend open() {
    return SqliteBackend.open(file, maxBytes);
  }

  @Override
  public String toString() {
    return "SqliteStorage[" + file + "]";
  }
}
