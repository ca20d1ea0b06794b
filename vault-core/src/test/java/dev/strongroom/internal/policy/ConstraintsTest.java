package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.strongroom.internal.template.Template;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts have single quotes instead of double ones. */
class ConstraintsTest {
  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  private static AclRule rule(Operation operation, String... bodies) {
    List<ParsedPolicy> policies = new ArrayList<>();
    for (String body : bodies) {
      String text = body.startsWith("{")
          ? "{'path': {'p': " + body + "}}"
          : "path 'p' { capabilities = ['update', 'list'] " + body + " }";
      policies.add(ParsedPolicy.parse("p" + policies.size(), quoted(text), AclCases.NOW));
    }
    return Acl.of(policies, AclCases.NOW).ruleFor(operation, "p");
  }

  private static Optional<Payload> admit(
      Operation operation, String parameters, ParameterReading reading, String... bodies) {
    return rule(operation, bodies)
        .admit(new Asked(operation, Payload.parse(quoted(parameters)), Optional.empty(), reading));
  }

  private static boolean admits(String parameters, String... bodies) {
    return admit(Operation.UPDATE, parameters, ParameterReading.AS_IT_IS, bodies)
        .isPresent();
  }

  @Nested
  class Parameters {
    @DisplayName("A-7 a value that a list denies is denied in every spelling")
    @ParameterizedTest(name = "denied {0}, given {1}: admitted {2}")
    @MethodSource("dev.strongroom.internal.policy.ConstraintsTest#denied")
    void admit_deniedValue_seesThroughSpellings(String values, String given, boolean admitted) {
      assertThat(admits("{'a': " + given + "}", "denied_parameters = { a = " + values + " }"))
          .isEqualTo(admitted);
    }

    @DisplayName("A-7 a value that a list allows is allowed as it is listed, and not otherwise")
    @ParameterizedTest(name = "allowed {0}, given {1}: admitted {2}")
    @MethodSource("dev.strongroom.internal.policy.ConstraintsTest#allowed")
    void admit_allowedValue_isComparedAsItStands(String values, String given, boolean admitted) {
      assertThat(admits("{'a': " + given + "}", "allowed_parameters = { a = " + values + " }"))
          .isEqualTo(admitted);
    }

    @DisplayName("A-7 values are also compared as what they become")
    @Test
    void admit_deniedValue_isComparedAsItIsRead() {
      ParameterReading seconds =
          (name, value) -> Duration.ofSeconds(Long.parseLong(("" + value).replace("m", "0")));
      String[] rules = {"denied_parameters = { ttl = ['6m'] }"};

      assertThat(admit(Operation.UPDATE, "{'ttl': '60'}", seconds, rules)).isEmpty();
      assertThat(admit(Operation.UPDATE, "{'ttl': 60}", seconds, rules)).isEmpty();
      assertThat(admit(Operation.UPDATE, "{'ttl': '61'}", seconds, rules)).isPresent();
      assertThat(admit(Operation.UPDATE, "{'ttl': 'never'}", seconds, rules)).isPresent();
    }

    @Test
    void admit_textThatBecomesAList_isLookedAtPartByPart() {
      ParameterReading commas = (name, value) -> List.of(("" + value).split(","));

      assertThat(admit(
              Operation.UPDATE, "{'a': 'x,bad'}", commas, "denied_parameters = { a = ['b*'] }"))
          .isEmpty();
      String allowed = "allowed_parameters = { a = ['dev*', 'p', 'u,v'] }";
      assertThat(admit(Operation.UPDATE, "{'a': 'dev1,dev2,p'}", commas, allowed))
          .isPresent();
      assertThat(admit(Operation.UPDATE, "{'a': 'dev1,root'}", commas, allowed)).isEmpty();
      assertThat(admit(Operation.UPDATE, "{'a': 'p,p'}", commas, allowed)).isEmpty();
      assertThat(admit(Operation.UPDATE, "{'a': 'u,v'}", commas, allowed)).isPresent();
    }

    @Test
    void admit_valueThatCannotBeRead_isNotAllowedByAPattern() {
      ParameterReading refusing = (name, value) -> {
        throw new IllegalArgumentException("no");
      };
      assertThat(admit(
              Operation.UPDATE, "{'a': 'dev1'}", refusing, "allowed_parameters = { a = ['dev*'] }"))
          .isEmpty();
    }

