package dev.strongroom.internal.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.mount.RouteTable.Match;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  @ParameterizedTest
  @CsvSource({
    "config, config, ''",
    "config, config/, no",
    "config, confi, no",
    "config, configs, no",
    "config, a/config, no",
    "config, '', no",
    "'', '', ''",
    "'', a, no",
    "rotate/keyring, rotate/keyring, ''",
    "rotate/keyring, rotate, no",
    "rotate/keyring, rotate/keyring/, no",
    "data/{key...}, data/, ''",
    "data/{key...}, data/a, a",
    "data/{key...}, data/a/b, a/b",
    "data/{key...}, data/a/b/, a/b/",
    "data/{key...}, data, no",
    "data/{key...}, database/a, no",
    "{key...}, '', ''",
    "{key...}, a, a",
    "{key...}, a/b/, a/b/",
    "status/{id}, status/x, x",
    "status/{id}, status/, no",
    "status/{id}, status, no",
    "status/{id}, status/x/, no",
    "status/{id}, status/x/y, no",
    "{a}, x, x",
    "{a}, '', no",
    "{a}/{b}, x/y, x|y",
    "{a}/{b}, x/, no",
    "{a}/{b}, /y, no",
    "roles/{name}/creds, roles/x/creds, x",
    "roles/{name}/creds, roles/x/cred, no",
    "roles/{name}/creds, roles/x/creds/, no",
    "roles/{name}/creds, roles/x/y/creds, no",
    "mounts/{path...}/tune, mounts/a/tune, a",
    "mounts/{path...}/tune, mounts/a/b/tune, a/b",
    "mounts/{path...}/tune, mounts/tune/tune, tune",
    "mounts/{path...}/tune, mounts/tune, no",
    "mounts/{path...}/tune, mounts/a/tunes, no",
    "mounts/{path...}/tune, mounts/a/tune/, no",
    "{a}/x/{rest...}, 1/x/2/3, 1|2/3",
    "{a}/x/{rest...}, 1/x/, 1|",
    "{a}/x/{rest...}, 1/x, no",
    "{a}/x/{rest...}, 1/y/2, no",
    "{rest...}/{a}/end, 1/2/3/end, 1/2|3",
    "{rest...}/{a}/end, 3/end, no"
  })
  void match_aPattern_givesWhatItsNamesStandFor(String pattern, String path, String values) {
    Optional<List<String>> found = table(pattern).match(path, 0).map(Match::values);

    assertThat(found.map(parts -> String.join("|", parts)))
        .isEqualTo(values.equals("no") ? Optional.empty() : Optional.of(values));
  }

  @Test
  void match_severalPatterns_takesTheFirst() {
    RouteTable table = table("mounts", "mounts/{path...}/tune", "mounts/{path...}", "{rest...}");

    assertThat(Stream.of("mounts", "mounts/a/tune", "mounts/a", "mounts/", "other", "")
            .map(path -> table.match(path, 0).orElseThrow().route().pattern()))
        .containsExactly(
            "mounts",
            "mounts/{path...}/tune",
            "mounts/{path...}",
            "mounts/{path...}",
            "{rest...}",
            "{rest...}");
  }

  @Test
  void captured_byName_givesItsValueAndRefusesOthers() {
    Match match = table("{a}/{b...}").match("x/y/z", 0).orElseThrow();

    assertThat(match.names()).containsExactly("a", "b");
    assertThat(match.captured("a")).isEqualTo("x");
    assertThat(match.captured("b")).isEqualTo("y/z");
    assertThatThrownBy(() -> match.captured("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the pattern {a}/{b...} captures no c");
  }

  private static RouteTable table(String... patterns) {
    return new RouteTable(
        () -> Stream.of(patterns).map(pattern -> Route.at(pattern, "help")).toList());
  }
}
