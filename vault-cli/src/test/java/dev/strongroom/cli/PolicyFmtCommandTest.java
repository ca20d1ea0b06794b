package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFmtCommandTest {
  private static final String ANY = "path \"a\" { capabilities = [\"read\",] } # a\n";
  private static final String LAID_OUT = """
      path "a" {
        capabilities = ["read"]
      } # a
      """;

  @TempDir
  Path folder;

  private Path any;
  private Path laidOut;

  @BeforeEach
  void write() throws IOException {
    any = Files.writeString(folder.resolve("any.hcl"), ANY);
    laidOut = Files.writeString(folder.resolve("laid-out.hcl"), LAID_OUT);
  }

  @Test
  void fmt_filesOfAnyLayout_areReplacedAndNamed() throws IOException {
    Files.setPosixFilePermissions(any, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.hcl"), any);
    Run run = Run.of("policy", "fmt", link.toString(), laidOut.toString());
    assertThat(run).isEqualTo(new Run(0, link + "\n", ""));
    assertThat(any).hasContent(LAID_OUT);
    assertThat(link).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(any)))
        .isEqualTo("rw-r-----");
    assertThat(Run.of("policy", "fmt", link.toString())).isEqualTo(new Run(0, "", ""));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void fmt_check_changesNothingAndSaysWhetherItWould() {
    Run run = Run.of("policy", "fmt", "-check", any.toString(), laidOut.toString());
    assertThat(run).isEqualTo(new Run(1, any + "\n", ""));
    assertThat(any).hasContent(ANY);
    assertThat(Run.of("policy", "fmt", "--check", laidOut.toString()).code()).isZero();
  }

  @Test
  void fmt_aFileThatIsNoPolicy_changesNoFile() throws IOException {
    Path bad =
        Files.writeString(folder.resolve("bad.hcl"), "path \"a\" { capabilities = [\"x\"] }");
    Run run = Run.of("policy", "fmt", any.toString(), bad.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("fmt: " + bad + ": failed to parse policy: At 1:");
    assertThat(any).hasContent(ANY);
    Path json = Files.writeString(folder.resolve("a.json"), "{}");
    assertThat(Run.of("policy", "fmt", json.toString()).err())
        .contains(json.toString())
        .contains("JSON");
  }

  @Test
  void fmt_withoutAFile_hasNoAnswer() {
    assertThat(Run.of("policy", "fmt").code()).isEqualTo(2);
    assertThat(Run.of("policy", "fmt", folder.resolve("none").toString()).err())
        .isEqualTo("fmt: " + folder.resolve("none") + ": no such file\n");
  }

  @Test
  void options_ofEveryCommand_mayHaveOneDash() {
    assertThat(Run.of("policy", "explain", "-operation=read", "-path", "a", laidOut.toString()))
        .extracting(Run::code)
        .isEqualTo(0);
    assertThat(Run.of("policy", "fmt", "-help").out()).startsWith("Usage: strongroom policy fmt");
  }
}
