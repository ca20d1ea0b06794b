package dev.strongroom.internal.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.Mutations;
import dev.strongroom.internal.mount.RouteTable.Match;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are nearly a pattern, and a path below a mount, on the next line. */
class PathFuzzTest {
  private static final String MOUNT = "kv/";

  static List<byte[]> seeds() {
    return Stream.of(
            "data/{path...}\n/kv/data/apps/db",
            "{path...}\nkv/",
            "config\nkv/config",
            "roles/{name}\nkv/roles/a b.c-é🔑",
            "a/{x}/b/{y...}/{z}/c\nkv/a/1/b/2/3/4/c",
            "{x}/{x}\nkv/../x//./\u00a0\u200b",
            "{a}{b}\n" + "kv/" + "x".repeat(1024) + "/" + "ä/".repeat(500))
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void parse_mutatedPathAndPattern_areReadOrRefused(long seed) {
    Mutations.run(seed, 5_000, seeds(), this::parse_anyPathAndPattern_areReadOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void parse_anyPathAndPattern_areReadOrRefused(byte[] patternAndPath) {
    String[] lines = new String(patternAndPath, UTF_8).split("\n", 2);
    VaultPath path;
    Route route;
    try {
      path = VaultPath.parse(lines[lines.length - 1]);
      checkPath(path);
      route = Route.at(lines[0], "Any pattern.");
    } catch (IllegalArgumentException e) {
      return;
    }
    if (path.text().startsWith(MOUNT)) {
      new RouteTable(() -> List.of(route))
          .match(path.text(), MOUNT.length())
          .ifPresent(
              match -> assertThat(filled(match)).isEqualTo(path.text().substring(MOUNT.length())));
    }
  }

  /** What was read is read again as the same, and holds nothing that has two spellings. */
  private static void checkPath(VaultPath path) {
    String text = path.text();
    assertThat(VaultPath.parse(text)).isEqualTo(path);
    assertThat(VaultPath.requireRelative(text)).isEqualTo(text);
    assertThat(text.getBytes(UTF_8).length).isLessThanOrEqualTo(4096);
    assertThat("/" + text + "/").doesNotContain("/./", "/../").doesNotContainPattern("\\p{C}");
    assertThat(text).doesNotContain("//");
    if (text.length() < 1024) { // otherwise there may be no room
      assertThat(VaultPath.parse(path.asFolder().text())).isEqualTo(path.asFolder());
    }
  }

  /** The pattern with what was captured in the place of its names: the path again. */
  private static String filled(Match match) {
    String filled = match.route().pattern();
    for (String name : match.names()) {
      String open = "{" + name + "...}";
      filled = filled.replace(filled.contains(open) ? open : "{" + name + "}", "\n" + name + "\n");
    }
    for (String name : match.names()) {
      filled = filled.replace("\n" + name + "\n", match.captured(name));
    }
    return filled;
  }
}