    @Test
    void admit_arrayThatIsTooLong_isDenied() {
      String values = "denied_parameters = { a = ['x'] }";
      assertThat(admits("{'a': " + IntStream.range(0, 9_999).boxed().toList() + "}", values))
          .isFalse(); // each number is one form, and its text another
      assertThat(admits("{'a': " + IntStream.range(0, 4_999).boxed().toList() + "}", values))
          .isTrue();
    }

    @ParameterizedTest(name = "{0} given {1}: admitted {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "required_parameters = ['A', 'b'] | {'a': null, 'b': ''} | true",
          "required_parameters = ['A', 'b'] | {'A': 1, 'b': 1}     | false",
          "required_parameters = ['A', 'b'] | {}                   | false",
          "required_parameters = []         | {}                   | true",
          "allowed_parameters = { '*' = [] 'env' = ['dev'] } | {'x': 1, 'env': 'dev'} | true",
          "allowed_parameters = { '*' = ['1'] }              | {'x': '1', 'y': '1'}   | true",
          "allowed_parameters = { '*' = ['1'] }              | {'x': '1', 'y': '2'}   | false",
          "allowed_parameters = { 'Name' = [] }              | {'NAME': 1, 'name': 2} | true",
          "allowed_parameters = { 'Name' = ['1'] }           | {'NAME': '2', 'name': '1'} | false",
          "denied_parameters = { 'Name' = ['1'] }            | {'name': '2', 'nAme': '1'} | false",
          "denied_parameters = { 'token' = [] }              | {'to\u212Aen': 1}      | false",
          "denied_parameters = { 'size' = [] }               | {'SIZE': 1}            | false",
          "denied_parameters = { 'x' = ['1'] '*' = ['9'] }   | {'y': 1}               | false",
          "denied_parameters = { 'x*' = [] }                 | {'xy': 1}              | true",
          "denied_parameters = { 'a' = ['1'] } allowed_parameters = { 'a' = [] } | {'a': '1'} | false",
        })
    void admit_names_areFoldedAndLiteral(String rules, String given, boolean admitted) {
      assertThat(admits(given, rules)).isEqualTo(admitted);
    }

    @ParameterizedTest
    @EnumSource(
        value = Operation.class,
        names = {"READ", "CREATE", "UPDATE", "PATCH"})
    void admit_operationWithParameters_isConstrained(Operation operation) {
      String rules = "denied_parameters = { a = [] }";
      assertThat(admit(operation, "{'a': 1}", ParameterReading.AS_IT_IS, rules)).isEmpty();
      assertThat(admit(operation, "{'b': 1}", ParameterReading.AS_IT_IS, rules)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
        value = Operation.class,
        names = {"DELETE", "LIST", "SCAN", "HELP"})
    void admit_otherOperation_isNot(Operation operation) {
      assertThat(admit(
              operation,
              "{'a': 1}",
              ParameterReading.AS_IT_IS,
              "denied_parameters = { a = [] } required_parameters = ['b']"))
          .isPresent();
    }

    @Test
    void admit_jsonBlockOfObjectsOnly_isReadAsItStands() {
      String rules = "{'allowed_parameters': {'x': ['1', {'y': null}]}}";
      assertThat(admits("{'x': '1'}", rules)).isTrue();
      assertThat(admits("{'x': '2'}", rules)).isFalse();
      assertThat(admits("{'x': {'y': null}}", rules)).isTrue();
    }
  }

