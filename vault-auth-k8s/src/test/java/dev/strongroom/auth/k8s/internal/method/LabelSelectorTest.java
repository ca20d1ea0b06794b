package dev.strongroom.auth.k8s.internal.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS = Map.of("team", "a", "env", "dev");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"matchLabels\":{\"team\":\"a\",\"env\":\"dev\"}}",
        " {\"matchLabels\":{\"team\":\"a\",\"env\":\"dev\"},\"matchExpressions\":[]} ",
        "matchLabels:\n  team: a\n  env: dev\n",
        "---\n# teams\nmatchLabels:\n    team: \"a\"   # one\n\n    'env': 'dev'",
        "matchLabels: {team: a, \"env\": \"dev\"}",
        "\"matchLabels\":\n  team: a\n  env: dev"
      })
  void parse_jsonOrYaml_readsTheLabels(String text) {
    LabelSelector selector = LabelSelector.parse(text);

    assertThat(selector.labels()).isEqualTo(LABELS);
    assertThat(selector.text()).isEqualTo(text);
  }

  @Test
  void parse_keysWithPrefixAndEmptyValues_areLabels() {
    assertThat(LabelSelector.parse("matchLabels:\n  kubernetes.io/metadata.name: \"\"\n")
            .labels())
        .isEqualTo(Map.of("kubernetes.io/metadata.name", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"matchLabels\":{}}",
        "{\"matchLabels\":null}",
        "{\"matchLabel\":{\"team\":\"a\"}}",
        "{\"matchLabels\":{\"team\":\"a\"},\"x\":1}",
        "{\"matchLabels\":{\"team\":1}}",
        "{\"matchLabels\":{\"team\":\"a b\"}}",
        "{\"matchLabels\":{\"-team\":\"a\"}}",
        "{\"matchLabels\":{\"team\":\"a\",\"team\":\"b\"}}",
        "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}",
        "{\"matchLabels\":{\"team\":\"a\"},\"matchExpressions\":{}}",
        "{matchLabels: {team: a}}",
        "matchLabels:",
        "matchLabels: a",
        "matchLabels: {}",
        "matchLabels: {team}",
        "matchLabels: {team: a",
        "matchLabels:\n  team: true",
        "matchLabels:\n  team: No",
        "matchLabels:\n  team: 1",
        "matchLabels:\n  team: 2026-01-01",
        "matchLabels:\n  team: a\n  team: b",
        "matchLabels:\n  team: a\n   env: dev",
        "matchLabels:\n  team:\n    x: a",
        "matchLabels:\n\tteam: a",
        "matchLabels:\n  team: &a b",
        "matchLabels:\n  team: \"a\\nb\"",
        "matchLabels:\n- team: a",
        "matchlabels:\n  team: a",
        "  team: a",
        "a",
        "matchExpressions:\n  key: a"
      })
  void parse_whatWouldMatchMoreThanItSays_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LabelSelector.parse(text));
  }

  @Test
  void parse_beyondTheLimits_isRefused() {
    StringBuilder labels = new StringBuilder("matchLabels:\n");
    for (int i = 0; i <= LabelSelector.MAX_LABELS; i++) {
      labels.append("  k").append(i).append(": v\n");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelSelector.parse(labels.toString()))
        .withMessageContaining("64 labels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelSelector.parse("#".repeat(LabelSelector.MAX_LENGTH + 1)))
        .withMessageContaining("8192");
  }

  @Test
  void matches_onlyWithEveryLabel() {
    LabelSelector selector = LabelSelector.parse("matchLabels: {team: a, env: dev}");

    assertThat(selector.matches(Map.of("team", "a", "env", "dev", "x", "y"))).isTrue();
    assertThat(selector.matches(Map.of("team", "a"))).isFalse();
    assertThat(selector.matches(Map.of("team", "A", "env", "dev"))).isFalse();
  }
}
