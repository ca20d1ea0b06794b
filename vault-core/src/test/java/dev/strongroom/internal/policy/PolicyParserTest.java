package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyParserTest {
  private static List<String> read(String text) {
    return ParsedPolicy.parse("p", text, AclCases.NOW).blocks().stream()
        .map(block -> block.pattern() + " "
            + block.capabilities().stream().map(Capability::text).sorted().toList())
        .toList();
  }

  private static Arguments refusal(String text, int line, int column, String problem) {
    return arguments(text, line, column, problem);
  }

  static Stream<Arguments> brokenHcl() {
    return Stream.of(
        refusal("path \"a", 1, 6, "literal not terminated"),
        refusal("path \"a\n\" { }", 1, 6, "literal not terminated"),
        refusal("path \"a\" {\n  comment = \"\\q\"\n}", 2, 15, "illegal char escape"),
        refusal("path \"\\xzz\" { }", 1, 9, "illegal char escape"),
        refusal("path \"\\xc3\\xa9\" { }", 1, 8, "illegal char escape"),
        refusal("path \"\\777\" { }", 1, 8, "illegal char escape"),
        refusal("path \"\\ud83d\\udd11\" { }", 1, 8, "illegal char escape"),
        refusal("path \"\\U00110000\" { }", 1, 8, "illegal char escape"),
        refusal("path \"\\", 1, 8, "illegal char escape"),
        refusal("path 'a' { }", 1, 6, "illegal char"),
        refusal("\uFEFFpath \"a\" { }", 1, 1, "illegal char"),
        refusal("# a\u0000b", 1, 4, "illegal char"),
        refusal("# a\rpath \"b\" { }", 1, 4, "illegal char"),
        refusal("# \ud83d", 1, 3, "illegal char"),
        refusal("path \"a\" { comment = +1 }", 1, 22, "illegal char"),
        refusal("/ comment", 1, 1, "expected '/' for comment"),
        refusal("\n /* comment", 2, 2, "comment not terminated"),
        refusal("path \"a\" { comment = 0x }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = 08 }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = -08 }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = 1.2.3 }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = 12ab }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = - }", 1, 22, "illegal number"),
        refusal("path \"a\" { comment = <<EOF\ntext", 1, 22, "heredoc not terminated"),
        refusal("path \"a\" { comment = <<EOF\ntext\nEOF", 1, 22, "heredoc not terminated"),
        refusal("path \"a\" { comment = << EOF\n", 1, 22, "invalid characters in heredoc anchor"),
        refusal("path \"a\" { comment = <<\n", 1, 22, "invalid characters in heredoc anchor"),
        refusal("path \"a\" { comment = <EOF\n", 1, 22, "illegal char"),
        refusal("path \"a\" \n {\n", 3, 1, "object expected closing RBRACE got: EOF"),
        refusal(
            "path \"a\" { capabilities }",
            1,
            25,
            "key 'capabilities' expected start of object ('{') or assignment ('=')"),
        refusal(
            "path \"a\"",
            1,
            9,
            "key 'path \"a\"' expected start of object ('{') or assignment ('=')"),
        refusal("path \"a\" = { }", 1, 10, "nested object expected: LBRACE got: ASSIGN"),
        refusal("= 1", 1, 1, "expected: IDENT | STRING got: ASSIGN"),
        refusal("path \"a\" { { } }", 1, 12, "expected: IDENT | STRING got: LBRACE"),
        refusal(
            "path \"a\" { } }", 1, 14, "expected: IDENT | STRING | ASSIGN | LBRACE got: RBRACE"),
        refusal("path \"a\" { }, ", 1, 13, "expected: IDENT | STRING | ASSIGN | LBRACE got: COMMA"),
        refusal(
            "path \"a\" 1 { }", 1, 10, "expected: IDENT | STRING | ASSIGN | LBRACE got: NUMBER"),
        refusal("true = 1", 1, 1, "expected: IDENT | STRING | ASSIGN | LBRACE got: BOOL"),
        refusal("[\"path\"]", 1, 1, "expected: IDENT | STRING | ASSIGN | LBRACE got: LBRACK"),
        refusal("path \"a\" { policy = }", 1, 21, "expected a value, got: RBRACE"),
        refusal("path \"a\" { policy = read }", 1, 21, "expected a value, got: IDENT"),
        refusal(
            "path \"a\" { capabilities = [read] }",
            1,
            28,
            "unexpected token while parsing list: IDENT"),
        refusal(
            "path \"a\" { capabilities = [,] }",
            1,
            28,
            "unexpected token while parsing list: COMMA"),
        refusal(
            "path \"a\" { capabilities = [\"read\"",
            1,
            34,
            "unexpected token while parsing list: EOF"),
        refusal(
            "path \"a\" {\n  capabilities = [\"read\" \"list\"]\n}",
            2,
            26,
            "error parsing list, expected comma or list end, got: STRING"));
  }

  static Stream<Arguments> brokenJson() {
    return Stream.of(
        refusal("{", 1, 2, "object expected closing RBRACE got: EOF"),
        refusal("{\"path\" {}}", 1, 9, "expected: COLON got: LBRACE"),
        refusal("{\"path\" = {}}", 1, 9, "illegal char"),
        refusal("{path: {}}", 1, 2, "illegal char"),
        refusal("{1: {}}", 1, 2, "expected: STRING got: NUMBER"),
        refusal(
            "{\"name\": \"x\" \"path\": {}}", 1, 14, "object expected closing RBRACE got: STRING"),
        refusal("{,}", 1, 2, "expected: STRING got: COMMA"),
        refusal("{\"path\":}", 1, 9, "expected a value, got: RBRACE"),
        refusal("{\"path\": {}} x", 1, 14, "illegal char"),
        refusal("{\"path\": {}} {}", 1, 14, "expected nothing after the document, got: LBRACE"),
        refusal("{\"path\": {}}}", 1, 13, "expected nothing after the document, got: RBRACE"),
        refusal("{\"path\": {}} // x", 1, 14, "illegal char"),
        refusal("{\"name\": 01}", 1, 10, "illegal number"),
        refusal("{\"name\": 0x1}", 1, 10, "illegal number"),
        refusal("{\"name\": \"\\a\"}", 1, 12, "illegal char escape"),
        refusal("{\"name\": \"\\u00g0\"}", 1, 15, "illegal char escape"),
        refusal("{\"name\": \"\\ud83d\"}", 1, 10, "illegal char escape"),
        refusal("{\"name\": \"\n\"}", 1, 10, "literal not terminated"),
        refusal(
            "{\"path\": {\"a\": {\"comment\": [null]}}}",
            1,
            29,
            "unexpected token while parsing list: NULL"),
        refusal(
            "{\"path\": {\"a\": {\"comment\": [false]}}}",
            1,
            29,
            "unexpected token while parsing list: BOOL"),
        refusal(
            "{\"path\": {\"a\": {\"capabilities\": [\"read\" \"list\"]}}}",
            1,
            41,
            "error parsing list, expected comma or list end, got: STRING"),
        refusal(
            "{\"path\": {\"a\": {\n\"capabilities\": [[\"read\"]]}}}",
            2,
            18,
            "path \"a\": capabilities: unknown type for string"));
  }

  static Stream<Arguments> unknownKeys() {
    return Stream.of(
        refusal(
            "path \"a\" {\n  capabilities = [\"read\"]\n  color = \"red\"\n}",
            3,
            3,
            "path \"a\": invalid key \"color\" on line 3"),
        refusal(
            "path \"a\" {\n  color\n= 1 }", 2, 3, "path \"a\": invalid key \"color\" on line 3"),
        refusal(
            "path \"a\" {\n  control_group { }\n}",
            2,
            3,
            "path \"a\": invalid key \"control_group\" on line 0"),
        refusal("Path \"a\" { }", 1, 1, "invalid key \"Path\" on line 0"),
        refusal(
            "rules = 1\npaths = 2\n",
            1,
            1,
            "2 errors occurred:\n\t* invalid key \"rules\" on line 1\n\t* invalid key \"paths\" on line 2\n\n"),
        refusal(
            "path \"a\" {\n x = 1\n Y = 2 }",
            2,
            2,
            "2 errors occurred:\n\t* path \"a\": invalid key \"x\" on line 2\n\t* path \"a\": invalid key \"Y\" on line 3\n\n"),
        refusal(
            "{\"path\": {\"a\": \"read\"}}", 1, 11, "path \"path\": invalid key \"a\" on line 1"),
        refusal(
            "{\"path\": {\"capabilities\": [\"read\"]}}",
            1,
            11,
            "path \"path\": invalid key \"capabilities\" on line 1"),
        refusal("{\"\\n\\\"\": 1}", 1, 2, "invalid key \"\\n\\\"\" on line 1"));
  }

  static Stream<Arguments> wrongBlocks() {
    return Stream.of(
        refusal("path = { a = { } }", 1, 10, "path \"path\": invalid key \"a\" on line 1"),
        refusal(
            "path = \"x\"", 1, 1, "path \"path\": cannot check HCL keys of type *ast.LiteralType"),
        refusal("path = [ ]", 1, 1, "path \"path\": cannot check HCL keys of type *ast.ListType"),
        refusal(
            "{\"path\": [1]}",
            1,
            2,
            "path \"path\": cannot check HCL keys of type *ast.LiteralType"),
        refusal(
            "path \"a\" \"b\" { policy = \"deny\" }",
            1,
            10,
            "path \"a\": a block that denies has one label"),
        refusal("name = \"a\"\nname = \"b\"", 2, 1, "repeated key \"name\""),
        refusal("name = true", 1, 8, "name: unknown type for string"),
        refusal("name \"x\" { }", 1, 6, "name takes no label"),
        refusal(
            "path \"a\" {\n policy = \"read\"\n policy = \"deny\" }",
            3,
            2,
            "path \"a\": repeated key \"policy\""),
        refusal(
            "path \"a\" { comment = 1 comment = 2 }",
            1,
            24,
            "path \"a\": repeated key \"comment\""),
        refusal(
            "path \"a\" { capabilities \"read\" { } }",
            1,
            25,
            "path \"a\": capabilities takes no label"),
        refusal(
            "path \"a\" { capabilities = \"read\" }",
            1,
            27,
            "path \"a\": capabilities: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { capabilities { } }",
            1,
            25,
            "path \"a\": capabilities: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { capabilities = [true] }",
            1,
            28,
            "path \"a\": capabilities: unknown type for string"),
        refusal(
            "path \"a\" { policy = 1.5 }", 1, 21, "path \"a\": policy: unknown type for string"),
        refusal("path \"a\" { policy = [] }", 1, 21, "path \"a\": policy: unknown type for string"),
        refusal("path \"a\" { policy = \"admin\" }", 1, 21, "path \"a\": invalid policy \"admin\""),
        refusal("path \"a\" { policy = 1 }", 1, 21, "path \"a\": invalid policy \"1\""),
        refusal(
            "path \"a\" {\n  capabilities = [\"read\",\n    \"write\"]\n}",
            3,
            5,
            "path \"a\": invalid capability \"write\""),
        refusal(
            "path \"a\" { capabilities = [\"READ\"] }",
            1,
            28,
            "path \"a\": invalid capability \"READ\""),
        refusal(
            "path \"a\" { capabilities = [\"root\"] }",
            1,
            28,
            "path \"a\": invalid capability \"root\""),
        refusal(
            "path \"a\" { capabilities = [\"\"] }", 1, 28, "path \"a\": invalid capability \"\""),
        refusal("path \"a\" { capabilities = [7] }", 1, 28, "path \"a\": invalid capability \"7\""),
        refusal(
            "path \"a\" { capabilities = [\"bogus\", \"deny\"] }",
            1,
            28,
            "path \"a\": invalid capability \"bogus\""),
        refusal(
            "path \"a/+*\" { }",
            1,
            6,
            "path \"a/+*\": invalid use of wildcards ('+*' is forbidden)"),
        refusal(
            "path \"a\u200b\" { policy = \"deny\" }",
            1,
            6,
            "path \"a\u200b\": paths must consist of printable characters"));
  }

  static Stream<Arguments> wrongMoments() {
    return Stream.of(
            "\"tomorrow\"", "\"2030-01-01\"", "\"\"", "true", "1.5", "99999999999999999999")
        .map(value -> refusal(
            "path \"a\" { expiration = " + value + " }",
            1,
            25,
            "path \"a\": invalid expiration time: could not parse string as date and time"));
  }

  static Stream<Arguments> templates() {
    return Stream.of(
        refusal(
            "\n path \"a/{{ time.now.plus.1h }}\" { }",
            2,
            7,
            "path \"a/{{ time.now.plus.1h }}\": templates of the time are not supported"),
        refusal(
            "path \"a/{{x\" { }",
            1,
            6,
            "failed to validate policy templating: unbalanced templating characters"),
        refusal(
            "path \"a/x}}\" { }",
            1,
            6,
            "failed to validate policy templating: unbalanced templating characters"),
        refusal(
            "path \"{{a}}{{b\" { }",
            1,
            6,
            "failed to validate policy templating: unbalanced templating characters"),
        refusal(
            "path \"{{a{{b}}\" { }",
            1,
            6,
            "failed to validate policy templating: unbalanced templating characters"));
  }

  static Stream<Arguments> wrongConstraints() {
    return Stream.of(
        refusal(
            "path \"a\" { allowed_parameters = [\"x\"] }",
            1,
            33,
            "path \"a\": allowed_parameters: not an object type for map"),
        refusal(
            "path \"a\" { denied_parameters = { \"x\" = \"y\" } }",
            1,
            40,
            "path \"a\": denied_parameters: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { required_parameters = \"x\" }",
            1,
            34,
            "path \"a\": required_parameters: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { pagination_limit = [1] }",
            1,
            31,
            "path \"a\": pagination_limit: unknown type"),
        refusal(
            "path \"a\" { min_wrapping_ttl = \"soon\" }",
            1,
            31,
            "error parsing min_wrapping_ttl: invalid duration: expected seconds, or a number with a unit such as 90s, 1h30m or 2d"),
        refusal(
            "path \"a\" { max_wrapping_ttl = true }",
            1,
            31,
            "error parsing max_wrapping_ttl: expected a duration"),
        refusal(
            "path \"a\" { max_wrapping_ttl = 0.5 }",
            1,
            31,
            "error parsing max_wrapping_ttl: a duration is zero or at least a second"),
        refusal(
            "path \"a\" { max_wrapping_ttl = 9999999999999 }",
            1,
            31,
            "error parsing max_wrapping_ttl: multiplication of durations resulted in overflow, one operand may be too large"),
        refusal(
            "path \"a\" { max_wrapping_ttl = 59 min_wrapping_ttl = \"1m\" }",
            1,
            31,
            "path \"a\": max_wrapping_ttl cannot be less than min_wrapping_ttl"),
        refusal(
            "path \"a\" { pagination_limit = \"1.5\" }",
            1,
            31,
            "path \"a\": pagination_limit: expected an integer of 64 bits"),
        refusal(
            "path \"a\" { pagination_limit = 1.5 }",
            1,
            31,
            "path \"a\": pagination_limit: expected an integer of 64 bits"),
        refusal(
            "path \"a\" { pagination_limit = true }",
            1,
            31,
            "path \"a\": pagination_limit: expected an integer of 64 bits"),
        refusal(
            "path \"a\" { pagination_limit = \"0x10\" }",
            1,
            31,
            "path \"a\": pagination_limit: expected an integer of 64 bits"),
        refusal(
            "path \"a\" { pagination_limit = 9223372036854775808 }",
            1,
            31,
            "path \"a\": pagination_limit: expected an integer of 64 bits"),
        refusal(
            "path \"a\" { allowed_parameters = { \"Mode\" = [] \"mode\" = [] } }",
            1,
            47,
            "path \"a\": allowed_parameters: repeated key \"mode\""),
        refusal(
            "path \"a\" { denied_parameters { x = [] x = [] } }",
            1,
            39,
            "path \"a\": denied_parameters: repeated key \"x\""),
        refusal(
            "path \"a\" { denied_parameters { x { } } }",
            1,
            34,
            "path \"a\": denied_parameters: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { denied_parameters { x = [{ y = 1 y = 2 }] } }",
            1,
            45,
            "path \"a\": repeated key \"y\""),
        refusal(
            "path \"a\" { denied_parameters { x = [{ y \"z\" { } }] } }",
            1,
            41,
            "path \"a\": \"y\" takes no label"),
        refusal(
            "path \"a\" { denied_parameters { x = [1e9999999999] } }",
            1,
            37,
            "path \"a\": illegal number"),
        refusal(
            "path \"a\" { denied_parameters { x = [" + "1".repeat(101) + "] } }",
            1,
            37,
            "path \"a\": illegal number"),
        refusal(
            "path \"a\" { required_parameters = [[\"x\"]] }",
            1,
            35,
            "path \"a\": required_parameters: unknown type for string"),
        refusal(
            "path \"a\" { required_parameters = [true] }",
            1,
            35,
            "path \"a\": required_parameters: unknown type for string"),
        refusal(
            "path \"a\" { mfa_methods = \"m\" }",
            1,
            26,
            "path \"a\": mfa_methods: unknown slice type: expected a list"),
        refusal(
            "path \"a\" { list_scan_response_keys_filter_path = [\"x\"] }",
            1,
            50,
            "path \"a\": list_scan_response_keys_filter_path: unknown type for string"),
        refusal(
            "path \"a\" { capabilities = [\"scan\"] list_scan_response_keys_filter_path = \"{{.key}}\" }",
            1,
            74,
            "path \"a\": list_scan_response_keys_filter_path needs to be used on a path with the list capability"),
        refusal(
            "path \"a\" { capabilities = [\"list\"] list_scan_response_keys_filter_path = \"{{.path}}\" }",
            1,
            74,
            "path \"a\": list_scan_response_keys_filter_path resulted in same path for two different keys"),
        refusal(
            "path \"a\" { capabilities = [\"list\"] list_scan_response_keys_filter_path = \"{{.key | truncate 63}}\" }",
            1,
            74,
            "path \"a\": list_scan_response_keys_filter_path resulted in same path for two different keys"),
        refusal(
            "path \"a\" { capabilities = [\"list\"] list_scan_response_keys_filter_path = \"{{.key | uuid}}\" }",
            1,
            74,
            "path \"a\": unable to compile template for list_scan_response_keys_filter_path: character 10: there is no function \"uuid\": use truncate, truncate_sha256, uppercase, lowercase, replace, sha256, base64, hex"),
        refusal(
            "path \"a\" { capabilities = [\"list\"] list_scan_response_keys_filter_path = \"{{.key}\" }",
            1,
            74,
            "path \"a\": unable to compile template for list_scan_response_keys_filter_path: character 7: expected \"|\" or \"}}\""));
  }

  @DisplayName("A-5 malformed texts are refused, with the place")
  @ParameterizedTest(name = "[{index}] {1}:{2} {3}")
  @MethodSource({
    "brokenHcl",
    "brokenJson",
    "unknownKeys",
    "wrongBlocks",
    "wrongMoments",
    "templates",
    "wrongConstraints"
  })
  void parse_malformed_isRefusedWithLineAndColumn(
      String text, int line, int column, String problem) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(PolicySyntaxException.class, e -> {
          assertThat(e.line()).isEqualTo(line);
          assertThat(e.column()).isEqualTo(column);
        })
        .hasMessage("failed to parse policy: At " + line + ":" + column + ": " + problem);
  }

  static Stream<Arguments> wellFormed() {
    return Stream.of(
        arguments("", List.of()),
        arguments("\n# comment\n// another\n/* and\n* another **/", List.of()),
        arguments("name = \"x\"", List.of()),
        arguments("name = 7\npath \"a\" { }", List.of("a []")),
        arguments("path word { }\npath über-1.x { }", List.of("word []", "über-1.x []")),
        arguments("\"path\" \"a\" { \"policy\" = \"read\" }", List.of("a [list, read]")),
        arguments("path \"\" { }", List.of(" []")),
        arguments("path \"/\" { } path \"/*\" { } path \"//\" { }", List.of(" []", "* []", "/ []")),
        arguments("path \"a/**\" { } path \"a/*/b\" { }", List.of("a/** []", "a/*/b []")),
        arguments("path \"say-\\\"hi\\\"/x\" { }", List.of("say-\"hi\"/x []")),
        arguments("path \"\\x41\\102\\u00e9\\U0001F511\\\\\" { }", List.of("ABé\uD83D\uDD11\\ []")),
        arguments("path \"${a}/b\" { }", List.of("${a}/b []")),
        arguments(
            "path \"a\" { capabilities = [\"read\", \"list\",], }", List.of("a [list, read]")),
        arguments("path \"a\" { policy = \"\", capabilities = [] }", List.of("a []")),
        arguments(
            "path \"a\" { policy = \"write\" }", List.of("a [create, delete, list, read, update]")),
        arguments(
            "path \"a\" { policy = \"sudo\" }",
            List.of("a [create, delete, list, read, sudo, update]")),
        arguments(
            "path \"a\" { policy = \"read\" capabilities = [\"patch\"] }",
            List.of("a [list, patch, read]")),
        arguments(
            "path \"a\" { capabilities = [\"read\", \"deny\", \"bogus\"] }", List.of("a [deny]")),
        arguments(
            "path \"a\" { policy = \"deny\" capabilities = [\"bogus\"] }", List.of("a [deny]")),
        arguments(
            "path \"a\" { capabilities = [\"read\"] capabilities = [\"list\"] }",
            List.of("a [list, read]")),
        arguments(
            "path \"a\" { policy = \"read\" }\r\npath \"a\" {\r\n policy = \"deny\"\r\n}\r\n",
            List.of("a [list, read]", "a [deny]")),
        arguments(
            "path \"a\" { comment = { any = [\"thing\", [1.5, -2e-3, -0x1f], { }, true] } }",
            List.of("a []")),
        arguments(
            "path \"a\" {\n comment = <<EOF\n path \"b\" { }\n xEOF\n EOF\n policy = \"read\"\n}",
            List.of("a [list, read]")),
        arguments("path \"a\" {\n comment = <<-EOF\r\n x\r\n EOF\r\n}", List.of("a []")),
        arguments("path \"a\" { expiration = \"2026-01-01T00:00:00Z\" }", List.of()),
        arguments("path \"a\" { expiration = \"2026-01-01T01:00:00.5+01:00\" }", List.of("a []")),
        arguments("path \"a\" { expiration = 1767225601 }", List.of("a []")),
        arguments("path \"a\" { expiration = \"1767225600\" }", List.of()),
        arguments(
            "path \"a\" { expiration = -1 capabilities = [\"bogus\"] mfa_methods = [] }",
            List.of()),
        arguments("path { policy = \"read\" }", List.of("path [list, read]")),
        arguments("path = { }", List.of("path []")),
        arguments("path \"a\" \"b\" { policy = \"read\" }", List.of("a [list, read]")),
        arguments("{}", List.of()),
        arguments(" \n{\"name\": 1, \"path\": {}}", List.of()),
        arguments(
            "{\"path\": {\"a\": {\"capabilities\": [\"read\",],}, \"b*\": {\"policy\": \"deny\"},},}",
            List.of("a [read]", "b* [deny]")),
        arguments(
            "{\"path\": [{\"a\": {\"policy\": \"read\"}}, {\"a\": {}, \"b\": {}}]}",
            List.of("a [list, read]", "a []", "b []")),
        arguments(
            "{\"path\": {\"a\": {}, \"a\": {}}, \"path\": {\"\\u00e9\\ud83d\\udd11\\/\": {}}}",
            List.of("a []", "a []", "é\uD83D\uDD11/ []")),
        arguments(
            "{\"path\": {\"a\": {\"comment\": null, \"expiration\": \"2030-01-01T00:00:00Z\"}}}",
            List.of("a []")));
  }

  @ParameterizedTest(name = "[{index}] {1}")
  @MethodSource("wellFormed")
  void parse_wellFormed_givesItsBlocks(String text, List<String> blocks) {
    assertThat(read(text)).isEqualTo(blocks);
  }

  @Nested
  class Limits {
    @Test
    void parse_longestText_isAccepted() {
      String text = "path \"a\" { }";
      assertThat(read(text + " ".repeat(PolicyParser.MAX_BYTES - text.length())))
          .containsExactly("a []");
    }

    @Test
    void parse_tooManyBytes_isRefused() {
      assertThatThrownBy(() -> read("#" + "é".repeat(PolicyParser.MAX_BYTES / 2)))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessage("failed to parse policy: At 1:1: a policy is at most 1048576 bytes long");
    }

    @Test
    void parse_tooManyBlocks_isRefusedAtTheFirstBeyond() {
      String most = "path \"a\" { }\n".repeat(PolicyReader.MAX_BLOCKS);
      assertThat(read(most)).hasSize(PolicyReader.MAX_BLOCKS);
      assertThatThrownBy(() -> read(most + "path \"a\" { }"))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessage("failed to parse policy: At 5001:1: a policy has at most 5000 path blocks");
    }

    @Test
    void parse_tooDeep_isRefused() {
      int inside = PolicyParser.MAX_DEPTH - 1;
      String deepest = "path \"a\" { comment = " + "[".repeat(inside) + "]".repeat(inside) + " }";
      assertThat(read(deepest)).containsExactly("a []");
      assertThatThrownBy(() -> read(deepest.replace("[]", "[[]]")))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessage("failed to parse policy: At 1:53: nested too deeply: at most 32 levels");
      assertThatThrownBy(() -> read("{\"a\":".repeat(100_000)))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessageContaining("nested too deeply");
    }

    @Test
    void parse_tooLongPath_isRefused() {
      assertThat(read("path \"/" + "a".repeat(PathPattern.MAX_BYTES) + "*\" { }"))
          .hasSize(1);
      assertThatThrownBy(() -> read("path \"a" + "é".repeat(PathPattern.MAX_BYTES / 2) + "\" { }"))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessageContaining("paths are at most 4096 bytes long")
          .hasMessageContaining("é…\"");
    }

    @Test
    void parse_manyUnknownKeys_countsAllAndListsSome() {
      assertThatThrownBy(() -> read("x = 1\n".repeat(100)))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessageContaining("100 errors occurred")
          .hasMessageContaining("on line 20")
          .hasMessageNotContaining("on line 21");
    }
  }

  @Test
  void parse_beforeEveryExpiry_checksTheBlock() {
    assertThatThrownBy(() -> ParsedPolicy.parse(
            "p",
            "path \"a\" { capabilities = [\"bogus\"] expiration = \"2001-01-01T00:00:00Z\" }",
            Instant.EPOCH))
        .isInstanceOf(PolicySyntaxException.class)
        .hasMessageContaining("invalid capability \"bogus\"");
  }
}
