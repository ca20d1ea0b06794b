package dev.strongroom.dbsecrets;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A vault with the engine at {@code database/}, asked as root, and a PostgreSQL database. Virtual
 * time begins at the database's, because both look at deadlines. Bodies are JSON with single
 * quotes.
 */
final class DatabaseMount implements AutoCloseable {
  private final TestPostgres postgres = TestPostgres.create();
  private final VirtualTime time = VirtualTime.at(databaseTime());
  private final Vault vault = Vault.builder()
      .storage(InMemoryStorage.create())
      .time(time)
      .mount("database", DatabaseSecrets.postgresql())
      .open();
  private final Session root;

  DatabaseMount() {
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      root = vault.session(keys.rootToken());
    }
  }

  TestPostgres postgres() {
    return postgres;
  }

  Session root() {
    return root;
  }

  Vault vault() {
    return vault;
  }

  VirtualTime time() {
    return time;
  }

  void advance(Duration step) {
    time.advance(step);
  }

  Instant now() {
    return time.instant();
  }

  /**
   * Writes the connection {@code pg}, for all roles, with more members before the closing brace.
   */
  Response configure(String more) {
    return post(
        "config/pg",
        "{'plugin_name':'postgresql-database-plugin','allowed_roles':'*','connection_url':'"
            + postgres.templateUrl() + "','username':'" + postgres.superuser() + "','password':'"
            + postgres.superuserPassword() + "'" + more + "}");
  }

  /** Writes a role of {@code pg} whose users can log in, with more members. */
  Response role(String name, String more) {
    return post("roles/" + name, """
        {'db_name':'pg','default_ttl':'1h','max_ttl':'24h','creation_statements':'CREATE ROLE \\"{{name}}\\" LOGIN\
         PASSWORD \\u0027{{password}}\\u0027 VALID UNTIL \\u0027{{expiration}}\\u0027'""" + more + "}");
  }

  Response get(String path) {
    return ask(Operation.READ, path, Payload.empty());
  }

  Response list(String path) {
    return ask(Operation.LIST, path, Payload.empty());
  }

  Response post(String path, String body) {
    return ask(Operation.UPDATE, path, Payload.parse(body.replace('\'', '"')));
  }

  Response delete(String path) {
    return ask(Operation.DELETE, path, Payload.empty());
  }

  Response ask(Operation operation, String path, Payload parameters) {
    return root.request(Request.of(operation, VaultPath.parse("database/" + path), parameters));
  }

  Response sys(String path, Map<String, ?> parameters) {
    return root.request(
        Request.of(Operation.UPDATE, VaultPath.parse("sys/" + path), Payload.of(parameters)));
  }

  /** Revokes a lease now; the answer says whether that worked. */
  Response revoke(String lease) {
    return sys("leases/revoke", Map.of("lease_id", lease, "sync", true));
  }

  boolean userExists(String name) {
    return !query("SELECT 1 FROM pg_roles WHERE rolname = ?::name", name).isEmpty();
  }

  /** Returns the first column of what the superuser finds. */
  List<String> query(String sql, String... parameters) {
    try (Connection connection = postgres.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Instant databaseTime() {
    try (Connection connection = postgres.connect();
        ResultSet time = connection.createStatement().executeQuery("SELECT clock_timestamp()")) {
      time.next();
      return time.getObject(1, OffsetDateTime.class).toInstant();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    root.close();
    vault.close();
    postgres.close();
  }
}
