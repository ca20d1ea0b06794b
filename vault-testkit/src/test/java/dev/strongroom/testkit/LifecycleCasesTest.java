package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios of {@code lifecycle.json}, and those of {@code sys.json} about the seal, recorded
 * from the reference: initialising, sealing, key ceremonies.
 */
class LifecycleCasesTest {
  /** What an answer says of the server around the vault. */
  private static final Set<String> OF_THE_SERVER = Set.of("version", "cluster_name", "cluster_id");

  private static final Set<String> OF_SYS =
      Set.of("sys-seal-status", "sys-init-done", "sys-seal-refused");

  /** Steps that only a server can take. */
  private static final Map<String, Set<Integer>> ONLY_HTTP = Map.of(
      "life-uninitialised", Set.of(3, 4, 5, 6, 14), // sys/health; sys/seal while sealed
      "life-init-refused", Set.of(7, 8), // parameters of another seal; a body that is no JSON
      "life-init-unseal", Set.of(5, 6, 11), // sys/health
      "life-seal", Set.of(14, 15, 16), // sys/seal while sealed, sys/leader
      "sys-seal-status", Set.of(2), // methods that are refused
      "sys-init-done", Set.of(3),
      "sys-seal-refused", Set.of(7));

  /** Steps about what does not exist yet. */
  private static final Map<String, Set<Integer>> LATER =
      Map.of("life-default-mounts", Set.of(6)); // sys/audit

  private static final List<Scenario> ALL = Stream.concat(
          Scenario.read("lifecycle.json").stream(),
          Scenario.read("sys.json").stream().filter(scenario -> OF_SYS.contains(scenario.id())))
      .toList();

  static Stream<Scenario> scenarios() {
    return ALL.stream().map(scenario -> scenario
        .without(ONLY_HTTP.getOrDefault(scenario.id(), Set.of()))
        .without(LATER.getOrDefault(scenario.id(), Set.of()))
        .notExpecting(OF_THE_SERVER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void scenario_everyStep_isAnsweredAsRecorded(Scenario scenario) {
    scenario.run();
  }

  @Test
  void scenarios_all_areThere() {
    assertThat(ALL).extracting(Scenario::id).doesNotHaveDuplicates().hasSize(15);
    assertThat(ALL.stream().map(Scenario::id).collect(Collectors.toSet()))
        .containsAll(ONLY_HTTP.keySet())
        .containsAll(LATER.keySet());
  }

  @Test
  void steps_all_runAndAreUnderstood() {
    assertThat(scenarios().flatMap(scenario -> scenario.steps().stream())).allSatisfy(step -> {
      assertThat(step.leftOut()).isEmpty();
      assertThat(Step.FIELDS)
          .containsAll(step.fields().stream().map(String.class::cast).toList());
    });
  }
}
