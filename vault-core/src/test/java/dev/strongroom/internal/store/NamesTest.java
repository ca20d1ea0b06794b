package dev.strongroom.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NamesTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 500);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', a, -1",
    "a, a, 0",
    "a, ab, -1",
    "a, b, -1",
    "B, a, -1",
    "a/, a0, -1",
    "z, ä, -1",
    "ｚ, 🔑, -1", // UTF-16 has these two the other way round
    "🔑, 🔒, -1",
    "a🔑, a\uffee, 1"
  })
  void compare_asTheirUtf8Bytes(String a, String b, int expected) {
    assertThat(Integer.signum(Names.compare(a, b))).isEqualTo(expected);
    assertThat(Integer.signum(Names.compare(b, a))).isEqualTo(-expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void compare_anyNames_agreesWithTheBytes(long seed) {
    Random random = new Random(seed);
    String a = name(random);
    String b = random.nextBoolean() ? name(random) : a + name(random);

    assertThat(Integer.signum(Names.compare(a, b)))
        .isEqualTo(Integer.signum(Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8))));
  }

  /** Few characters, so that many names share a beginning. */
  private static String name(Random random) {
    String[] characters = {
      "a", "b", "/", "ä", "\ud7ff", "\ue000", "\uffee", "🔑", "🔒", "\udbff\udfff"
    };
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      name.append(characters[random.nextInt(characters.length)]);
    }
    return name.toString();
  }
}
