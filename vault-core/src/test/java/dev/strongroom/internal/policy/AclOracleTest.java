package dev.strongroom.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random policies, decided here a second time by a slow reading of the rules that lists everything.
 */
class AclOracleTest {
  private static final String[] SEGMENTS = {
    "a", "b", "ab", "+", "+", "", "é", "\uD83D\uDD11", "\uFF5E", "+a", "a+", "a*b", "-", "(b"
  };
  private static final int PATHS = 100;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  @DisplayName("A-3 the compiled rules decide as a list of everything does")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ruleFor_randomRules_decidesAsTheOracle(long seed) {
    Random random = new Random(seed);
    Rules rules = Rules.random(random);
    Acl acl = rules.acl();
    for (int i = 0; i < PATHS; i++) {
      String path = rules.path(random);
      for (Operation operation : List.of(Operation.READ, Operation.LIST)) {
        assertThat(acl.ruleFor(operation, path))
            .as("%s %s under %s", operation, path, rules)
            .hasToString(rules.decide(operation, path));
      }
    }
  }

  @DisplayName("A-4 the order of policies changes nothing")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void of_shuffledBlocks_decidesTheSame(long seed) {
    Random random = new Random(seed);
    Rules rules = Rules.random(random);
    Acl acl = rules.acl();
    Acl shuffled = rules.shuffled(random).acl();
    for (int i = 0; i < PATHS; i++) {
      String path = rules.path(random);
      assertThat(shuffled.ruleFor(Operation.LIST, path))
          .as("%s under %s", path, rules)
          .hasToString(acl.ruleFor(Operation.LIST, path).toString());
    }
  }

  @DisplayName("A-13 reported capabilities are what is enforced")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void capabilities_randomRules_areWhatOperationsGet(long seed) {
    Random random = new Random(seed);
    Rules rules = Rules.random(random);
    Acl acl = rules.acl();
    for (int i = 0; i < PATHS; i++) {
      String path = rules.path(random);
      List<String> reported = acl.capabilities(path);
      for (Operation operation : Operation.values()) {
        // Only lists may use the rule for the path without its slash, and so does the report.
        if (operation != Operation.HELP && (operation.lists() || !path.endsWith("/"))) {
          Capability needed = Capability.of(operation);
          assertThat(acl.ruleFor(operation, path).allows(needed))
              .as("%s %s under %s", operation, path, rules)
              .isEqualTo(reported.contains(needed.text()));
        }
      }
      assertThat(reported.contains("deny"))
          .isEqualTo(reported.size() == 1 && !acl.ruleFor(Operation.LIST, path).gives());
    }
  }

  private record Rule(String label, Set<Capability> capabilities) {
    String text() {
      return "path \"" + label + "\" { capabilities = ["
          + capabilities.stream()
              .map(capability -> "\"" + capability.text() + "\"")
              .collect(Collectors.joining(", "))
          + "] }";
    }

    /** Without one leading slash. */
    String path() {
      return label.startsWith("/") ? label.substring(1) : label;
    }

    boolean isSegments() {
      return path().startsWith("+/") || path().contains("/+") || path().equals("+");
    }

    boolean isPrefix() {
      return !isSegments() && path().endsWith("*");
    }

    boolean isGlob() {
      return path().endsWith("*");
    }

    String literal() {
      return isGlob() ? path().substring(0, path().length() - 1) : path();
    }

    boolean matchesSegments(String path) {
      String[] mine = literal().split("/", -1);
      String[] theirs = path.split("/", -1);
      if (isGlob() ? theirs.length < mine.length : theirs.length != mine.length) {
        return false;
      }
      for (int i = 0; i < mine.length; i++) {
        boolean last = isGlob() && i == mine.length - 1;
        if (!mine[i].equals("+")
            && !(last ? theirs[i].startsWith(mine[i]) : theirs[i].equals(mine[i]))) {
          return false;
        }
      }
      return true;
    }

    long wildcardSegments() {
      return isSegments()
          ? Stream.of(literal().split("/", -1)).filter("+"::equals).count()
          : 0;
    }

