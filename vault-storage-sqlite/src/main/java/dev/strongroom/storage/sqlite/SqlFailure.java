package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means for the store, and in words. */
final class SqlFailure {
  private SqlFailure() {}

  /** Returns the failure in words of the store. */
  static StorageException of(Path file, SQLException e) {
    return new StorageException("the store " + file + " " + inWords(e), e);
  }

  private static String inWords(SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL -> "is full: the disk has no space left, or the file has reached its limit";
      case SQLITE_READONLY, SQLITE_PERM ->
        "cannot be written: the process may not change the file or its folder";
      case SQLITE_CANTOPEN ->
        "cannot be opened: the process may not read it, or may not make files beside it";
      case SQLITE_NOTADB -> "is not a SQLite database";
      case SQLITE_CORRUPT -> "is damaged; restore it from a snapshot";
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> "is in use by another program";
      case SQLITE_IOERR -> "had an input or output error (" + code(e).name() + ")";
      case SQLITE_CONSTRAINT -> "was given a row twice";
      default -> "failed (" + e.getMessage() + ")";
    };
  }

  static boolean isFull(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_FULL;
  }

  static boolean isInputOutput(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_IOERR;
  }

  /** The general kind of an error code is its lowest byte. */
  private static SQLiteErrorCode primary(SQLException e) {
    return SQLiteErrorCode.getErrorCode(code(e).code & 0xff);
  }

  private static SQLiteErrorCode code(SQLException e) {
    return e instanceof SQLiteException known
        ? known.getResultCode()
        : SQLiteErrorCode.getErrorCode(e.getErrorCode());
  }
}
