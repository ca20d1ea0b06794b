package dev.strongroom.internal.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
  private static final Set<String> FIELDS = Set.of("key", "path");

  private static String fill(String text, String key) {
    return Template.parse(text, FIELDS).fill(Map.of("key", key, "path", "f/meta/"));
  }

  static Stream<Arguments> filled() {
    return Stream.of(
        arguments("", "k", ""),
        arguments("plain } }} { text", "k", "plain } }} { text"),
        arguments("{{.key}}", "k", "k"),
        arguments("a{{ .path }}b{{\t.key\n}}c", "k", "af/meta/bkc"),
        arguments("{{ .key }}", "{{ .path }}", "{{ .path }}"),
        arguments("{{ .path | replace \"f/meta/\" \"f/data/\" }}{{ .key }}", "k", "f/data/k"),
        arguments("{{ replace `meta` \"da\\\"ta\\\\\" .path }}", "k", "f/da\"ta\\/"),
        arguments("{{ .key | replace \"\" \"x\" }}", "k", "k"),
        arguments("{{ \"text\" | uppercase }}", "k", "TEXT"),
        arguments("{{ .key | uppercase }}", "straße i", "STRAßE I"),
        arguments("{{ .key | lowercase }}", "KEY-İ", "key-i"),
        arguments("{{ .key | truncate 3 }}", "ab", "ab"),
        arguments("{{ .key | truncate 3 }}", "abcd", "abc"),
        arguments("{{ .key | truncate 3 }}", "aéé", "aé"),
        arguments("{{ truncate 4 .key }}", "a\uD83D\uDD11", "a"),
        arguments("{{ .key | truncate_sha256 9 }}", "123456789", "123456789"),
        arguments("{{ .key | truncate_sha256 9 }}", "1234567890", "1a992e1d3"),
        arguments(
            "{{ .key | sha256 }}",
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        arguments("{{ .key | base64 }}", "é?", "w6k/"),
        arguments("{{ .key | hex | uppercase | truncate 3 }}", "é", "C3A"));
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @MethodSource("filled")
  void fill_template_givesTheText(String text, String key, String expected) {
    assertThat(fill(text, key)).isEqualTo(expected);
    assertThat(Template.parse(text, FIELDS)).hasToString(text);
  }

  static Stream<Arguments> refused() {
    String functions =
        "truncate, truncate_sha256, uppercase, lowercase, replace, sha256, base64, hex";
    return Stream.of(
        arguments("a {{ .key", "character 3: \"{{\" is never closed"),
        arguments("{{", "character 3: expected a field, a text or a function"),
        arguments("{{ }}", "character 4: expected a field, a text or a function"),
        arguments("{{ .key }", "character 9: expected \"|\" or \"}}\""),
        arguments("{{ .keys }}", "character 4: there is no field \".keys\": use .key, .path"),
        arguments("{{ . }}", "character 4: there is no field \".\": use .key, .path"),
        arguments("{{ .key.path }}", "character 8: expected \"|\" or \"}}\""),
        arguments("{{ .key .path }}", "character 9: expected \"|\" or \"}}\""),
        arguments("{{ $x }}", "character 4: expected a field, a text or a function"),
        arguments("{{- .key -}}", "character 3: expected a field, a text or a function"),
        arguments("{{/* c */}}", "character 3: expected a field, a text or a function"),
        arguments("{{ (.key) }}", "character 4: expected a field, a text or a function"),
        arguments("{{ 1 }}", "character 4: expected a field, a text or a function"),
        arguments("{{ if .key }}", "character 4: there is no function \"if\": use " + functions),
        arguments(
            "{{ .key | random 20 }}",
            "character 11: there is no function \"random\": use " + functions),
        arguments(
            "{{ .key | decode_hex }}",
            "character 11: there is no function \"decode_hex\": use " + functions),
        arguments(
            "{{ .key | HEX }}", "character 11: there is no function \"HEX\": use " + functions),
        arguments("{{ .key | }}", "character 11: expected a function"),
        arguments("{{ .key | .path }}", "character 11: expected a function"),
        arguments("{{ .key || hex }}", "character 10: expected a function"),
        arguments(
            "{{ hex }}",
            "character 4: hex takes 1 text(s), the one before \"|\" included, but got 0"),
        arguments(
            "{{ .key | hex .path }}",
            "character 11: hex takes 1 text(s), the one before \"|\" included, but got 2"),
        arguments(
            "{{ .key | replace \"a\" }}",
            "character 11: replace takes 3 text(s), the one before \"|\" included, but got 2"),
        arguments(
            "{{ .key | truncate }}",
            "character 20: truncate takes a whole number from 1 to 4096 first"),
        arguments(
            "{{ .key | truncate 0 }}",
            "character 20: truncate takes a whole number from 1 to 4096 first"),
        arguments(
            "{{ .key | truncate -1 }}",
            "character 20: truncate takes a whole number from 1 to 4096 first"),
        arguments(
            "{{ .key | truncate 99999999999 }}",
            "character 20: truncate takes a whole number from 1 to 4096 first"),
        arguments(
            "{{ .key | truncate_sha256 8 }}",
            "character 27: truncate_sha256 takes a whole number from 9 to 4096 first"),
        arguments("{{ \"a }}", "character 4: a text is never closed"),
        arguments("{{ \"a\n\" }}", "character 4: a text is never closed"),
        arguments("{{ `a }}", "character 4: a text is never closed"),
        arguments(
            "{{ \"\\n\" }}", "character 6: only a quote and a backslash may follow a backslash"),
        arguments("{{ \"\\", "character 6: only a quote and a backslash may follow a backslash"),
        arguments("x".repeat(4_097), "a template has at most 4096 characters"));
  }

  @ParameterizedTest(name = "[{index}] {1}")
  @MethodSource("refused")
  void parse_whatIsNotPartOfIt_isRefusedWithThePlace(String text, String problem) {
    assertThatThrownBy(() -> Template.parse(text, FIELDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem);
  }

  @Test
  void fill_valueThatGrowsWithoutEnd_isRefused() {
    Template template =
        Template.parse("{{ .key" + " | replace \"a\" \"aa\"".repeat(100) + " }}", FIELDS);
    assertThatThrownBy(() -> template.fill(Map.of("key", "a", "path", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a value has at most 16384 characters");
  }

  @Test
  void fill_fieldWithoutAValue_isRefused() {
    Template template = Template.parse("{{ .key }}", FIELDS);
    assertThatThrownBy(() -> template.fill(Map.of("path", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no value for .key");
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void parse_randomPieces_isFilledOrRefused(long seed) {
    Random random = new Random(seed);
    List<String> pieces = List.of(
        "{{",
        "}}",
        " ",
        ".key",
        ".path",
        "|",
        "\"",
        "`",
        "\\",
        "hex",
        "truncate",
        "replace",
        "7",
        "a",
        "é",
        "\uD83D",
        "-");
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      assertThatCode(() -> fill(text.toString(), "k"))
          .as(text.toString())
          .satisfiesAnyOf(thrown -> assertThat(thrown).isNull(), thrown -> assertThat(thrown)
              .isInstanceOf(IllegalArgumentException.class));
    }
  }
}
