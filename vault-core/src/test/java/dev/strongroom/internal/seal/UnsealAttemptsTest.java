package dev.strongroom.internal.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Metric;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Origin;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Three of five shares are needed. */
class UnsealAttemptsTest {
  private static final Origin OPERATOR = from("10.0.0.1");
  private static final Origin COLLEAGUE = from("10.0.0.2");
  private static final Origin STRANGER = from("10.0.0.66");

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private Vault vault;
  private InitialKeys keys;
  private int junk;

  @BeforeEach
  void open() {
    vault = Vault.builder().storage(InMemoryStorage.create()).time(time).open();
    keys = vault.initialize(new KeyShares(5, 3));
  }

  @AfterEach
  void close() {
    keys.close();
    vault.close();
  }

  @Test
  @DisplayName("S-6 who gives enough shares is not kept from unsealing by wrong ones of others")
  void unseal_amongWrongSharesOfOthers_opens() {
    give(0, OPERATOR);
    giveJunk(STRANGER);
    assertThatThrownBy(() -> give(1, OPERATOR)).isInstanceOf(VaultException.class);
    giveJunk(STRANGER);
    assertThat(give(2, OPERATOR).sealed()).isFalse();
    assertThat(disturbed()).isEqualTo(1);
  }

  @Test
  @DisplayName("S-6 who gives enough shares is not kept from unsealing by a reset of others")
  void unseal_afterAResetByOthers_opens() {
    give(0, OPERATOR);
    give(1, OPERATOR);
    assertThat(vault.resetUnseal(STRANGER).given()).isZero();
    assertThat(disturbed()).isEqualTo(1);
    assertThat(give(2, OPERATOR).sealed()).isFalse();
  }

  @Test
  void unseal_byTheHostAmongWrongShares_opens() {
    vault.unseal(keys.shares().get(0));
    vault.unseal(keys.shares().get(1));
    assertThatThrownBy(() -> giveJunk(STRANGER)).isInstanceOf(VaultException.class);
    assertThat(vault.unseal(keys.shares().get(2)).sealed()).isFalse();
  }

  @Test
  void unseal_withSharesFromSeveralAddresses_opens() {
    give(0, OPERATOR);
    give(1, COLLEAGUE);
    assertThat(give(2, from("2001:db8::1")).sealed()).isFalse();
    assertThat(disturbed()).isZero();
  }

  @Test
  void unseal_withWrongSharesOfOne_forgetsThemAll() {
    give(0, OPERATOR);
    giveJunk(OPERATOR);
    assertThatThrownBy(() -> giveJunk(OPERATOR)).isInstanceOf(VaultException.class);
    assertThat(vault.sealStatus().given()).isZero();
    assertThat(give(1, OPERATOR).given()).isEqualTo(1);
    assertThat(give(2, OPERATOR).sealed()).isTrue();
    assertThat(disturbed()).isZero();
  }

  @Test
  @DisplayName("S-6 attempts of others are given up rarely")
  void reset_ofOthersAgainAndAgain_isRefused() {
    for (int i = 0; i < UnsealAttempts.MOST_GIVEN_UP; i++) {
      give(0, OPERATOR);
      vault.resetUnseal(STRANGER);
    }
    give(0, OPERATOR);
    assertThatThrownBy(() -> vault.resetUnseal(STRANGER))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("5 times")
        .hasMessageContaining("10 minutes");
    assertThat(vault.sealStatus().given()).isEqualTo(1);
    assertThat(vault.resetUnseal(COLLEAGUE).given()).isZero();
    give(0, OPERATOR);
    time.advance(UnsealAttempts.GIVEN_UP_WITHIN.plusSeconds(1));
    assertThat(vault.resetUnseal(STRANGER).given()).isZero();
  }

  @Test
  void reset_ofOnesOwn_isNeverRefused() {
    for (int i = 0; i < 100; i++) {
      give(0, OPERATOR);
      assertThat(vault.resetUnseal(OPERATOR).given()).isZero();
    }
    give(0, OPERATOR);
    give(1, OPERATOR);
    vault.resetUnseal(OPERATOR);
    assertThat(give(2, OPERATOR).given()).isEqualTo(1);
  }

  @Test
  void reset_byTheHost_isNeverRefusedAndForgetsAll() {
    give(0, OPERATOR);
    give(1, OPERATOR);
    assertThat(vault.resetUnseal().given()).isZero();
    assertThat(give(2, OPERATOR).sealed()).isTrue();
  }

  @Test
  void sharesOfOne_afterADay_areForgotten() {
    give(0, OPERATOR);
    give(1, OPERATOR);
    time.advance(UnsealProgress.LIFETIME.plus(Duration.ofSeconds(1)));
    assertThat(give(2, OPERATOR).sealed()).isTrue();
  }

  @Test
  @DisplayName("S-6 a flood of junk shares leaves nothing behind and keep nobody out")
  void unseal_afterAFloodOfJunkShares_opens() throws UnknownHostException {
    give(0, OPERATOR);
    give(1, OPERATOR);
    for (int i = 0; i < 20_000; i++) {
      try {
        giveJunk(Origin.of(InetAddress.getByAddress(new byte[] {11, 0, 0, (byte) (i % 200)}), 1));
      } catch (VaultException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      }
    }
    assertThat(vault.sealStatus().given()).isLessThan(3); // what is kept, of every giver
    assertThat(give(2, OPERATOR).sealed()).isFalse();
  }

  @Test
  void givers_moreThanAreRemembered_makeRoomForOthers() throws UnknownHostException {
    give(0, OPERATOR);
    give(1, OPERATOR);
    for (int i = 0; i < UnsealAttempts.MOST_GIVERS; i++) {
      byte[] address = {11, 0, (byte) (i / 256), (byte) i};
      vault.resetUnseal(Origin.of(InetAddress.getByAddress(address), 1));
    }
    assertThat(give(2, OPERATOR).sealed()).isTrue();
  }

  private SealStatus give(int share, Origin from) {
    return vault.unseal(keys.shares().get(share), from);
  }

  private void giveJunk(Origin from) {
    byte[] bytes = new byte[33];
    ByteBuffer.wrap(bytes).putInt(++junk);
    bytes[32] = (byte) (junk % 255 + 1);
    try (KeyShare share = KeyShare.copyOf(bytes)) {
      vault.unseal(share, from);
    }
  }

  private long disturbed() {
    return vault.metrics().all().stream()
        .filter(metric -> metric.name().equals("vault.core.unseal_disturbed"))
        .map(Metric.Counter.class::cast)
        .mapToLong(Metric.Counter::count)
        .sum();
  }

  private static Origin from(String address) {
    try {
      return Origin.of(InetAddress.getByName(address), 50_000);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
