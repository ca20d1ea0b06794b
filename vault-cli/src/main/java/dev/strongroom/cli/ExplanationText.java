package dev.strongroom.cli;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicyExplanation.Block;
import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.PolicyExplanation.Near;
import dev.strongroom.PolicyExplanation.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An explanation in lines for people. */
final class ExplanationText {
  private ExplanationText() {}

  static List<String> of(PolicyExplanation explanation) {
    List<String> lines = new ArrayList<>();
    lines.add(verdict(explanation) + ": " + explanation.operation().name().toLowerCase(Locale.ROOT)
        + " " + explanation.path());
    lines.add(
        "  decided by  " + explanation.decidedBy().map(ExplanationText::rule).orElse("no rule"));
    for (Missing missing : explanation.missing()) {
      lines.add("  missing     " + missing.detail());
    }
    for (Near near : explanation.near()) {
      lines.add("  near        " + rule(near.rule()) + ": " + near.relation());
    }
    return lines;
  }

  private static String verdict(PolicyExplanation explanation) {
    return explanation.isAllowed() ? "allowed" : "denied";
  }

  private static String rule(Rule rule) {
    return rule.blocks().stream()
        .map(ExplanationText::block)
        .collect(Collectors.joining(", ", "\"" + rule.pattern() + "\" of ", ""));
  }

  private static String block(Block block) {
    return block.policy() + ":" + block.line() + " " + block.capabilities();
  }
}
