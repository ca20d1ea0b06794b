package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

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
    return uninterrupted(() -> {
      Ownership ownership = takeOrThrow(file);
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
    });
  }

  /**
   * Returns whether anybody has the right to a database file. To find that out it is taken for a
   * moment; a lock file is not made.
   *
   * @throws StorageException if the lock file cannot be written
   */
  static boolean isHeld(DatabaseFile file) {
    if (!Files.exists(file.lock())) {
      return false; // and nobody had it before
    }
    return uninterrupted(() -> {
      try {
        take(file).close();
        return false;
      } catch (HeldException e) {
        return true;
      }
    });
  }

  private static <T> T uninterrupted(Supplier<T> work) {
    boolean interrupted = Thread.interrupted(); // a file channel would close itself
    try {
      return work.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Ownership takeOrThrow(DatabaseFile file) {
    try {
      return take(file);
    } catch (HeldException e) {
      throw e.refusal;
    }
  }

  /** By its real path. */
  private static Ownership take(DatabaseFile file) throws HeldException {
    if (!HELD.add(file.path())) {
      throw heldHere(file);
    }
    try {
      return new Ownership(file.path(), lock(file));
    } catch (HeldException | RuntimeException | Error e) {
      HELD.remove(file.path());
      throw e;
    }
  }

  private static FileChannel lock(DatabaseFile file) throws HeldException {
    try {
      FileChannel channel = FileChannel.open(
          file.lock(),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
          DatabaseFile.ownerOnly());
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw new HeldException("the store " + file.path()
              + " is open in another process; one process can use it at a time");
        }
        return channel;
      } catch (OverlappingFileLockException e) { // by this library in another class loader
        NEVER_CLOSED.add(channel);
        throw heldHere(file);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(
          "the store " + file.path() + " cannot be locked: " + file.lock() + " cannot be written",
          e);
    }
  }

  private static HeldException heldHere(DatabaseFile file) {
    return new HeldException(
        "the store " + file.path() + " is open in this process already; close it first");
  }

  /** Somebody has the right already. */
  private static final class HeldException extends Exception {
    private static final long serialVersionUID = 1L;

    private final StorageException refusal;

    HeldException(String message) {
      super(message);
      this.refusal = new StorageException(message);
    }
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
