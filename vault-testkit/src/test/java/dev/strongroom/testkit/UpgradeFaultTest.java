package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.Kv1Store;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upgrade of a mount from version 1 goes on where a crash or sealing stopped it. */
class UpgradeFaultTest {
  private static final int SECRETS = 250;
  private static final int COMMITS = 3; // steps of 100 secrets

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final FaultyStorage storage = FaultyStorage.inMemory();

  private Vault open() {
    return Vault.builder().storage(storage).time(time).engine(Kv.engine()).open();
  }

  private static Session unseal(Vault vault, String share, String token) {
    try (KeyShare given = KeyShare.parse(share)) {
      assertThat(vault.unseal(given).sealed()).isFalse();
    }
    return vault.session(ClientToken.parse(token));
  }

  private static void fillAndTune(Session root) {
    root.request(Request.write("sys/mounts/kv", Map.of("type", "kv"))).orThrow();
    for (int i = 0; i < SECRETS; i++) {
      Kv1Store.at(root, "kv").put("f" + i % 10 + "/k" + i, Map.of("n", i));
    }
    tune(root);
  }

  private static void tune(Session root) {
    root.request(Request.write("sys/mounts/kv/tune", Map.of("options", Map.of("version", "2"))))
        .orThrow();
  }

  private static void assertAllConverted(Session root) {
    KvStore store = KvStore.at(root, "kv");
    for (int i = 0; i < SECRETS; i++) {
      String key = "f" + i % 10 + "/k" + i;
      assertThat(store.get(key).toMap()).as(key).isEqualTo(Map.of("n", i));
      assertThat(store.history(key)).as(key).hasSize(1);
    }
  }

  @ParameterizedTest(name = "in commit {0}")
  @ValueSource(ints = {1, 2, COMMITS})
  void upgrade_storeDiesInAStep_goesOnWhenOpenedAgain(int commit) {
    for (int surviving : new int[] {0, Integer.MAX_VALUE}) {
      FaultyStorage dying = FaultyStorage.inMemory();
      String share;
      String token;
      try (Vault vault =
              Vault.builder().storage(dying).time(time).engine(Kv.engine()).open();
          InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        share = keys.shares().get(0).exposeHex();
        token = keys.rootToken().exposeText();
        fillAndTune(unseal(vault, share, token));
        dying.dieInCommit(commit, surviving);
        time.advance(Duration.ZERO);
        assertThat(vault.sealStatus().sealed()).isTrue();
      }
      try (Vault vault =
          Vault.builder().storage(dying).time(time).engine(Kv.engine()).open()) {
        Session root = unseal(vault, share, token);
        time.advance(Duration.ZERO);
        assertAllConverted(root);
      }
    }
  }

  @Test
  void upgrade_aDamagedSecret_isLeftAndTheOthersAreConverted(@TempDir Path folder)
      throws SQLException {
    Path file = folder.resolve("vault.db");
    String share;
    String token;
    try (Vault vault = openFile(file);
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      token = keys.rootToken().exposeText();
      Session root = unseal(vault, share, token);
      root.request(Request.write("sys/mounts/kv", Map.of("type", "kv"))).orThrow();
      Kv1Store.at(root, "kv").put("bad", Map.of("v", "x".repeat(6000)));
      Kv1Store.at(root, "kv").put("good", Map.of("v", "x"));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(
              "UPDATE row SET value = zeroblob(length(value)) WHERE length(value) > 6000"))
          .isEqualTo(1);
    }
    try (Vault vault = openFile(file)) {
      Session root = unseal(vault, share, token);
      tune(root);
      time.advance(Duration.ofMinutes(1));

      KvStore store = KvStore.at(root, "kv");
      assertThat(store.get("good").text("v")).isEqualTo("x");
      assertThat(store.list("")).containsExactly("good");
    }
  }

  private Vault openFile(Path file) {
    return Vault.builder()
        .storage(SqliteStorage.at(file))
        .time(time)
        .engine(Kv.engine())
        .open();
  }

  @Test
  void upgrade_sealedInBetween_goesOnWhenUnsealed() {
    try (Vault vault = open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      String share = keys.shares().get(0).exposeHex();
      String token = keys.rootToken().exposeText();
      fillAndTune(unseal(vault, share, token));
      storage.failCommit(3);
      time.advance(Duration.ZERO); // two steps, then a pause
      vault.seal();

      Session root = unseal(vault, share, token);
      assertThatThrownBy(() -> KvStore.at(root, "kv").find("none"))
          .hasMessageStartingWith("Upgrading from non-versioned to versioned data.");
      time.advance(Duration.ZERO);

      assertAllConverted(root);
    }
  }
}
