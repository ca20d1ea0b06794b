package alone;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Files;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (Vault vault = Vault.builder()
            .storage(SqliteStorage.at(Files.createTempDirectory("alone").resolve("vault.db")))
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Tokens.of(vault.session(keys.rootToken())).lookupSelf();
    }
  }
}
