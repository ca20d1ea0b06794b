package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a lease whose engine throws an {@link Error}, as without its driver. */
class LeaseErrorTest {
  @Test
  void revoke_withAnError_isTriedAgainAndTheCallerIsTold() {
    VirtualTime[] clock = new VirtualTime[1];
    OutsideWorld world = new OutsideWorld(() -> clock[0].instant());
    try (InMemoryVault vault =
        Vault.inMemory(builder -> builder.mount("db", Mount.of(new LeasedEngine(world))))) {
      clock[0] = vault.time();
      vault
          .root()
          .request(Request.write("db/roles/app", Map.of("ttl", "1h", "max_ttl", "4h")))
          .orThrow();
      Lease lease =
          vault.root().request(Request.read("db/creds/app")).orThrow().lease().orElseThrow();
      world.dieInCall(
          1,
          /* workDone= */ false,
          () -> {
            throw new NoClassDefFoundError("Driver");
          });

      Response response =
          vault.root().request(Request.write("sys/leases/revoke", Map.of("lease_id", lease.id())));

      assertThat(response.failure()).contains(ErrorCode.OUTSIDE_FAILED);
      assertThat(response.errors().get(0))
          .contains("NoClassDefFoundError")
          .doesNotContain("Driver");
      assertThat(world.users()).hasSize(1);
      assertThat(Leases.of(vault.root()).list("db/creds/app")).hasSize(1);
      vault.time().advance(Duration.ofMinutes(2));
      assertThat(world.users()).isEmpty();
      assertThat(Leases.of(vault.root()).list("db/creds/app")).isEmpty();
    }
  }
}
