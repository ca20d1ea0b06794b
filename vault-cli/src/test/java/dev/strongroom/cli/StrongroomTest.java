package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StrongroomTest {
  @ParameterizedTest
  @ValueSource(strings = {"--version", "-version", "-V"})
  void version_saysWhichItIs(String option) {
    assertThat(Run.of(option).out()).matches("strongroom \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
    assertThat(Run.of("policy", "fmt", option)).isEqualTo(Run.of(option));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_hasLongOptionsWithOneDash(List<String> command) {
    String help = Run.of(Run.joined(command, "-help")).out();

    assertThat(help).startsWith("Usage: strongroom");
    assertThat(help.replace("--format=json is", "")).doesNotContainPattern("--[a-z]");
  }

  @Test
  void option_withTwoDashes_isTheSame() {
    String[] one = {"operator", "status", "-store", "nothing.db", "-format=json"};
    String[] two = {"operator", "status", "--store", "nothing.db", "--format=json"};

    assertThat(Run.of(two)).isEqualTo(Run.of(one));
    assertThat(Run.of(one).err()).contains("nothing.db");
  }

  @Test
  void message_aboutAMissingOption_hasOneDash() {
    assertThat(Run.of("snapshot", "save", "to").err())
        .contains("'-store=")
        .doesNotContainPattern("--[a-z]");
  }

  static Stream<List<String>> commands() {
    return commands(Strongroom.commandLine(Run.around(Map.of(), "")));
  }

  private static Stream<List<String>> commands(CommandLine command) {
    List<String> name = List.of(command.getCommandSpec().qualifiedName(" ").split(" ", -1)).stream()
        .skip(1)
        .toList();
    return Stream.concat(
        name.contains("help") ? Stream.empty() : Stream.of(name),
        command.getSubcommands().values().stream().flatMap(StrongroomTest::commands));
  }
}
