package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.require;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.Session;
import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseConfig;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.DatabaseRole;
import dev.strongroom.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A database user for each caller, which ends with its lease. */
final class DatabaseUsers {
  private DatabaseUsers() {}

  static void tell(Session root, TestPostgres postgres) throws SQLException {
    chapter("A database user that ends with its lease");
    postgres.execute(
        "CREATE TABLE public.orders (id int PRIMARY KEY, customer text)",
        "INSERT INTO public.orders VALUES (1, 'Ada'), (2, 'Grace')");
    Database database = Database.at(root, "database");
    configure(database, postgres);

    String user;
    try (DatabaseCredentials credentials = database.credentials("reader");
        Connection connection = DriverManager.getConnection(
            postgres.jdbcUrl(), credentials.user(), credentials.exposePassword())) {
      user = credentials.user();
      say("role \"reader\" gave " + user + " for "
          + credentials.lease().duration().toMinutes() + " min");
      say("it reads " + Orders.count(connection) + " orders");
      say("it writes: " + refusal(connection));
      require(exists(postgres, user), "the user is in pg_roles");
    }
    require(!exists(postgres, user), "the user is gone");
    say("given back: pg_roles has it no more");
  }

  private static void configure(Database database, TestPostgres postgres) {
    database.configure(
        "orders",
        DatabaseConfig.of(
                postgres.templateUrl(), postgres.superuser(), postgres.superuserPassword())
            .withAllowedRoles("reader", "pool"));
    role(database, "reader", Duration.ofHours(1));
    role(database, "pool", PoolUnderLoad.LIFETIME);
  }

  private static void role(Database database, String name, Duration ttl) {
    DatabaseRole role = DatabaseRole.of("orders", """
        CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}";""");
    database.putRole(name, role.withTtls(ttl, ttl));
  }

  private static String refusal(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM public.orders");
      throw new IllegalStateException("a read-only user has written");
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static boolean exists(TestPostgres postgres, String user) throws SQLException {
    try (Connection connection = postgres.connect();
        PreparedStatement query =
            connection.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?::name")) {
      query.setString(1, user);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }
}
