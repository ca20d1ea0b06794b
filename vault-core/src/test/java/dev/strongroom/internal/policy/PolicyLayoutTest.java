package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLayoutTest {

  @Test
  void layOut_anyText_hasAMemberALine() {
    assertThat(PolicyLayout.of("""
        # What the application does.

        path "a" {capabilities=["read","list",]}
        path   "b"{

          capabilities = [ "update" ], max_wrapping_ttl = "60s"


          allowed_parameters = { "x" = [], "y" = ["5m", 3] }
          denied_parameters = {}
        }
        """)).isEqualTo("""
        # What the application does.

        path "a" {
          capabilities = ["read", "list"]
        }

        path "b" {
          capabilities = ["update"]
          max_wrapping_ttl = "60s"

          allowed_parameters = {
            "x" = []
            "y" = ["5m", 3]
          }
          denied_parameters = {}
        }
        """);
  }

  @Test
  void layOut_comments_keepTheirPlaces() {
    assertThat(PolicyLayout.of("""
        path "a" { // of a
          # first
            capabilities = [ # why
                "read", /* one */ # two
          # last
          ]   # after the list
             /* two
                lines */
          # the end
        }
        # of b
        path "b" { }
        # nothing more""")).isEqualTo("""
        path "a" { // of a
          # first
          capabilities = [ # why
            "read", /* one */ # two
            # last
          ] # after the list
          /* two
                lines */
          # the end
        }

        # of b
        path "b" {}

        # nothing more
        """);
  }

  @Test
  void layOut_listTooLongForALine_hasAnElementALine() {
    String element = "\"" + "x".repeat(60) + "\"";
    assertThat(PolicyLayout.of(
            "path \"a\" { required_parameters = [" + element + "," + element + "] }"))
        .isEqualTo("""
            path "a" {
              required_parameters = [
                %1$s,
                %1$s,
              ]
            }
            """.formatted(element));
  }

  @Test
  void layOut_heredocs_stayAsTheyAre() {
    String text = """
        path "a" {
          comment = <<END
         as it is
          END
          # after it
          capabilities = [
            <<E
        read
        E
            ,
          ]
        }
        """;
    assertThat(PolicyLayout.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path /* a */ \"a\" {}",
        "path \"a\" {\n x = # a\n 1\n}",
        "path \"a\" {\n x = 1\n# a\n, y = 2 }"
      })
  void layOut_commentInTheMiddleOfAMember_isRefused(String text) {
    assertThatThrownBy(() -> PolicyLayout.of(text))
        .isInstanceOf(PolicySyntaxException.class)
        .hasMessageContaining("a comment stands in the middle of a member");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " {\"path\": {}}", "path {", "/* a"})
  void layOut_whatIsNoHcl_isRefused(String text) {
    assertThatThrownBy(() -> PolicyLayout.of(text)).isInstanceOf(PolicySyntaxException.class);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void layOut_everyPolicy_saysTheSameAndIsLaidOutOnce(String text) {
    String laidOut = PolicyLayout.of(text);
    assertThat(PolicyLayout.of(laidOut)).isEqualTo(laidOut);
    assertThat(meaning(laidOut)).isEqualTo(meaning(text));
  }

  static Stream<String> policies() {
    return AclCases.decisions()
        .flatMap(c -> c.policies().stream())
        .map(Map.Entry::getValue)
        .filter(text -> !text.stripLeading().startsWith("{"))
        .distinct();
  }

  private static String meaning(String text) {
    return Document.parse(text, "path")
        .toString()
        .replaceAll("at=Position\\[line=\\d+, column=\\d+]|line=\\d+", "");
  }
}