  static Stream<Arguments> denied() {
    return Stream.of(
        arguments("[]", "null", false),
        arguments("['x']", "'x'", false),
        arguments("['x']", "'X'", true),
        arguments("['x']", "null", true),
        arguments("['x']", "['x']", false),
        arguments("['x']", "['y', ['x']]", false),
        arguments("['x']", "['y']", true),
        arguments("['x']", "[]", true),
        arguments("['x']", "{'x': 'y'}", false),
        arguments("['x']", "[{}]", false),
        arguments("[{ k = 'v' }]", "{'k': 'v'}", false),
        arguments("[{ k = 'v' }]", "[{'k': 'v'}]", false),
        arguments("[{ k = 'v' }]", "{'k': 'w'}", true),
        arguments("[{ k = { l = [1] } }]", "{'k': {'l': [1.0]}}", false),
        arguments("[['a', 'b']]", "['a', 'b']", false),
        arguments("[['a', 'b']]", "['b', 'a']", true),
        arguments("[1]", "1", false),
        arguments("[1]", "1.0", false),
        arguments("[1]", "1e0", false),
        arguments("[100]", "1e2", false),
        arguments("[0x10]", "16", false),
        arguments("[010]", "8", false),
        arguments("[-1.50]", "-1.5", false),
        arguments("[1]", "'1'", false),
        arguments("['1']", "1", false),
        arguments("['100']", "1e2", false),
        arguments("['1*']", "12", false),
        arguments("[1]", "2", true),
        arguments("[0]", "-0.0", false),
        arguments("[9007199254740993]", "9007199254740992", true),
        arguments("[1e300]", "1e-999999999", true),
        arguments("[true]", "true", false),
        arguments("[true]", "'true'", false),
        arguments("['true']", "true", false),
        arguments("[true]", "false", true),
        arguments("['un*']", "'unsafe'", false),
        arguments("['*']", "'x'", true),
        arguments("['*']", "'*'", false),
        arguments("['**']", "''", false),
        arguments("['**']", "5", false),
        arguments("['*safe*']", "'unsafely'", false),
        arguments("['a*b']", "'axb'", true),
        arguments("['a*b']", "'a*b'", false));
  }

  static Stream<Arguments> allowed() {
    return Stream.of(
        arguments("[]", "null", true),
        arguments("[]", "{'x': [1]}", true),
        arguments("['x']", "'x'", true),
        arguments("['x']", "['x']", false),
        arguments("['x']", "null", false),
        arguments("['']", "null", false),
        arguments("['x']", "{}", false),
        arguments("[1]", "1", true),
        arguments("[1]", "1.0", true),
        arguments("[1]", "'1'", false),
        arguments("['1']", "1", false),
        arguments("[true]", "true", true),
        arguments("[true]", "1", false),
        arguments("[true]", "'true'", false),
        arguments("['**']", "'any'", true),
        arguments("['**']", "5", false),
        arguments("['**']", "['any']", false),
        arguments("['a*']", "'ab'", true),
        arguments("['*a']", "'ba'", true),
        arguments("['*a*']", "'bab'", true),
        arguments("['a*']", "'ba'", false),
        arguments("[['a', 'b']]", "['a', 'b']", true),
        arguments("[['a', 'b']]", "['a']", false),
        arguments("[{ k = 'v' }]", "{'k': 'v'}", true),
        arguments("[{ k = { l = 1 } }]", "{'k': {'l': 1}}", true),
        arguments("[{ k = 'v' }]", "{'k': 'v', 'l': 1}", false));
  }

  @Nested
  class Wrapping {
    @ParameterizedTest(name = "{0} wrapped for {1} s: {2}")
    @CsvSource({
      "min_wrapping_ttl = 60,, false",
      "min_wrapping_ttl = 60, 59, false",
      "min_wrapping_ttl = 60, 60, true",
      "max_wrapping_ttl = '1h30m',, false",
      "max_wrapping_ttl = '1h30m', 0, false",
      "max_wrapping_ttl = '1h30m', -1, false",
      "max_wrapping_ttl = '1h30m', 5400, true",
      "max_wrapping_ttl = '1h30m', 5401, false",
      "max_wrapping_ttl = 1.9, 1, true",
      "max_wrapping_ttl = 1.9, 2, false",
      "max_wrapping_ttl = 0x10, 16, true",
      "max_wrapping_ttl = '2d', 172800, true",
      "max_wrapping_ttl = 0,, true",
      "max_wrapping_ttl = '',, true",
      "min_wrapping_ttl = -5,, true",
      "min_wrapping_ttl = 60 max_wrapping_ttl = '1m', 60, true",
    })
    void admit_wrapping_isInsideTheBounds(String rules, @Nullable Long ttl, boolean admitted) {
      for (Operation operation : Operation.values()) {
        Asked asked = new Asked(
            operation,
            Payload.empty(),
            Optional.ofNullable(ttl).map(Duration::ofSeconds),
            ParameterReading.AS_IT_IS);
        assertThat(rule(operation, rules).admit(asked).isPresent()).isEqualTo(admitted);
      }
    }
  }

  @Nested
  @DisplayName("A-15 limits are strict")
  class Pages {
    private static final String NOTHING = "none";

