package dev.strongroom.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.KvStore;
import dev.strongroom.testkit.FaultyStorage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@VaultTest(secrets = "secrets.json")
class AnnotatedTest {
  @BeforeEach
  void setPolicy(Session root) {
    Policies.of(root)
        .put("billing", "path \"secret/data/billing/*\" { capabilities = [\"read\"] }");
  }

  @Test
  void secrets_areThoseOfTheFile(KvStore secrets) {
    assertThat(secrets.get("billing/db").text("password")).isEqualTo("canary-from-file");
    assertThat(secrets.get("billing/api").toMap()).containsEntry("expires", null);
  }

  @RepeatedTest(2)
  void vault_isNewForEachTest(KvStore secrets) {
    assertThat(secrets.find("mine")).isEmpty();
    secrets.put("mine", Map.of("a", "b"));
  }

  @Test
  void policies_limitWhatAParameterMayDo(@WithPolicies("billing") KvStore secrets) {
    assertThat(secrets.get("billing/api").text("key")).isEqualTo("another-from-file");
    assertThatThrownBy(() -> secrets.put("billing/api", Map.of("key", "x")))
        .isInstanceOf(VaultException.class)
        .hasMessage("permission denied");
  }

  @Test
  void parameters_belongToOneVault(
      TestVault all,
      Vault vault,
      ClientToken token,
      @WithPolicies("billing") Session session,
      VirtualTime time,
      FaultyStorage storage) {
    assertThat(all.vault()).isSameAs(vault);
    assertThat(all.time()).isSameAs(time);
    assertThat(all.storage()).isSameAs(storage);
    assertThat(Tokens.of(vault.session(token)).lookupSelf().policies()).contains("root");
    assertThat(Tokens.of(session).lookupSelf().policies()).contains("billing");
  }

  @Test
  void time_advanced_endsATokenOfATest(TestVault vault) {
    Session session = vault.session("billing");

    vault.time().advance(Duration.ofDays(33));

    assertThatThrownBy(() -> KvStore.at(session, "secret").get("billing/db"))
        .isInstanceOf(VaultException.class)
        .hasMessage("permission denied");
  }

  @Test
  void seal_refusesRequestsUntilUnsealed(TestVault vault) {
    vault.seal();
    assertThatThrownBy(() -> vault.secrets().get("billing/db"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));

    vault.unseal();
    assertThat(vault.secrets().get("billing/db").text("username")).isEqualTo("billing");
  }

  @Test
  void storage_failingCommit_failsAWrite(KvStore secrets, FaultyStorage storage) {
    storage.failCommit(1);

    assertThatThrownBy(() -> secrets.put("billing/db", Map.of("password", "new-password")))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
    assertThat(secrets.get("billing/db").text("password")).isEqualTo("canary-from-file");
  }

  @Test
  void storage_thatDied_isNoFailureOfTheExtension(KvStore secrets, FaultyStorage storage) {
    storage.die();

    assertThatThrownBy(() -> secrets.put("a", Map.of("b", "c"))).isInstanceOf(VaultException.class);
  }

  @Nested
  class InANestedClass {
    @Test
    void secrets_areThoseOfTheClassAround(KvStore secrets) {
      assertThat(secrets.list("billing")).containsExactly("api", "db");
    }
  }
}
