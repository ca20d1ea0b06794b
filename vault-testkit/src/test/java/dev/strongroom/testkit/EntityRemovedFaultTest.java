package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.TokenRole;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tokens of a removed entity leave goes, even if the store dies while it does. */
class EntityRemovedFaultTest {
  private static final int TOKENS = 250;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private Vault open(FaultyStorage storage) {
    return Vault.builder().storage(storage).time(time).open();
  }

  private static Session unseal(Vault vault, String share, String rootToken) {
    try (KeyShare given = KeyShare.parse(share)) {
      assertThat(vault.unseal(given).sealed()).isFalse();
    }
    return vault.session(ClientToken.parse(rootToken));
  }

  @ParameterizedTest(name = "T-4 in commit {0} after the one that removes the entity")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void storeDies_whileTokensGo_theRestGoesAfterOpeningAgain(int commit) {
    FaultyStorage storage = FaultyStorage.inMemory();
    String share;
    String rootToken;
    try (Vault fresh = open(storage);
        InitialKeys keys = fresh.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      rootToken = keys.rootToken().exposeText();
      Tokens.of(unseal(fresh, share, rootToken))
          .putRole("r", TokenRole.of("default").asOrphan().withEntityAliases("bob"));
    }
    final long rowsBefore = StoredRows.count(storage);
    Vault vault = open(storage);
    Session root = unseal(vault, share, rootToken);
    TokenRequest wanted = TokenRequest.of().withRole("r").withEntityAlias("bob");
    String entity = "";
    for (int i = 0; i < TOKENS; i++) {
      entity = Tokens.of(root).create(wanted).entityId().orElseThrow();
    }

    root.request(Request.delete("identity/entity/id/" + entity)).orThrow();
    storage.dieInCommit(commit, 0);
    time.advance(Duration.ofSeconds(30));
    vault.close();

    try (Vault again = open(storage)) {
      unseal(again, share, rootToken);
      time.advance(Duration.ofSeconds(30));
    }
    assertThat(StoredRows.count(storage)).isLessThanOrEqualTo(rowsBefore);
  }
}
