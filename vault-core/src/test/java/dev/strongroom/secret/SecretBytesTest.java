package dev.strongroom.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretBytesTest {
  private final byte[] source = ascii("s3cr3t");
  private final SecretBytes secret = SecretBytes.copyOf(source);

  @Test
  void copyOf_theSourceWipedAfterwards_keepsTheSecret() {
    Arrays.fill(source, (byte) 0);

    assertThat(secret.exposeCopy()).isEqualTo(ascii("s3cr3t"));
    assertThat(secret.length()).isEqualTo(6);
  }

  @Test
  void takeOver_closed_wipesTheSource() {
    SecretBytes.takeOver(source).close();

    assertThat(source).containsOnly(0);
  }

  @Test
  void exposeCopy_changed_leavesTheSecret() {
    Arrays.fill(secret.exposeCopy(), (byte) 0);

    assertThat(secret.exposeCopy()).isEqualTo(ascii("s3cr3t"));
  }

  @Test
  void use_wipesTheLentCopy_alsoWhenTheActionThrows() {
    AtomicReference<byte[]> kept = new AtomicReference<>();

    assertThat(secret.<Boolean>use(bytes -> {
          kept.set(bytes);
          return Arrays.equals(bytes, source);
        }))
        .isTrue();
    assertThat(kept.get()).containsOnly(0);
    assertThatThrownBy(() -> secret.lend(bytes -> {
          kept.set(bytes);
          throw new IllegalStateException("thrown by the action");
        }))
        .hasMessage("thrown by the action");
    assertThat(kept.get()).hasSize(6).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "s3cr3t, true",
    "S3cr3t, false",
    "s3cR3t, false",
    "s3cr3T, false",
    "s3cr3, false",
    "s3cr3t0, false",
    "3scr3t, false",
    "'', false"
  })
  void matches_theSameBytesOnly(String candidate, boolean expected) {
    assertThat(secret.matches(ascii(candidate))).isEqualTo(expected);
  }

  @Test
  void anEmptySecret_matchesNothingElse() {
    SecretBytes empty = SecretBytes.copyOf(new byte[0]);

    assertThat(empty.matches(new byte[0])).isTrue();
    assertThat(empty.matches(new byte[1])).isFalse();
    assertThat(empty.length()).isZero();
  }

  @Nested
  class WhenClosed {
    @Test
    void everyUse_isRefused() {
      secret.close();
      secret.close();

      assertWiped(secret::exposeCopy);
      assertWiped(secret::length);
      assertWiped(() -> secret.matches(source));
      assertWiped(() -> secret.lend(bytes -> {}));
      assertThat(secret).hasToString("SecretBytes[redacted]");
    }

    private void assertWiped(Runnable use) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the secret was already wiped");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
