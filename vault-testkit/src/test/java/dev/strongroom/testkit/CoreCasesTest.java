package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios of {@code tokens-leases.json} and {@code sys.json}, recorded from the reference, as
 * far as they are about tokens, mounts, policies, capabilities, logins and key status.
 */
class CoreCasesTest {
  private static final List<Scenario> ALL = Stream.of("tokens-leases.json", "sys.json")
      .flatMap(f -> Scenario.read(f).stream())
      .toList();

  /** The rest is about what does not exist yet: leases, HTTP. */
  private static final Pattern ABOUT_THE_CORE = Pattern.compile(
      "tok-.*|role-.*|mounts-.*|policy-.*|caps-.*|ui-mount.*|sys-key-status|tools-.*|cubby-.*|wrap-.*|"
          + "auth-.*|userpass-.*|approle-.*|lease-login-renewal|audit-.*|lease-lookup|lease-errors|lease-revoke-force");

  private static final Map<String, String> LATER = Map.of();

  /** Steps with a wrap TTL that only a header can have. */
  private static final List<String> ONLY_BY_HTTP =
      List.of("wrap-header-errors 2: POST sys/wrapping/wrap");

  static Stream<Scenario> scenarios() {
    return ALL.stream()
        .filter(scenario -> ABOUT_THE_CORE.matcher(scenario.id()).matches())
        .filter(scenario -> !LATER.containsKey(scenario.id()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void scenario_everyStep_isAnsweredAsRecorded(Scenario scenario) {
    scenario.run();
  }

  @Test
  void scenarios_all_runOrAreForLater() {
    assertThat(ALL).extracting(Scenario::id).hasSize(100).containsAll(LATER.keySet());
    assertThat(scenarios()).hasSize(87);
    assertThat(scenarios().flatMap(scenario -> scenario.steps().stream()
            .filter(step -> step.leftOut().isPresent())
            .map(step -> scenario.id() + " " + step)))
        .containsExactlyElementsOf(ONLY_BY_HTTP);
  }
}
