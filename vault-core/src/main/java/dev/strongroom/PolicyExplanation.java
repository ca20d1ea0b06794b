package dev.strongroom;

import dev.strongroom.request.Operation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
