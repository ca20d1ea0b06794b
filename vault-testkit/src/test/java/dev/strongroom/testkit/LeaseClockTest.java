package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Request;
import dev.strongroom.spi.OutsideException.Kind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases of an hour while the clock jumps, and while the vault is sealed. */
class LeaseClockTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final JumpingTime time = new JumpingTime();
  private final OutsideWorld world = new OutsideWorld(time);
  // Work outside runs where the time moves, as on virtual time.
  private final Vault vault = Vault.builder()
      .storage(FaultyStorage.inMemory())
      .time(time)
      .outsideExecutor(work -> time.after(Duration.ZERO, work))
      .mount("db", Mount.of(new LeasedEngine(world)))
      .open();
  private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));
  private final Session root = vault.session(keys.rootToken());

  @BeforeEach
  void unseal() {
    vault.unseal(keys.shares().get(0));
    root.request(Request.write("db/roles/app", Map.of("ttl", "1h", "max_ttl", "4h")))
        .orThrow();
  }

  @AfterEach
  void close() {
    keys.close();
    vault.close();
  }

  private String issue() {
    return root.request(Request.read("db/creds/app"))
        .orThrow()
        .lease()
        .orElseThrow()
        .id();
  }

  private void requireGone() {
    assertThat(world.users()).isEmpty();
    assertThat(Leases.of(root).list("db")).isEmpty();
  }

  @Test
  void clock_jumpsForward_leaseCannotBeRenewedAndItsSecretEndsAfterTheGrace() {
    String id = issue();

    time.set(Duration.ofDays(1));

    assertThatThrownBy(() -> Leases.of(root).renew(id, HOUR)).hasMessage("lease expired");
    time.advance(GRACE.minus(SECOND));
    assertThat(world.users()).hasSize(1);
    time.advance(HOUR);
    requireGone();
  }

  @Test
  void clock_jumpsToTheYear9999AndBack_noLeaseLivesForEver() {
    issue();
    time.set(Duration.ofDays(365L * 7970));
    time.advance(SECOND);
    time.set(Duration.ZERO);

    time.advance(HOUR.multipliedBy(2));
    requireGone();
    String later = issue(); // on the vault's time, which does not go back
    time.advance(HOUR.minus(SECOND));
    assertThat(world.users()).hasSize(1);
    assertThat(Leases.of(root).renew(later, HOUR).duration()).isEqualTo(HOUR);
    time.advance(HOUR.plus(SECOND));
    requireGone();
  }

  @Test
  void clock_setBack_leaseLivesItsHourAndNoLonger() {
    time.advance(HOUR.multipliedBy(24));
    issue();

    time.set(HOUR.multipliedBy(-24));

    time.advance(HOUR.minus(SECOND));
    assertThat(world.users()).hasSize(1);
    time.advance(SECOND.multipliedBy(2));
    requireGone();
  }

  @Test
  void clock_setBackBetweenRenewals_neverPassesTheLongestLifetime() {
    String id = issue();
    for (int i = 0; i < 4; i++) {
      time.advance(HOUR.minus(SECOND));
      time.set(HOUR.multipliedBy(-i));
      Leases.of(root).renew(id, HOUR);
    }

    time.advance(HOUR);

    requireGone();
  }

  @Test
  void sealed_aYear_leaseIsRevokedAfterUnsealingAndNotServedBefore() {
    String id = issue();
    vault.seal();
    time.advance(Duration.ofDays(365));
    assertThat(world.users()).hasSize(1);

    vault.unseal(keys.shares().get(0));

    assertThatThrownBy(() -> Leases.of(root).renew(id, HOUR)).hasMessage("lease expired");
    assertThat(vault.leasesToRevoke()).containsExactly(id);
    time.advance(GRACE.plus(SECOND));
    requireGone();
  }

  @Test
  void sealed_forLessThanItsHour_leaseEndsAtItsMoment() {
    issue();
    vault.seal();
    time.advance(HOUR.dividedBy(2));
    vault.unseal(keys.shares().get(0));

    time.advance(HOUR.dividedBy(2).minus(SECOND));
    assertThat(world.users()).hasSize(1);
    time.advance(SECOND.multipliedBy(2));
    requireGone();
  }

  @Test
  void sealed_clockSetBackMeanwhile_expiredLeaseStaysExpired() {
    String id = issue();
    world.fail(Kind.UNREACHABLE);
    time.advance(HOUR.plusMinutes(2));
    vault.seal();
    time.set(HOUR.multipliedBy(-2));
    world.heal();

    vault.unseal(keys.shares().get(0));

    assertThatThrownBy(() -> Leases.of(root).renew(id, HOUR)).hasMessage("lease expired");
    time.advance(Duration.ofMinutes(10));
    requireGone();
  }
}
