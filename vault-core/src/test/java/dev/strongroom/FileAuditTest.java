package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.AuditVerification.Broken;
import dev.strongroom.AuditVerification.Intact;
import dev.strongroom.internal.chain.AuditChain;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An audit file over its life: made, rotated, lost, torn, set back. */
class FileAuditTest {
  private static final KeyShares ONE = new KeyShares(1, 1);

  @TempDir
  private Path folder;

  private final KeptStorage store = new KeptStorage();
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));

  private Path log() {
    return folder.resolve("audit.log");
  }

  private InMemoryVault open(Consumer<VaultBuilder> setup) {
    return Vault.inMemory(setup);
  }

  private InMemoryVault open() {
    return open(builder -> builder.audit("file", FileAudit.appendTo(log())));
  }

  private static void read(InMemoryVault vault) {
    vault.root().request(Request.read("sys/mounts")).orThrow();
  }

  @Test
  void newFile_isForItsOwnerOnly() throws IOException {
    open().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
        .isEqualTo("rw-------");
  }

  @Test
  void mode_loosesItsBitsOfExecution() throws IOException {
    open(builder -> builder.audit("file", FileAudit.appendTo(log()).withMode(0755)))
        .close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
        .isEqualTo("rw-r--r--");
    assertThatThrownBy(() -> FileAudit.appendTo(log()).withMode(01777))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void syncOfEveryRecord_changesNothingInTheFile() throws IOException {
    try (InMemoryVault vault =
        open(builder -> builder.audit("file", FileAudit.appendTo(log()).withSyncEveryRecord()))) {
      read(vault);
    }
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
  }

  @Test
  void fileThatCannotBeOpened_keepsTheVaultSealed() {
    for (Path bad : List.of(folder, folder.resolve("none/audit.log"))) {
      assertThatThrownBy(() -> open(builder -> builder.audit("file", FileAudit.appendTo(bad))))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_FAILED));
    }
  }

  @Test
  void folderThatIsNotThere_isNamedAsMissing() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() ->
            open(builder -> builder.audit("file", FileAudit.appendTo(none.resolve("audit.log")))))
        .hasMessageContaining("NoSuchFileException: " + none);
  }

  @Test
  void link_isNotFollowed() throws IOException {
    Path target = folder.resolve("target");
    Files.createFile(target);
    Files.createSymbolicLink(log(), target);
    assertThatThrownBy(this::open).isInstanceOf(VaultException.class);
    assertThat(target).isEmptyFile();
  }

  @Test
  void fileOfTwoDevices_isRefusedToTheSecond() {
    try (InMemoryVault vault = open(builder ->
        builder.audit("a", FileAudit.appendTo(log())).audit("b", FileAudit.appendTo(log())))) {
      assertThat(vault.vault().auditStatus())
          .extracting(AuditDeviceStatus::works)
          .containsExactly(true, false);
    }
  }

  @Test
  void movedFile_goesOnInANewOneWithinASecond() throws IOException {
    Path moved = folder.resolve("audit.log.1");
    try (InMemoryVault vault = open()) {
      read(vault);
      Files.move(log(), moved);
      read(vault);
      vault.time().advance(Duration.ofSeconds(1));
      read(vault);
    }
    assertThat(AuditLog.verify(moved, log()))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
    assertThat(Files.readAllLines(log())).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void reopen_goesOnInANewFileAtOnce() throws IOException {
    FileAudit audit = FileAudit.appendTo(log());
    Path moved = folder.resolve("audit.log.1");
    try (InMemoryVault vault = open(builder -> builder.audit("file", audit))) {
      read(vault);
      Files.move(log(), moved);
      audit.reopen();
      read(vault);
      assertThat(Files.readAllLines(log())).hasSize(2);
    }
    assertThat(AuditLog.verify(moved, log())).matches(AuditVerification::isIntact);
  }

  @Test
  void copiedAndTruncatedFile_goesOnAtItsBeginning() throws IOException {
    Path copy = folder.resolve("audit.log.1");
    try (InMemoryVault vault = open()) {
      read(vault);
      Files.copy(log(), copy);
      Files.write(log(), new byte[0]);
      vault.time().advance(Duration.ofSeconds(1));
      read(vault);
    }
    assertThat(AuditLog.verify(copy, log()))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
  }

  @Test
  void removedFile_showsAsMissingRecords() throws IOException {
    Path copy = folder.resolve("copy");
    try (InMemoryVault vault = open()) {
      Files.copy(log(), copy);
      read(vault);
      Files.delete(log());
      vault.time().advance(Duration.ofSeconds(1));
      read(vault);
    }
    assertThat(AuditLog.verify(copy, log())).isInstanceOfSatisfying(Broken.class, broken -> {
      assertThat(broken.file()).isEqualTo(log());
      assertThat(broken.reason()).startsWith("missing: records 2 to");
    });
  }

  @Test
  void tokenReads_areSignedEveryTenSeconds() throws IOException {
    try (InMemoryVault vault = open()) {
      read(vault);
      vault.time().advance(Duration.ofSeconds(10));
      assertThat(AuditLog.verify(log()))
          .isInstanceOfSatisfying(
              Intact.class, found -> assertThat(found.signed()).isEqualTo(found.records()));
      int lines = Files.readAllLines(log()).size();
      vault.time().advance(Duration.ofHours(1));
      assertThat(Files.readAllLines(log())).hasSize(lines);
    }
  }

  @Test
  void thousandRecords_areSigned() {
    try (InMemoryVault vault = open()) {
      for (int i = 0; i < 600; i++) {
        read(vault);
      }
      assertThat(AuditLog.verify(log()))
          .isInstanceOfSatisfying(
              Intact.class, found -> assertThat(found.signed()).isBetween(1000L, 1010L));
    }
  }

  @Test
  void manyCallers_leaveOneChain() throws InterruptedException {
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (InMemoryVault vault = open()) {
      for (int i = 0; i < 8; i++) {
        String name = "sys/policies/acl/p" + i;
        callers.execute(() -> {
          for (int j = 0; j < 100; j++) {
            vault
                .root()
                .request(Request.write(name, Map.of("policy", "path \"a\" {}")))
                .orThrow();
            vault.root().request(Request.read(name)).orThrow();
          }
        });
      }
      callers.shutdown();
      assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(AuditLog.verify(log())).isInstanceOfSatisfying(Intact.class, all -> {
      assertThat(all.isWhole()).isTrue();
      assertThat(all.records()).isGreaterThan(8 * 100 * 4);
    });
  }

  /** A vault on a store that outlives it. */
  private final class Kept implements AutoCloseable {
    private final Vault vault;
    private final Session root;

    Kept(String hexShare, String token) {
      this.vault = builder().open();
      vault.unseal(KeyShare.parse(hexShare));
      this.root = vault.session(ClientToken.parse(token));
    }

    void read() {
      root.request(Request.read("sys/mounts")).orThrow();
    }

    void write(String name) {
      root.request(Request.write("sys/policies/acl/" + name, Map.of("policy", "path \"a\" {}")))
          .orThrow();
    }

    List<String> alarms() {
      return vault.auditStatus().get(0).alarms();
    }

    @Override
    public void close() {
      vault.close();
    }
  }

  private VaultBuilder builder() {
    return Vault.builder().storage(store).time(time).audit("file", FileAudit.appendTo(log()));
  }

  private String share = "";
  private String token = "";

  private Kept reopened() {
    if (share.isEmpty()) {
      try (Vault vault = builder().open();
          InitialKeys keys = vault.initialize(ONE)) {
        share = keys.shares().get(0).exposeHex();
        token = keys.rootToken().exposeText();
      }
    }
    return new Kept(share, token);
  }

  @Test
  void vaultThatIsOpenedAgain_goesOnWithTheTrail() {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    try (Kept vault = reopened()) {
      vault.read();
      assertThat(vault.alarms()).isEmpty();
    }
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
  }

  @Test
  void lostEnd_isFoundAtTheNextUnsealAndByWhoeverVerifies() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
      vault.write("b");
    }
    List<String> lines = Files.readAllLines(log());
    Files.write(log(), lines.subList(0, 3));
    try (Kept vault = reopened()) {
      assertThat(vault.alarms()).singleElement().asString().contains("was cut off");
      vault.read();
    }
    assertThat(AuditLog.verify(log())).isInstanceOfSatisfying(Broken.class, broken -> {
      assertThat(broken.line()).isEqualTo(4);
      assertThat(broken.reason()).startsWith("missing: records 4 to");
    });
  }

  /** A record that somebody without the key puts behind another one. */
  private static String forged(String body, String behind) {
    AuditPosition before =
        AuditChain.read(behind.getBytes(StandardCharsets.UTF_8)).orElseThrow().position();
    String hashed = body + ",\"chain\":{\"id\":\"" + before.chain() + "\",\"sequence\":"
        + (before.sequence() + 1) + ",\"revision\":1,\"previous\":\"" + before.hash() + "\"";
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(hashed.getBytes(StandardCharsets.UTF_8));
      return hashed + ",\"hash\":\"" + HexFormat.of().formatHex(sum) + "\"}}";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final String FORGED_REQUEST =
      "{\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"request\",\"request\":{\"id\":\"x\"}";

  @Test
  void endWrittenAnewAndLonger_isFoundByWhoeverVerifiesLater() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    List<String> lines = new java.util.ArrayList<>(Files.readAllLines(log()));
    lines.remove(lines.size() - 1); // the last checkpoint, which the store knows of
    int first = lines.size();
    for (int i = 0; i < 3; i++) {
      lines.add(forged(FORGED_REQUEST, lines.get(lines.size() - 1)));
    }
    Files.write(log(), lines);
    try (Kept vault = reopened()) {
      vault.read();
    }
    assertThat(AuditLog.verify(log())).isInstanceOfSatisfying(Broken.class, broken -> {
      assertThat(broken.line()).isEqualTo(first + 4);
      assertThat(broken.reason()).endsWith("is not the one that the store knew of");
    });
  }

  @Test
  void lineThatOnlyLooksLikeTheVaults_isFoundAndKeepsNothingSealed() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    List<String> lines = Files.readAllLines(log());
    String last =
        lines.get(lines.size() - 1).replaceFirst("(\"id\":\")[0-9a-f]{32}", "$1" + "0".repeat(32));
    String looks = "{\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"chain\"";
    for (String body : List.of(looks + ",\"follows\":\"nobody\"", looks + ",,")) {
      Files.write(log(), lines);
      Files.writeString(log(), forged(body, last) + "\n", StandardOpenOption.APPEND);
      assertThat(AuditLog.verify(log())).isInstanceOf(Broken.class);
      try (Kept vault = reopened()) {
        vault.read();
        assertThat(vault.alarms()).singleElement().asString().startsWith("the last record is not");
      }
      assertThat(AuditLog.verify(log())).isInstanceOf(Broken.class);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void openFile_isLockedAgainstOtherProcesses() throws IOException {
    try (InMemoryVault vault = open()) {
      read(vault);
      String inode = Files.getAttribute(log(), "unix:ino").toString();
      assertThat(Files.readAllLines(Path.of("/proc/locks")))
          .anyMatch(lock -> lock.contains("POSIX") && lock.contains(":" + inode + " "));
    }
  }

  @Test
  void lostFile_isFoundAtTheNextUnseal() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    Path moved = folder.resolve("moved");
    Files.move(log(), moved);
    try (Kept vault = reopened()) {
      assertThat(vault.alarms()).singleElement().asString().startsWith("there is no record");
    }
    assertThat(AuditLog.verify(moved, log())).matches(AuditVerification::isIntact);
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(
            Intact.class, later -> assertThat(later.fromTheBeginning()).isFalse());
  }

  @Test
  void tornEnd_isRecoveredExactlyThere() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    byte[] torn = "{\"time\":\"2026".getBytes(StandardCharsets.UTF_8);
    Files.write(log(), torn, StandardOpenOption.APPEND);
    assertThat(AuditLog.verify(log())).isInstanceOf(Broken.class);
    try (Kept vault = reopened()) {
      vault.read();
    }
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
    List<String> lines = Files.readAllLines(log());
    int tornLine = lines.indexOf("{\"time\":\"2026");
    List<String> elsewhere = new java.util.ArrayList<>(lines);
    elsewhere.add(tornLine - 1, elsewhere.remove(tornLine));
    Files.write(log(), elsewhere);
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.line()).isEqualTo(tornLine));
    lines.remove(tornLine);
    Files.write(log(), lines);
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.reason()).contains("is missing"));
  }

  @Test
  void endWithoutItsNewlineAlone_isNotTorn() throws IOException {
    try (Kept vault = reopened()) {
      vault.write("a");
    }
    byte[] all = Files.readAllBytes(log());
    Files.write(log(), java.util.Arrays.copyOf(all, all.length - 1));
    try (Kept vault = reopened()) {
      assertThat(vault.alarms()).isEmpty();
    }
    assertThat(AuditLog.verify(log()))
        .isInstanceOfSatisfying(
            Intact.class, found -> assertThat(found.isWhole()).isTrue());
  }

  @Test
  void storeThatWasSetBack_isFoundAtTheNextUnseal() throws IOException {
    Path old = folder.resolve("snapshot");
    try (Kept vault = reopened()) {
      vault.vault.snapshot(old);
      vault.write("a");
      vault.write("b");
    }
    store.clear();
    Vault.restore(old, store);
    try (Kept vault = reopened()) {
      assertThat(vault.alarms())
          .anySatisfy(alarm -> assertThat(alarm).startsWith("the store is older"));
    }
  }

  @Test
  void deviceOverTheApi_worksListsHashesAndGoes() {
    try (InMemoryVault vault = open(builder -> builder.auditOverApi(folder))) {
      Map<String, ?> device = Map.of(
          "type", "file",
          "description", "log",
          "options", Map.of("file_path", "below/api.log", "mode", "0777"));
      vault.root().request(Request.write("sys/audit/api", device)).orThrow();
      assertThat(vault.root().request(Request.write("sys/audit/api/x", device)).errors())
          .containsExactly("path already in use");
      read(vault);
      Path file = folder.resolve("below/api.log");
      assertThat(file).content().contains("\"path\":\"sys/audit/test\"").contains("sys/mounts");
      assertThat(vault.root().request(Request.delete("sys/audit/api")).isFailure())
          .isFalse();
      assertThat(AuditLog.verify(file))
          .isInstanceOfSatisfying(Intact.class, all -> assertThat(all.isWhole()).isTrue());
      assertThat(vault
              .root()
              .request(Request.write("sys/audit-hash/api", Map.of("input", "x")))
              .errors())
          .containsExactly("unknown audit backend \"api/\"");
    }
  }

  @Test
  void deviceOverTheApi_harmsNothing() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("out"), folder);
    try (InMemoryVault vault = open(builder -> builder.auditOverApi(inner))) {
      for (Map<String, String> options : List.<Map<String, String>>of(
          Map.of(),
          Map.of("file_path", "../x"),
          Map.of("path", folder.resolve("x").toString()),
          Map.of("file_path", "out/x"),
          Map.of("file_path", "out/made/x"),
          Map.of("file_path", "stdout\n"),
          Map.of("file_path", "a", "path", "b"),
          Map.of("file_path", "a", "prefix", "#!/bin/sh"),
          Map.of("file_path", "a", "mode", "8"),
          Map.of("file_path", "a", "mode", "-1"),
          Map.of("file_path", "a", "log_raw", "true"),
          Map.of("file_path", "a", "hmac_accessor", "maybe"),
          Map.of("file_path", "a", "format", "jsonx"),
          Map.of("file_path", "a", "address", "host:1"),
          Map.of("file_path", "x".repeat(1_000_000)))) {
        Response response = vault
            .root()
            .request(Request.write("sys/audit/a", Map.of("type", "file", "options", options)));
        assertThat(response.failure())
            .as("%s", options.keySet())
            .contains(ErrorCode.INVALID_REQUEST);
      }
      assertThat(vault
              .root()
              .request(Request.write("sys/audit/a", Map.of("type", "socket")))
              .errors())
          .containsExactly("unknown backend type: \"socket\"");
      assertThat(vault.root().request(Request.read("sys/audit")).dataOrEmpty().isEmpty())
          .isTrue();
      assertThat(folder.resolve("x")).doesNotExist();
      assertThat(folder.resolve("made")).doesNotExist();
    }
  }
}
