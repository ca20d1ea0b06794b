package dev.strongroom;

import dev.strongroom.PolicyExplanation.Block;
import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.PolicyExplanation.Near;
import dev.strongroom.PolicyExplanation.Rule;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the answer of {@code sys/policies/explain}. */
final class ExplanationPayload {
  private ExplanationPayload() {}

  static PolicyExplanation read(Payload data) {
    return new PolicyExplanation(
        Operation.valueOf(upper(data.text("operation").orElseThrow())),
        data.text("path").orElseThrow(),
        data.object("decided_by").map(ExplanationPayload::rule),
        objects(data, "missing").stream().map(ExplanationPayload::missing).toList(),
        objects(data, "near").stream().map(ExplanationPayload::near).toList());
  }

  private static Missing missing(Payload data) {
    return new Missing(
        Missing.Kind.valueOf(upper(data.text("kind").orElseThrow())),
        data.text("detail").orElseThrow());
  }

  private static Near near(Payload data) {
    return new Near(
        data.object("rule").map(ExplanationPayload::rule).orElseThrow(),
        data.text("relation").orElseThrow());
  }

  private static Rule rule(Payload data) {
    return new Rule(
        data.text("pattern").orElseThrow(),
        data.texts("capabilities"),
        objects(data, "blocks").stream()
            .map(block -> new Block(
                block.text("policy").orElseThrow(),
                block.number("line").orElseThrow().intValue(),
                block.texts("capabilities")))
            .toList());
  }

  @SuppressWarnings("unchecked") // maps inside a payload have string keys
  private static List<Payload> objects(Payload data, String name) {
    return data.toMap().get(name) instanceof List<?> list
        ? list.stream().map(each -> Payload.of((Map<String, ?>) each)).toList()
        : List.of();
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
