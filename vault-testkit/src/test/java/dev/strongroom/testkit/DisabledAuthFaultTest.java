package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a disabled auth method goes, even if the store dies while it does. */
class DisabledAuthFaultTest {
  private static final int LOGINS = 150;

  /** An entity stays, with its name: it may be known elsewhere. */
  private static final int ROWS_OF_THE_ENTITY = 2;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private Vault open(FaultyStorage storage) {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .authMethod(AppRole.method())
        .open();
  }

  private static Session unseal(Vault vault, String share, String rootToken) {
    try (KeyShare given = KeyShare.parse(share)) {
      assertThat(vault.unseal(given).sealed()).isFalse();
    }
    return vault.session(ClientToken.parse(rootToken));
  }

  private static String logIn(Session root, String roleId, String secretId) {
    return root.request(
            Request.write("auth/apps/login", Map.of("role_id", roleId, "secret_id", secretId)))
        .orThrow()
        .auth()
        .flatMap(Auth::token)
        .orElseThrow()
        .exposeText();
  }

  private static String text(Session root, Request request, String member) {
    return root.request(request).orThrow().dataOrEmpty().text(member).orElseThrow();
  }

  private static boolean isValid(Vault vault, String token) {
    return !vault
        .session(ClientToken.parse(token))
        .request(Request.read("auth/token/lookup-self"))
        .isFailure();
  }

  @ParameterizedTest(name = "in commit {0} after the one that disables")
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void storeDies_whileTokensAndAliasesGo_theRestGoesAfterOpeningAgain(int commit) {
    FaultyStorage storage = FaultyStorage.inMemory();
    String share;
    String rootToken;
    try (Vault fresh = open(storage);
        InitialKeys keys = fresh.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      rootToken = keys.rootToken().exposeText();
      unseal(fresh, share, rootToken);
    }
    final long rowsBefore = StoredRows.count(storage);
    Vault vault = open(storage);
    Session root = unseal(vault, share, rootToken);
    root.request(Request.write("sys/auth/apps", Map.of("type", "approle"))).orThrow();
    root.request(Request.write("auth/apps/role/app", Map.of())).orThrow();
    String roleId = text(root, Request.read("auth/apps/role/app/role-id"), "role_id");
    String secretId =
        text(root, Request.write("auth/apps/role/app/secret-id", Map.of()), "secret_id");
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < LOGINS; i++) {
      tokens.add(logIn(root, roleId, secretId));
    }
    assertThat(tokens).allMatch(token -> isValid(vault, token));

    root.request(Request.delete("sys/auth/apps")).orThrow();
    storage.dieInCommit(commit, 0);
    assertThat(tokens).noneMatch(token -> isValid(vault, token));
    time.advance(Duration.ofSeconds(30));
    vault.close();

    try (Vault again = open(storage)) {
      unseal(again, share, rootToken);
      assertThat(tokens).noneMatch(token -> isValid(again, token));
      time.advance(Duration.ofSeconds(30));
    }
    assertThat(StoredRows.count(storage)).isLessThanOrEqualTo(rowsBefore + ROWS_OF_THE_ENTITY);
  }
}
