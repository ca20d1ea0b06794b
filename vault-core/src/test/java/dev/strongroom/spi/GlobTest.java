package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest(name = "{0} fits {1}: {2}")
  @CsvSource({
    "abc, abc, true",
    "abc, abcd, false",
    "'', '', true",
    "'', a, false",
    "*, '', true",
    "*, anything, true",
    "a*, a, true",
    "a*, abc, true",
    "a*, ba, false",
    "*c, abc, true",
    "*c, cb, false",
    "a*c, ac, true",
    "a*c, abbc, true",
    "a*c, abcd, false",
    "aba*aba, aba, false",
    "aba*aba, abaaba, true",
    "*b*, abc, true",
    "*b*, ac, false",
    "a*b*c, aXbYc, true",
    "a*b*c, aXcYb, false",
    "a**c, abc, true",
    "*ab*ab*, ab, false",
    "*ab*ab*, abxab, true",
    "a*b*b, ab, false",
    "a.c, abc, false",
  })
  void anyFits_pattern_starIsAnyText(String pattern, String text, boolean expected) {
    assertThat(Glob.anyFits(List.of("other", pattern), text)).isEqualTo(expected);
  }
}
