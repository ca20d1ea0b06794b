package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclTest {
  private static final Instant NOW = AclCases.NOW;

  private static ParsedPolicy policy(String name, String text) {
    return ParsedPolicy.parse(name, text, NOW);
  }

  private static String block(String path, String... capabilities) {
    return Arrays.stream(capabilities)
        .map(capability -> "\"" + capability + "\"")
        .collect(Collectors.joining(", ", "path \"" + path + "\" { capabilities = [", "] }\n"));
  }

  private static Acl acl(String... texts) {
    List<ParsedPolicy> policies = new ArrayList<>();
    for (String text : texts) {
      policies.add(policy("p" + policies.size(), text));
    }
    return Acl.of(policies, NOW);
  }

  @Nested
  class Choice {
    @ParameterizedTest(name = "{1} of \"{0}\" on {2} {3}")
    @CsvSource({
      "kv/app/* kv/app/config, kv/app/config, READ, kv/app/config",
      "team/* team/blue*, team/blue*, READ, team/blue",
      "mix/* mix/+, mix/+, READ, mix/zz",
      "mix/+ mix/ab*, mix/ab*, READ, mix/abc",
      "mix/* mix/+/e*, mix/*, READ, mix/q/egg",
      "* +/*, *, READ, a/b",
      "v/+/b/c* v/+/+/c, v/+/+/c, READ, v/a/b/c",
      "y/+/+/z y/+/k/z, y/+/k/z, READ, y/a/k/z",
      "ms/+/conf/* ms/web*, ms/web*, READ, ms/web1/conf/a",
      "t/+/ab/+ t/+/+/cd, t/+/ab/+, READ, t/x/ab/cd",
      "u/+/(b/+ u/+/+/cd, u/+/+/cd, READ, u/x/(b/cd",
      "dir/+/* dir/+/+/*, dir/+/*, READ, dir/p/q/r",
      "svc/+ svc/+/, svc/+/, LIST, svc/a/",
      "box/+ box/+/*, box/+/*, LIST, box/a/",
      "l/f l/f/*, l/f, LIST, l/f/",
      "zone/* zone/b/*, zone/b/*, READ, zone/b/x",
      "svc/+/db, svc/+/db, READ, svc//db",
      "svc/+, svc/+, READ, svc/",
      "c+d/+/x c+d/*, c+d/*, READ, c+d/a/x",
      "c+d/+x* c+d/*, c+d/*, READ, c+d/+xy",
      "k/+/éé/+ k/+/+/abc, k/+/éé/+, READ, k/x/éé/abc",
      "a/+/\uFF5E/+ a/+/\uD83D\uDD11*, a/+/\uD83D\uDD11*, READ, a/b/\uD83D\uDD11",
    })
    void ruleFor_severalMatch_takesTheStrongest(
        String paths, String winner, Operation operation, String path) {
      String text = Arrays.stream(paths.split(" "))
          .map(pattern -> block(pattern, "read"))
          .collect(Collectors.joining());
      assertThat(acl(text).ruleFor(operation, path)).hasToString("path \"" + winner + "\" [read]");
    }

    @ParameterizedTest(name = "\"{0}\" on {1} {2}")
    @CsvSource({
      "no-tail, READ, no-tail/",
      "no-tail, LIST, no-tail//",
      "tail/, LIST, tail",
      "kv/*, READ, kv",
      "svc/+, READ, svc",
      "svc/+, READ, svc/a/b",
      "svc/+/b*, READ, svc/a/a",
      "svc/+/+/*, READ, svc/a/b",
      "//dbl/x, READ, dbl/x",
      "//dbl/x, READ, //dbl/x",
      "kv/*, READ, KV/a",
    })
    void ruleFor_noneMatches_allowsNothing(String pattern, Operation operation, String path) {
      AclRule rule = acl(block(pattern, "read", "list", "sudo")).ruleFor(operation, path);

      assertThat(rule).hasToString("path \"\" [deny]");
      assertThat(Capability.values()).noneMatch(rule::allows);
      assertThat(rule.sudo()).isFalse();
      assertThat(rule.grantedBy(Capability.READ)).isEmpty();
    }

    @Test
    void ruleFor_leadingSlashes_doNotCount() {
      Acl acl = acl(block("/lead/x", "read") + block("", "list"));

      assertThat(acl.ruleFor(Operation.READ, "///lead/x").allows(Capability.READ))
          .isTrue();
      assertThat(acl.ruleFor(Operation.LIST, "/").allows(Capability.LIST)).isTrue();
    }

    @Test
    void ruleFor_listServedByAnExactRule_beforeAnyPattern() {
      Acl acl = acl(block("x", "deny") + block("x/*", "list"));

      assertThat(acl.ruleFor(Operation.LIST, "x/").allows(Capability.LIST)).isFalse();
      assertThat(acl.ruleFor(Operation.READ, "x/")).hasToString("path \"x/*\" [list]");
    }

    @Test
    @DisplayName("A-3 a deny below a folder also denies listing the folder below")
    void ruleFor_listOfADeniedFolder_isDenied() {
      Acl acl = acl(block("m/metadata/*", "list") + block("m/metadata/team/*", "deny"));

      assertThat(acl.ruleFor(Operation.LIST, "m/metadata/team/").allows(Capability.LIST))
          .isFalse();
      assertThat(acl.ruleFor(Operation.LIST, "m/metadata/").allows(Capability.LIST))
          .isTrue();
    }

    @Test
    @DisplayName("A-11 a folder is no prefix of its neighbours")
    void ruleFor_neighbourWithALongerName_isNotAllowed() {
      Acl acl = acl(block("kv/*", "read"));

      assertThat(acl.ruleFor(Operation.READ, "kv2/a").allows(Capability.READ)).isFalse();
      assertThat(acl.ruleFor(Operation.READ, "kv/a").allows(Capability.READ)).isTrue();
    }

    @Test
    @DisplayName("A-15 a path of 2,000 segments against rules that fork at every segment")
    void ruleFor_rulesThatForkAtEverySegment_findsTheStrongest() {
      String forks = IntStream.range(0, 1 << 12)
          .mapToObj(choice -> block(
              IntStream.range(0, 12)
                  .mapToObj(bit -> (choice >> bit & 1) == 0 ? "+" : "a")
                  .collect(Collectors.joining("/", "deep/", "/b*")),
              "read"))
          .collect(Collectors.joining());
      Acl acl = acl(forks, block("deep/" + "a/".repeat(1_900) + "+", "list"));
      String ways = "deep/" + "a/".repeat(12);

      assertThat(acl.ruleFor(Operation.READ, "deep/" + "a/".repeat(1_900) + "b").words())
          .containsExactly("list");
      assertThat(acl.ruleFor(Operation.READ, ways + "c/".repeat(1_900)))
          .hasToString("path \"\" [deny]");
      assertThat(acl.ruleFor(Operation.READ, ways + "b/".repeat(1_900)))
          .hasToString("path \"" + ways + "b*\" [read]");
      assertThat(acl.ruleFor(Operation.READ, ways.replaceFirst("a", "x") + "bc"))
          .hasToString("path \"" + ways.replaceFirst("a", "+") + "b*\" [read]");
    }
  }

  @Nested
  class Merging {
    @Test
    @DisplayName("A-4 deny wins on equal paths in every order")
    void of_samePathInThreePolicies_orderDoesNotMatter() {
      List<ParsedPolicy> policies = List.of(
          policy("a", block("s/x", "read", "deny")),
          policy("b", block("/s/x", "create", "read", "sudo")),
          policy("c", "path \"s/x\" { policy = \"write\" }"));
      int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
      for (int[] order : orders) {
        Acl acl = Acl.of(Arrays.stream(order).mapToObj(policies::get).toList(), NOW);
        AclRule rule = acl.ruleFor(Operation.READ, "s/x");

        assertThat(Capability.values()).filteredOn(rule::allows).containsExactly(Capability.DENY);
        assertThat(rule.sudo()).isFalse();
        assertThat(rule.grantedBy(Capability.READ)).isEmpty();
        assertThat(rule.grantedBy(Capability.DENY)).containsExactly("a");
        assertThat(acl.capabilities("s/x")).containsExactly("deny");
      }
    }

    @Test
    void of_samePath_capabilitiesAddUp() {
      Acl acl = acl(block("s/+/x", "read") + block("s/+/x", "list"), block("s/+/x", "update"));

      assertThat(acl.capabilities("s/a/x")).containsExactly("list", "read", "update");
    }

    @Test
    void of_emptyBlock_shadowsButDoesNotDeny() {
      String empty = block("e/*", "read") + "path \"e/none\" { }";

      assertThat(acl(empty).capabilities("e/none")).containsExactly("deny");
      assertThat(acl(empty, block("e/none", "read")).capabilities("e/none"))
          .containsExactly("read");
    }

    @Test
    void of_similarPatterns_staySeparate() {
      Acl acl = acl(block("a", "read") + block("a*", "list") + block("a/", "update"));

      assertThat(acl.ruleFor(Operation.READ, "a")).hasToString("path \"a\" [read]");
      assertThat(acl.ruleFor(Operation.READ, "ab")).hasToString("path \"a*\" [list]");
      assertThat(acl.ruleFor(Operation.READ, "a/")).hasToString("path \"a/\" [update]");
    }

    @Test
    void grantedBy_severalBlocks_namesThePolicyOfEachInOrder() {
      Acl acl = acl(block("g", "read") + block("g", "read", "list"), block("g", "update", "read"));
      AclRule rule = acl.ruleFor(Operation.READ, "g");

      assertThat(rule.grantedBy(Capability.READ)).containsExactly("p0", "p0", "p1");
      assertThat(rule.grantedBy(Capability.LIST)).containsExactly("p0");
      assertThat(rule.grantedBy(Capability.DELETE)).isEmpty();
    }
  }

  @Nested
  class Root {
    @Test
    void ruleFor_anything_allowsItAndNamesRoot() {
      for (String path : List.of("", "a", "/a/b/", "+", "sys/raw/x")) {
        for (Operation operation : Operation.values()) {
          AclRule rule = Acl.ROOT.ruleFor(operation, path);
          assertThat(Capability.values())
              .filteredOn(rule::allows)
              .containsExactly(Arrays.copyOf(Capability.values(), Capability.values().length - 1));
          assertThat(rule.grantedBy(Capability.SUDO)).containsExactly("root");
        }
        assertThat(Acl.ROOT.capabilities(path)).containsExactly("root");
      }
      assertThat(Acl.ROOT.touches("secret/")).isTrue();
      assertThat(Acl.ROOT.validUntil()).isEmpty();
    }

    @Test
    void capabilities_everythingGiven_isNotRoot() {
      Acl acl =
          acl(block("*", "create", "read", "update", "delete", "list", "patch", "scan", "sudo"));

      assertThat(acl.capabilities("a"))
          .containsExactly("create", "delete", "list", "patch", "read", "scan", "sudo", "update");
    }
  }

  @Nested
  class Expiry {
    private final ParsedPolicy policy = policy("p", block("x/*", "read") + """
            path "x/a" {
              capabilities = ["deny"]
              expiration   = "2026-01-01T00:10:00Z"
            }
            path "x/b" {
              capabilities = ["update"]
              expiration   = 1767226200
            }
            """);

    @Test
    void validUntil_severalBlocksExpire_isTheEarliest() {
      assertThat(Acl.of(List.of(policy), NOW).validUntil()).contains(NOW.plusSeconds(600));
      assertThat(acl(block("x", "read")).validUntil()).isEmpty();
    }

    @Test
    void of_atTheMomentOfExpiry_leavesTheBlockOut() {
      Acl before = Acl.of(List.of(policy), NOW.plusSeconds(599));
      Acl then = Acl.of(List.of(policy), NOW.plusSeconds(600));

      assertThat(before.capabilities("x/a")).containsExactly("deny");
      assertThat(then.capabilities("x/a")).containsExactly("read");
    }

    @Test
    void endingAt_earlierThanABlock_endsThatOneToo() {
      ParsedPolicy ending = policy.endingAt(NOW.plusSeconds(60));

      assertThat(Acl.of(List.of(ending), NOW).validUntil()).contains(NOW.plusSeconds(60));
      assertThat(Acl.of(List.of(ending), NOW.plusSeconds(60)).capabilities("x/c"))
          .containsExactly("deny");
    }

    @Test
    void endingAt_laterThanABlock_leavesThatOneAsItIs() {
      Acl acl = Acl.of(List.of(policy.endingAt(NOW.plusSeconds(6_000))), NOW);

      assertThat(acl.validUntil()).contains(NOW.plusSeconds(600));
    }
  }

  @Nested
  class Touches {
    @ParameterizedTest(name = "\"{0}\" touches {1}: {2}")
    @CsvSource({
      "secret/data/a, secret/, true",
      "secret/, secret/, true",
      "secret, secret/, true",
      "secret/*, secret/, true",
      "secret/data/*, secret/, true",
      "*, secret/, true",
      "sec*, secret/, true",
      "secret2/*, secret/, false",
      "secre/*, secret/, false",
      "+/data/a, secret/, true",
      "secret/+/a, secret/, true",
      "secret/+, secret/, true",
      "+, secret/, true",
      "+/, secret/, true",
      "+/*, secret/, true",
      "other/+/a, secret/, false",
      "auth/+/role/x, auth/kubernetes/, true",
      "auth/+, auth/kubernetes/, true",
      "auth/+/kub*, auth/kubernetes/, true",
      "auth/kub*, auth/kubernetes/, true",
      "+/kub*, auth/kubernetes/, true",
      "auth/token/*, auth/kubernetes/, false",
    })
    void touches_ruleThatGives_countsInsideAndFromAbove(
        String pattern, String mount, boolean expected) {
      assertThat(acl(block(pattern, "list")).touches(mount)).isEqualTo(expected);
      assertThat(acl(block(pattern, "deny")).touches(mount)).isFalse();
      assertThat(acl(block(pattern)).touches(mount)).isFalse();
    }

    @Test
    void touches_deniedMountBelowABroadGrant_isNotTouched() {
      Acl acl = acl(block("*", "read") + block("secret/*", "deny"));

      assertThat(acl.touches("secret/")).isFalse();
      assertThat(acl.touches("other/")).isTrue();
    }

    @Test
    void touches_onlyTheFolderItselfDenied_isTouched() {
      assertThat(acl(block("auth/*", "read") + block("auth/k/", "deny")).touches("auth/k/"))
          .isTrue();
    }
  }

  @Nested
  class Capabilities {
    @ParameterizedTest
    @CsvSource({
      "READ, READ",
      "CREATE, CREATE",
      "UPDATE, UPDATE",
      "PATCH, PATCH",
      "DELETE, DELETE",
      "LIST, LIST",
      "SCAN, SCAN"
    })
    void of_operation_isItsOwn(Operation operation, Capability capability) {
      assertThat(Capability.of(operation)).isEqualTo(capability);
    }

    @Test
    void of_help_isRefused() {
      assertThatThrownBy(() -> Capability.of(Operation.HELP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("help needs no capability");
    }
  }

  @Nested
  class Templates {
    private static final String TEAM = "kv/data/{{ identity.entity.metadata.team }}/*";

    private Acl acl(String team, String... texts) {
      List<ParsedPolicy> policies = new ArrayList<>();
      for (String text : texts) {
        policies.add(policy("p" + policies.size(), text));
      }
      return Acl.of(policies, selector -> Optional.ofNullable(team), NOW);
    }

    @Test
    void of_placeholderWithAValue_isARuleForThatPath() {
      Acl acl = acl("red", block(TEAM, "read"));
      assertThat(acl.capabilities("kv/data/red/a")).containsExactly("read");
      assertThat(acl.capabilities("kv/data/blue/a")).containsExactly("deny");
    }

    @Test
    void of_filledPathThatAnotherBlockNames_isMergedWithIt() {
      Acl acl = acl("red", block(TEAM, "deny"), block("kv/data/red/*", "read"));
      assertThat(acl.capabilities("kv/data/red/a")).containsExactly("deny");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"../x", "a/b", "*", "+", "", ".", "..", "{{x}}", "a\u0000", "a/"})
    @DisplayName("A-6 a value that cannot be filled in gives nothing and opens nothing")
    void of_valueThatIsNoPartOfAPath_closesWhatADenialMayBeFor(String value) {
      Acl denying = acl(value, block("kv/data/*", "read"), block(TEAM, "deny"));
      assertThat(denying.capabilities("kv/data/a/b")).containsExactly("deny");
      assertThat(denying.ruleFor(Operation.READ, "kv/data/a/b").allows(Capability.DENY))
          .isTrue();

      Acl granting = acl(value, block("kv/data/*", "read"), block(TEAM, "update"));
      assertThat(granting.capabilities("kv/data/a/b")).containsExactly("read");
    }

    @Test
    @DisplayName("A-6 a denial that cannot be filled in beats every rule it may be for")
    void of_denialWithoutValue_closesMoreSpecificRulesToo() {
      Acl acl = acl(
          null,
          block(TEAM, "deny"),
          block("kv/data/red/*", "read"),
          block("kv/data/red/a", "read"),
          block("kv/+/red/a", "read"),
          block("kv/metadata/*", "list"));
      assertThat(acl.capabilities("kv/data/red/a")).containsExactly("deny");
      assertThat(acl.capabilities("kv/data/red/b")).containsExactly("deny");
      assertThat(acl.capabilities("kv/data/")).containsExactly("deny");
      assertThat(acl.capabilities("kv/metadata/red/")).containsExactly("list");
      assertThat(acl.touches("kv/data/")).isFalse();
      assertThat(acl.touches("kv/")).isTrue();
    }

    @Test
    void of_blockWithoutCapabilitiesAndValue_closesAsADenialDoes() {
      Acl acl = acl(null, block("kv/data/*", "read"), block(TEAM));
      assertThat(acl.capabilities("kv/data/red/a")).containsExactly("deny");
    }

    @ParameterizedTest(name = "{0} closes {1}: {2}")
    @CsvSource({
      "a/b-{{x}}, a/b-1, true",
      "a/b-{{x}}, a/c, true",
      "a/b-{{x}}, b, false",
      "{{x}}, anything/at/all, true",
      "a/+/{{x}}/c, a/1/2/c, true",
      "a/+/{{x}}/c, a/1, false",
      "/{{x}}, anything, true",
      "//{{x}}, anything, false",
    })
    void of_denialWithoutValue_closesWhatBeginsAsItDoes(String path, String asked, boolean closed) {
      Acl acl = acl(null, block("*", "read"), block(path, "deny"));
      assertThat(acl.capabilities(asked)).containsExactly(closed ? "deny" : "read");
    }

    @Test
    void of_denialWithoutValueThatExpires_closesUntilThen() {
      String text = "path \"" + TEAM + "\" { capabilities = [\"deny\"]\n expiration = \""
          + NOW.plusSeconds(60) + "\" }";
      List<ParsedPolicy> policies =
          List.of(policy("a", block("kv/data/*", "read")), policy("b", text));
      Acl before = Acl.of(policies, TemplateValues.NONE, NOW);
      Acl then = Acl.of(policies, TemplateValues.NONE, NOW.plusSeconds(60));
      assertThat(before.validUntil()).contains(NOW.plusSeconds(60));
      assertThat(before.capabilities("kv/data/a/b")).containsExactly("deny");
      assertThat(then.capabilities("kv/data/a/b")).containsExactly("read");
    }
  }

  @Nested
  class Default {
    @Test
    void defaultPolicy_manyPaths_allowsExactlyItsOwn() {
      Acl acl = acl(BuiltInPolicies.DEFAULT);

      assertThat(acl.capabilities("auth/token/lookup-self")).containsExactly("read");
      assertThat(acl.capabilities("auth/token/renew-self")).containsExactly("update");
      assertThat(acl.capabilities("sys/tools/hash/sha2-512")).containsExactly("update");
      assertThat(acl.capabilities("cubbyhole/a"))
          .containsExactly("create", "delete", "list", "read", "update");
      assertThat(acl.capabilities("identity/oidc/provider/x/authorize"))
          .containsExactly("read", "update");
      assertThat(acl.capabilities("identity/entity/id/x")).containsExactly("deny");
      assertThat(acl.capabilities("sys/wrapping/rewrap")).containsExactly("deny");
      assertThat(acl.capabilities("secret/a")).containsExactly("deny");
    }
  }
}
