package dev.strongroom.storage.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps SQLite's write-ahead log short, on the thread that has just committed: one commit in some
 * hundreds pays with milliseconds for all of them, and there is no thread to stop. Copying the log
 * into the file beside readers (PASSIVE) lets it begin anew only in a moment without any, so busy
 * readers would let it grow without end. Emptying it (TRUNCATE) waits for them, which is short:
 * once all is copied, new readers do not need the log. It is done rarely, because while the log
 * grows a commit takes half as long again as while it is written over (measured). For the writer's
 * thread.
 */
final class WriteAheadLog {
  private static final long COPY_PAGES = 16L * 1024 * 1024 / DatabaseFile.PAGE_BYTES;
  private static final long EMPTY_PAGES = 2 * COPY_PAGES;
  private static final long MEASURE_PAGES = COPY_PAGES / 16;

  private final Connection connection;
  private long pagesSinceMeasured;
  private long pagesAtLastCopy;

  WriteAheadLog(Connection connection) {
    this.connection = connection;
  }

  /**
   * Shortens the log after a commit, if it is time to.
   *
   * @param pages about as many as the commit has written
   * @param longRead whether a read goes on that is not worth waiting for
   */
  void afterCommit(long pages, boolean longRead) throws SQLException {
    pagesSinceMeasured += pages;
    if (pagesSinceMeasured >= MEASURE_PAGES) {
      pagesSinceMeasured = 0;
      shorten(run("NOOP").pages, longRead);
    }
  }

  private void shorten(long pages, boolean longRead) throws SQLException {
    pagesAtLastCopy = Math.min(pagesAtLastCopy, pages); // less: it has begun anew
    if (pages - pagesAtLastCopy >= COPY_PAGES) {
      pagesAtLastCopy = pages; // also if it fails: not again at every commit
      if (longRead || pages < EMPTY_PAGES) {
        run("PASSIVE");
      } else {
        empty();
      }
    }
  }

  /**
   * Copies everything into the file and empties the log. Returns false if a reader did not end in
   * time.
   */
  boolean empty() throws SQLException {
    if (run("TRUNCATE").busy) {
      return false;
    }
    pagesAtLastCopy = 0;
    return true;
  }

  private record State(boolean busy, long pages) {}

  private State run(String checkpoint) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(" + checkpoint + ")")) {
      result.next();
      return new State(result.getBoolean(1), result.getLong(2));
    }
  }
}
