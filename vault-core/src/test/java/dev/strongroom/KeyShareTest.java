package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.seal.ShamirVectors;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyShareTest {
  private static final String HEX =
      "282b9689bf08506c317b31bff10a563970c8c53990597e202d7b697a2c051050f3";
  private static final String NOT_A_KEY = "'key' must be a valid hex or base64 string";

  /** What is no key at all; a decoded key of the wrong length is refused where it is used. */
  static Stream<ShamirVectors.Case> undecodable() {
    return ShamirVectors.cases("key_text").filter(vector -> !vector.has("decoded_hex"));
  }

  static Stream<ShamirVectors.Case> decodable() {
    return ShamirVectors.cases("key_text").filter(vector -> vector.has("decoded_hex"));
  }

  static Stream<ShamirVectors.Case> splits() {
    return ShamirVectors.cases("splits").filter(split -> split.shareTexts().values().stream()
        .anyMatch(base64 -> base64.length() <= 1024)); // longer ones are no shares of a key
  }

  @ParameterizedTest
  @MethodSource("decodable")
  void parse_hexOrBase64_givesTheBytes(ShamirVectors.Case vector) {
    try (KeyShare share = KeyShare.parse(vector.text("key"))) {
      assertThat(share.exposeHex()).isEqualTo(vector.text("decoded_hex"));
      assertThat(share.exposeBytes()).isEqualTo(HexFormat.of().parseHex(share.exposeHex()));
    }
  }

  @ParameterizedTest
  @MethodSource("undecodable")
  void parse_neitherHexNorBase64_isRefused(ShamirVectors.Case vector) {
    assertThatThrownBy(() -> KeyShare.parse(vector.text("key")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(NOT_A_KEY);
  }

  @ParameterizedTest
  @MethodSource("splits")
  void exposedTexts_areThoseOfTheVectorAndAreReadAgain(ShamirVectors.Case vector) {
    vector.shareTexts().forEach((hex, base64) -> {
      try (KeyShare share = KeyShare.copyOf(HexFormat.of().parseHex(hex))) {
        assertThat(share.exposeHex()).isEqualTo(hex);
        assertThat(share.exposeBase64()).isEqualTo(base64);
        assertThat(KeyShare.parse(base64).exposeHex()).isEqualTo(hex);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "====",
        "A===",
        "AAA=AAAA",
        "AAAA\n",
        "AAAA\r\nAAAA",
        "AAAA ",
        "AA-_",
        "äääää",
        "AAAä",
        "QQ==QQ==",
        "\0\0\0\0",
        "ＡＡＡＡ",
        "٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠"
      })
  void parse_looseBase64OrOtherCharacters_isRefused(String text) {
    assertThatThrownBy(() -> KeyShare.parse(text)).hasMessage(NOT_A_KEY).hasNoCause();
  }

  @Test
  void parse_longText_isRefusedUnread() {
    assertThat(KeyShare.parse("A".repeat(1024)).exposeBytes()).hasSize(768);
    assertThatThrownBy(() -> KeyShare.parse("A".repeat(1028)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a key share has at most 1024 characters");
  }

  @Test
  void parse_theSameShareInAnySpelling_givesTheSameBytes() {
    String base64 = KeyShare.parse(HEX).exposeBase64();

    assertThat(KeyShare.parse(HEX.toUpperCase(Locale.ROOT)).exposeHex()).isEqualTo(HEX);
    assertThat(KeyShare.parse(CharBuffer.wrap(base64)).exposeHex()).isEqualTo(HEX);
  }

  @Test
  void copyOf_theSourceAndTheCopies_areTheCallersOwn() {
    byte[] source = HEX.getBytes(StandardCharsets.US_ASCII);
    KeyShare share = KeyShare.copyOf(source);

    source[0] = 0;
    share.exposeBytes()[1] = 0;

    assertThat(share.exposeBytes()).isEqualTo(HEX.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void close_wipesTheShare() {
    KeyShare share = KeyShare.parse(HEX);
    share.close();
    share.close();

    assertThatThrownBy(share::exposeHex).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(share::exposeBase64).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(share::exposeBytes).isInstanceOf(IllegalStateException.class);
    assertThat(share).hasToString("KeyShare[redacted]");
  }
}
