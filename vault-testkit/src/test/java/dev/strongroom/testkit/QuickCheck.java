package dev.strongroom.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** SQLite's own opinion of a database that nobody has open. */
final class QuickCheck {
  private QuickCheck() {}

  /** Returns what is wrong; {@code ok} alone for nothing. */
  static List<String> of(Path file) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA quick_check")) {
      while (result.next()) {
        found.add(result.getString(1));
      }
    }
    return found;
  }
}
