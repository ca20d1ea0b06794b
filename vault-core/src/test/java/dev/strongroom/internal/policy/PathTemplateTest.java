package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static final TemplateValues VALUES = selector -> Optional.ofNullable(Map.of(
          "name", "bob",
          "slash", "a/b",
          "star", "a*",
          "plus", "+",
          "long", "x".repeat(1024),
          "rescanned", "{{name}}",
          "dots", "a/../b",
          "folder", "a/",
          "empty", "")
      .get(selector));

  private static Optional<String> fill(String path, boolean slashes, boolean wildcards) {
    return PathTemplate.parse(path).fill(VALUES, slashes, wildcards).map(PathPattern::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"}}", "a}}b", "{{a", "{{a}}{{b", "{{a{{b}}", "{{a}}b}}", "a/{{x}"})
  void parse_bracesLeftOver_isRefused(String path) {
    assertThatThrownBy(() -> PathTemplate.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("failed to validate policy templating: unbalanced templating characters");
  }

  @Test
  void selectors_areWhatIsBetweenTheBraces() {
    assertThat(PathTemplate.parse("a").selectors()).isEmpty();
    assertThat(PathTemplate.parse("a/{{b}}/{{ c.d }}x{{}}").selectors())
        .containsExactly("b", "c.d", "");
    assertThat(PathTemplate.parse("{{{a}}}").selectors()).containsExactly("{a");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "u/{{name}}/*, u/bob/*",
    "u/{{ name }}, u/bob",
    "{{name}}{{name}}, bobbob",
    "u/{{name}}}, u/bob}",
    "u/{{nothing}},",
    "u/{{name}}/{{nothing}},",
    "u/{{slash}},",
    "u/{{star}},",
    "u/{{plus}},",
    "u/{{empty}},",
    "u/{{empty}}*,",
    "u/{{folder}},",
    "u/{{rescanned}},",
    "{{long}}{{long}}{{long}}{{long}}{{long}},"
  })
  void fill_strictly_takesPartsOfSegmentsOnly(String path, String expected) {
    assertThat(fill(path, false, false)).isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "u/{{slash}}/*, u/a/b/*",
    "u/{{name}}, u/bob",
    "u/{{star}},",
    "u/{{dots}},",
    "u/{{folder}},",
    "u/{{rescanned}},"
  })
  void fill_allowingSlashes_takesRelativePaths(String path, String expected) {
    assertThat(fill(path, true, false)).isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"u/{{star}}, u/a*", "u/{{plus}}/x, u/+/x", "u/{{plus}}*,", "u/{{slash}},"})
  void fill_allowingWildcards_makesPatternsOfThemButNoIllegalOnes(String path, String expected) {
    assertThat(fill(path, false, true)).isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "{{x}}, *",
    "a{{x}}, *",
    "a/{{x}}/b, a/*",
    "a/b{{x}}, a/*",
    "a/+/{{x}}, a/+/*",
    "a/b+{{x}}, a/*"
  })
  void beginning_isAllThatMayComeOfIt(String path, String expected) {
    assertThat(PathTemplate.parse(path).beginning()).hasToString(expected);
  }
}
