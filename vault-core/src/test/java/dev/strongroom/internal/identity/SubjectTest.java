package dev.strongroom.internal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Entity BOB = new Entity(
      "e-1",
      "bob",
      Map.of("team", "red", "a.b", "dotted"),
      List.of("p1", "root"),
      false,
      List.of(
          alias("al-1", "userpass_1", "robert", Map.of("team", "blue")),
          alias("al-2", "kubernetes_1", "robert", Map.of("team", "green"))),
      NOW,
      NOW);
  private static final Subject SUBJECT = new Subject(
      BOB,
      List.of(
          group("g-1", "ops", List.of("p2", "p1"), Map.of("floor", "3")),
          group("g-2", "dev", List.of("p0"), Map.of())));

  private static Alias alias(
      String id, String accessor, String name, Map<String, String> metadata) {
    return new Alias(id, accessor, name, metadata, Map.of("kept", "by " + id), NOW, NOW);
  }

  private static Group group(
      String id, String name, List<String> policies, Map<String, String> metadata) {
    return new Group(id, name, metadata, policies, List.of("e-1"), 1, NOW, NOW);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "identity.entity.id, e-1",
    "identity.entity.name, bob",
    "identity.entity.metadata.team, red",
    "identity.entity.metadata.a.b, dotted",
    "identity.entity.aliases.userpass_1.id, al-1",
    "identity.entity.aliases.userpass_1.name, robert",
    "identity.entity.aliases.userpass_1.custom_metadata.kept, by al-1",
    "identity.groups.ids.g-1.name, ops",
    "identity.groups.ids.g-1.id, g-1",
    "identity.groups.names.ops.id, g-1",
    "identity.groups.names.ops.name, ops",
    "identity.groups.names.ops.metadata.floor, 3",
    "identity.groups.ids.g-2.name, dev"
  })
  void valueOf_knownSelector_isTheValue(String selector, String expected) {
    assertThat(SUBJECT.valueOf(selector)).contains(expected);
  }

  @Test
  @DisplayName("I-4 metadata of aliases go by the mount, not by the name")
  void valueOf_aliasesOfOneName_areToldApartByTheirMount() {
    assertThat(SUBJECT.valueOf("identity.entity.aliases.userpass_1.metadata.team"))
        .contains("blue");
    assertThat(SUBJECT.valueOf("identity.entity.aliases.kubernetes_1.metadata.team"))
        .contains("green");
    assertThat(SUBJECT.valueOf("identity.entity.aliases.robert.metadata.team")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "identity",
        "identity.entity",
        "identity.entity.",
        "identity.entity.ID",
        "identity.entity.metadata",
        "identity.entity.metadata.",
        "identity.entity.metadata.nothing",
        "identity.entity.policies",
        "identity.entity.aliases.userpass_1",
        "identity.entity.aliases.other.name",
        "identity.entity.aliases.userpass_1.metadata",
        "identity.entity.groups.names",
        "identity.groups.ids.g-1",
        "identity.groups.ids.g-3.name",
        "identity.groups.names.OPS.id",
        "identity.groups.names.ops.members",
        "identity.groups.other.ops.id",
        "identity.nonsense",
        "time.now"
      })
  void valueOf_anythingElse_isNothing(String selector) {
    assertThat(SUBJECT.valueOf(selector)).isEqualTo(Optional.empty());
  }

  @Test
  @DisplayName("I-1 no identity grants root, whatever is stored")
  void policies_areThoseOfEntityAndGroups_sortedWithoutRoot() {
    assertThat(SUBJECT.policies()).containsExactly("p0", "p1", "p2");
  }
}
