package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that write. After one of them failed none may be used again, since the driver
 * closes some then: make new ones. For one thread at a time.
 */
final class Tables implements AutoCloseable {
  private final List<PreparedStatement> all = new ArrayList<>();
  private final PreparedStatement revisionOf;
  private final PreparedStatement put;
  private final PreparedStatement insert;
  private final PreparedStatement delete;
  private final PreparedStatement ensure;
  private final PreparedStatement deleteIfChildless;
  private final PreparedStatement dueAdd;
  private final PreparedStatement dueRemove;
  private final PreparedStatement head;
  private final PreparedStatement setHead;
  private final PreparedStatement dataVersion;

  Tables(Connection connection) throws SQLException {
    revisionOf = prepare(connection, "SELECT revision FROM row WHERE parent = ? AND name = ?");
    insert =
        prepare(connection, "INSERT INTO row (parent, name, revision, value) VALUES (?, ?, ?, ?)");
    put = prepare(
        connection,
        "INSERT INTO row (parent, name, revision, value) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (parent, name)"
            + " DO UPDATE SET revision = excluded.revision, value = excluded.value");
    ensure = prepare(
        connection,
        "INSERT INTO row (parent, name, revision, value) VALUES (?, ?, ?, x'')"
            + " ON CONFLICT (parent, name) DO NOTHING");
    delete = prepare(connection, "DELETE FROM row WHERE parent = ? AND name = ?");
    deleteIfChildless = prepare(
        connection,
        "DELETE FROM row WHERE parent = ? AND name = ?"
            + " AND NOT EXISTS (SELECT 1 FROM row WHERE parent = ?)");
    dueAdd = prepare(connection, "INSERT OR REPLACE INTO due (at, id, ref) VALUES (?, ?, ?)");
    dueRemove = prepare(connection, "DELETE FROM due WHERE at = ? AND id = ?");
    head = prepare(connection, "SELECT revision FROM head");
    setHead = prepare(connection, "UPDATE head SET revision = ?");
    dataVersion = prepare(connection, "PRAGMA data_version");
  }

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    all.add(statement);
    return statement;
  }

  boolean holds(Batch.Condition condition) throws SQLException {
    setAddress(revisionOf, condition.address());
    try (ResultSet row = revisionOf.executeQuery()) {
      return row.next()
          ? condition instanceof Batch.AtRevision at && row.getLong(1) == at.revision()
          : condition instanceof Batch.Absent;
    }
  }

  void carryOut(Batch.Change change, long revision) throws SQLException {
    if (change instanceof Batch.Put row) {
      write(put, new Row(row.address(), revision, row.value()));
    } else if (change instanceof Batch.Delete row) {
      setAddress(delete, row.address());
      delete.executeUpdate();
    } else if (change instanceof Batch.Ensure row) {
      setAddress(ensure, row.address());
      ensure.setLong(3, revision);
      ensure.executeUpdate();
    } else if (change instanceof Batch.DeleteIfChildless row) {
      setAddress(deleteIfChildless, row.address());
      deleteIfChildless.setBytes(3, row.children());
      deleteIfChildless.executeUpdate();
    } else if (change instanceof Batch.DueAdd due) {
      add(due.row());
    } else if (change instanceof Batch.DueRemove due) {
      dueRemove.setLong(1, due.atSeconds());
      dueRemove.setBytes(2, due.id());
      dueRemove.executeUpdate();
    }
  }

  /** Adds a row that must not be there yet. */
  void insert(Row row) throws SQLException {
    write(insert, row);
  }

  void add(DueRow row) throws SQLException {
    dueAdd.setLong(1, row.atSeconds());
    dueAdd.setBytes(2, row.id());
    dueAdd.setBytes(3, row.reference());
    dueAdd.executeUpdate();
  }

  long head() throws SQLException {
    return number(head);
  }

  void setHead(long revision) throws SQLException {
    setHead.setLong(1, revision);
    setHead.executeUpdate();
  }

  /** Returns a number that changes when another connection commits. */
  long dataVersion() throws SQLException {
    return number(dataVersion);
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }

  private static void write(PreparedStatement statement, Row row) throws SQLException {
    setAddress(statement, row.address());
    statement.setLong(3, row.revision());
    statement.setBytes(4, row.value());
    statement.executeUpdate();
  }

  private static void setAddress(PreparedStatement statement, RowAddress address)
      throws SQLException {
    statement.setBytes(1, address.parent());
    statement.setBytes(2, address.name());
  }

  private static long number(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        throw new StorageException("the store is damaged: it does not say what its revision is");
      }
      return row.getLong(1);
    }
  }
}
