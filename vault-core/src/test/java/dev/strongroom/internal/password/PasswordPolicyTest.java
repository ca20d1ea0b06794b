package dev.strongroom.internal.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
  /** Draws that come again. */
  private static SecureRandom seeded(long seed) {
    Random random = new Random(seed);
    return new SecureRandom() {
      private static final long serialVersionUID = 1L;

      @Override
      public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
      }
    };
  }

  private static String rule(String charset, int minChars) {
    return "rule \"charset\" { charset = \"%s\" min-chars = %d }\n".formatted(charset, minChars);
  }

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void generate_manyPasswords_drawsEveryCharacterAsOften(long seed) {
    SecureRandom random = seeded(seed);
    // 100 does not divide 256, so a remainder would favour the first 56.
    StringBuilder charset = new StringBuilder();
    "\u4e00".codePoints().forEach(first -> {
      for (int i = 0; i < 100; i++) {
        charset.appendCodePoint(first + i);
      }
    });
    PasswordPolicy policy = PasswordPolicy.parse("length = 100\n" + rule(charset.toString(), 0));
    Map<Character, Integer> counts = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      for (char c : policy.generate(random)) {
        counts.merge(c, 1, Integer::sum);
      }
    }
    assertThat(counts).hasSize(100);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void generate_rulesThatForceCharacters_favoursNoPlace(long seed) {
    SecureRandom random = seeded(seed);
    PasswordPolicy policy =
        PasswordPolicy.parse("length = 4\n" + rule("abcdefghij", 0) + rule("0", 1));
    int[] places = new int[4];
    for (int i = 0; i < 4_000; i++) {
      char[] password = policy.generate(random);
      for (int at = 0; at < places.length; at++) {
        places[at] += password[at] == '0' ? 1 : 0;
      }
    }
    for (int count : places) {
      assertThat(count).isBetween(1_000, 1_350); // 1,150 of 4,000 begin with it
    }
  }

  @Test
  void generate_charactersBeyondTheBasicPlane_countsThemOnce() {
    PasswordPolicy policy = PasswordPolicy.parse("length = 10\n" + rule("😀😁", 10));
    String password = new String(policy.generate(seeded(1)));
    assertThat(password.codePoints()).hasSize(10).allMatch(c -> c == 0x1f600 || c == 0x1f601);
  }

  @Test
  void generate_256Characters_works() {
    StringBuilder charset = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      charset.appendCodePoint(0x4e00 + i);
    }
    assertThat(
            PasswordPolicy.parse("length = 10\n" + rule(charset.toString(), 0)).generate(seeded(1)))
        .hasSize(10);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "length = 8\nrule \"charset\" { charset = \"ab\" min-chars = -1 }",
        "length = \"8\"\nrule \"charset\" { charset = \"ab\" }",
        "length = true\nrule \"charset\" { charset = \"ab\" }",
        "length = [8]\nrule \"charset\" { charset = \"ab\" }",
        "length = 101\nrule \"charset\" { charset = \"ab\" }",
        "length = 99999999999999999999999\nrule \"charset\" { charset = \"ab\" }",
        "length = 1e999999999\nrule \"charset\" { charset = \"ab\" }",
        "length = 8\nrule \"charset\" { charset = \"a\\tb\" }",
        "length = 8\nrule \"charset\" { charset = 12 }",
        "length = 8\nrule \"charset\" { charset = \"ab\" min-chars = 3000000000 }",
        "length = 8\nrule \"charset\" = \"ab\"",
        "length = 8\nrule = \"ab\"",
        "length = 8\nrule \"charset\" \"x\" { charset = \"ab\" }",
        "length = 8\nRule \"charset\" { charset = \"ab\" }",
        "length = 8\nrule \"Charset\" { charset = \"ab\" }",
        "{\"length\": 8, \"rule\": [1]}",
        "",
        "\u0000"
      })
  void parse_textThatIsNoPolicy_isRefused(String text) {
    assertThatThrownBy(() -> PasswordPolicy.parse(text))
        .isExactlyInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "length = 8.9\nrule \"charset\" { charset = \"ab\" }",
        "length = 0x8\nrule \"charset\" { charset = \"ab\" }",
        "length = 5\nLENGTH = 8\nrule \"charset\" { charset = \"ab\" }",
        "length = 8\nrule \"charset\" { charset = \"xy\" Charset = \"ab\" }",
        "length = 8\nrule \"charset\" { charset = \"ab\" Min-Chars = 8 }",
        "length = 8\nrule { charset { charset = \"ab\" } }",
        "length = 8\nother \"x\" { y = [] }\nrule \"charset\" { charset = \"ab\" }",
        "{\"length\": 8, \"rule\": {\"charset\": {\"charset\": \"ab\",},},}",
        "{\"length\": 8, \"rule\": [{\"charset\": {\"charset\": \"a\"}}, {\"charset\": {\"charset\": \"b\"}}]}"
      })
  void parse_otherSpellings_meanTheSame(String text) {
    assertThat(new String(PasswordPolicy.parse(text).generate(seeded(1)))).matches("[ab]{8}");
  }

  @Test
  void parse_tooManyRules_isRefused() {
    assertThatThrownBy(() -> PasswordPolicy.parse("length = 8\n" + rule("a", 0).repeat(101)))
        .hasMessageContaining("at most 100 rules");
  }

  @Test
  void generate_rulesThatHardlyAnyTextKeeps_givesUp() {
    PasswordPolicy policy = PasswordPolicy.parse(
        "length = 100\n" + rule("a", 50) + rule("bcdefghijklmnopqrstuvwxyz", 50));
    assertThatThrownBy(() -> policy.generate(seeded(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("timed out generating string");
  }
}
