package dev.strongroom;

import dev.strongroom.request.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why policies allow or deny a request: the one rule that decides, what the request lacks, and
 * rules that nearly matched. The code that decides requests says this, too. For operators: it names
 * policies and paths, and no value of a parameter. Immutable.
 *
 * @param path as it was decided about; that of a list or scan ends in a slash
 * @param decidedBy empty if no rule matches the path
 * @param missing what it would take; empty if the request is allowed
 * @param near rules that do not decide but match the path as well, or nearly; nearest first, at
 *     most {@value #MAX_NEAR}
 */
public record PolicyExplanation(
    Operation operation,
    String path,
    Optional<Rule> decidedBy,
    List<Missing> missing,
    List<Near> near) {
  /** How many rules beside the decisive one are shown. */
  public static final int MAX_NEAR = 5;

  public PolicyExplanation {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(decidedBy, "decidedBy");
    missing = List.copyOf(missing);
    near = List.copyOf(near);
  }

  public boolean isAllowed() {
    return missing.isEmpty();
  }

  /** Returns the members that the answer of {@code sys/policies/explain} has. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("operation", lower(operation));
    members.put("path", path);
    members.put("allowed", isAllowed());
    members.put("decided_by", decidedBy.map(Rule::toMap).orElse(null));
    members.put(
        "missing",
        missing.stream()
            .map(each -> Map.of("kind", lower(each.kind), "detail", each.detail))
            .toList());
    members.put(
        "near",
        near.stream()
            .map(each -> Map.of("rule", each.rule.toMap(), "relation", each.relation))
            .toList());
    return members;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /**
   * What all blocks of one pattern say together.
   *
   * @param pattern the path as policies write it
   * @param capabilities sorted; {@code deny} alone if the rule allows nothing, {@code root} alone
   *     if it allows everything
   * @param blocks in the order of the policies
   */
  public record Rule(String pattern, List<String> capabilities, List<Block> blocks) {
    public Rule {
      Objects.requireNonNull(pattern, "pattern");
      capabilities = List.copyOf(capabilities);
      blocks = List.copyOf(blocks);
    }

    private Map<String, Object> toMap() {
      return Map.of(
          "pattern",
          pattern,
          "capabilities",
          capabilities,
          "blocks",
          blocks.stream()
              .map(block -> Map.of(
                  "policy", block.policy, "line", block.line, "capabilities", block.capabilities))
              .toList());
    }
  }

  /**
   * A block of a policy.
   *
   * @param line where it begins in the policy's text, from 1; 0 for {@code root}, which has none
   * @param capabilities that the block itself names, sorted
   */
  public record Block(String policy, int line, List<String> capabilities) {
    public Block {
      Objects.requireNonNull(policy, "policy");
      capabilities = List.copyOf(capabilities);
    }
  }

  /** What a request would have to have, or policies to give. */
  public record Missing(Kind kind, String detail) {
    public Missing {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(detail, "detail");
    }

    /** What is missing. */
    public enum Kind {
      /** A rule for the path. */
      RULE,
      /** The capability of the operation; a denial takes it as well. */
      CAPABILITY,
      /** The capability {@code sudo}, which the path needs. */
      SUDO,
      /** Parameters that the rule allows and requires. */
      PARAMETERS,
      /** A limit that the rule allows a list or scan. */
      PAGE_LIMIT,
      /** A response that is wrapped for as long as the rule demands. */
      WRAPPING
    }
  }

  /**
   * A rule that does not decide.
   *
   * @param relation how its pattern and the path differ, as the end of a sentence about the rule
   */
  public record Near(Rule rule, String relation) {
    public Near {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(relation, "relation");
    }
  }
}
