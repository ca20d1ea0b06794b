package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads the driver's native library. By itself the driver unpacks it among the temporary files that
 * everybody shares, and a killed process leaves it there; it is given a new folder that only this
 * user can enter, and that is gone once the library is loaded.
 */
final class NativeLibrary {
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String OWN_LIBRARY = "org.sqlite.lib.path";
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library, once in a process. Where the host decides itself, nothing is changed.
   *
   * @throws StorageException if there is none for this system, or it cannot be unpacked
   */
  static void load() {
    LOCK.lock();
    try {
      boolean hostDecides =
          System.getProperty(FOLDER) != null || System.getProperty(OWN_LIBRARY) != null;
      loaded = loaded || (hostDecides ? SQLiteJDBCLoader.initialize() : loadFromPrivateFolder());
    } catch (Exception e) { // the driver declares no narrower one
      throw new StorageException("the native library of SQLite cannot be loaded", e);
    } finally {
      LOCK.unlock();
    }
  }

  private static boolean loadFromPrivateFolder() throws Exception {
    Path folder = Files.createTempDirectory("strongroom-sqlite-"); // 0700
    folder.toFile().deleteOnExit(); // runs after the driver's own, which come later
    System.setProperty(FOLDER, folder.toString());
    try {
      return SQLiteJDBCLoader.initialize();
    } finally {
      System.clearProperty(FOLDER);
      deleteIfPossible(folder);
    }
  }

  /** A library in use can be deleted on Unix; elsewhere the driver deletes it at exit. */
  private static void deleteIfPossible(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // Left to the exit of the process.
    }
  }
}
