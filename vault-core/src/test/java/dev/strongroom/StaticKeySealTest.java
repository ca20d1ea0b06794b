package dev.strongroom;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StaticKeySealTest {
  private static final byte[] KEY =
      HexFormat.of().parseHex("fbeffe0102030405060708090a0b0c0d0e0f101112131415161718191a1bffff");
  private static final String HEX = HexFormat.of().formatHex(KEY);
  private static final String BASE64 = Base64.getEncoder().encodeToString(KEY);
  private static final String URL_SAFE =
      Base64.getUrlEncoder().withoutPadding().encodeToString(KEY);
  private static final byte[] ROOT_KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] DATA = {1, 2, 3};
  private static final byte[] ZEROES = "0".repeat(64).getBytes(US_ASCII);

  @TempDir
  private Path folder;

  private StaticKeySeal seal;

  @BeforeEach
  void writeKey() throws IOException {
    seal = sealWith("key", KEY);
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        arguments("raw", KEY),
        arguments("hex", HEX.getBytes(US_ASCII)),
        arguments("upper-case hex", HEX.toUpperCase(Locale.ROOT).getBytes(US_ASCII)),
        arguments("base64", BASE64.getBytes(US_ASCII)),
        arguments("URL-safe base64 without padding", URL_SAFE.getBytes(US_ASCII)),
        arguments("hex in white space", ("\t \n" + HEX + " \r\n\n").getBytes(US_ASCII)),
        arguments("base64 and a line feed", (BASE64 + "\n").getBytes(US_ASCII)));
  }

  static Stream<Arguments> noKeys() {
    return Stream.of(
        arguments("nothing", new byte[0]),
        arguments("white space", "\n\n".getBytes(US_ASCII)),
        arguments("31 bytes", Arrays.copyOf(KEY, 31)),
        arguments("raw and a line feed", Arrays.copyOf(KEY, 33)),
        arguments("63 hex digits", HEX.substring(1).getBytes(US_ASCII)),
        arguments("65 hex digits", (HEX + "0").getBytes(US_ASCII)),
        arguments("hex of 16 bytes and half of it", HEX.substring(0, 48).getBytes(US_ASCII)),
        arguments("a letter that is no digit", HEX.replace('f', 'g').getBytes(US_ASCII)),
        arguments(
            "space inside", (HEX.substring(0, 31) + " " + HEX.substring(32)).getBytes(US_ASCII)),
        arguments("standard base64 without padding", BASE64.substring(0, 43).getBytes(US_ASCII)),
        arguments("URL-safe base64 with padding", (URL_SAFE + "=").getBytes(US_ASCII)),
        arguments("base64 of 33 bytes", "A".repeat(44).getBytes(US_ASCII)),
        arguments("base64 of 31 bytes", ("A".repeat(42) + "==").getBytes(US_ASCII)),
        arguments("a byte order mark", ("\ufeff" + HEX).getBytes(UTF_8)));
  }

  @Nested
  class TheKey {
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.strongroom.StaticKeySealTest#spellings")
    void file_inAnySpelling_isTheSameKey(String label, byte[] content) throws IOException {
      StaticKeySeal other = sealWith("other", content);

      assertThat(other.keyId()).isEqualTo(seal.keyId());
      assertThat(other.unwrap(seal.keyId(), seal.wrap(ROOT_KEY, DATA), DATA)).isEqualTo(ROOT_KEY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.strongroom.StaticKeySealTest#noKeys")
    void file_withSomethingElse_isRefusedWithoutQuotingIt(String label, byte[] content)
        throws IOException {
      StaticKeySeal other = sealWith("other", content);

      assertThatThrownBy(other::keyId)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
          .hasMessage("the key of the static seal in the file " + folder.resolve("other")
              + " must be 32 bytes: raw, as 64 hex digits, or as base64 of 44 or 43 characters")
          .hasNoCause();
    }

    @Test
    void file_isReadWhenItIsNeededAndNotBefore() throws IOException {
      Path file = folder.resolve("later");
      StaticKeySeal later = StaticKeySeal.fromFile(file);

      assertThatThrownBy(later::keyId)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
          .hasMessage("the key of the static seal cannot be read from " + file);
      Files.write(file, KEY);
      assertThat(later.keyId()).isEqualTo(seal.keyId());
    }

    @Test
    void environment_withTextOfAKey_isThatKey() {
      for (String text : List.of(HEX, BASE64, URL_SAFE, HEX + "\n")) {
        assertThat(
                StaticKeySeal.fromEnvironment("KEY", Map.of("KEY", text)::get).keyId())
            .isEqualTo(seal.keyId());
      }
    }

    @Test
    void environment_with32Characters_isNoRawKey() {
      StaticKeySeal typed =
          StaticKeySeal.fromEnvironment("KEY", name -> "correct horse battery staple 123");

      assertThatThrownBy(typed::keyId)
          .hasMessage(
              "the key of the static seal in the environment variable KEY must be 32 bytes: as 64 hex digits, or as base64 of 44 or 43 characters");
    }

    @Test
    void environment_withoutTheVariable_isRefusedByName() {
      StaticKeySeal unset = StaticKeySeal.fromEnvironment("STRONGROOM_TEST_UNSET");

      assertThatThrownBy(unset::keyId)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
          .hasMessage(
              "the key of the static seal is missing: the environment variable STRONGROOM_TEST_UNSET is not set");
    }

    @Test
    void keyId_isAFingerprintThatGivesNothingAway() throws IOException {
      assertThat(seal.keyId()).matches("[0-9a-f]{16}").isEqualTo(seal.keyId());
      assertThat(sealWith("other", ROOT_KEY).keyId()).isNotEqualTo(seal.keyId());
      assertThat(seal.type()).isEqualTo("static");
      assertThat(seal).hasToString("StaticKeySeal[the file " + folder.resolve("key") + "]");
    }
  }

  @Nested
  class Wrapping {
    @Test
    void unwrap_withOtherDataOrAChangedByte_isRefused() {
      byte[] made = seal.wrap(ROOT_KEY, DATA);
      for (int i = 0; i < made.length; i++) {
        byte[] changed = made.clone();
        changed[i] ^= 1;
        assertChanged(changed, DATA);
      }
      assertChanged(made, new byte[] {1, 2, 4});
      assertChanged(Arrays.copyOf(made, made.length - 1), DATA);
      assertChanged(new byte[0], DATA);
    }

    @Test
    void wrap_twice_givesOtherBytesAndKeepsTheArguments() {
      byte[] key = ROOT_KEY.clone();

      assertThat(seal.wrap(key, DATA)).isNotEqualTo(seal.wrap(key, DATA));
      assertThat(key).isEqualTo(ROOT_KEY);
    }

    @Test
    void unwrap_aKeyThatNobodyHas_namesItAndWhereItWasLookedFor() throws IOException {
      StaticKeySeal other = sealWith("other", ROOT_KEY).withPrevious(sealWith("older", ZEROES));

      assertThatThrownBy(() -> other.unwrap(seal.keyId(), seal.wrap(ROOT_KEY, DATA), DATA))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
          .hasMessage("the static seal cannot open this vault: it was sealed with the key "
              + seal.keyId() + ", which is not in the file " + folder.resolve("other")
              + " or the file " + folder.resolve("older"));
    }

    @Test
    void unwrap_withThePreviousKey_opensWhatItSealedAndSealsWithTheNewOne() throws IOException {
      StaticKeySeal fresh = sealWith("fresh", ROOT_KEY);
      StaticKeySeal both = fresh.withPrevious(seal);

      assertThat(both.unwrap(seal.keyId(), seal.wrap(ROOT_KEY, DATA), DATA)).isEqualTo(ROOT_KEY);
      assertThat(both.keyId()).isEqualTo(fresh.keyId());
      assertThat(fresh.unwrap(both.keyId(), both.wrap(ROOT_KEY, DATA), DATA)).isEqualTo(ROOT_KEY);
    }

    @Test
    void unwrap_withTheCurrentKey_doesNotNeedThePreviousFile() {
      StaticKeySeal both = seal.withPrevious(StaticKeySeal.fromFile(folder.resolve("removed")));

      assertThat(both.unwrap(seal.keyId(), seal.wrap(ROOT_KEY, DATA), DATA)).isEqualTo(ROOT_KEY);
    }

    private void assertChanged(byte[] changed, byte[] associatedData) {
      assertThatThrownBy(() -> seal.unwrap(seal.keyId(), changed, associatedData))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED))
          .hasMessageEndingWith("is the right one, but what it sealed was changed");
    }
  }

  private StaticKeySeal sealWith(String file, byte[] content) throws IOException {
    Path path = folder.resolve(file);
    Files.write(path, content);
    return StaticKeySeal.fromFile(path);
  }
}
