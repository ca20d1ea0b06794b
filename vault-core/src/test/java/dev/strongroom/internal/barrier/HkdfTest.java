package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HkdfTest {
  private static final byte[] MATERIAL = HexFormat.of().parseHex("0b".repeat(22));

  @Test
  void derive_testCase3OfRfc5869_givesItsKey() {
    assertThat(HexFormat.of().formatHex(Hkdf.derive(MATERIAL, "", 42)))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @ParameterizedTest
  @CsvSource({"strongroom data, 32", "strongroom names, 96", "'', 1", "x, 33"})
  void derive_anyPurposeAndLength_isExtractThenExpand(String purpose, int length)
      throws GeneralSecurityException {
    byte[] extracted = hmac(new byte[32], MATERIAL);
    byte[] expanded = new byte[0];
    byte[] block = new byte[0];
    for (int counter = 1; expanded.length < length; counter++) {
      byte[] info = purpose.getBytes(StandardCharsets.US_ASCII);
      block = hmac(extracted, concat(concat(block, info), new byte[] {(byte) counter}));
      expanded = concat(expanded, block);
    }

    assertThat(Hkdf.derive(MATERIAL, purpose, length)).isEqualTo(Arrays.copyOf(expanded, length));
  }

  @Test
  void derive_otherPurposesOrMaterial_givesOtherKeysAndKeepsTheMaterial() {
    byte[] material = MATERIAL.clone();

    assertThat(Hkdf.derive(material, "a", 32))
        .isEqualTo(Hkdf.derive(material, "a", 32))
        .isNotEqualTo(Hkdf.derive(material, "b", 32))
        .isNotEqualTo(Hkdf.derive(Arrays.copyOf(material, 23), "a", 32));
    assertThat(material).isEqualTo(MATERIAL);
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
