package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A secret was made, and then its caller gets a failure: nobody has the secret, so it goes. */
class LeaseUnseenTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Request CREDS = Request.read("db/creds/app");

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final OutsideWorld world = new OutsideWorld(time);
  private final FaultyStorage storage = FaultyStorage.inMemory();
  private final AuditDeviceInMemory audit = new AuditDeviceInMemory();
  private final Vault vault = Vault.builder()
      .storage(storage)
      .time(time)
      .mount("db", Mount.of(new LeasedEngine(world)))
      .audit("memory", audit)
      .open();
  private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));
  private final Session root = vault.session(keys.rootToken());

  @BeforeEach
  void unseal() {
    vault.unseal(keys.shares().get(0));
    root.request(Request.write("db/roles/app", Map.of("ttl", "1h"))).orThrow();
  }

  @AfterEach
  void close() {
    keys.close();
    vault.close();
  }

  private void requireNothingLeft() {
    assertThat(world.calls()).anyMatch(call -> call.startsWith("create "));
    time.advance(Duration.ofMinutes(3));
    assertThat(world.users()).isEmpty();
    assertThat(Leases.of(root).list("db")).isEmpty();
  }

  private void requireAuditFailed(Request request) {
    audit.stopAfter(1); // the request is recorded, the response is not

    Response response = root.request(request);

    assertThat(response.failure()).contains(ErrorCode.AUDIT_FAILED);
    assertThat(response.data()).isEmpty();
    assertThat(response.lease()).isEmpty();
    assertThat(response.wrapInfo()).isEmpty();
    audit.go();
    time.advance(Duration.ofSeconds(2)); // the device is opened again
  }

  @Test
  void response_noDeviceTakesIt_leaseIsRevokedAndTheSecretStaysInside() {
    requireAuditFailed(CREDS);

    requireNothingLeft();
  }

  @Test
  void response_noDeviceTakesIt_wrapped_leaseIsRevoked() {
    requireAuditFailed(CREDS.wrapped(Duration.ofMinutes(1)));

    requireNothingLeft();
  }

  @Test
  void response_noDeviceTakesIt_revocationOutlivesACrash() {
    audit.stopAfter(1);
    assertThat(root.request(CREDS).failure()).contains(ErrorCode.AUDIT_FAILED);
    assertThat(world.users()).hasSize(1); // its end is ordered, nothing more
    audit.go();

    vault.seal();
    vault.unseal(keys.shares().get(0));

    requireNothingLeft();
  }

  @Test
  void request_noDeviceTakesIt_nothingIsMade() {
    audit.stopAfter(0);

    assertThat(root.request(CREDS).failure()).contains(ErrorCode.AUDIT_FAILED);

    assertThat(world.calls()).isEmpty();
  }

  @Test
  void wrapping_cannotBeStored_leaseIsRevoked() {
    storage.failCommit(3); // the plan, the lease, what waits behind the wrapping token

    Response response = root.request(CREDS.wrapped(HOUR));

    assertThat(response.failure()).contains(ErrorCode.STORAGE_FAILED);
    assertThat(response.data()).isEmpty();
    requireNothingLeft();
  }

  @Test
  void renewal_noDeviceTakesItsResponse_leaseStays() {
    String id = root.request(CREDS).orThrow().lease().orElseThrow().id();
    time.advance(Duration.ofMinutes(30));

    requireAuditFailed(Request.write("sys/leases/renew", Map.of("lease_id", id)));

    time.advance(HOUR.minusSeconds(3));
    assertThat(world.users()).hasSize(1);
    time.advance(Duration.ofSeconds(3));
    assertThat(world.users()).isEmpty();
  }
}
