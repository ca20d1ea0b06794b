package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Does what {@code docs/quickstart.md} says, and expects what it shows. The project of the page is
 * left in {@code target/quickstart}; {@code embedded-check} builds it with Maven.
 */
class QuickstartTest {
  private static final Path PROJECT = Path.of("target", "quickstart");

  @Test
  void project_asThePageHasIt_printsWhatThePageShows() throws Exception {
    Page page = Page.of("docs/quickstart.md");
    Path main = PROJECT.resolve("src/main/java/First.java");
    Files.createDirectories(main.getParent());
    Files.writeString(PROJECT.resolve("pom.xml"), page.block("xml"));
    Files.writeString(main, page.block("java"));
    for (String made : List.of("vault.db", "vault.db-wal", "vault.db-shm", "vault.db.lock")) {
      Files.deleteIfExists(PROJECT.resolve(made));
    }
    Files.write(PROJECT.resolve("unseal.key"), new byte[32]);

    List<String> shown = page.blocks().stream()
        .filter(block -> block.language().equals("text"))
        .map(Page.Block::text)
        .toList();
    assertThat(shown).hasSize(2);
    for (String output : shown) {
      assertThat(run(main)).matches(pattern(output));
    }
  }

  /** Runs the program as its own process, because it names files of its working directory. */
  private static String run(Path main) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.toAbsolutePath().toString())
        .directory(PROJECT.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.replace("\r\n", "\n");
  }

  /** An ellipsis stands for what is another one each time. */
  private static Pattern pattern(String shown) {
    return Pattern.compile(
        Pattern.quote(shown + "\n").replace("…", "\\E\\S+\\Q"), Pattern.MULTILINE);
  }
}
