package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.AuditVerification.Broken;
import dev.strongroom.AuditVerification.Intact;
import dev.strongroom.request.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file that was changed looks like to whoever verifies it. */
class AuditLogTest {
  /** From one byte that is damaged to the next. */
  private static final int STEP = Boolean.getBoolean("strongroom.thorough") ? 1 : 5;

  @TempDir
  private Path folder;

  private Path log;
  private byte[] bytes;
  private List<String> lines;
  private String key;

  @BeforeEach
  void write() throws IOException {
    log = folder.resolve("audit.log");
    try (InMemoryVault vault =
        Vault.inMemory(builder -> builder.audit("file", FileAudit.appendTo(log)))) {
      vault
          .root()
          .request(Request.write("sys/policies/acl/p", Map.of("policy", "path \"a\" {}")))
          .orThrow();
      vault.root().request(Request.read("sys/policies/acl/p")).orThrow();
      key = vault.vault().auditPublicKey();
    }
    bytes = Files.readAllBytes(log);
    lines = Files.readAllLines(log);
  }

  private AuditVerification verify(byte[] changed) throws IOException {
    Path file = folder.resolve("changed.log");
    Files.write(file, changed);
    return AuditLog.verify(file);
  }

  private AuditVerification verify(List<String> changed) throws IOException {
    return verify((String.join("\n", changed) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void assertFound(AuditVerification found, String what) {
    assertThat(found instanceof Intact intact && intact.isWhole()).as(what).isFalse();
  }

  @Test
  void file_asItWasWritten_isIntactAndWhole() {
    assertThat(AuditLog.verify(log)).isInstanceOfSatisfying(Intact.class, intact -> {
      assertThat(intact.records()).isEqualTo(lines.size());
      assertThat(intact.signed()).isEqualTo(lines.size());
      assertThat(intact.isWhole()).isTrue();
      assertThat(intact.publicKey()).contains(key);
    });
  }

  @Test
  @Tag("slow")
  void changedBytes_areFound() throws IOException {
    for (int i = 0; i < bytes.length; i += STEP) {
      for (int flip : new int[] {1, 0x20}) {
        byte[] changed = bytes.clone();
        changed[i] ^= (byte) flip;
        assertThat(verify(changed)).as("byte %s", i).isInstanceOf(Broken.class);
      }
    }
  }

  @Test
  @Tag("slow")
  void removedOrRepeatedBytes_areFound() throws IOException {
    for (int i = 0; i < bytes.length; i += STEP) {
      ByteArrayOutputStream removed = new ByteArrayOutputStream();
      removed.write(bytes, 0, i);
      removed.write(bytes, i + 1, bytes.length - i - 1);
      assertFound(verify(removed.toByteArray()), "without byte " + i);
      ByteArrayOutputStream repeated = new ByteArrayOutputStream();
      repeated.write(bytes, 0, i);
      repeated.write(bytes, i, 1);
      repeated.write(bytes, i, bytes.length - i);
      assertFound(verify(repeated.toByteArray()), "byte twice " + i);
    }
  }

  @Test
  void everyRemovedRepeatedOrMovedLine_isFound() throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      List<String> removed = new ArrayList<>(lines);
      removed.remove(i);
      assertFound(verify(removed), "without line " + (i + 1));
      List<String> repeated = new ArrayList<>(lines);
      repeated.add(i, lines.get(i));
      assertFound(verify(repeated), "line twice " + (i + 1));
      for (int j = i + 1; j < lines.size(); j++) {
        List<String> moved = new ArrayList<>(lines);
        Collections.swap(moved, i, j);
        assertFound(verify(moved), "lines " + (i + 1) + " and " + (j + 1));
      }
      List<String> more = new ArrayList<>(lines);
      more.add(i, "");
      assertThat(verify(more)).as("empty line %s", i).isInstanceOf(Broken.class);
    }
  }

  @Test
  @Tag("slow")
  void cutsAtTheEnd_areFound() throws IOException {
    for (int length = 0; length < bytes.length; length += STEP) {
      assertFound(verify(java.util.Arrays.copyOf(bytes, length)), "cut to " + length);
    }
  }

  @Test
  void missingRecords_areNamedWithTheirLine() throws IOException {
    List<String> without = new ArrayList<>(lines);
    without.subList(2, 4).clear();
    assertThat(verify(without)).isInstanceOfSatisfying(Broken.class, broken -> {
      assertThat(broken.line()).isEqualTo(3);
      assertThat(broken.reason()).isEqualTo("missing: records 3 to 4");
    });
  }

  @Test
  void cutWithinTheAnchor_isFound() throws IOException {
    AuditPosition last = ((Intact) AuditLog.verify(log)).last();
    Path cut = folder.resolve("cut.log");
    Files.write(cut, lines.subList(0, lines.size() - 1));
    assertThat(AuditLog.verify(cut)).isInstanceOf(Intact.class);
    assertThat(AuditLog.unknown().containing(last).verifyAll(List.of(cut)))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.reason()).contains("is missing"));
    assertThat(AuditLog.unknown().containing(last).verifyAll(List.of(log)))
        .isInstanceOf(Intact.class);
  }

  @Test
  void fileOfAnotherVault_isFoundByTheKey() {
    assertThat(AuditLog.unknown().signedBy(key).verifyAll(List.of(log))).isInstanceOf(Intact.class);
    assertThat(AuditLog.unknown().signedBy("0".repeat(64)).verifyAll(List.of(log)))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.reason()).contains("another key"));
    assertThatThrownBy(() -> AuditLog.unknown().signedBy(key.toUpperCase(java.util.Locale.ROOT)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void filesOfARotation_areOneTrailInTheirOrder() throws IOException {
    Path first = folder.resolve("1.log");
    Path second = folder.resolve("2.log");
    Files.write(first, lines.subList(0, 3));
    Files.write(second, lines.subList(3, lines.size()));
    assertThat(AuditLog.verify(first, second))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
    assertThat(AuditLog.verify(second)).isInstanceOfSatisfying(Intact.class, later -> {
      assertThat(later.fromTheBeginning()).isFalse();
      assertThat(later.first().sequence()).isEqualTo(4);
    });
    assertThat(AuditLog.verify(second, first)).isInstanceOf(Broken.class);
  }

  @Test
  void nothing_isNoTrail() throws IOException {
    assertThat(verify(new byte[0])).isInstanceOf(Broken.class);
    assertThat(AuditLog.verify()).isInstanceOf(Broken.class);
  }
}
