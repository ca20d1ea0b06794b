package dev.strongroom.examples.tour;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the application asks its database. */
final class Orders {
  private Orders() {}

  static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.orders")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
