package dev.strongroom.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The floor: rows like a vault's in a SQLite file with the settings of a vault's. */
final class PlainRows implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement upsert;
  private final PreparedStatement delete;
  private final PreparedStatement select;
  private final PreparedStatement names;

  private PlainRows(Connection connection) throws SQLException {
    this.connection = connection;
    upsert = connection.prepareStatement(
        "INSERT INTO row(parent, name, revision, value) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT(parent, name) DO UPDATE SET revision = excluded.revision, value = excluded.value");
    delete = connection.prepareStatement("DELETE FROM row WHERE parent = ? AND name = ?");
    select = connection.prepareStatement("SELECT value FROM row WHERE parent = ? AND name = ?");
    names =
        connection.prepareStatement("SELECT name FROM row WHERE parent = ? ORDER BY name LIMIT ?");
  }

  static PlainRows in(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : List.of(
          "page_size=4096",
          "journal_mode=WAL",
          "synchronous=FULL",
          "secure_delete=ON",
          "temp_store=MEMORY")) {
        statement.execute("PRAGMA " + pragma);
      }
      statement.execute(
          "CREATE TABLE row(id INTEGER PRIMARY KEY, parent BLOB, name BLOB, revision INTEGER, value BLOB)");
      statement.execute("CREATE UNIQUE INDEX row_address ON row(parent, name)");
    }
    connection.setAutoCommit(false);
    return new PlainRows(connection);
  }

  void put(String parent, long name, int bytes) throws SQLException {
    address(upsert, parent, name);
    upsert.setLong(3, name);
    upsert.setBytes(4, new byte[bytes]);
    upsert.executeUpdate();
  }

  void delete(String parent, long name) throws SQLException {
    address(delete, parent, name);
    delete.executeUpdate();
  }

  int get(String parent, long name) throws SQLException {
    address(select, parent, name);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getBytes(1).length : 0;
    }
  }

  int list(String parent, int max) throws SQLException {
    names.setBytes(1, parentId(parent));
    names.setInt(2, max);
    int found = 0;
    try (ResultSet rows = names.executeQuery()) {
      while (rows.next()) {
        found += rows.getBytes(1).length > 0 ? 1 : 0;
      }
    }
    return found;
  }

  void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private static void address(PreparedStatement statement, String parent, long name)
      throws SQLException {
    byte[] rowName = new byte[32];
    for (int i = 0; i < Long.BYTES; i++) {
      // Spread as encrypted names are, which do not come in the order of their plain text.
      rowName[i] = (byte) ((name * 0x9E3779B97F4A7C15L) >>> (8 * i));
    }
    statement.setBytes(1, parentId(parent));
    statement.setBytes(2, rowName);
  }

  private static byte[] parentId(String parent) {
    long spread = parent.hashCode() * 0x9E3779B97F4A7C15L;
    byte[] id = new byte[16];
    for (int i = 0; i < Long.BYTES; i++) {
      id[i] = (byte) (spread >>> (8 * i));
    }
    return id;
  }
}
