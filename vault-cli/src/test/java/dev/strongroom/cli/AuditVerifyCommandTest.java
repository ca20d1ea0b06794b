package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditVerifyCommandTest {
  @TempDir
  Path folder;

  private Path log;
  private String key = "";

  @BeforeEach
  void write() {
    log = folder.resolve("audit.log");
    try (InMemoryVault vault =
        Vault.inMemory(builder -> builder.audit("file", FileAudit.appendTo(log)))) {
      vault.root().request(Request.read("sys/mounts")).orThrow();
      key = vault.vault().auditPublicKey();
    }
  }

  @Test
  void verify_anIntactFile_endsWithZero() {
    Run run = Run.of("audit", "verify", "--key", key, "--whole", log.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("intact: 4 records, 4 of them signed").contains(key);
  }

  @Test
  void verify_aFileWithoutALine_namesIt() throws IOException {
    List<String> lines = Files.readAllLines(log);
    lines.remove(1);
    Files.write(log, lines);
    Run run = Run.of("audit", "verify", log.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("broken: " + log + ", line 2: missing: record 2\n");
  }

  @Test
  void verify_asJson_saysTheSame() throws IOException {
    Payload intact =
        Payload.parse(Run.of("audit", "verify", "-format=json", log.toString()).out());
    assertThat(intact.flag("intact")).contains(true);
    assertThat(intact.flag("whole")).contains(true);
    assertThat(intact.number("records")).contains(4);
    assertThat(intact.text("public_key")).contains(key);

    List<String> lines = Files.readAllLines(log);
    lines.remove(1);
    Files.write(log, lines);
    Run run = Run.of("audit", "verify", "-format=json", log.toString());
    assertThat(run.code()).isEqualTo(1);
    Payload broken = Payload.parse(run.out());
    assertThat(broken.flag("intact")).contains(false);
    assertThat(broken.text("file")).contains(log.toString());
    assertThat(broken.number("line")).contains(2);
    assertThat(broken.text("reason")).contains("missing: record 2");
  }

  @Test
  void verify_aFileThatIsNotClosed_isNotWhole() throws IOException {
    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.subList(0, lines.size() - 1));
    assertThat(Run.of("audit", "verify", log.toString()).code()).isZero();
    assertThat(Run.of("audit", "verify", "--whole", log.toString()).code()).isEqualTo(1);
  }

  @Test
  void verify_whatIsNotThere_endsWithTwo() {
    assertThat(Run.of("audit", "verify").code()).isEqualTo(2);
    Path none = folder.resolve("none");
    Run missing = Run.of("audit", "verify", none.toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).isEqualTo("verify: " + none + ": no such file\n");
    assertThat(Run.of("audit", "verify", "--key", "x", log.toString()).code()).isEqualTo(2);
  }
}
