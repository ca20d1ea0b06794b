package dev.strongroom.internal.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.KeyShare;
import dev.strongroom.Mutations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are nearly key shares, one a line. */
class KeyShareFuzzTest {
  static List<byte[]> seeds() {
    return Stream.concat(
            ShamirVectors.cases("splits")
                .map(vector -> vector.shares().stream().map(KeyShare::copyOf).toList())
                .flatMap(shares -> Stream.of(
                    String.join("\n", shares.stream().map(KeyShare::exposeHex).toList()),
                    String.join(
                        "\n", shares.stream().map(KeyShare::exposeBase64).toList())))
                .limit(20),
            Stream.of("AAAA\nBBBB\nAAA=", "00".repeat(33), "", "=", "A===", "é\n "))
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void combine_mutatedShares_areCombinedOrRefused(long seed) {
    Mutations.run(seed, 5_000, seeds(), this::combine_anyShares_areCombinedOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void combine_anyShares_areCombinedOrRefused(byte[] lines) {
    List<byte[]> shares = new ArrayList<>();
    for (String line : new String(lines, UTF_8).split("\n", -1)) {
      try (KeyShare share = KeyShare.parse(line)) {
        checkTexts(share);
        shares.add(share.exposeBytes());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasNoCause();
      }
    }
    try {
      byte[] secret = Shamir.combine(shares);
      assertThat(secret).hasSize(shares.get(0).length - 1);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /**
   * A share of a length that occurs is read again from its texts. Base64 that consists of hex
   * digits is read as hex, as the reference does: one share of 33 bytes in 10^20 is such.
   */
  private static void checkTexts(KeyShare share) {
    byte[] bytes = share.exposeBytes();
    if (bytes.length == 32 || bytes.length == 33) {
      checkText(share.exposeHex(), bytes);
      if (!share.exposeBase64().matches("[0-9a-fA-F]+")) {
        checkText(share.exposeBase64(), bytes);
      }
    }
  }

  private static void checkText(String text, byte[] bytes) {
    try (KeyShare again = KeyShare.parse(text)) {
      assertThat(again.exposeBytes()).isEqualTo(bytes);
    }
  }
}
