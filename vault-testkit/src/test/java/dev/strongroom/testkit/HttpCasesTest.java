package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios recorded from the reference, in HTTP: every step, with its headers and errors. */
class HttpCasesTest {
  private static final List<HttpScenario> ALL = Stream.of(
          "kv.json", "sys.json", "tokens-leases.json", "lifecycle.json")
      .flatMap(file -> HttpScenario.read(file).stream())
      .toList();

  /** What is not there yet. */
  private static final Set<String> LATER = Set.of();

  /** What the vaults here do not offer: leased KV is of the reference alone. */
  private static final Set<String> NOT_OFFERED = Set.of("leased-kv", "audit_path");

  /** The steps that are answered better than the reference does, see {@link KvCasesTest}. */
  private static final Map<String, Map.Entry<Integer, Map<String, ?>>> BETTER = Map.of(
      "kv2-number-rounding",
      Map.entry(
          2, Map.of("status", 200, "expect", Map.of("data.data.big", "$text:9007199254740993"))),
      "kv2-acl-validation-first",
      Map.entry(3, Map.of("status", 403, "errors_contain", "permission denied")));

  static Stream<HttpScenario> scenarios() {
    return ALL.stream()
        .filter(scenario -> scenario.needs().stream().noneMatch(NOT_OFFERED::contains))
        .filter(scenario -> !LATER.contains(scenario.id()))
        .map(scenario -> {
          Map.Entry<Integer, Map<String, ?>> better = BETTER.get(scenario.id());
          return better == null ? scenario : scenario.expecting(better.getKey(), better.getValue());
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void scenario_everyStep_isAnsweredAsRecordedOrBetter(HttpScenario scenario) {
    scenario.run();
  }

  @Test
  void scenarios_all_runOrAreKnown() {
    assertThat(ALL)
        .extracting(HttpScenario::id)
        .doesNotHaveDuplicates()
        .hasSize(214)
        .containsAll(LATER);
    assertThat(scenarios()).hasSize(214 - 4 - LATER.size());
  }
}
