package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Mounts;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Request;
import dev.strongroom.spi.StorageType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a vault, restored from a snapshot, which may be one for a rehearsal. */
class LeaseRestoredTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Request CREDS = Request.read("db/creds/app");
  private static final String HELD = "nothing outside is touched";

  @TempDir
  private Path folder;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final OutsideWorld world = new OutsideWorld(time);
  private final Vault first = open(FaultyStorage.inMemory());
  private final InitialKeys keys = first.initialize(new KeyShares(1, 1));
  private Vault copy = first;
  private String id = "";

  @BeforeEach
  void restoreACopy() {
    unseal(first);
    Mounts.of(root(first)).mount("db", Mount.of(new LeasedEngine(world)));
    root(first).request(Request.write("db/roles/app", Map.of("ttl", "1h"))).orThrow();
    id = root(first).request(CREDS).orThrow().lease().orElseThrow().id();
    copy = restored(first);
  }

  @AfterEach
  void close() {
    copy.close();
    first.close();
    keys.close();
  }

  private Vault open(StorageType storage) {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .engine(new LeasedEngine(world))
        .open();
  }

  private Vault unseal(Vault vault) {
    vault.unseal(keys.shares().get(0));
    return vault;
  }

  private Vault restored(Vault from) {
    Path file = folder.resolve("vault.snapshot");
    from.snapshot(file);
    from.close();
    StorageType into = FaultyStorage.inMemory();
    Vault.restore(file, into);
    return unseal(open(into));
  }

  private Session root(Vault vault) {
    return vault.session(keys.rootToken());
  }

  private Leases leases() {
    return Leases.of(root(copy));
  }

  private void requireHeld(Request request) {
    assertThatThrownBy(() -> root(copy).request(request).orThrow())
        .hasMessageContaining(HELD)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED));
  }

  private static Request revoke(String lease) {
    return Request.write("sys/leases/revoke", Map.of("lease_id", lease));
  }

  @Test
  void held_whateverIsAsked_touchesNothingOutside() {
    List<String> before = world.calls();
    assertThat(copy.outsideEffectsHeld()).isTrue();

    requireHeld(CREDS);
    requireHeld(Request.write("sys/leases/renew", Map.of("lease_id", id)));
    requireHeld(revoke(id));
    requireHeld(Request.delete("sys/mounts/db"));
    time.advance(Duration.ofDays(3));

    assertThat(world.calls()).isEqualTo(before);
    assertThat(leases().list("db/creds/app")).hasSize(1);
    assertThat(leases().irrevocable()).isEmpty();
  }

  @Test
  void held_leasesThatEnd_waitAndAreNamed() {
    assertThat(copy.leasesToRevoke()).isEmpty();

    time.advance(HOUR);

    assertThat(copy.leasesToRevoke()).containsExactly(id);
    assertThat(world.users()).hasSize(1);
  }

  @Test
  void resumed_whatHasEndedIsRevokedWithinFiveMinutes() {
    time.advance(Duration.ofDays(1));

    copy.resumeOutsideEffects();
    time.advance(Duration.ofMinutes(5));

    assertThat(copy.outsideEffectsHeld()).isFalse();
    assertThat(world.users()).isEmpty();
    assertThat(copy.leasesToRevoke()).isEmpty();
    assertThat(root(copy).request(CREDS).isFailure()).isFalse();
  }

  @Test
  void resumed_staysSoAfterSealing_butHoldsACopyOfTheCopy() {
    copy.resumeOutsideEffects();
    copy.seal();
    assertThat(unseal(copy).outsideEffectsHeld()).isFalse();

    copy = restored(copy);

    assertThat(copy.outsideEffectsHeld()).isTrue();
  }

  @Test
  void held_afterSealing_isHeldStill() {
    copy.seal();

    assertThat(unseal(copy).outsideEffectsHeld()).isTrue();
  }

  @Test
  void outsideEffects_ofASealedVault_areNotTold() {
    copy.seal();

    assertThatThrownBy(copy::outsideEffectsHeld).isInstanceOf(VaultException.class);
    assertThatThrownBy(copy::leasesToRevoke).isInstanceOf(VaultException.class);
    assertThatThrownBy(copy::resumeOutsideEffects).isInstanceOf(VaultException.class);
  }

  @Test
  void resume_ofAVaultThatIsNoCopy_changesNothing() {
    try (Vault other = open(FaultyStorage.inMemory());
        InitialKeys others = other.initialize(new KeyShares(1, 1))) {
      other.unseal(others.shares().get(0));

      other.resumeOutsideEffects();

      assertThat(other.outsideEffectsHeld()).isFalse();
    }
  }
}
