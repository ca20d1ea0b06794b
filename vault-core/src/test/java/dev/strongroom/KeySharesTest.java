package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySharesTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "5, 3", "255, 2", "255, 255"})
  void shares_withinTheBounds_areAccepted(int total, int threshold) {
    assertThat(new KeyShares(total, threshold)).hasToString(threshold + " of " + total);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "0, 1",
    "1, 2",
    "2, 1",
    "5, 1",
    "5, 0",
    "5, 6",
    "5, -3",
    "-1, -1",
    "256, 3",
    "256, 256",
    "2147483647, 2"
  })
  void shares_outsideTheBounds_areRefusedWithTheRange(int total, int threshold) {
    assertThatThrownBy(() -> new KeyShares(total, threshold))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need 1 of 1, or 2 <= threshold <= total <= 255, but got threshold " + threshold
            + " of " + total);
  }

  @Test
  void sealStatus_withoutOneOfItsParts_isRefused() {
    Optional<KeyShares> shares = Optional.of(new KeyShares(5, 3));

    assertThat(new SealStatus(true, true, "shamir", shares, 1, Optional.of("n"), false).shares())
        .isEqualTo(shares);
    assertThatThrownBy(() -> new SealStatus(true, true, null, shares, 0, Optional.empty(), false))
        .hasMessage("sealType");
    assertThatThrownBy(() -> new SealStatus(true, true, "shamir", null, 0, Optional.empty(), false))
        .hasMessage("shares");
    assertThatThrownBy(() -> new SealStatus(true, true, "shamir", shares, 0, null, false))
        .hasMessage("nonce");
  }
}