    @ParameterizedTest(name = "most {0}, given {1}: {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "10 | {}                     | {'limit': '10'}",
          "10 | {'limit': null}        | {'limit': '10'}",
          "10 | {'limit': ''}          | {'limit': '10'}",
          "10 | {'limit': 0}           | {'limit': '10'}",
          "10 | {'limit': '-0'}        | {'limit': '10'}",
          "10 | {'limit': 'max'}       | {'limit': '10'}",
          "10 | {'limit': 10, 'a': 1}  | {'limit': 10, 'a': 1}",
          "10 | {'limit': '+7'}        | {'limit': '+7'}",
          "10 | {'limit': '007'}       | {'limit': '007'}",
          "10 | {'Limit': 99}          | {'Limit': 99, 'limit': '10'}",
          "10 | {'limit': 11}          | none",
          "10 | {'limit': '11'}        | none",
          "10 | {'limit': -1}          | none",
          "10 | {'limit': 'MAX'}       | none",
          "10 | {'limit': ' 5'}        | none",
          "10 | {'limit': '0x5'}       | none",
          "10 | {'limit': '1e0'}       | none",
          "10 | {'limit': 1e0}         | none",
          "10 | {'limit': 5.0}         | none",
          "10 | {'limit': '\u0665'}    | none",
          "10 | {'limit': true}        | none",
          "10 | {'limit': [5]}         | none",
          "10 | {'limit': {}}          | none",
          "10 | {'limit': 18446744073709551621}   | none",
          "10 | {'limit': '-9223372036854775809'} | none",
          "'3' | {'limit': 'max'}      | {'limit': '3'}",
          "0  | {'limit': 'max'}       | {'limit': '0'}",
          "-5 | {'limit': 'max'}       | {'limit': '0'}",
          "0  | {'limit': '99'}        | {'limit': '99'}",
          "0  | {'limit': 'ten'}       | {'limit': 'ten'}",
          "0  | {}                     | {}",
        })
    void admit_limit_isRewrittenOrDenied(String most, String given, String expected) {
      for (Operation operation : List.of(Operation.LIST, Operation.SCAN)) {
        Optional<Payload> admitted =
            admit(operation, given, ParameterReading.AS_IT_IS, "pagination_limit = " + most);
        assertThat(admitted.map(Payload::toMap))
            .isEqualTo(
                expected.equals(NOTHING)
                    ? Optional.empty()
                    : Optional.of(Payload.parse(quoted(expected)).toMap()));
      }
    }

    @Test
    void admit_withoutConstraints_stillKnowsTheWord() {
      assertThat(admit(Operation.LIST, "{'limit': 'max'}", ParameterReading.AS_IT_IS, "")
              .orElseThrow()
              .toMap())
          .isEqualTo(Map.of("limit", "0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit", "LIMIT"})
    void admit_requiredLimit_mustBeNamedWhereThereIsOne(String name) {
      String required = "required_parameters = ['" + name + "']";
      ParameterReading reading = ParameterReading.AS_IT_IS;
      assertThat(admit(Operation.LIST, "{}", reading, "pagination_limit = 5 " + required))
          .isEmpty();
      assertThat(
              admit(Operation.LIST, "{'limit': null}", reading, "pagination_limit = 5 " + required))
          .isPresent();
      assertThat(admit(Operation.LIST, "{}", reading, required)).isPresent();
    }

    @Test
    void admit_otherOperation_leavesTheLimitAlone() {
      assertThat(admit(
              Operation.UPDATE,
              "{'limit': '99'}",
              ParameterReading.AS_IT_IS,
              "pagination_limit = 5"))
          .isPresent();
    }
  }

  @Nested
  class Merging {
    private boolean admitsInBothOrders(String parameters, String one, String other) {
      boolean admitted = admits(parameters, one, other);
      assertThat(admits(parameters, other, one)).isEqualTo(admitted);
      return admitted;
    }

    @Test
    void of_valuesOfOneName_areJoined() {
      String one = "allowed_parameters = { a = ['1'] }";
      String two = "allowed_parameters = { A = ['2'] b = [] }";
      assertThat(admitsInBothOrders("{'a': '1', 'b': 7}", one, two)).isTrue();
      assertThat(admitsInBothOrders("{'a': '2'}", one, two)).isTrue();
      assertThat(admitsInBothOrders("{'a': '3'}", one, two)).isFalse();
      assertThat(admitsInBothOrders("{'c': '1'}", one, two)).isFalse();
      assertThat(admitsInBothOrders("{'a': '3'}", one, "allowed_parameters = { a = [] }"))
          .isTrue();
      assertThat(admitsInBothOrders(
              "{'a': '3'}", "denied_parameters = { a = ['1'] }", "denied_parameters = { a = [] }"))
          .isFalse();
    }

