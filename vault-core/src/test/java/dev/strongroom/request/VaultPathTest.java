package dev.strongroom.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultPathTest {
  private static final String UNPRINTABLE = "paths must consist of printable characters";
  private static final String EMPTY = "paths must not contain empty segments";
  private static final String RELATIVE = "relative paths not supported";
  private static final String LONG_SEGMENT = "path segments are at most 1024 bytes long";
  private static final String LONG_PATH = "paths are at most 4096 bytes long";

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "/, '', true",
    "//, '', true",
    "secret, secret, false",
    "/secret, secret, false",
    "//secret/a, secret/a, false",
    "secret/a/, secret/a/, true",
    "secret/A b, secret/A b, false",
    "secret/..., secret/..., false",
    "secret/a..b/.hidden, secret/a..b/.hidden, false",
    "secret/%2e%2e, secret/%2e%2e, false",
    "secret/ä/🔑/é, secret/ä/🔑/é, false",
  })
  void parse_aCanonicalPath_keepsItButForLeadingSlashes(
      String text, String expected, boolean folder) {
    VaultPath path = VaultPath.parse(text);

    assertThat(path.text()).isEqualTo(expected);
    assertThat(path).hasToString(expected);
    assertThat(path.isFolder()).isEqualTo(folder);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("a//b", EMPTY),
        arguments("a//", EMPTY),
        arguments("/a///b", EMPTY),
        arguments(".", RELATIVE),
        arguments("..", RELATIVE),
        arguments("a/.", RELATIVE),
        arguments("a/./b", RELATIVE),
        arguments("a/../b", RELATIVE),
        arguments("../a", RELATIVE),
        arguments("a/../", RELATIVE),
        arguments("a\0b", UNPRINTABLE),
        arguments("a\n", UNPRINTABLE),
        arguments("a\tb", UNPRINTABLE),
        arguments("a\u007f", UNPRINTABLE),
        arguments("a\u0085", UNPRINTABLE),
        arguments("a\u00a0b", UNPRINTABLE), // every space but the ASCII one
        arguments("a\u3000b", UNPRINTABLE),
        arguments("a\u00adb", UNPRINTABLE), // format characters
        arguments("a\u200bb", UNPRINTABLE),
        arguments("a\u202eb", UNPRINTABLE),
        arguments("\ufeffa", UNPRINTABLE),
        arguments("a\u2028", UNPRINTABLE),
        arguments("a\u2029", UNPRINTABLE),
        arguments("a\ue000", UNPRINTABLE), // private use
        arguments("a\uffff", UNPRINTABLE), // unassigned
        arguments("a\ud800", UNPRINTABLE), // lone surrogates
        arguments("a\udc00b", UNPRINTABLE),
        arguments("x".repeat(1025), LONG_SEGMENT),
        arguments("a/" + "x".repeat(1025) + "/b", LONG_SEGMENT),
        arguments("ä".repeat(513), LONG_SEGMENT),
        arguments("ä/" + "€".repeat(342), LONG_SEGMENT),
        arguments("x/".repeat(2048) + "x", LONG_PATH),
        arguments("ä/".repeat(1366), LONG_PATH),
        arguments("a".repeat(100_000) + "!", LONG_PATH),
        arguments("/".repeat(100_000) + "a".repeat(100_000) + "\n", LONG_PATH));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void parse_aPathThatIsNotCanonical_isRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> VaultPath.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
    assertThatThrownBy(() -> VaultPath.requireRelative(text.replaceFirst("^/+", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  static Stream<String> longest() {
    return Stream.of(
        "x".repeat(1024),
        "ä".repeat(512),
        ("x".repeat(1023) + "/").repeat(4),
        ("ä".repeat(511) + "x/").repeat(4),
        "x/".repeat(2048));
  }

  @ParameterizedTest
  @MethodSource("longest")
  void parse_theLongestPathsAndSegments_areAccepted(String text) {
    assertThat(VaultPath.parse(text).text()).isEqualTo(text);
  }

  @Test
  void requireRelative_aLeadingSlash_isRefused() {
    assertThat(VaultPath.requireRelative("a/b")).isEqualTo("a/b");
    assertThatThrownBy(() -> VaultPath.requireRelative("/a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the path must not begin with a slash");
  }

  @ParameterizedTest
  @CsvSource({"a, a/", "a/, a/", "'', ''"})
  void asFolder_endsInOneSlash(String text, String folder) {
    assertThat(VaultPath.parse(text).asFolder()).isEqualTo(VaultPath.parse(folder));
  }

  @Test
  void asFolder_noRoomForTheSlash_isRefused() {
    VaultPath longest = VaultPath.parse("x/".repeat(2047) + "xx");
    assertThatThrownBy(longest::asFolder)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(LONG_PATH);
    assertThat(VaultPath.parse("x/".repeat(2047) + "x").asFolder().text()).hasSize(4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A", "a/"})
  void equals_byTextInItsCase(String text) {
    assertThat(VaultPath.parse(text))
        .isEqualTo(VaultPath.parse("/" + text))
        .hasSameHashCodeAs(VaultPath.parse(text))
        .isNotEqualTo(VaultPath.parse("b"))
        .isNotEqualTo(VaultPath.parse(text + "x"));
    assertThat(VaultPath.parse("a")).isNotEqualTo(VaultPath.parse("A"));
  }

  @ParameterizedTest
  @CsvSource({
    "letters of any script äßİı日本, true",
    "marks e\u0301, true",
    "numbers ½²Ⅷ, true",
    "punctuation «»‽, true",
    "symbols €√🔑, true",
    "'', true",
    "no\u00a0break, false",
    "zero\u200bwidth, false"
  })
  void isPrintable_asGoHasIt(String text, boolean printable) {
    assertThat(VaultPath.isPrintable(text)).isEqualTo(printable);
  }
}
