package dev.strongroom.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteStorageTest {
  private static final int MIB = 1024 * 1024;
  private static final RowAddress ROW = address("row");

  @TempDir
  private Path folder;

  private Path file;

  @BeforeEach
  void placeFile() {
    file = folder.resolve("vault.db");
  }

  @Nested
  class Opening {
    @Test
    void open_newFile_isForItsOwnerOnlyAndSoIsEverythingBesideIt() throws IOException {
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));

        try (Stream<Path> files = Files.list(folder)) {
          assertThat(files)
              .allSatisfy(made -> assertThat(
                      PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                  .isEqualTo("rw-------"))
              .extracting(made -> made.getFileName().toString())
              .containsExactlyInAnyOrder(
                  "vault.db", "vault.db-wal", "vault.db-shm", "vault.db.lock");
        }
      }
    }

    @Test
    void files_areThoseThatThereAre() throws IOException {
      Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);
      assertThat(SqliteStorage.at(link).files()).isEmpty();

      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));

        assertThat(SqliteStorage.at(link).files())
            .isEqualTo(SqliteStorage.at(file).files())
            .extracting(there -> there.getFileName().toString())
            .containsExactly("vault.db", "vault.db-wal", "vault.db-shm", "vault.db.lock");
      }
      assertThat(SqliteStorage.at(file).files())
          .extracting(there -> there.getFileName().toString())
          .containsExactly("vault.db", "vault.db.lock");
    }

    @Test
    void isInUse_whileItIsOpen_andMakesNothing() {
      assertThat(SqliteStorage.at(file).isInUse()).isFalse();
      assertThat(folder).isEmptyDirectory();
      try (StorageBackend store = open()) {
        assertThat(SqliteStorage.at(file).isInUse()).isTrue();

        assertRefused("is open in this process already"); // the asking has given nothing away
        assertThat(store.head()).isZero();
      }
      assertThat(SqliteStorage.at(file).isInUse()).isFalse();
    }

    @Test
    void isInUse_lockThatCannotBeWritten_isRefused() throws IOException {
      Files.createFile(folder.resolve("elsewhere"));
      Files.createSymbolicLink(folder.resolve("vault.db.lock"), folder.resolve("elsewhere"));

      assertThatThrownBy(() -> SqliteStorage.at(file).isInUse())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cannot be locked");
    }

    @Test
    void open_emptyFile_becomesAStore() throws IOException {
      Files.createFile(file);

      try (StorageBackend store = open()) {
        assertThat(store.head()).isZero();
        assertThat(commit(store, put(ROW, "value"))).isEqualTo(new CommitResult.Committed(1));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.db", "a?mode=memory&x=1.db", "50%41#.db", "größe.db", "file:x.db"})
    void open_oddName_isJustAName(String name) {
      file = folder.resolve(name);
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));
      }

      assertThat(file).isNotEmptyFile();
      assertThat(folder.resolve(name + ".lock")).exists();
      assertRowIsThere("value");
    }

    @Test
    void open_noFolder_isRefused() {
      file = folder.resolve("none/vault.db");

      assertRefused("the folder " + folder.resolve("none") + " does not exist");
      assertThat(folder).isEmptyDirectory();
    }

    @Test
    void open_folder_isRefused() {
      file = folder;

      assertRefused("must be a file, but is a folder");
    }

    @Test
    void open_linkToNowhere_isRefused() throws IOException {
      Files.createSymbolicLink(file, folder.resolve("none.db"));

      assertRefused("is a link to a file that does not exist");
    }

    @Test
    void open_link_isTheFileBehindIt() throws IOException {
      Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));

        file = link;
        assertRefused("is open in this process already");
      }
      assertRowIsThere("value");
    }

    @Test
    void open_noDatabase_isRefusedAndLeftAsItIs() throws IOException {
      Files.writeString(file, "Dear diary, ".repeat(1000));

      assertRefused("is not a SQLite database");
      assertRefused("is not a SQLite database"); // and not: is open already
      assertThat(file).hasContent("Dear diary, ".repeat(1000));
    }

    @Test
    void open_databaseOfAnotherApplication_isRefusedAndLeftAsItIs() throws Exception {
      foreign("CREATE TABLE diary (entry TEXT)");
      byte[] before = Files.readAllBytes(file);

      assertRefused("is a SQLite database of another application");
      assertThat(file).hasBinaryContent(before);
    }

    @Test
    void open_otherFormat_isRefusedNamingBoth() throws Exception {
      open().close();
      foreign("PRAGMA user_version = 7");

      assertRefused("has format 7, but this version of the library reads format 1");
    }

    @Test
    void open_openFile_isRefused() throws IOException {
      Files.createDirectory(folder.resolve("x"));
      try (StorageBackend store = open()) {
        assertRefused("is open in this process already; close it first");
        Path spelledOtherwise = folder.resolve("x/../vault.db");
        assertThatThrownBy(() -> SqliteStorage.at(spelledOtherwise).open())
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is open in this process already");
        assertThat(commit(store, put(ROW, "value"))).isInstanceOf(CommitResult.Committed.class);
      }
    }

    @Test
    void open_closedFile_isNotAffectedByClosingTheFirstAgain() {
      StorageBackend first = open();
      commit(first, put(ROW, "value"));
      first.close();
      try (StorageBackend second = open()) {
        first.close();

        assertRefused("is open in this process already");
        assertThat(value(second, ROW)).isEqualTo("value");
      }
    }

    @Test
    void open_lockThatCannotBeMade_isRefused() throws IOException {
      Files.createSymbolicLink(folder.resolve("vault.db.lock"), folder.resolve("elsewhere"));

      assertRefused("cannot be locked");
      assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void open_interruptedThread_opensAndStaysInterrupted() {
      Thread.currentThread().interrupt();
      boolean interrupted;
      try {
        open().close();
      } finally {
        interrupted = Thread.interrupted();
      }
      assertThat(interrupted).isTrue();
    }

    @Test
    void connections_haveTheSettingsThatMakeThemSafe() throws SQLException {
      open().close();
      DatabaseFile database = DatabaseFile.at(file);
      try (Connection writer = database.connectWriter(SqliteStorage.GREATEST_MAX_BYTES);
          Connection reader = database.connectReader()) {
        for (Connection connection : List.of(writer, reader)) {
          assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
          assertThat(pragma(connection, "synchronous")).isEqualTo("2");
          assertThat(pragma(connection, "page_size")).isEqualTo("4096");
          assertThat(pragma(connection, "secure_delete")).isEqualTo("1");
          assertThat(pragma(connection, "trusted_schema")).isEqualTo("0");
          assertThat(pragma(connection, "cell_size_check")).isEqualTo("1");
          assertThat(pragma(connection, "temp_store")).isEqualTo("2");
          assertThat(pragma(connection, "wal_autocheckpoint")).isEqualTo("0");
        }
        assertThat(pragma(reader, "query_only")).isEqualTo("1");
      }
    }

    private void assertRefused(String reason) {
      assertThatThrownBy(SqliteStorageTest.this::open)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(reason)
          .hasMessageContaining(folder.toString());
    }
  }

  @Nested
  class WhenFull {
    @Test
    void commit_beyondTheLimit_changesNothingAndTheStoreGoesOn() {
      try (StorageBackend store = SqliteStorage.at(file).withMaxBytes(MIB).open()) {
        commit(store, put(ROW, "before"));
        commit(store, put(address("large"), random(MIB / 2)));
        long head = store.head();

        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> commit(
                  store,
                  put(ROW, "after"),
                  put(address("larger"), random(MIB)),
                  remove(address("large"))))
              .isInstanceOf(StorageException.class)
              .hasMessageContaining("is full")
              .hasMessageContaining("limit");
        }

        assertThat(value(store, ROW)).isEqualTo("before");
        assertThat(store.get(address("larger"))).isEmpty();
        assertThat(store.get(address("large"))).isPresent();
        assertThat(store.head()).isEqualTo(head);
        assertThat(commit(store, remove(address("large"))))
            .isEqualTo(new CommitResult.Committed(head + 1));
        assertThat(commit(store, put(address("as large"), random(MIB / 2))))
            .isEqualTo(new CommitResult.Committed(head + 2));
      }
      assertSound();
    }

    @Test
    void open_fileBeyondTheLimit_opensButDoesNotGrow() {
      try (StorageBackend store = open()) {
        commit(store, put(address("large"), random(2 * MIB)));
      }
      try (StorageBackend store = SqliteStorage.at(file).withMaxBytes(MIB).open()) {
        assertThat(store.get(address("large"))).isPresent();
        assertThatThrownBy(() -> commit(store, put(address("larger"), random(MIB))))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is full");
        commit(store, remove(address("large")));
        commit(store, put(address("smaller"), random(MIB)));
      }
      try (StorageBackend store = open()) {
        assertThat(commit(store, put(address("larger"), random(MIB))))
            .isInstanceOf(CommitResult.Committed.class);
      }
    }

    @Test
    void restore_beyondTheLimit_leavesTheStoreEmpty() {
      try (StorageBackend store = SqliteStorage.at(file).withMaxBytes(MIB).open()) {
        assertThatThrownBy(() -> store.restore(sink -> {
              sink.head(1);
              sink.row(new Row(ROW, 1, random(2 * MIB)));
            }))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is full");
        assertThat(store.head()).isZero();
        assertThat(commit(store, put(ROW, "value"))).isEqualTo(new CommitResult.Committed(1));
      }
    }

    @ParameterizedTest
    @ValueSource(
        longs = {
          Long.MIN_VALUE,
          0,
          SqliteStorage.LEAST_MAX_BYTES - 1,
          SqliteStorage.GREATEST_MAX_BYTES + 1
        })
    void withMaxBytes_outOfRange_isRefusedWithTheRange(long bytes) {
      assertThatThrownBy(() -> SqliteStorage.at(file).withMaxBytes(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the limit of a store is 1048576 to 17592186036224 bytes, but got " + bytes);
    }
  }

  @Nested
  class BesideAnotherProgram {
    @Test
    void commit_afterAForeignWrite_stopsTheStore() throws Exception {
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));
        foreign("UPDATE head SET revision = 5");

        CommitResult result = commit(store, put(ROW, "never"));

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(((CommitResult.Unknown) result).cause())
            .hasMessageContaining("another program has changed the store")
            .hasMessageContaining("close it and open it again");
        Stream.<Runnable>of(
                () -> store.get(ROW),
                () -> store.getAll(List.of(ROW)),
                () -> store.children(ROW.parent(), null, 1),
                () -> store.due(0, 1),
                () -> commit(store, put(ROW, "never")),
                store::head,
                () -> store.snapshot(new IgnoringSink()),
                () -> store.restore(sink -> sink.head(0)),
                store::purge)
            .forEach(call -> assertThatThrownBy(call::run)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("another program has changed the store"));
      }
      assertRowIsThere("value");
    }

    @Test
    void commit_whileAnotherProgramWrites_failsAndTheStoreGoesOn() throws Exception {
      try (StorageBackend store = open();
          Connection other = connect();
          Statement statement = other.createStatement()) {
        commit(store, put(ROW, "before"));
        statement.execute("BEGIN IMMEDIATE");

        assertThatThrownBy(() -> commit(store, put(ROW, "never")))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is in use by another program");
        statement.execute("ROLLBACK");
        assertThat(commit(store, put(ROW, "after"))).isEqualTo(new CommitResult.Committed(2));
      }
    }

    @Test
    void commit_whileAnotherProgramReads_happens() throws Exception {
      try (StorageBackend store = open();
          Connection other = connect();
          Statement statement = other.createStatement()) {
        commit(store, put(ROW, "before"));
        try (ResultSet reading = statement.executeQuery("SELECT * FROM row")) {
          assertThat(reading.next()).isTrue();
          commit(store, put(ROW, "after"));
        }
        assertThat(value(store, ROW)).isEqualTo("after");
      }
    }

    @Test
    void purge_whileAnotherProgramReads_saysThatItDidNotSucceed() throws Exception {
      try (StorageBackend store = open();
          Connection other = connect();
          Statement statement = other.createStatement()) {
        commit(store, put(ROW, "before"));
        try (ResultSet reading = statement.executeQuery("SELECT * FROM row")) {
          assertThat(reading.next()).isTrue();
          commit(store, remove(ROW));
          assertThatThrownBy(store::purge)
              .isInstanceOf(StorageException.class)
              .hasMessageContaining("stays in its log for now: another program reads it");
        }
        store.purge();
        assertThat(folder.resolve("vault.db-wal")).isEmptyFile();
      }
    }
  }

  @Nested
  class ForReading {
    @Test
    void reads_aClosedStore_changeNoFileAndLeaveNone() throws IOException {
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));
      }
      byte[] before = Files.readAllBytes(file);
      try (StorageBackend store = SqliteStorage.at(file).forReading().open()) {
        assertThat(value(store, ROW)).isEqualTo("value");
        assertThat(store.head()).isEqualTo(1);
        assertThat(store.getAll(List.of(ROW, address("none")))).hasSize(2);
        assertThat(store.children(new byte[RowAddress.PARENT_BYTES], null, 10)).hasSize(1);
        assertThat(store.due(Long.MAX_VALUE, 10)).isEmpty();
        store.snapshot(new IgnoringSink());
        try (Stream<Path> files = Files.list(folder)) {
          assertThat(files.map(Path::getFileName).map(Path::toString))
              .containsExactlyInAnyOrder("vault.db", "vault.db.lock");
        }
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void reads_aStoreWhoseLogWasLeftBehind_seeWhatIsInIt() throws IOException {
      Path copy = folder.resolve("copy.db");
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "value"));
        Files.copy(file, copy);
        Files.copy(folder.resolve("vault.db-wal"), folder.resolve("copy.db-wal"));
      }
      byte[] before = Files.readAllBytes(copy);
      try (StorageBackend store = SqliteStorage.at(copy).forReading().open()) {
        assertThat(value(store, ROW)).isEqualTo("value");
      }
      assertThat(Files.readAllBytes(copy)).isEqualTo(before);
      assertThat(folder.resolve("copy.db-wal")).isNotEmptyFile();
    }

    @Test
    void changes_areRefused() {
      open().close();
      try (StorageBackend store = SqliteStorage.at(file).forReading().open()) {
        Batch batch = new Batch(List.of(), List.of(put(ROW, "value")));
        assertThatThrownBy(() -> store.commit(List.of(batch)))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("opened for reading");
        assertThatThrownBy(() -> store.restore(sink -> {})).isInstanceOf(StorageException.class);
        assertThatThrownBy(store::purge).isInstanceOf(StorageException.class);
      }
    }

    @Test
    void open_withoutAStore_isRefusedAndMakesNone() throws IOException {
      assertThatThrownBy(() -> SqliteStorage.at(file).forReading().open())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("there is no store in");
      assertThat(folder).isEmptyDirectory();
      Files.writeString(file, "x".repeat(5000));
      assertThatThrownBy(() -> SqliteStorage.at(file).forReading().open())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("is not a SQLite database");
    }

    @Test
    void open_whileAVaultHasIt_isRefused() {
      try (StorageBackend store = open()) {
        assertThat(store.head()).isZero();
        assertThatThrownBy(() -> SqliteStorage.at(file).forReading().open())
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is open in this process already");
      }
    }

    @Test
    void call_afterClosing_isRefused() {
      open().close();
      StorageBackend store = SqliteStorage.at(file).forReading().open();
      store.close();
      store.close();
      assertThatThrownBy(() -> store.get(ROW)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(store::head).isInstanceOf(IllegalStateException.class);
      open().close();
    }
  }

  @Nested
  class Contents {
    @Test
    void purge_afterADeletion_leavesNothingOfIt() throws IOException {
      byte[] secret = random(10_000);
      try (StorageBackend store = open()) {
        commit(store, put(ROW, secret), put(address("other"), random(100)));
        commit(store, remove(ROW));
        store.purge();

        assertThat(folder.resolve("vault.db-wal")).isEmptyFile();
        commit(store, put(address("other"), random(100)));
      }
      byte[] content = Files.readAllBytes(file);
      for (int i = 0; i + 100 <= secret.length; i += 100) {
        assertThat(indexOf(content, Arrays.copyOfRange(secret, i, i + 16))).isNegative();
      }
    }

    @Test
    void log_ofManyCommits_staysShort() throws IOException {
      try (StorageBackend store = open()) {
        Path log = folder.resolve("vault.db-wal");
        for (int i = 0; i < 60; i++) {
          commit(store, put(address("row " + i % 4), random(MIB + i)));
          assertThat(Files.size(log)).isLessThan(40L * MIB);
        }
      }
      assertThat(folder.resolve("vault.db-wal")).doesNotExist();
      assertSound();
    }

    @Test
    void log_whileASnapshotIsTaken_growsAndIsShortenedAfterwards() throws IOException {
      Path log = folder.resolve("vault.db-wal");
      try (StorageBackend store = open()) {
        commit(store, put(ROW, "before"));
        store.snapshot(new IgnoringSink() {
          @Override
          public void row(Row row) {
            for (int i = 0; i < 50; i++) {
              commit(store, put(address("row " + i % 4), random(MIB + i)));
            }
          }
        });
        assertThat(Files.size(log)).isGreaterThan(40L * MIB);

        for (int i = 0; i < 20; i++) {
          commit(store, put(address("row " + i % 4), random(MIB + i)));
        }
        assertThat(Files.size(log)).isLessThan(40L * MIB);
      }
    }

    @Test
    void damagedPage_isToldAndDoesNotStopTheStore() throws IOException {
      try (StorageBackend store = open()) {
        for (int i = 0; i < 200; i++) {
          commit(store, put(address("%03d".formatted(i)), random(500)));
        }
      }
      int pages = (int) (Files.size(file) / DatabaseFile.PAGE_BYTES);
      byte[] garbage = new byte[DatabaseFile.PAGE_BYTES];
      Arrays.fill(garbage, (byte) 0xff);
      try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
        channel.position((long) (pages / 2) * DatabaseFile.PAGE_BYTES);
        channel.write(ByteBuffer.wrap(garbage));
      }

      try (StorageBackend store = open()) {
        assertThatThrownBy(() -> {
              for (int i = 0; i < 200; i++) {
                store.get(address("%03d".formatted(i)));
              }
            })
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is damaged");
        assertThat(store.get(address("000"))).isPresent();
        assertThat(commit(store, put(address("000"), "value")))
            .isInstanceOf(CommitResult.Committed.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE_FULL, is full",
    "SQLITE_READONLY, cannot be written",
    "SQLITE_READONLY_DIRECTORY, cannot be written",
    "SQLITE_PERM, cannot be written",
    "SQLITE_CANTOPEN, cannot be opened",
    "SQLITE_NOTADB, is not a SQLite database",
    "SQLITE_CORRUPT, is damaged; restore it from a snapshot",
    "SQLITE_CORRUPT_INDEX, is damaged; restore it from a snapshot",
    "SQLITE_BUSY, is in use by another program",
    "SQLITE_BUSY_SNAPSHOT, is in use by another program",
    "SQLITE_LOCKED, is in use by another program",
    "SQLITE_IOERR_FSYNC, had an input or output error (SQLITE_IOERR_FSYNC)",
    "SQLITE_NOMEM, failed (out of memory)",
  })
  void failure_isToldInWordsOfTheStore(SQLiteErrorCode code, String words) {
    StorageException failure =
        SqlFailure.of(Path.of("/vault.db"), new SQLiteException("out of memory", code));

    assertThat(failure).hasMessageStartingWith("the store /vault.db " + words);
  }

  private StorageBackend open() {
    return SqliteStorage.at(file).open();
  }

  private void assertRowIsThere(String value) {
    try (StorageBackend store = open()) {
      assertThat(value(store, ROW)).isEqualTo(value);
    }
  }

  /** SQLite itself finds nothing wrong with the closed file. */
  private void assertSound() {
    try (Connection connection = connect()) {
      assertThat(pragma(connection, "integrity_check")).isEqualTo("ok");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private void foreign(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA " + name)) {
      result.next();
      return result.getString(1);
    }
  }

  private static CommitResult commit(StorageBackend store, Batch.Change... changes) {
    return store.commit(List.of(new Batch(List.of(), List.of(changes)))).get(0);
  }

  private static Batch.Change put(RowAddress address, String value) {
    return put(address, value.getBytes(StandardCharsets.UTF_8));
  }

  private static Batch.Change put(RowAddress address, byte[] value) {
    return new Batch.Put(address, value);
  }

  private static Batch.Change remove(RowAddress address) {
    return new Batch.Delete(address);
  }

  private static String value(StorageBackend store, RowAddress address) {
    return new String(store.get(address).orElseThrow().value(), StandardCharsets.UTF_8);
  }

  private static RowAddress address(String name) {
    return RowAddress.of(new byte[RowAddress.PARENT_BYTES], name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static int indexOf(byte[] content, byte[] part) {
    for (int i = 0; i + part.length <= content.length; i++) {
      if (Arrays.equals(content, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  private static class IgnoringSink implements StorageBackend.SnapshotSink {
    @Override
    public void head(long revision) {}

    @Override
    public void row(Row row) {}

    @Override
    public void due(DueRow row) {}
  }
}
