package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.VirtualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClientRatesTest {
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final ClientRates rates = new ClientRates(10, time);

  @Test
  void take_moreThanTwoSecondsWorthAtOnce_isRefused() throws UnknownHostException {
    assertThat(taken("192.0.2.1", 30)).isEqualTo(20);
    assertThat(taken("192.0.2.2", 30)).isEqualTo(20);
  }

  @Test
  void take_afterAWhile_isAllowedAgainAtTheRate() throws UnknownHostException {
    taken("192.0.2.1", 30);
    time.advance(Duration.ofMillis(500));
    assertThat(taken("192.0.2.1", 30)).isEqualTo(5);
    time.advance(Duration.ofHours(1));
    assertThat(taken("192.0.2.1", 30)).isEqualTo(20);
  }

  @Test
  void take_fromOneBlockOfIpv6_isOneClient() throws UnknownHostException {
    assertThat(taken("2001:db8::1", 15)).isEqualTo(15);
    assertThat(taken("2001:db8::2", 15)).isEqualTo(5);
    assertThat(taken("2001:db8:0:1::1", 15)).isEqualTo(15);
  }

  @Test
  void take_byMoreClientsThanAreRemembered_forgetsTheOldest() throws UnknownHostException {
    taken("192.0.2.1", 30);
    for (int i = 0; i < 10_000; i++) {
      assertThat(taken("10.0." + i / 256 + "." + i % 256, 1)).isEqualTo(1);
    }
    assertThat(taken("192.0.2.1", 30)).isEqualTo(20);
  }

  @Test
  void take_withoutALimit_isAlwaysAllowed() throws UnknownHostException {
    ClientRates any = new ClientRates(0, time);
    for (int i = 0; i < 1_000; i++) {
      assertThat(any.take(InetAddress.getByName("192.0.2.1"))).isTrue();
    }
  }

  @Test
  @DisplayName("H-15 too many requests of a client are refused before anything of them is read")
  void refusal_ofOneTooMany_is429() {
    HttpLimits limits = HttpLimits.DEFAULT.withClientRequestsPerSecond(1);
    try (Served served = new Served(HttpOptions.DEFAULT.withLimits(limits))) {
      SentCall call = SentCall.of("GET /v1/sys/health");
      assertThat(served.handler().refusal(call)).isEmpty();
      assertThat(served.handler().refusal(call)).isEmpty();
      HttpReply refusal = served.handler().refusal(call).orElseThrow();
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.headers()).containsEntry("Retry-After", "1");
      served.time().advance(Duration.ofSeconds(1));
      assertThat(served.handler().refusal(call)).isEmpty();
    }
  }

  private int taken(String address, int asked) throws UnknownHostException {
    int taken = 0;
    for (int i = 0; i < asked; i++) {
      taken += rates.take(InetAddress.getByName(address)) ? 1 : 0;
    }
    return taken;
  }
}
