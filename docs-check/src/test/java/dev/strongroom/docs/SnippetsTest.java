package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows in Java compiles, all of it in one run of the compiler. */
class SnippetsTest {
  /** Of blocks that nothing compiles; another one would be a slip of the pen. */
  private static final Set<String> OTHER_LANGUAGES = Set.of(
      "",
      "hcl",
      "ini",
      "json",
      "promql",
      "properties",
      "python",
      "sh",
      "sql",
      "text",
      "xml",
      "yaml");

  @Test
  void snippets_ofAllPages_compile(@TempDir Path classes) {
    List<Snippet> snippets =
        Page.all().stream().flatMap(page -> page.snippets().stream()).toList();

    assertThat(snippets).hasSizeGreaterThan(30);
    assertThat(errors(snippets, classes)).isEmpty();
  }

  @Test
  void snippet_thatDoesNotCompile_isNamedByPageAndLine(@TempDir Path classes) {
    Snippet snippet = new Snippet("docs/some.md", 12, "vault.close();\nvault.explode();");

    assertThat(errors(List.of(snippet), classes))
        .singleElement()
        .asString()
        .startsWith("docs/some.md:13: cannot find symbol");
  }

  @Test
  void blocks_ofAllPages_nameALanguageThatIsKnown() {
    assertThat(Page.all()).allSatisfy(page -> assertThat(page.blocks())
        .allSatisfy(block -> assertThat(block.language())
            .as(page.name() + ":" + block.line())
            .matches(language -> language.equals("java") || OTHER_LANGUAGES.contains(language))));
  }

  private static List<String> errors(List<Snippet> snippets, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options = List.of(
        "-d",
        classes.toString(),
        "-classpath",
        System.getProperty("java.class.path"),
        "--release",
        "17",
        "-proc:none",
        "-nowarn");
    compiler
        .getTask(
            null,
            null,
            found,
            options,
            null,
            snippets.stream().map(Snippet::toFile).toList())
        .call();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(SnippetsTest::text)
        .toList();
  }

  private static String text(Diagnostic<? extends JavaFileObject> error) {
    JavaFileObject source = error.getSource();
    String place = source == null ? "" : source.getName() + ":" + error.getLineNumber() + ": ";
    return place + error.getMessage(Locale.ENGLISH);
  }
}
