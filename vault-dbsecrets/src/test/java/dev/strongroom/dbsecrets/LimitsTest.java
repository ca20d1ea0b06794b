package dev.strongroom.dbsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Vault;
import dev.strongroom.dbsecrets.internal.engine.DatabaseEngineType;
import dev.strongroom.dbsecrets.internal.engine.Limits;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.mount(
      "database", Mount.of(new DatabaseEngineType(TlsFiles.none(), new Limits(2, 2)))));

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> body) {
    return vault.root().request(Request.write("database/" + path, body));
  }

  private static void assertFull(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.LIMIT_EXCEEDED);
    assertThat(response.errors()).containsExactly(text);
  }

  @Test
  void connections_beyondTheLimit_areRefused() {
    Map<String, ?> connection = Map.of(
        "plugin_name",
        "postgresql-database-plugin",
        "verify_connection",
        false,
        "connection_url",
        "postgresql://127.0.0.1:1/x");
    write("config/a", connection).orThrow();
    write("config/b", connection).orThrow();

    assertFull(write("config/c", connection), "there are 2 connections, and a mount has no more");

    write("config/b", Map.of("allowed_roles", "*", "verify_connection", false)).orThrow();
    vault.root().request(Request.delete("database/config/a")).orThrow();
    write("config/c", connection).orThrow();
  }

  @Test
  void roles_beyondTheLimit_areRefused() {
    Map<String, ?> role = Map.of("db_name", "pg");
    write("roles/a", role).orThrow();
    write("roles/b", role).orThrow();

    assertFull(write("roles/c", role), "there are 2 roles, and a mount has no more");

    write("roles/b", Map.of("default_ttl", "1h")).orThrow();
  }

  @Test
  void limits_ofTheEngine_areThoseOfTheDocumentation() {
    assertThat(Limits.USUAL).isEqualTo(new Limits(200, 10_000));
  }
}
