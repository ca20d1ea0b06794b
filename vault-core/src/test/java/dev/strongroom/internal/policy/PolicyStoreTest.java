package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PolicyStoreTest {
  private final InMemoryVault vault = Vault.inMemory();
  private final Policies policies = Policies.of(vault.root());
  private Session session;

  @BeforeEach
  void open() {
    session = vault
        .vault()
        .session(Tokens.of(vault.root())
            .create(TokenRequest.of("p", "default"))
            .token()
            .orElseThrow());
  }

  @AfterEach
  void close() {
    session.close();
    vault.close();
  }

  private Response write(String text, String ttl) {
    return vault
        .root()
        .request(Request.write("sys/policies/acl/p", Map.of("policy", text, "ttl", ttl)));
  }

  @Test
  @DisplayName("A-12 a change counts from the next request on")
  void aclOf_policyWrittenAndDeleted_isWhatItSaysNow() {
    assertThat(Policies.of(session).capabilities("a")).containsExactly("deny");
    policies.put("p", "path \"a\" { capabilities = [\"read\"] }");
    assertThat(Policies.of(session).capabilities("a")).containsExactly("read");
    policies.put("p", "path \"a\" { capabilities = [\"list\"] }");
    assertThat(Policies.of(session).capabilities("a")).containsExactly("list");
    policies.delete("p");
    assertThat(Policies.of(session).capabilities("a")).containsExactly("deny");
  }

  @Test
  @DisplayName("A-12 a policy that has been used ends when it expires")
  void aclOf_policyExpires_countsAsAbsentFromThatMomentOn() {
    write("path \"a\" { capabilities = [\"read\"] }", "1h").orThrow();
    assertThat(Policies.of(session).capabilities("a")).containsExactly("read");

    vault.time().advance(Duration.ofMinutes(59));
    assertThat(Policies.of(session).capabilities("a")).containsExactly("read");
    vault.time().advance(Duration.ofMinutes(1));
    assertThat(Policies.of(session).capabilities("a")).containsExactly("deny");
  }

  @Test
  @DisplayName("A-12 a block that has been used ends when it expires")
  void aclOf_blockExpires_isLeftOutFromThatMomentOn() {
    policies.put("p", """
        path "a/*" { capabilities = ["read"] }
        path "a/b" {
          capabilities = ["deny"]
          expiration   = "2026-01-01T01:00:00Z"
        }
        """);
    assertThat(Policies.of(session).capabilities("a/b")).containsExactly("deny");

    vault.time().advance(Duration.ofHours(1));
    assertThat(Policies.of(session).capabilities("a/b")).containsExactly("read");
  }

  @Test
  void write_textThatIsNoPolicy_isRefusedWithThePlaceAndChangesNothing() {
    policies.put("p", "path \"a\" { capabilities = [\"read\"] }");

    assertThatThrownBy(() -> policies.put("p", "path \"a\" {\n  capabilities = [\"reed\"]\n}"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("failed to parse policy: At 2:19: path \"a\": invalid capability \"reed\"");
    assertThat(Policies.of(session).capabilities("a")).containsExactly("read");
  }

  @Test
  void request_withoutTheCapability_isDenied() {
    policies.put("p", "path \"sys/policies/acl/p\" { capabilities = [\"read\"] }");

    assertThat(Policies.of(session).get("p")).isPresent();
    assertThatThrownBy(() -> Policies.of(session).delete("p"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessage("permission denied");
  }
}
