package dev.strongroom.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OriginTest {
  private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

  @Test
  void toString_headers_showsTheirNamesOnly() {
    Origin origin = new Origin(ADDRESS, 8200, Map.of("X-Reason", List.of("canary")));

    assertThat(origin.toString())
        .contains("127.0.0.1", "8200", "x-reason")
        .doesNotContain("canary");
  }

  @Test
  void headers_namesThatDifferInCase_areOne() {
    Origin origin =
        new Origin(ADDRESS, 0, Map.of("X-Reason", List.of("a"), "x-reason", List.of("b")));

    assertThat(origin.headers()).containsOnlyKeys("x-reason");
    assertThat(origin.headers().get("x-reason")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void port_outOfRange_isRefused() {
    assertThatThrownBy(() -> Origin.of(ADDRESS, 65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 65,535");
    assertThatThrownBy(() -> Origin.of(ADDRESS, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void origin_requestWithOtherParameters_isKept() {
    Request request = Request.read("secret/a").from(Origin.of(ADDRESS, 1));

    assertThat(request.with("a", 1).origin()).isEqualTo(request.origin()).isPresent();
    assertThat(request.with(Payload.empty()).origin()).isEqualTo(request.origin());
    assertThat(Request.read("secret/a").origin()).isEmpty();
  }
}
