package dev.strongroom.internal.policy;

import dev.strongroom.ErrorCode;
import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.AclRule.Grant;
import dev.strongroom.request.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a set of policies allows. For every request exactly one rule is chosen, and it alone
 * decides: nothing falls through to a less specific one. Same rules as OpenBao v2.6.2
 * {@code vault/policy/acl.go}. Immutable and thread-safe.
 *
 * <p>An exact rule is one look-up in a hash table; all others are in a {@link RuleTree}.
 */
public final class Acl {
  /** What a caller is told who may not: nothing about what exists. */
  public static final String DENIED = "permission denied";

  /** What a caller meets who may not. */
  public static VaultException denied() {
    return new VaultException(ErrorCode.PERMISSION_DENIED, DENIED);
  }

  /** Allows everything. */
  public static final Acl ROOT =
      new Acl(Map.of(PathPattern.of("*"), AclRule.ROOT), Map.of(), Optional.empty());

  private final Map<PathPattern, AclRule> rules;
  private final Map<String, AclRule> exact = new HashMap<>();
  private final RuleTree tree;
  private final RuleTree closed;
  private final Map<PathPattern, AclRule> closedRules;
  private final Optional<Instant> validUntil;

  private Acl(
      Map<PathPattern, AclRule> rules,
      Map<PathPattern, AclRule> closed,
      Optional<Instant> validUntil) {
    this.rules = rules;
    this.validUntil = validUntil;
    Map<PathPattern, AclRule> others = new HashMap<>();
    rules.forEach((pattern, rule) -> {
      if (pattern.isExact()) {
        exact.put(pattern.text(), rule);
      } else {
        others.put(pattern, rule);
      }
    });
    this.tree = new RuleTree(others);
    this.closed = new RuleTree(closed);
    this.closedRules = closed;
  }

  /** As {@link #of(Collection, TemplateValues, Instant)}, for a caller without an identity. */
  public static Acl of(Collection<ParsedPolicy> policies, Instant now) {
    return of(policies, TemplateValues.NONE, now);
  }

  /**
   * Puts policies together. Blocks of equal pattern become one rule, whichever policy they are in.
   * A block with placeholders that cannot be filled gives nothing; if it takes something away, all
   * paths it might be for are closed, whatever other blocks say.
   *
   * @param policies in the order in which {@link AclRule#grantedBy} names them; none of them
   *     {@code root}
   * @param now blocks that have expired are left out
   */
  static Acl of(Collection<ParsedPolicy> policies, TemplateValues values, Instant now) {
    Map<PathPattern, List<Grant>> grants = new LinkedHashMap<>();
    Map<PathPattern, List<Grant>> closing = new LinkedHashMap<>();
    Optional<Instant> validUntil = Optional.empty();
    for (ParsedPolicy policy : policies) {
      for (PathBlock block : policy.blocks()) {
        if (!block.isExpired(now)) {
          Grant grant =
              new Grant(policy.name(), block.line(), block.capabilities(), block.constraints());
          Optional<PathPattern> pattern = policy.patternOf(block, values);
          if (pattern.isPresent()) {
            grants.computeIfAbsent(pattern.get(), p -> new ArrayList<>(1)).add(grant);
          } else if (block.closes()) {
            PathPattern all = PathTemplate.parse(block.pattern().toString()).beginning();
            closing.computeIfAbsent(all, p -> new ArrayList<>(1)).add(grant);
          }
          validUntil = earlier(validUntil, block.expiresAt());
        }
      }
    }
    return new Acl(merged(grants), merged(closing), validUntil);
  }

  private static Map<PathPattern, AclRule> merged(Map<PathPattern, List<Grant>> grants) {
    Map<PathPattern, AclRule> rules = new LinkedHashMap<>();
    grants.forEach((pattern, given) -> rules.put(pattern, new AclRule(pattern.toString(), given)));
    return rules;
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.filter(one.get()::isAfter).isEmpty() ? one : other;
  }

  /** Returns how much memory this takes, in rules and the values they list. */
  int weight() {
    return rules.size()
        + rules.values().stream().mapToInt(AclRule::listedValues).sum();
  }

  /** Returns from when on this may be wrong, because some block of it expires; empty: never. */
  public Optional<Instant> validUntil() {
    return validUntil;
  }

