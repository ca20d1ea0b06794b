package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between pages lead to a file that is there, and to a heading that it has. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void links_ofAllPages_leadSomewhere() {
    List<String> broken = Page.all().stream()
        .flatMap(page -> LINK.matcher(page.prose())
            .results()
            .map(found -> found.group(1))
            .filter(link -> !link.matches("[a-z]+:.*"))
            .filter(link -> !leadsSomewhere(page, link))
            .map(link -> page.name() + ": " + link))
        .toList();

    assertThat(broken).isEmpty();
  }

  @Test
  void map_ofTheDocumentation_namesEveryPage() {
    Page map = Page.of("docs/README.md");
    List<String> missing = Page.all().stream()
        .map(Page::name)
        .filter(name -> name.startsWith("docs/") && !name.equals(map.name()))
        .filter(name -> !map.prose().contains("(" + name.substring("docs/".length()) + ")"))
        .toList();

    assertThat(missing).isEmpty();
  }

  private static boolean leadsSomewhere(Page page, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path here = Page.root().resolve(page.name());
    Path target = file.isEmpty() ? here : here.resolveSibling(file).normalize();
    return Files.exists(target)
        && (hash < 0
            || headings(Page.of(Page.root().relativize(target).toString()))
                .contains(link.substring(hash + 1)));
  }

  /** Returns headings as GitHub names them in links. */
  private static List<String> headings(Page page) {
    return HEADING
        .matcher(page.prose())
        .results()
        .map((MatchResult heading) -> heading
            .group(1)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "")
            .replace(' ', '-'))
        .toList();
  }
}
