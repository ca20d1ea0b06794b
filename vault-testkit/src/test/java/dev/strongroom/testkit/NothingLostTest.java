package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvSecret;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvVersion;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes with several threads dies at any moment: what it was told is there. */
class NothingLostTest {
  private static final int WRITERS = 4;
  private static final int KEYS = 25;

  @TempDir
  private Path folder;

  private Path file;
  private String share;
  private String token;
  private final Map<String, Integer> acknowledged = new HashMap<>();

  @BeforeEach
  void newVault() {
    file = folder.resolve("vault.db");
    try (Vault vault = open(file);
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      token = keys.rootToken().exposeText();
    }
  }

  @Test
  @Tag("slow")
  void processKilled_anyMoment_everyAcknowledgedWriteIsThere() throws Exception {
    killAndCheck(8, /* seed= */ 1);
  }

  @Test
  @Tag("thorough")
  void processKilled_veryOften_everyAcknowledgedWriteIsThere() throws Exception {
    killAndCheck(300, /* seed= */ 2);
  }

  private void killAndCheck(int kills, long seed) throws Exception {
    Random random = new Random(seed);
    int writes = 0;
    for (int kill = 1; kill <= kills; kill++) {
      writes += writeUntilKilled(1 + random.nextInt(400));
      checkVault();
      assertThat(QuickCheck.of(file)).containsExactly("ok");
    }
    assertThat(writes).isGreaterThan(kills * 10);
  }

  /** Lets a child write and kills it after so many acknowledgements; returns how many came. */
  private int writeUntilKilled(int acknowledgements) {
    int read = 0;
    try (ChildJvm child =
        ChildJvm.start(Writer.class, file.toString(), share, token, String.valueOf(WRITERS))) {
      while (read < acknowledgements) {
        read += remember(child.readLine().orElseThrow());
      }
      child.kill();
      for (String line : child.readAllLines()) {
        read += remember(line);
      }
    }
    return read;
  }

  /** A line that was cut off was not acknowledged to anybody. */
  private int remember(String line) {
    if (!line.matches("ok \\S+ \\d+ \\.")) {
      return 0;
    }
    String[] parts = line.split(" ");
    acknowledged.merge(parts[1], Integer.parseInt(parts[2]), Math::max);
    return 1;
  }

  private void checkVault() {
    try (Vault vault = open(file);
        KeyShare key = KeyShare.parse(share)) {
      assertThat(vault.unseal(key).sealed()).isFalse();
      KvStore store = KvStore.at(vault.session(ClientToken.parse(token)), "secret");
      acknowledged.forEach((name, version) -> {
        KvSecret newest = store.get(name);
        assertThat(newest.version().number()).as(name).isGreaterThanOrEqualTo(version);
        for (KvVersion kept : store.history(name)) {
          KvSecret secret = store.get(name, kept.number());
          assertThat(secret.text("name")).isEqualTo(name);
          assertThat(secret.text("copy")).isEqualTo(secret.text("value"));
        }
      });
    }
  }

  private static Vault open(Path file) {
    return Vault.builder()
        .storage(SqliteStorage.at(file))
        .mount("secret", Kv.version2())
        .open();
  }

  /** The child: writes for ever, and says of each write that it was acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      Vault vault = open(Path.of(args[0]));
      try (KeyShare share = KeyShare.parse(args[1])) {
        vault.unseal(share);
      }
      Session session = vault.session(ClientToken.parse(args[2]));
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        int writer = i;
        new Thread(() -> write(KvStore.at(session, "secret"), writer)).start();
      }
    }

    private static void write(KvStore store, int writer) {
      for (int i = 0; ; i++) {
        String name = "writer" + writer + "/folder" + i % 5 + "/key" + i % KEYS;
        String value = "value " + i + " ".repeat(i % 3000);
        KvVersion version = store.put(name, Map.of("name", name, "value", value, "copy", value));
        System.out.println("ok " + name + " " + version.number() + " .");
      }
    }
  }
}
