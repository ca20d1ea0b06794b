package dev.strongroom.internal.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.internal.policy.AclCases.Case;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are nearly policies. */
class PolicyFuzzTest {
  private static final int MUTATIONS = 500;
  private static final int MAX_LENGTH = 10_000;

  private static final List<String> TEXTS = Stream.concat(
          AclCases.decisions().flatMap(c -> c.policies().stream()).map(Map.Entry::getValue),
          AclCases.parses().map(PolicyFuzzTest::text))
      .distinct()
      .toList();

  private static final List<String> PIECES = List.of(
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\\",
      "=",
      ":",
      ",",
      "#",
      "/*",
      "*/",
      "//",
      "<<EOF\n",
      "\nEOF\n",
      "<<-",
      "${",
      "{{",
      "}}",
      "+",
      "*",
      "+*",
      "/",
      "\n",
      "\r\n",
      "\r",
      "\u0000",
      "\uD83D",
      "é",
      "\uFEFF",
      "0x",
      "-1",
      "1e9",
      "true",
      "null",
      "path",
      "\"path\"",
      "policy",
      "\"deny\"",
      "capabilities",
      "expiration",
      "allowed_parameters",
      "denied_parameters = { a = [1, \"*x\", [true], { b = 0x1f }] }",
      "required_parameters = [\"limit\"]",
      "pagination_limit = 3",
      "max_wrapping_ttl",
      "list_scan_response_keys_filter_path = \"{{ .path }}{{ .key }}\"",
      "comment",
      "\\u",
      "\\ud83d",
      "\\777",
      "9999999999999999999");

  private static final Payload PARAMETERS =
      Payload.parse("{\"a\": [1, \"x\", null, {\"b\": 1e3}], \"limit\": \"max\"}");

  private static String text(Case c) {
    return c.has("hcl") ? c.text("hcl") : c.text("json");
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  // Not a measure: mutations take a fraction of this, and only a search without end would take it.
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void parse_mutatedPolicy_isReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      requireReadOrRefused(mutated(random));
    }
  }

  static Stream<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void parse_anyBytes_areReadOrRefused(byte[] text) {
    requireReadOrRefused(new String(text, UTF_8));
  }

  private static void requireReadOrRefused(String text) {
    try {
      readAndUse(text);
    } catch (PolicySyntaxException e) {
      assertThat(e.getMessage())
          .as(text)
          .matches("(?s)failed to parse policy: At [1-9]\\d*:[1-9]\\d*: .+");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("it failed on " + text, e);
    }
  }

  private static void readAndUse(String text) {
    Acl acl = Acl.of(List.of(ParsedPolicy.parse("p", text, AclCases.NOW)), AclCases.NOW);
    for (Operation operation : List.of(Operation.LIST, Operation.UPDATE)) {
      AclRule rule = acl.ruleFor(operation, "kv/app/");
      rule.admit(new Asked(operation, PARAMETERS, Optional.empty(), ParameterReading.AS_IT_IS));
    }
    acl.touches("kv/");
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(pick(TEXTS, random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(12));
      switch (random.nextInt(6)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, pick(PIECES, random));
        case 2 -> text.replace(from, to, pick(PIECES, random));
        case 3 -> text.setLength(from);
        case 4 -> text.insert(from, pick(PIECES, random).repeat(random.nextInt(500)));
        default -> text.insert(from, pick(TEXTS, random));
      }
      text.setLength(Math.min(text.length(), MAX_LENGTH));
    }
    return text.toString();
  }

  private static String pick(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
