package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls come from 127.0.0.1. */
class ClientAddressTest {
  private static final List<Cidr> PROXIES =
      List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("192.0.2.1"));
  private static final HttpOptions BEHIND = HttpOptions.DEFAULT.withTrustedProxies(PROXIES);

  @ParameterizedTest(name = "H-10 through trusted proxies, {0} is {1}")
  @CsvSource({
    "10.1.1.1, 10.1.1.1",
    "'10.9.9.9, 10.1.1.1', 10.1.1.1",
    "'10.1.1.1,192.0.2.1', 10.1.1.1",
    "'evil, 10.1.1.1', 10.1.1.1",
    "::ffff:10.1.1.1, 10.1.1.1",
    "2001:db8::1, 2001:db8::1",
    "192.0.2.1, 192.0.2.1"
  })
  void of_throughTrustedProxies_isTheLastThatIsNone(String header, String address)
      throws UnknownHostException {
    assertThat(ClientAddress.of(call().with("X-Forwarded-For", header), BEHIND))
        .isEqualTo(InetAddress.getByName(address));
  }

  @Test
  void of_headersSentTwice_areReadInTheirOrder() {
    assertThat(ClientAddress.of(
                call().with("X-Forwarded-For", "10.1.1.1").with("X-Forwarded-For", "10.2.2.2"),
                BEHIND)
            .getHostAddress())
        .isEqualTo("10.2.2.2");
  }

  @ParameterizedTest(name = "H-10 {0} is no address")
  @ValueSource(
      strings = {
        "10.1.1.1, evil",
        "localhost",
        "",
        "10.1.1.1:80",
        "[::1]",
        "fe80::1%eth0",
        "010.1.1.1",
        "10.0.0.0/8"
      })
  void of_somethingElseThanAnAddress_is400(String header) {
    assertThatThrownBy(() -> ClientAddress.of(call().with("X-Forwarded-For", header), BEHIND))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reply().status()).isEqualTo(400));
  }

  @Test
  void of_aConnectionFromElsewhere_isItsEnd() {
    SentCall call = call().with("X-Forwarded-For", "10.1.1.1");
    assertThat(ClientAddress.of(call, HttpOptions.DEFAULT))
        .isEqualTo(call.remote().getAddress());
    assertThat(ClientAddress.of(
            call, HttpOptions.DEFAULT.withTrustedProxies(List.of(Cidr.parse("192.0.2.1")))))
        .isEqualTo(call.remote().getAddress());
  }

  @Test
  @DisplayName("H-10 a request of a trusted proxy that names nobody is not the proxy's own")
  void of_aTrustedProxyThatNamesNobody_is400UnlessThatIsAllowed() {
    assertThatThrownBy(() -> ClientAddress.of(call(), BEHIND))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reply().status()).isEqualTo(400));
    assertThat(ClientAddress.of(call(), BEHIND.withForwardedForNeeded(false)))
        .isEqualTo(call().remote().getAddress());
  }

  @Test
  @DisplayName("H-10 a token bound to addresses is good behind a trusted proxy only")
  void boundToken_withAnAddressThatItsBearerClaims_isDenied() {
    SentCall call = SentCall.of("GET /v1/auth/token/lookup-self");
    try (Served served = new Served()) {
      assertThat(statusOf(served, call.with("X-Forwarded-For", "10.1.1.1"))).isEqualTo(403);
      assertThat(statusOf(served, call.with("Forwarded", "for=10.1.1.1"))).isEqualTo(403);
    }
    try (Served behind = new Served(BEHIND)) {
      assertThat(statusOf(behind, call.with("X-Forwarded-For", "10.1.1.1"))).isEqualTo(200);
      assertThat(statusOf(behind, call.with("X-Forwarded-For", "10.1.1.1, 11.1.1.1")))
          .isEqualTo(403);
      assertThat(statusOf(behind, call.with("X-Forwarded-For", "10.1.1.1, evil")))
          .isEqualTo(400);
    }
  }

  private static int statusOf(Served served, SentCall call) {
    served.root(SentCall.of("POST /v1/auth/token/roles/bound")
        .with("X-Forwarded-For", "10.1.1.1")
        .body("{\"token_bound_cidrs\":[\"10.0.0.0/8\"]}"));
    String token = served
        .root(SentCall.of("POST /v1/auth/token/create/bound").with("X-Forwarded-For", "10.1.1.1"))
        .json()
        .object("auth")
        .orElseThrow()
        .text("client_token")
        .orElseThrow();
    return served.send(call.with("X-Vault-Token", token)).status();
  }

  private static SentCall call() {
    return SentCall.of("GET /v1/sys/health");
  }
}