    int firstWildcard() {
      return isSegments() ? bytes(path().substring(0, path().indexOf('+'))) : bytes(literal());
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static final Comparator<Rule> WEAKER_FIRST = Comparator.comparingInt(Rule::firstWildcard)
        .thenComparing(rule -> !rule.isGlob())
        .thenComparing(rule -> -rule.wildcardSegments())
        .thenComparing(rule -> bytes(rule.literal()))
        .thenComparing(
            rule -> rule.literal().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
  }

  private record Rules(List<Rule> blocks, Collection<Rule> merged) {
    Rules(List<Rule> blocks) {
      this(blocks, merge(blocks));
    }

    static Rules random(Random random) {
      List<Rule> rules = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        String label =
            (random.nextInt(8) == 0 ? "/" : "") + segments(random, 1 + random.nextInt(4));
        label += random.nextInt(3) == 0 && !label.endsWith("+") ? "*" : "";
        rules.add(new Rule(label, capabilities(random)));
      }
      return new Rules(rules);
    }

    private static String segments(Random random, int count) {
      return random
          .ints(count, 0, SEGMENTS.length)
          .mapToObj(i -> SEGMENTS[i])
          .collect(Collectors.joining("/"));
    }

    private static Set<Capability> capabilities(Random random) {
      Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
      for (Capability capability : Capability.values()) {
        if (random.nextInt(capability == Capability.DENY ? 12 : 3) == 0) {
          capabilities.add(capability);
        }
      }
      return capabilities;
    }

    /** A path that fits one of the rules, more or less, or any other. */
    String path(Random random) {
      if (random.nextInt(4) == 0) {
        return segments(random, 1 + random.nextInt(5));
      }
      String path = Arrays.stream(
              blocks.get(random.nextInt(blocks.size())).literal().split("/", -1))
          .map(segment -> segment.equals("+") ? segments(random, 1) : segment)
          .collect(Collectors.joining("/"));
      return switch (random.nextInt(5)) {
        case 0 -> path + "/";
        case 1 -> path + segments(random, 2);
        case 2 -> path + "/" + segments(random, 1);
        default -> path;
      };
    }

    Acl acl() {
      List<ParsedPolicy> policies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int third = i;
        String text = blocks.stream()
            .filter(rule -> Math.floorMod(rule.text().hashCode(), 3) == third)
            .map(Rule::text)
            .collect(Collectors.joining("\n"));
        policies.add(ParsedPolicy.parse("p" + i, text, AclCases.NOW));
      }
      return Acl.of(policies, AclCases.NOW);
    }

    @Override
    public String toString() {
      return blocks.stream().map(Rule::text).collect(Collectors.joining("\n", "\n", "\n"));
    }

    Rules shuffled(Random random) {
      List<Rule> shuffled = new ArrayList<>(blocks);
      Collections.shuffle(shuffled, random);
      return new Rules(shuffled);
    }

    /** Returns the rule that decides, as {@link AclRule} prints itself. */
    String decide(Operation operation, String request) {
      String path = request.replaceFirst("^/+", "");
      Optional<String> shorter = operation == Operation.LIST && path.endsWith("/")
          ? Optional.of(path.substring(0, path.length() - 1))
          : Optional.empty();
      return exact(path)
          .or(() -> shorter.flatMap(this::exact))
          .or(() -> best(path))
          .or(() -> shorter.flatMap(this::best))
          .map(rule -> print(rule.path(), rule.capabilities()))
          .orElse(print("", Set.of()));
    }

    private static String print(String path, Set<Capability> capabilities) {
      List<String> words = capabilities.isEmpty() || capabilities.contains(Capability.DENY)
          ? List.of("deny")
          : capabilities.stream().map(Capability::text).sorted().toList();
      return "path \"" + path + "\" " + words;
    }

    private static Collection<Rule> merge(List<Rule> blocks) {
      Map<String, Rule> merged = new LinkedHashMap<>();
      for (Rule rule : blocks) {
        merged.merge(
            rule.path(), new Rule("/" + rule.path(), rule.capabilities()), (one, other) -> {
              Set<Capability> union = EnumSet.noneOf(Capability.class);
              union.addAll(one.capabilities());
              union.addAll(other.capabilities());
              return new Rule(one.label(), union);
            });
      }
      return merged.values();
    }

    private Optional<Rule> exact(String path) {
      return merged.stream()
          .filter(rule -> !rule.isSegments() && !rule.isPrefix() && rule.path().equals(path))
          .findFirst();
    }

    private Optional<Rule> best(String path) {
      Stream<Rule> longestPrefix = merged.stream()
          .filter(rule -> rule.isPrefix() && path.startsWith(rule.literal()))
          .max(Comparator.comparingInt(rule -> rule.literal().length()))
          .stream();
      Stream<Rule> segments =
          merged.stream().filter(rule -> rule.isSegments() && rule.matchesSegments(path));
      return Stream.concat(longestPrefix, segments).max(Rule.WEAKER_FIRST);
    }
  }
}
