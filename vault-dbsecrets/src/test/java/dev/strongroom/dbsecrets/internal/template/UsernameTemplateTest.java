package dev.strongroom.dbsecrets.internal.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.DatabaseCases;
import dev.strongroom.dbsecrets.DatabaseCases.Case;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTemplateTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.0678Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private static String name(String template, String displayName, String roleName) {
    return UsernameTemplate.parse(template, RANDOM, NOW).name(displayName, roleName, RANDOM, NOW);
  }

  private static String name(String template) {
    return name(template, "token-Ann", "my-role");
  }

  static Stream<Case> cases() {
    return DatabaseCases.of("username");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void case_isWhatTheReferenceMakes(Case c) {
    String template = c.payload().text("username_template").orElseThrow();
    String displayName = c.payload().text("display_name").orElseThrow();
    String roleName = c.payload().text("role_name").orElseThrow();
    if (c.payload().has("error")) {
      assertThatThrownBy(() -> name(template, displayName, roleName))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(c.payload().text("error").orElseThrow());
    } else {
      assertThat(name(template, displayName, roleName))
          .matches(c.payload().texts("expected_regex").get(0));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\u0001',
      value = {
        "{{.DisplayName}}_{{ .RoleName }} ~ token-Ann_my-role",
        "{{.DisplayName | uppercase}} ~ TOKEN-ANN",
        "{{lowercase .DisplayName}} ~ token-ann",
        "{{.DisplayName | replace \"-\" \"_\" | truncate 7}} ~ token_A",
        "{{(.DisplayName | truncate 2)}}{{truncate 2 .RoleName}} ~ tomy",
        "{{`a\\n`}}{{\"b\\\"\"}} ~ a\\nb\"",
        "{{printf \"%s-%05d-%v-%v%%\" .RoleName 42 true `x`}} ~ my-role-00042-true-x%",
        "{{printf \"%-4s|%4s|%.2s|%q\" `a` `b` `cde` `f`}} ~ a   |   b|cd|\"f\"",
        "{{.DisplayName | truncate_sha256 9}} ~ token-Ann",
        "{{sha256 `abc` | truncate 8}} ~ ba7816bf",
        "{{.RoleName | base64}} ~ bXktcm9sZQ==",
        "{{.RoleName | base64 | decode_base64}}{{.RoleName | hex | decode_hex}} ~ my-rolemy-role",
        "{{unix_time}}{{unix_time_millis}} ~ 17673230451767323045067",
        "{{timestamp \"2006-01-02T15:04:05Z07:00\"}} ~ 2026-01-02T03:04:05Z",
        "{{timestamp \"Mon Jan _2 3:04:05.000PM MST 06 -0700\"}} ~ Fri Jan  2 3:04:05.067AM UTC 26 +0000",
        "{{timestamp \"Monday, January 2 002 15.999999999\"}} ~ Friday, January 2 002 03.0678",
        "{{if glob \"token-*\" .DisplayName}}t{{else}}o{{end}} ~ t",
        "{{if eq .RoleName \"a\"}}a{{else if ne .RoleName \"b\"}}n{{else}}b{{end}}! ~ n!",
        "{{if and .RoleName (not false)}}x{{end}}{{or \"\" .RoleName}} ~ xmy-role",
        "{{len .RoleName}} ~ 7",
        "a {{- .RoleName -}} b{{/* a comment */}} ~ amy-roleb",
        "{{ glob \"*a*c\" \"xabc\" }} ~ true",
        "} }} {{.RoleName}} ~ } }} my-role"
      })
  void name_template_isFilled(String template, String expected) {
    assertThat(name(template)).isEqualTo(expected);
  }

  @Test
  void name_cutInsideOfACharacter_keepsWholeCharacters() {
    assertThat(name("{{.DisplayName | truncate 3}}", "aäö", "r")).isEqualTo("aä");
    assertThat(name("x{{.DisplayName | truncate_sha256 9}}", "äbcdefghij", "r"))
        .matches("x[0-9a-f]{8}");
    assertThat(name("{{.DisplayName | uppercase}}", "straße", "r")).isEqualTo("STRAßE");
  }

  @Test
  void name_random_isAnotherEachTime() {
    UsernameTemplate template = UsernameTemplate.parse("{{random 20}}{{uuid}}", RANDOM, NOW);
    String first = template.name("d", "r", RANDOM, NOW);
    assertThat(first)
        .matches(
            "[A-Za-z0-9]{20}[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(template.name("d", "r", RANDOM, NOW)).isNotEqualTo(first);
  }

  @Test
  void name_fieldThatLooksLikeATemplate_isNotReadAgain() {
    assertThat(name("{{.DisplayName}}", "{{.RoleName}}%s", "r")).isEqualTo("{{.RoleName}}%s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "{{}}",
        "{{.DisplayName",
        "{{.DisplayName}",
        "{{. }}",
        "{{nope}}",
        "{{.DisplayName | .RoleName}}",
        "{{.DisplayName .RoleName}}",
        "{{\"a}}",
        "{{`a}}",
        "{{\"\\x41\"}}",
        "{{(.DisplayName}}",
        "{{$x := 1}}",
        "{{range .DisplayName}}{{end}}",
        "{{with .DisplayName}}{{end}}",
        "{{template \"x\"}}",
        "{{if .DisplayName}}",
        "{{end}}",
        "{{else}}",
        "{{if true}}{{else}}{{else}}{{end}}",
        "{{truncate 1.5 .DisplayName}}",
        "{{truncate 99999999999 .DisplayName}}",
        "{{'a'}}",
        "{{/* a }}"
      })
  void parse_whatIsNoTemplate_isRefused(String template) {
    assertThatThrownBy(() -> name(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "unable to initialize username template: unable to parse template: character ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{.Nope}}",
        "{{.DisplayName.Length}}",
        "{{truncate 0 .DisplayName}}",
        "{{truncate -1 .DisplayName}}",
        "{{truncate_sha256 8 .DisplayName}}",
        "{{truncate .DisplayName}}",
        "{{truncate \"1\" .DisplayName}}",
        "{{uppercase 1}}",
        "{{random}}",
        "{{random 1001}}",
        "{{decode_hex \"zz\"}}",
        "{{decode_hex \"ff\"}}",
        "{{decode_base64 \"YQ\"}}",
        "{{printf \"%s\" 1}}",
        "{{printf \"%s\"}}",
        "{{printf \"a\" 1}}",
        "{{printf \"%x\" \"a\"}}",
        "{{eq 1 \"1\"}}",
        "{{random 64}}",
        "a\nb",
        "{{\"\\n\"}}"
      })
  void parse_whatCannotBeTried_isRefused(String template) {
    assertThatThrownBy(() -> name(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid username template: ");
  }

  @Test
  void name_whatNoUserCanHave_isRefused() {
    for (String displayName : new String[] {"", "x".repeat(64), "ä".repeat(32), "a\nb", "a\0"}) {
      assertThatThrownBy(() -> name("{{.DisplayName}}", displayName, "r"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("unable to generate username: ");
    }
    assertThat(name("{{.DisplayName}}", "x".repeat(63), "r")).hasSize(63);
  }

  @Test
  void parse_tooMuch_isRefused() {
    assertThatThrownBy(() -> name("x".repeat(4_097)))
        .hasMessageContaining("a template has at most 4096 characters");
    assertThatThrownBy(() -> name("{{" + "(".repeat(21) + "1" + ")".repeat(21) + "}}"))
        .hasMessageContaining("nothing is nested more than 20 times");
    String grows = "{{\"a\"" + " | replace \"a\" \"aaaaaaaaaa\"".repeat(9) + " | truncate 9}}";
    assertThatThrownBy(() -> name(grows))
        .hasMessageContaining("a value has at most 4096 characters");
  }
}
