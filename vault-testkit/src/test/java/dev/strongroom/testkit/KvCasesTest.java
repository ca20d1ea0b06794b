package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.testkit.Step.LeftOut;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios of {@code kv.json}, recorded from the reference. */
class KvCasesTest {
  private static final List<Scenario> ALL = Scenario.read("kv.json");

  /** A step that is answered better than the reference does. */
  private record Better(int step, String why, Map<String, ?> expectations) {}

  private static final Map<String, Better> BETTER = Map.of(
      "kv2-number-rounding",
      new Better(
          2,
          "numbers keep their digits; the reference passes them through a 64-bit float",
          Map.of(
              "status",
              200,
              "expect",
              Map.of(
                  "data.data.small", "$text:42",
                  "data.data.neg", "$text:-7",
                  "data.data.f", "$text:0.1",
                  "data.data.big", "$text:9007199254740993",
                  "data.data.huge", "$text:12345678901234567890"))),
      "kv2-acl-validation-first",
      new Better(
          3,
          "a caller without rights is denied before the types are looked at",
          Map.of("status", 403, "errors_contain", "permission denied")));

  static Stream<Scenario> scenarios() {
    return ALL.stream().map(scenario -> {
      Better better = BETTER.get(scenario.id());
      return better == null ? scenario : scenario.expecting(better.step, better.expectations);
    });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void scenario_everyStep_isAnsweredAsRecordedOrBetter(Scenario scenario) {
    scenario.run();
  }

  @Test
  void scenarios_all_areThere() {
    assertThat(ALL.stream().map(Scenario::id)).doesNotHaveDuplicates().hasSize(102);
    assertThat(ALL.stream().filter(scenario -> scenario.mountVersion() == 1)).hasSize(8);
  }

  @Test
  void scenarios_answeredBetter_areKnownQuirksOfTheReference() {
    Map<String, Scenario> byId =
        ALL.stream().collect(Collectors.toMap(Scenario::id, Function.identity()));

    assertThat(byId).containsKeys(BETTER.keySet().toArray(String[]::new));
    BETTER.forEach((id, better) -> assertThat(byId.get(id).isQuirk()).as(id).isTrue());
  }

  @Test
  void steps_leftOut_areThoseThatHttpAnswersAlone() {
    Map<String, LeftOut> leftOut = new TreeMap<>();
    scenarios().forEach(scenario -> scenario.steps().stream()
        .filter(step -> step.leftOut().isPresent())
        .forEach(step -> {
          LeftOut why = step.leftOut().get();
          leftOut.put(scenario.id() + " " + step, why);
          assertThat(step.status()).as("%s %s", scenario, step).isEqualTo(why.status);
          assertThat(step.captures()).as("%s %s", scenario, step).isEmpty();
        }));

    assertThat(leftOut)
        .isEqualTo(Map.of(
            "kv2-data-empty-body 4: POST secret/data/a", LeftOut.NO_OBJECT,
            "kv2-data-empty-body 5: POST secret/data/a", LeftOut.NO_OBJECT,
            "kv2-patch-content-type 2: PATCH secret/data/a", LeftOut.MEDIA_TYPE,
            "kv2-patch-content-type 3: PATCH secret/metadata/a", LeftOut.MEDIA_TYPE));
  }

  @Test
  void steps_all_useOnlyFieldsThatTheRunnerUnderstands() {
    assertThat(scenarios().flatMap(scenario -> scenario.steps().stream()))
        .hasSize(605)
        .allSatisfy(step -> assertThat(Step.FIELDS)
            .containsAll(step.fields().stream().map(String.class::cast).toList()));
  }
}
