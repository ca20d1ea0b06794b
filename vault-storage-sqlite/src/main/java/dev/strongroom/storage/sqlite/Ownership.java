package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The right to use a database file: held by one vault in one process at a time, by a lock of the
 * operating system on {@code <file>.lock}, which ends with the process. The lock file stays, since
 * deleting it would let two processes lock two files of one name.
 *
 * <p>Such a lock belongs to the whole process and is lost when any of its descriptors of the file
 * is closed. So a second opener in this process must not even open the lock file: {@link #HELD}
 * tells it.
 */
final class Ownership implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Closing one of these would end the lock of whoever has the file open in this process. */
  private static final Collection<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private final Path file;
  private final FileChannel channel;

  private Ownership(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** What is opened by who has the right, and gives it up at its own closing. */
  interface Opening<T> {
    T by(Ownership owner) throws SQLException;
  }

  /**
   * Takes the right to a database file and opens it; what fails then gives the right up.
   *
   * @throws StorageException if another vault has it, or opening fails
   */
  static <T> T open(DatabaseFile file, Opening<T> opening) {
    boolean interrupted = Thread.interrupted(); // a file channel would close itself
    try {
      Ownership ownership = of(file.path());
      try {
        NativeLibrary.load();
        return opening.by(ownership);
      } catch (SQLException e) {
        try (ownership) {
          throw SqlFailure.of(file.path(), e);
        }
      } catch (RuntimeException | Error e) {
        try (ownership) {
          throw e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** By its real path. */
  private static Ownership of(Path file) {
    if (!HELD.add(file)) {
      throw openHere(file);
    }
    try {
      return new Ownership(file, lock(file));
    } catch (RuntimeException | Error e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static FileChannel lock(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try {
      FileChannel channel = FileChannel.open(
          lockFile,
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
          DatabaseFile.ownerOnly());
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw new StorageException("the store " + file
              + " is open in another process; one process can use it at a time");
        }
        return channel;
      } catch (OverlappingFileLockException e) { // by this library in another class loader
        NEVER_CLOSED.add(channel);
        throw openHere(file);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(
          "the store " + file + " cannot be locked: " + lockFile + " cannot be written", e);
    }
  }

  private static StorageException openHere(Path file) {
    return new StorageException(
        "the store " + file + " is open in this process already; close it first");
  }

  /** Gives the right up. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StorageException("the lock of the store " + file + " cannot be given up", e);
    } finally {
      HELD.remove(file);
    }
  }
}
