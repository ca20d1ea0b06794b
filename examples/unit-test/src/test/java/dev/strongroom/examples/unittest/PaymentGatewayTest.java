package dev.strongroom.examples.unittest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.examples.unittest.PaymentGateway.Settings;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The real vault in a unit test: policies, expiry and sealing as in production, time as the test
 * wants it.
 */
class PaymentGatewayTest {
  private InMemoryVault vault;
  private PaymentGateway gateway;

  @BeforeEach
  void openVault() {
    vault = Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));
    KvStore.at(vault.root(), "secret")
        .put("payments/gateway", new Settings("acme", "k3y-one", Duration.ofSeconds(5)));
    Policies.of(vault.root())
        .put("gateway", "path \"secret/data/payments/*\" { capabilities = [\"read\"] }");
    gateway = new PaymentGateway(sessionOfGateway());
  }

  private Session sessionOfGateway() {
    ClientToken token = Tokens.of(vault.root())
        .create(TokenRequest.of("gateway").withTtl(Duration.ofDays(30)))
        .token()
        .orElseThrow();
    return vault.vault().session(token);
  }

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void sign_usesTheKeyInTheVault() {
    assertThat(gateway.sign("order-1")).startsWith("acme:order-1:");
  }

  @Test
  void sign_afterTheKeyWasRotated_usesTheNewOne() {
    String before = gateway.sign("order-1");

    KvStore.at(vault.root(), "secret")
        .put("payments/gateway", new Settings("acme", "k3y-two", Duration.ofSeconds(5)));

    assertThat(gateway.sign("order-1")).isNotEqualTo(before);
  }

  @Test
  void sign_aMonthLater_saysThatItsAccessHasEnded() {
    vault.time().advance(Duration.ofDays(31)); // takes no time at all

    assertThatThrownBy(() -> gateway.sign("order-1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ask for a new token");
  }

  @Test
  void sign_withANewToken_worksAgain() {
    vault.time().advance(Duration.ofDays(31));

    assertThat(new PaymentGateway(sessionOfGateway()).sign("order-1")).startsWith("acme:order-1:");
  }
}
