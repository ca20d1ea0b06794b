package dev.strongroom.testkit;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;

/**
 * A process whose threads issue, renew and revoke leases on users in a folder, saying which, until
 * it is killed.
 */
final class LeasingProcess {
  private static final int THREADS = 4;

  private LeasingProcess() {}

  /** What opens a vault that is there. */
  record Access(String share, String token) {
    /** Makes a new vault, and a role, in a folder. */
    static Access initialize(Path folder) throws IOException {
      Files.createDirectory(world(folder));
      try (Vault vault = builder(folder, InstantSource.system()).open();
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        Access access =
            new Access(keys.shares().get(0).exposeHex(), keys.rootToken().exposeText());
        access
            .unseal(vault)
            .request(Request.write("db/roles/app", Map.of("ttl", "24h")))
            .orThrow();
        return access;
      }
    }

    Session unseal(Vault vault) {
      try (KeyShare given = KeyShare.parse(share)) {
        vault.unseal(given);
      }
      return vault.session(ClientToken.parse(token));
    }
  }

  static Path world(Path folder) {
    return folder.resolve("world");
  }

  /**
   * Returns what the vault is to be.
   *
   * @param clock of the world outside
   */
  static VaultBuilder builder(Path folder, InstantSource clock) throws IOException {
    return Vault.builder()
        .storage(SqliteStorage.at(folder.resolve("vault.db")))
        .mount("db", Mount.of(new LeasedEngine(OutsideWorld.in(world(folder), clock))));
  }

  /** Takes the folder, the share, the token and a seed. */
  public static void main(String[] arguments) throws Exception {
    try (Vault vault = builder(Path.of(arguments[0]), InstantSource.system()).open()) {
      Session root = new Access(arguments[1], arguments[2]).unseal(vault);
      long seed = Long.parseLong(arguments[3]);
      for (int i = 1; i < THREADS; i++) {
        Random random = new Random(seed + i);
        new Thread(() -> lease(root, random)).start();
      }
      lease(root, new Random(seed));
    }
  }

  private static void lease(Session root, Random random) {
    Leases leases = Leases.of(root);
    Deque<String> held = new ArrayDeque<>();
    while (true) {
      int choice = held.size() < 3 ? 0 : random.nextInt(4);
      if (choice < 2) {
        Response issued = root.request(Request.read("db/creds/app")).orThrow();
        String id = issued.lease().orElseThrow().id();
        say("issued " + id + " " + issued.dataOrEmpty().text("username").orElseThrow());
        held.add(id);
      } else if (choice == 2) {
        leases.renew(held.peek(), Duration.ofHours(12));
      } else {
        String id = held.remove();
        say("revoking " + id);
        leases.revoke(id);
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
