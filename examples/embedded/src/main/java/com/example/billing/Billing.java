package com.example.billing;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Policy;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.function.Consumer;

/** An application that starts unattended and keeps the passwords of its database in a vault of its own. */
final class Billing implements AutoCloseable {
  private static final Policy POLICY = Policy.of(
      "billing",
      "path \"secret/data/billing/*\" { capabilities = [\"create\", \"read\", \"update\"] }");

  private final Vault vault;
  private final KvStore secrets;

  /** What the application knows of its database. */
  public record Database(String url, String username, String password) {}

  /**
   * @param unsealKey a file with a key of 32 bytes, which opens the vault
   * @param escrow takes the recovery keys, once, when the vault is new
   */
  Billing(Path folder, Path unsealKey, Consumer<InitialKeys> escrow) {
    vault = Vault.builder()
        .storage(SqliteStorage.at(folder.resolve("vault.db")))
        .mount("secret", Kv.version2())
        .host("billing", POLICY)
        .seal(StaticKeySeal.fromFile(unsealKey))
        .initializeIfNew(new KeyShares(5, 3), escrow)
        .open();
    try {
      secrets = KvStore.at(vault.hostSession("billing"), "secret");
    } catch (RuntimeException e) {
      vault.close();
      throw e;
    }
  }

  void configure(Database database) {
    secrets.put("billing/database", database);
  }

  Database database() {
    return secrets.get("billing/database").as(Database.class);
  }

  @Override
  public void close() {
    vault.close();
  }
}
