package dev.strongroom.auth.basic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.auth.basic.PasswordHash.Cost;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  static final Cost CHEAP = new Cost(64, 1, 1);
  private static final byte[] SALT = "0123456789abcdef".getBytes(UTF_8);

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  @DisplayName("J-1 a wrong password does not match, wherever it differs")
  void matches_onlyThePassword() {
    PasswordHash hash = PasswordHash.argon2id(bytes("correct horse"), SALT, CHEAP);

    assertThat(hash.matches(bytes("correct horse"))).isTrue();
    for (String wrong : new String[] {
      "Xorrect horse",
      "correct Xorse",
      "correct horsX",
      "correct hors",
      "correct horsee",
      "",
      "horse correct"
    }) {
      assertThat(hash.matches(bytes(wrong))).as(wrong).isFalse();
    }
  }

  @Test
  void parse_ofWhatWasStored_matchesTheSame() {
    byte[] stored = PasswordHash.argon2id(bytes("pw"), SALT, CHEAP).toBytes();

    assertThat(PasswordHash.parse(stored).matches(bytes("pw"))).isTrue();
    assertThat(PasswordHash.parse(stored).matches(bytes("PW"))).isFalse();
    assertThat(PasswordHash.parse(stored).toBytes()).isEqualTo(stored);
    assertThat(new String(stored, UTF_8)).doesNotContain("pw");
  }

  @Test
  void parse_anyOtherTag_matchesNothing() {
    byte[] stored = PasswordHash.argon2id(bytes("pw"), SALT, CHEAP).toBytes();
    IntStream.range(stored.length - Cost.TAG_BYTES, stored.length).forEach(i -> {
      byte[] changed = stored.clone();
      changed[i] ^= 1;
      assertThat(PasswordHash.parse(changed).matches(bytes("pw"))).isFalse();
    });
  }

  @Test
  @DisplayName("RFC 9106, the second recommended option")
  void recommended_isTheSecondOptionOfTheRfc() {
    assertThat(Cost.RECOMMENDED).isEqualTo(new Cost(65_536, 3, 4));
    assertThat(Cost.SALT_BYTES).isEqualTo(16);
    assertThat(Cost.TAG_BYTES).isEqualTo(32);
  }

  @Test
  void ofNobody_matchesNothing() {
    assertThat(PasswordHash.ofNobody(CHEAP).matches(bytes(""))).isFalse();
    assertThat(PasswordHash.ofNobody(CHEAP).matches(bytes("pw"))).isFalse();
  }

  @Test
  void bcrypt_madeElsewhere_matchesThePassword() {
    String text = OpenBSDBCrypt.generate("2b", "pw".toCharArray(), SALT, 5);

    PasswordHash hash = PasswordHash.parse(PasswordHash.bcrypt(text).toBytes());

    assertThat(hash.matches(bytes("pw"))).isTrue();
    assertThat(hash.matches(bytes("pwd"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "$2b$04$......................u",
        "$2b$05$short",
        "$1$05$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg",
        "$2b$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg",
        "$2b$13$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg",
        "$2b$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg"
      })
  void bcrypt_otherText_isRefused(String text) {
    assertThatThrownBy(() -> PasswordHash.bcrypt(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_saysNothing() {
    PasswordHash hash = PasswordHash.argon2id(bytes("pw"), SALT, CHEAP);

    assertThat(hash.toString()).isEqualTo("PasswordHash[redacted]");
    assertThat(HexFormat.of().formatHex(hash.toBytes()))
        .doesNotContain(HexFormat.of().formatHex(bytes("pw")) + "00");
  }
}
