package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.policy.AclCases.Case;
import dev.strongroom.internal.template.Template;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases were derived from OpenBao v2.6.2. Every one of them is in exactly one group here. */
class AclCasesTest {
  /** Operations of the reference that no caller can ask for; they need {@code update} there. */
  private static final Set<String> INTERNAL = Set.of("revoke", "renew", "rollback");

  /** Policies that are refused on purpose although the reference takes them, and the reason. */
  private static final Map<String, String> REFUSED_ON_PURPOSE = Map.of(
      "json-bools",
      "a boolean in a JSON list: the reference drops it, which leaves a list that allows any value");

  /** Cases whose outcome is the opposite on purpose, and the reason. */
  private static final Map<String, String> DECIDED_ON_PURPOSE = Map.of(
      "s-par-26",
      "a list whose element is denied: the reference compares it as a whole only",
      "s-par-34",
      "the values of an allowed * count: the reference ignores them",
      "s-par-56",
      "numbers are compared as numbers: in the reference none equals another",
      "s-wrap-7",
      "zero is no wrapping: in the reference the answer comes in the clear",
      "s-tpl-18",
      "a denial that cannot be filled: the reference drops it, here it closes whatever it may be for");

  /** Texts of the parse section that are refused on purpose: what the refusal says. */
  private static final Map<String, String> TEXTS_REFUSED_ON_PURPOSE = Map.of(
      // A missing last brace is not noticed there; the text may be cut off in the middle of a deny.
      "s-parse-49", "object expected closing RBRACE got: EOF");

  /** Texts of the parse section that are read on purpose, and the reason. */
  private static final Map<String, String> TEXTS_READ_ON_PURPOSE = Map.of(
      "s-parse-45",
      "the reference takes a JSON block that holds only objects apart one level too far");

  private enum Group {
    REQUEST_LAYER,
    HEADER,
    DECIDED_ON_PURPOSE,
    REFUSED_ON_PURPOSE,
    DECIDED
  }

  private static Group groupOf(Case c) {
    if (c.has("request_error")) {
      return Group.REQUEST_LAYER;
    }
    if (c.text("operation").equals("header")) {
      return Group.HEADER;
    }
    if (DECIDED_ON_PURPOSE.containsKey(c.toString())) {
      return Group.DECIDED_ON_PURPOSE;
    }
    if (c.texts("policies").stream().anyMatch(REFUSED_ON_PURPOSE::containsKey)) {
      return Group.REFUSED_ON_PURPOSE;
    }
    return Group.DECIDED;
  }

  private static Stream<Case> group(Group group) {
    return AclCases.decisions().filter(c -> groupOf(c) == group);
  }

  static Stream<Case> decided() {
    return group(Group.DECIDED);
  }

  static Stream<Case> decidedOnPurpose() {
    return group(Group.DECIDED_ON_PURPOSE);
  }

  static Stream<Case> refusedOnPurpose() {
    return group(Group.REFUSED_ON_PURPOSE);
  }

  static Stream<Case> requestLayer() {
    return group(Group.REQUEST_LAYER);
  }

  static Stream<Case> header() {
    return group(Group.HEADER);
  }

  static Stream<Case> parses() {
    return AclCases.parses();
  }

