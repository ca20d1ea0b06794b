package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A SQLite store and the processes around it: a second one, a killed one, one with fewer rights.
 */
class SqliteProcessTest {
  private static final String FOREVER = String.valueOf(Integer.MAX_VALUE);

  @TempDir
  private Path folder;

  private Path file;

  @BeforeEach
  void placeFile() {
    file = folder.resolve("vault.db");
  }

  @Test
  void open_whileAnotherProcessHasTheStore_isRefusedUntilThatEnds() {
    try (ChildJvm child = ChildJvm.start(SqliteProcess.class, file.toString(), FOREVER)) {
      assertThat(child.readLine()).hasValue("open");

      assertThatThrownBy(() -> SqliteStorage.at(file).open())
          .isInstanceOf(StorageException.class)
          .hasMessage("the store " + file
              + " is open in another process; one process can use it at a time");
      assertThat(SqliteStorage.at(file).isInUse()).isTrue();
      assertThat(child.readLine()).hasValue("committed 1");
      child.kill();

      assertThat(pairs()).isPositive();
      assertThat(SqliteStorage.at(file).isInUse()).isFalse();
    }
  }

  @Test
  void open_whileThisProcessHasTheStore_isRefusedToAnother() {
    try (StorageBackend store = SqliteStorage.at(file).open()) {
      assertThatThrownBy(() -> SqliteStorage.at(file).open()).isInstanceOf(StorageException.class);
      assertThat(SqliteStorage.at(file).isInUse()).isTrue();

      assertThat(linesOf(List.of())) // a refused opener here has not given the lock away
          .containsExactly("failed: the store " + file
              + " is open in another process; one process can use it at a time");
      assertThat(store.head()).isZero();
    }
  }

  @Test
  void open_byAnotherClassLoader_isRefusedAndLeavesTheLock() throws Exception {
    List<URL> classes = new ArrayList<>();
    for (String part : ChildJvm.classPath().split(File.pathSeparator)) {
      classes.add(Path.of(part).toUri().toURL());
    }
    try (StorageBackend store = SqliteStorage.at(file).open();
        URLClassLoader loader =
            new URLClassLoader(classes.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(SqliteStorage.class.getName());
      Object storage = type.getMethod("at", Path.class).invoke(null, file);

      assertThatThrownBy(() -> type.getMethod("open").invoke(storage))
          .cause()
          .hasMessageContaining("is open in this process already");
      assertThat(linesOf(List.of())).singleElement().asString().contains("in another process");
      assertThat(store.head()).isZero();
    }
  }

  /** Kills a process again and again in the midst of its commits, on one store. */
  @Tag("slow")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void kill_duringCommits_losesNoneThatWasAcknowledged(long seed) throws SQLException {
    Random random = new Random(seed);
    int rounds = 4;
    for (int round = 0; round < rounds; round++) {
      List<String> lines = new ArrayList<>();
      try (ChildJvm child = ChildJvm.start(SqliteProcess.class, file.toString(), FOREVER)) {
        for (int left = 2 + random.nextInt(150); left > 0; left--) {
          lines.add(child.readLine().orElseThrow());
        }
        child.kill();
        lines.addAll(child.readAllLines());
      }
      assertThat(lines.get(0)).isEqualTo("open");
      int acknowledged = Integer.parseInt(lines.get(lines.size() - 1).replace("committed ", ""));
      assertThat(pairs()).isBetween(acknowledged, acknowledged + 1);
      assertSound();
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("strongroom.thorough") ? 50 : 2);
  }

  /** With the smaller limit the log cannot be written, with the larger one the file behind it. */
  @ParameterizedTest(name = "{0} MiB")
  @ValueSource(ints = {4, 20})
  void commit_diskThatRefusesToWrite_stopsTheStoreAndLosesNothing(int limit) throws SQLException {
    List<String> lines =
        linesOf(List.of("sh", "-c", "ulimit -f " + limit * 2048 + "; exec \"$@\"", "sh"));

    int committed = lines.size() - 3;
    assertThat(committed).isPositive();
    assertThat(lines).element(committed).isEqualTo("committed " + committed);
    assertThat(lines.get(committed + 1))
        .isEqualTo(
            "unknown: the store " + file
                + " had an input or output error (SQLITE_IOERR_WRITE); the store has stopped: close it and open it again");
    assertThat(lines.get(committed + 2))
        .isEqualTo(lines.get(committed + 1).replace("unknown: ", "failed: "));
    assertThat(pairs()).isBetween(committed, committed + 1);
    assertSound();
  }

  @Test
  void open_readOnlyFile_isRefused() throws IOException {
    SqliteStorage.at(file).open().close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

    assertThat(linesOf(withoutPrivileges()))
        .containsExactly("failed: the store " + file + " cannot be written by this process");
  }

  @Test
  void open_readOnlyFolder_isRefused() throws IOException {
    SqliteStorage.at(file).open().close();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
    try {
      assertThat(linesOf(withoutPrivileges()))
          .containsExactly("failed: the store " + file
              + " cannot be written: the process may not change the file or its folder");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void nativeLibrary_leavesNothingAmongTemporaryFiles() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (ChildJvm child = openWith("-Djava.io.tmpdir=" + temporary)) {
      assertThat(child.readLine()).hasValue("open");

      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void nativeLibrary_goesWhereTheHostWantsIt() throws IOException {
    Path wanted = Files.createDirectory(folder.resolve("wanted"));
    try (ChildJvm child = openWith("-Dorg.sqlite.tmpdir=" + wanted)) {
      assertThat(child.readLine()).hasValue("open");

      assertThat(wanted).isDirectoryContaining("glob:**sqlite*");
    }
  }

  /** Starts a process, with an option of its JVM, that opens the store and keeps it open. */
  private ChildJvm openWith(String option) {
    return ChildJvm.startUnder(
        List.of(), List.of(option), SqliteProcess.class, file.toString(), FOREVER);
  }

  /** Returns everything a process says that commits until it fails. */
  private List<String> linesOf(List<String> command) {
    try (ChildJvm child =
        ChildJvm.startUnder(command, List.of(), SqliteProcess.class, file.toString(), "10000")) {
      return child.readAllLines();
    }
  }

  /** Root may write everything, unless it gives that right up. */
  private static List<String> withoutPrivileges() {
    return System.getProperty("user.name").equals("root")
        ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        : List.of();
  }

  private int pairs() {
    try (StorageBackend store = SqliteStorage.at(file).open()) {
      return SqliteProcess.pairs(store);
    }
  }

  private void assertSound() throws SQLException {
    assertThat(QuickCheck.of(file)).containsExactly("ok");
  }
}
