package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever fails, no log has a password, those of pool and driver included, at their finest but for
 * the driver's trace of what it sends.
 */
class LogsTest {
  private static final String CANARY = "p%40ss\"'\\CANARY";

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Logger everything = Logger.getLogger("");
  private final Level before = everything.getLevel();
  private final Logger protocol = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
  private final DatabaseMount mount = new DatabaseMount();
  private final Handler listener = new Handler() {
    @Override
    public void publish(LogRecord record) {
      StringBuilder line = new StringBuilder(new SimpleFormatter().formatMessage(record));
      for (Throwable e = record.getThrown(); e != null; e = e.getCause()) {
        line.append(' ').append(e);
      }
      lines.add(line.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    listener.setLevel(Level.ALL);
    everything.addHandler(listener);
    everything.setLevel(Level.ALL);
    protocol.setLevel(Level.FINE);
  }

  @AfterEach
  void close() {
    everything.setLevel(before);
    protocol.setLevel(null);
    everything.removeHandler(listener);
    mount.close();
  }

  private Response write(String path, Map<String, ?> body) {
    return mount.ask(Operation.UPDATE, path, Payload.of(body));
  }

  @Test
  void passwords_whateverHappens_areInNoLogAndNoError() {
    String manager = "m_" + mount.postgres().database();
    mount
        .postgres()
        .execute("CREATE ROLE " + manager + " SUPERUSER LOGIN PASSWORD 'p%40ss\"''\\CANARY'");
    lines.clear(); // what the test itself sent
    List<String> answers = new ArrayList<>();
    Map<String, String> connection = Map.of(
        "plugin_name",
        "postgresql-database-plugin",
        "allowed_roles",
        "*",
        "connection_url",
        mount.postgres().templateUrl(),
        "username",
        manager,
        "password",
        CANARY);
    write("config/pg", connection).orThrow();
    write(
            "roles/broken",
            Map.of(
                "db_name", "pg",
                "creation_statements",
                    "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}'; SELECT CANARY"))
        .orThrow();
    answers.addAll(mount.get("creds/broken").errors());
    mount.role("works", "").orThrow();
    Response creds = mount.get("creds/works").orThrow();
    String made = creds.data().orElseThrow().text("password").orElseThrow();
    mount.revoke(creds.lease().orElseThrow().id()).orThrow();
    answers.addAll(
        write("config/pg", Map.of("username", "nobody", "password", CANARY)).errors());
    answers.addAll(write(
            "config/pg", Map.of("connection_url", "postgresql://u:" + encoded() + "@127.0.0.1:1/d"))
        .errors());
    answers.addAll(write(
            "config/pg", Map.of("connection_url", "postgresql://u:" + CANARY + "@h/d?x=" + CANARY))
        .errors());
    write("rotate-root/pg", Map.of()).orThrow();
    mount.postgres().execute("DROP ROLE " + manager);

    assertThat(answers).hasSize(4);
    assertThat(answers).noneMatch(text -> text.contains("p%40ss") || text.contains(encoded()));
    assertThat(lines).isNotEmpty();
    assertThat(lines)
        .noneMatch(line -> line.contains("p%40ss"))
        .noneMatch(line -> line.contains(encoded()))
        .noneMatch(line -> line.contains(made));
  }

  private static String encoded() {
    return URLEncoder.encode(CANARY, StandardCharsets.UTF_8);
  }
}