  /**
   * Returns the rule that decides about an operation on a path; one that allows nothing if there is
   * none. A list or scan may be served by the rule for the path without its trailing slash, but
   * never before the rules of one kind for the path as it is.
   *
   * @param path leading slashes do not count
   */
  public AclRule ruleFor(Operation operation, String path) {
    String plain = withoutLeadingSlashes(path);
    boolean folder = operation.lists() && plain.endsWith("/");
    int shorter = plain.length() - 1;
    AclRule rule = closed.find(plain, plain.length());
    if (rule == null) {
      rule = exact.get(plain);
    }
    if (rule == null && folder) {
      rule = exact.get(plain.substring(0, shorter));
    }
    if (rule == null) {
      rule = tree.find(plain, plain.length());
    }
    if (rule == null && folder) {
      rule = tree.find(plain, shorter);
    }
    return orNone(rule);
  }

  /**
   * Returns what is decided about a request, by the same rule and its demands, and why.
   *
   * @param needsSudo whether the path needs {@code sudo} besides the capability of the operation
   * @throws IllegalArgumentException for {@link Operation#HELP}, which needs no capability
   */
  public PolicyExplanation explain(String path, boolean needsSudo, Asked asked) {
    String plain = withoutLeadingSlashes(path);
    AclRule rule = ruleFor(asked.operation(), plain);
    List<Missing> missing = rule.missing(asked, needsSudo);
    if (rule == AclRule.NONE) {
      missing = List.of(new Missing(Missing.Kind.RULE, "no rule matches the path"));
    } else if (rule == closed.find(plain, plain.length())) {
      missing = List.of(new Missing(
          Missing.Kind.CAPABILITY,
          "the path is closed, because placeholders of a block that denies cannot be filled"));
    }
    return new PolicyExplanation(
        asked.operation(),
        plain,
        rule == AclRule.NONE ? Optional.empty() : Optional.of(rule.described()),
        missing,
        NearRules.of(asked.operation(), plain, rule, rules));
  }

  /**
   * Returns the words for what is allowed on a path, sorted: {@code root} alone for the root,
   * {@code deny} alone if it is nothing. The rule is the one that decides about a list.
   */
  public List<String> capabilities(String path) {
    return ruleFor(Operation.LIST, path).words();
  }

  /**
   * Returns whether something is allowed in a mount: by the rules that reach into it from above, or
   * by any rule for paths in it.
   *
   * @param mountPath with a trailing slash
   */
  public boolean touches(String mountPath) {
    if (closed.find(mountPath, mountPath.length()) != null) {
      return false;
    }
    return ruleFor(Operation.LIST, mountPath).gives()
        || orNone(tree.find(mountPath, mountPath.length())).gives()
        || rules.entrySet().stream()
            .anyMatch(rule -> rule.getValue().gives() && rule.getKey().isWithin(mountPath));
  }

  /**
   * Returns this as {@code sys/internal/ui/resultant-acl} shows it: paths of exact rules and
   * beginnings of paths, and what they give. Rules with a plus sign are left out, as in OpenBao
   * v2.6.2 {@code vault/logical_system.go}.
   */
  public Map<String, Object> shown() {
    if (ruleFor(Operation.READ, "") == AclRule.ROOT) {
      return Map.of("root", true);
    }
    Map<String, Object> exactPaths = new TreeMap<>();
    Map<String, Object> globPaths = new TreeMap<>();
    rules.forEach((pattern, rule) -> show(pattern, rule, exactPaths, globPaths));
    closedRules.forEach((pattern, rule) -> show(pattern, AclRule.NONE, exactPaths, globPaths));
    return Map.of("root", false, "exact_paths", exactPaths, "glob_paths", globPaths);
  }

  private static void show(
      PathPattern pattern,
      AclRule rule,
      Map<String, Object> exactPaths,
      Map<String, Object> globPaths) {
    if (pattern.isExact()) {
      exactPaths.put(pattern.text(), rule.shown());
    } else if (pattern.wildcards() == 0) {
      globPaths.put(pattern.text(), rule.shown());
    }
  }

  private static AclRule orNone(@Nullable AclRule rule) {
    return rule == null ? AclRule.NONE : rule;
  }

  private static String withoutLeadingSlashes(String path) {
    int start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    return path.substring(start);
  }
}