    @Test
    void of_blockWithoutConstraints_liftsNone() {
      assertThat(admitsInBothOrders("{'a': '3'}", "", "denied_parameters = { a = [] }"))
          .isFalse();
      assertThat(admitsInBothOrders("{}", "", "required_parameters = ['a']")).isFalse();
      assertThat(admitsInBothOrders(
              "{'a': 1}", "required_parameters = ['B']", "required_parameters = ['a']"))
          .isFalse();
      assertThat(admitsInBothOrders(
              "{'a': 1, 'b': 1}", "required_parameters = ['B']", "required_parameters = ['a']"))
          .isTrue();
    }

    @Test
    void of_limits_areTheSmallest() {
      for (String[] order : new String[][] {
        {"pagination_limit = 5", "pagination_limit = 3", ""},
        {"", "pagination_limit = 3", "pagination_limit = 5"}
      }) {
        assertThat(admit(Operation.LIST, "{}", ParameterReading.AS_IT_IS, order)
                .orElseThrow()
                .text("limit"))
            .contains("3");
      }
    }

    @ParameterizedTest
    @CsvSource({"9, false", "10, true", "20, true", "21, false"})
    void of_wrappingBounds_areTheSmallestOfEach(long ttl, boolean admitted) {
      Asked asked = new Asked(
          Operation.UPDATE,
          Payload.empty(),
          Optional.of(Duration.ofSeconds(ttl)),
          ParameterReading.AS_IT_IS);
      String[] bodies = {
        "min_wrapping_ttl = 10",
        "",
        "min_wrapping_ttl = 15 max_wrapping_ttl = 30",
        "max_wrapping_ttl = 20"
      };
      assertThat(rule(Operation.UPDATE, bodies).admit(asked).isPresent()).isEqualTo(admitted);
    }

    @Test
    void of_filters_firstPolicyWins() {
      String filter = "list_scan_response_keys_filter_path = ";
      AclRule rule = rule(Operation.LIST, "", filter + "'{{.key}}/one'", filter + "'{{.key}}/two'");
      assertThat(rule.filterFor(Operation.LIST).map(Template::toString)).contains("{{.key}}/one");
      assertThat(rule.filterFor(Operation.UPDATE)).isEmpty();
    }

    @Test
    void of_mfaMethods_areJoinedAndSorted() {
      AclRule rule = rule(Operation.UPDATE, "mfa_methods = ['b', 'a']", "mfa_methods = ['c', 'a']");
      assertThat(rule.mfaMethods()).containsExactly("a", "b", "c");
      assertThat(rule(Operation.UPDATE, "").mfaMethods()).isEmpty();
    }

    @Test
    void of_denial_dropsConstraints() {
      AclRule rule = rule(
          Operation.UPDATE,
          "required_parameters = ['a']",
          "{'capabilities': ['deny'], 'min_wrapping_ttl': 'not looked at'}");
      assertThat(rule.isConstrained()).isFalse();
      assertThat(rule.allows(Capability.DENY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "allowed_parameters = {} denied_parameters {} required_parameters = []",
          "min_wrapping_ttl = 0 max_wrapping_ttl = '' pagination_limit = '' mfa_methods = []",
          "list_scan_response_keys_filter_path = ''",
        })
    void of_emptyConstraints_areNone(String body) {
      assertThat(rule(Operation.UPDATE, body).isConstrained()).isFalse();
    }
  }

  @Test
  void weight_valuesThatAreListed_count() {
    Acl acl = Acl.of(
        List.of(ParsedPolicy.parse(
            "p",
            quoted("path 'p' { required_parameters = ['a'] denied_parameters { b = [1, 2] } }"),
            AclCases.NOW)),
        AclCases.NOW);
    assertThat(acl.weight()).isEqualTo(1 + 1 + 1 + 2);
  }

  @Test
  void root_isNotConstrained() {
    AclRule root = Acl.ROOT.ruleFor(Operation.UPDATE, "p");
    assertThat(root.isConstrained()).isFalse();
    assertThat(root.mfaMethods()).isEmpty();
  }
}
