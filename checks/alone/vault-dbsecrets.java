package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.request.Request;
import java.util.Map;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    // Nothing listens at that port: the answer is that of the driver.
    Map<String, Object> nowhere = Map.of(
        "plugin_name", "postgresql-database-plugin",
        "allowed_roles", "*",
        "connection_url", "postgresql://{{username}}:{{password}}@127.0.0.1:1/app?sslmode=disable",
        "username", "app",
        "password", "s3cret");
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.mount("database", DatabaseSecrets.postgresql()))) {
      String answer = vault.root().request(Request.write("database/config/app", nowhere)).errors().toString();
      if (!answer.contains("SQLSTATE 08001")) {
        throw new IllegalStateException(answer);
      }
    }
  }
}