  private static Operation operation(Case c) {
    String name = c.text("operation");
    return INTERNAL.contains(name)
        ? Operation.UPDATE
        : Operation.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static void assertFlagsAndWords(Case c, AclRule rule, Acl acl) {
    if (c.has("root_privs")) {
      assertThat(rule.sudo()).isEqualTo(c.flag("root_privs"));
    }
    if (c.has("capabilities")) {
      assertThat(acl.capabilities(c.text("path"))).isEqualTo(c.texts("capabilities"));
    }
  }

  @Test
  void groups_allCases_areAsManyAsExpected() {
    assertThat(Arrays.stream(Group.values()).mapToLong(group -> group(group).count()))
        .as("request layer, header, decided on purpose, refused on purpose, decided")
        .containsExactly(4L, 2L, 5L, 2L, 312L);
  }

  private static boolean isAllowed(Case c, AclRule rule) {
    return rule.allows(Capability.of(operation(c)))
        && (!c.flag("root_protected") || rule.sudo())
        && rule.admit(c.asked(operation(c))).isPresent();
  }

  @Nested
  class Decisions {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#decided")
    void ruleFor_case_decidesAsTheReference(Case c) {
      Acl acl = c.acl();
      AclRule rule = acl.ruleFor(operation(c), c.text("path"));

      assertFlagsAndWords(c, rule, acl);
      if (operation(c) == Operation.HELP) {
        // The request pipeline answers help to every valid token, whatever the rule.
        assertThat(c.flag("allowed")).isTrue();
        return;
      }
      assertThat(isAllowed(c, rule)).as(c.text("why")).isEqualTo(c.flag("allowed"));
      if (c.has("granting_policies")) {
        assertThat(rule.grantedBy(Capability.of(operation(c))))
            .isEqualTo(c.texts("granting_policies"));
      }
      if (c.has("effective_data")) {
        assertThat(rule.admit(c.asked(operation(c))).orElseThrow().toMap())
            .isEqualTo(c.members("effective_data"));
      }
      if (c.has("filter_path")) {
        assertThat(rule.filterFor(operation(c)).map(Template::toString).orElse(""))
            .isEqualTo(c.text("filter_path"));
      }
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#decidedOnPurpose")
    void ruleFor_caseThatDiffersOnPurpose_decidesTheOpposite(Case c) {
      assertThat(isAllowed(c, c.acl().ruleFor(operation(c), c.text("path"))))
          .as(DECIDED_ON_PURPOSE.get(c.toString()))
          .isNotEqualTo(c.flag("allowed"));
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#header")
    void ruleFor_headerRequest_cannotBeAsked(Case c) {
      assertThat(Operation.values()).extracting(Enum::name).doesNotContain("HEADER");
      Acl acl = c.acl();
      assertFlagsAndWords(c, acl.ruleFor(Operation.READ, c.text("path")), acl);
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#requestLayer")
    void request_pathThatNoPolicyMaySee_isRefused(Case c) {
      assertThatThrownBy(
              () -> Request.of(operation(c), VaultPath.parse(c.text("path")), Payload.empty()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(c.requestError());
    }
  }

  @Nested
  class Refusals {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#refusedOnPurpose")
    void parse_policyThatIsRefusedOnPurpose_isRefused(Case c) {
      assertThatThrownBy(c::acl)
          .as(REFUSED_ON_PURPOSE.get(c.texts("policies").get(0)))
          .isInstanceOf(PolicySyntaxException.class)
          .hasMessageContaining("unexpected token while parsing list: BOOL");
    }
  }

  @Nested
  class Texts {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.policy.AclCasesTest#parses")
    void parse_case_isAcceptedOrRefusedAsTheReferenceDoes(Case c) {
      String text = c.has("hcl") ? c.text("hcl") : c.text("json");
      String words = c.text("error_contains");
      if (TEXTS_REFUSED_ON_PURPOSE.containsKey(c.toString())) {
        words = TEXTS_REFUSED_ON_PURPOSE.get(c.toString());
      } else if (TEXTS_READ_ON_PURPOSE.containsKey(c.toString())) {
        words = null;
      }

      if (words == null) {
        assertThat(ParsedPolicy.parse("p", text, AclCases.NOW).name()).isEqualTo("p");
      } else {
        assertThatThrownBy(() -> ParsedPolicy.parse("p", text, AclCases.NOW))
            .isInstanceOf(PolicySyntaxException.class)
            .hasMessageMatching("(?s)failed to parse policy: At \\d+:\\d+: .+")
            .hasMessageContaining(words);
      }
    }
  }
}
