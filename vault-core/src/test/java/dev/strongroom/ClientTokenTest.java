package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTokenTest {
  private static final String TOKEN = "s.abcdefghijklmnopqrstuvwx";

  private final ClientToken token = ClientToken.parse(TOKEN);

  @Test
  void parse_printableAscii_isKeptAsItIs() {
    StringBuilder all = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      all.append(c);
    }

    assertThat(ClientToken.parse(all).exposeText()).isEqualTo(all.toString());
    assertThat(ClientToken.parse("x".repeat(8192)).exposeBytes()).hasSize(8192);
    assertThat(token.exposeBytes()).isEqualTo(TOKEN.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s.a b",
        "s.a\n",
        "\ts.a",
        "s.a\0",
        "s.\u007f",
        "s.ä",
        "s.ı",
        "s.\ud83d\udd11",
        "s.\ud800"
      })
  void parse_otherCharacters_isRefused(String text) {
    assertThatThrownBy(() -> ClientToken.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens consist of printable ASCII characters");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8193, 100_000})
  void parse_noTextOrTooLongText_isRefused(int length) {
    assertThatThrownBy(() -> ClientToken.parse("x".repeat(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens have 1 to 8192 characters, not " + length);
  }

  @ParameterizedTest
  @CsvSource({
    "s.abcdefghijklmnopqrstuvwx, true",
    "S.abcdefghijklmnopqrstuvwx, false",
    "s.abcdefghijkLmnopqrstuvwx, false",
    "s.abcdefghijklmnopqrstuvwX, false",
    "s.bacdefghijklmnopqrstuvwx, false",
    "s.abcdefghijklmnopqrstuvw, false",
    "s.abcdefghijklmnopqrstuvwxy, false",
    "s.abcdefghijklmnopqrstuvwš, false",
    "'', false"
  })
  void matches_theSameTextOnly(String candidate, boolean expected) {
    assertThat(token.matches(candidate)).isEqualTo(expected);
  }

  @Test
  void matches_itself_atEveryLength() {
    for (int length = 1; length <= 1024; length++) {
      String text = "x".repeat(length);
      assertThat(ClientToken.parse(text).matches(text))
          .as("%s characters", length)
          .isTrue();
      assertThat(ClientToken.parse(text).matches(text + "\0")).isFalse();
    }
  }

  @Test
  void token_isNeverPrintedAndEqualsItselfOnly() {
    assertThat(token).hasToString("ClientToken[redacted]").isNotEqualTo(ClientToken.parse(TOKEN));
  }
}
