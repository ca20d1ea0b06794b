package dev.strongroom.testkit;

import dev.strongroom.ClientToken;
import dev.strongroom.FileAudit;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process that writes one secret after the other, saying which, through a vault with an audit
 * file, until it is killed.
 */
final class AuditedWriter {
  private AuditedWriter() {}

  /** What opens a vault that is there. */
  record Access(String share, String token) {
    /** Makes a new vault in a folder. */
    static Access initialize(Path folder) {
      try (Vault vault = vault(folder);
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        return new Access(keys.shares().get(0).exposeHex(), keys.rootToken().exposeText());
      }
    }

    Session unseal(Vault vault) {
      try (KeyShare given = KeyShare.parse(share)) {
        vault.unseal(given);
      }
      return vault.session(ClientToken.parse(token));
    }
  }

  static Vault vault(Path folder) {
    return Vault.builder()
        .storage(SqliteStorage.at(folder.resolve("vault.db")))
        .mount("secret", Kv.version1())
        .audit("file", FileAudit.appendTo(trail(folder)))
        .open();
  }

  static Path trail(Path folder) {
    return folder.resolve("audit.log");
  }

  static int written(Session root) {
    return (int) root.request(Request.list("secret")).dataOrEmpty().texts("keys").stream()
        .count();
  }

  /** Takes the folder, the share and the token. */
  public static void main(String[] arguments) {
    try (Vault vault = vault(Path.of(arguments[0]))) {
      Session root = new Access(arguments[1], arguments[2]).unseal(vault);
      int number = written(root);
      System.out.println("written " + number);
      while (true) {
        number++;
        root.request(Request.write("secret/" + number, Map.of("text", "value"))).orThrow();
        System.out.println("written " + number);
      }
    }
  }
}
