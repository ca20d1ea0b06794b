package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.AuditDeviceStatus;
import dev.strongroom.AuditLog;
import dev.strongroom.AuditVerification;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process of a vault is killed in the midst of its writes: what is in the store is in its audit
 * trail, and that goes on as one that can be verified.
 */
@Tag("slow")
class AuditCrashTest {
  private static final int KILLS = 10;

  @TempDir
  private Path folder;

  private AuditedWriter.Access access;

  @BeforeEach
  void initialize() {
    access = AuditedWriter.Access.initialize(folder);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("strongroom.thorough") ? 20 : 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void kill_duringWrites_leavesATrailOfAllThatIsStored(long seed) throws IOException {
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      int acknowledged = writeUntilKilled(1 + random.nextInt(60));
      if (kill == KILLS - 1) {
        tearTheEnd(random);
      }
      String key;
      try (Vault vault = AuditedWriter.vault(folder)) {
        Session root = access.unseal(vault);
        int written = AuditedWriter.written(root);
        assertThat(written).isBetween(acknowledged, acknowledged + 1);
        assertThat(requestedPaths())
            .containsAll(IntStream.rangeClosed(1, written)
                .mapToObj(number -> "secret/" + number)
                .toList());
        assertThat(vault.auditStatus())
            .allMatch(AuditDeviceStatus::works)
            .flatExtracting(AuditDeviceStatus::alarms)
            .isEmpty();
        key = vault.auditPublicKey();
      }
      assertThat(AuditLog.unknown().signedBy(key).verifyAll(List.of(AuditedWriter.trail(folder))))
          .isInstanceOfSatisfying(
              AuditVerification.Intact.class,
              intact -> assertThat(intact.isWhole()).isTrue());
    }
    assertThat(begins().get(begins().size() - 1)).containsEntry("recovered", true);
  }

  /** Returns the last write that the process has answered. */
  private int writeUntilKilled(int writes) {
    List<String> lines = new ArrayList<>();
    try (ChildJvm child =
        ChildJvm.start(AuditedWriter.class, folder.toString(), access.share(), access.token())) {
      for (int left = writes; left > 0; left--) {
        lines.add(child.readLine().orElseThrow());
      }
      child.kill();
      lines.addAll(child.readAllLines());
    }
    return Integer.parseInt(lines.get(lines.size() - 1).replace("written ", ""));
  }

  /** A kill rarely meets the moment in which half a record is written. */
  private void tearTheEnd(Random random) throws IOException {
    String half = "{\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"request\",\"auth\":{";
    Files.writeString(
        AuditedWriter.trail(folder),
        half.substring(0, 1 + random.nextInt(half.length() - 1)),
        StandardOpenOption.APPEND);
  }

  @Test
  void cutEnd_afterTheProcessIsGone_isFoundAtTheUnseal() throws IOException {
    try (Vault vault = AuditedWriter.vault(folder)) {
      Session root = access.unseal(vault);
      root.request(Request.write("secret/1", Map.of("text", "value"))).orThrow();
    }
    List<String> lines = Files.readAllLines(AuditedWriter.trail(folder));
    Files.write(AuditedWriter.trail(folder), lines.subList(0, lines.size() - 2));
    try (Vault vault = AuditedWriter.vault(folder)) {
      access.unseal(vault);
      assertThat(vault.auditStatus().get(0).alarms()).singleElement().asString().contains("cut");
    }
  }

  private Set<String> requestedPaths() throws IOException {
    return records("request")
        .map(record -> (String) ((Map<?, ?>) record.get("request")).get("path"))
        .collect(Collectors.toSet());
  }

  private List<Map<String, Object>> begins() throws IOException {
    return records("chain").filter(record -> record.containsKey("recovered")).toList();
  }

  /** A line that was torn is none. */
  private Stream<Map<String, Object>> records(String type) throws IOException {
    return Files.readAllLines(AuditedWriter.trail(folder)).stream()
        .filter(line -> line.endsWith("}"))
        .<Map<String, Object>>map(line -> Payload.parse(line).toMap())
        .filter(record -> type.equals(record.get("type")));
  }
}
