package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection for reading, with its statements. After a failure it can only be closed. For one
 * thread at a time.
 */
final class Reader implements AutoCloseable {
  private static final byte[] BEFORE_EVERY_NAME = {};

  private final Connection connection;
  private final PreparedStatement row;
  private final PreparedStatement children;
  private final PreparedStatement due;

  private Reader(Connection connection) throws SQLException {
    this.connection = connection;
    this.row = connection.prepareStatement(
        "SELECT revision, value FROM row WHERE parent = ? AND name = ?");
    this.children = connection.prepareStatement(
        "SELECT name FROM row WHERE parent = ? AND name > ? ORDER BY name LIMIT ?");
    this.due = connection.prepareStatement(
        "SELECT at, id, ref FROM due WHERE at <= ? ORDER BY at, id LIMIT ?");
  }

  static Reader of(DatabaseFile file) throws SQLException {
    return of(file.connectReader());
  }

  /** Reads a store that nobody has open. */
  static Reader ofClosed(DatabaseFile file) throws SQLException {
    return of(file.connectToClosed());
  }

  private static Reader of(Connection connection) throws SQLException {
    try {
      return new Reader(connection);
    } catch (SQLException | RuntimeException | Error e) {
      try (connection) {
        throw e;
      }
    }
  }

  /** Returns the revision that the file says. */
  long head() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT revision FROM head")) {
      if (!found.next()) {
        throw new StorageException("the store is damaged: it does not say what its revision is");
      }
      return found.getLong(1);
    }
  }

  Optional<Row> get(RowAddress address) throws SQLException {
    row.setBytes(1, address.parent());
    row.setBytes(2, address.name());
    try (ResultSet found = row.executeQuery()) {
      return found.next()
          ? Optional.of(new Row(address, found.getLong(1), found.getBytes(2)))
          : Optional.empty();
    }
  }

  List<Optional<Row>> getAll(List<RowAddress> addresses) throws SQLException {
    connection.setAutoCommit(false); // one transaction: all see what the first sees
    List<Optional<Row>> rows = new ArrayList<>(addresses.size());
    for (RowAddress address : addresses) {
      rows.add(get(address));
    }
    connection.setAutoCommit(true);
    return rows;
  }

  List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) throws SQLException {
    children.setBytes(1, parent);
    children.setBytes(2, after == null ? BEFORE_EVERY_NAME : after);
    children.setInt(3, max);
    try (ResultSet found = children.executeQuery()) {
      List<byte[]> names = new ArrayList<>();
      while (found.next()) {
        names.add(found.getBytes(1));
      }
      return names;
    }
  }

  List<DueRow> due(long untilSeconds, int max) throws SQLException {
    due.setLong(1, untilSeconds);
    due.setInt(2, max);
    try (ResultSet found = due.executeQuery()) {
      List<DueRow> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(dueRow(found));
      }
      return rows;
    }
  }

  /** From now on reads see the store as it is at this moment. */
  void freeze() throws SQLException {
    connection.setAutoCommit(false);
    due(Long.MIN_VALUE, 1); // the first read decides what all see
  }

  /** Hands over all rows and due rows. */
  void handTo(SnapshotSink sink) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT parent, name, revision, value FROM row")) {
        while (rows.next()) {
          sink.row(new Row(address(rows), rows.getLong(3), rows.getBytes(4)));
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT at, id, ref FROM due")) {
        while (rows.next()) {
          sink.due(dueRow(rows));
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private static RowAddress address(ResultSet row) throws SQLException {
    try {
      return RowAddress.of(row.getBytes(1), row.getBytes(2));
    } catch (IllegalArgumentException e) {
      throw new StorageException("the store is damaged: " + e.getMessage(), e);
    }
  }

  private static DueRow dueRow(ResultSet row) throws SQLException {
    try {
      return new DueRow(row.getLong(1), row.getBytes(2), row.getBytes(3));
    } catch (IllegalArgumentException e) {
      throw new StorageException("the store is damaged: " + e.getMessage(), e);
    }
  }
}
