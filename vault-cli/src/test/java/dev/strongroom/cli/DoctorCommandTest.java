package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.SystemTime;
import dev.strongroom.VirtualTime;
import dev.strongroom.cli.Finding.Result;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.ServerLimits;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorCommandTest {
  private final SystemTime time = new SystemTime("doctor-test");

  @TempDir
  Path folder;

  private Path file;

  @BeforeEach
  void place() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    file = folder.resolve("vault.db");
  }

  @AfterEach
  void stop() {
    time.close();
  }

  private Run doctor(String... arguments) {
    return Run.in(
        new Surroundings(time, name -> null, Run.around(Map.of(), "").secrets()),
        Run.joined(List.of("doctor"), arguments));
  }

  private Map<String, Finding> files(Optional<Path> key) {
    return FileChecks.all(time, file, key).stream()
        .collect(Collectors.toMap(Finding::check, finding -> finding));
  }

  @Test
  void doctor_withoutAStore_looksAtTheMachine() {
    Run run = doctor();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("OK    jdk", "clock", "memory", "OK    sqlite", "swap");
    Payload json = Payload.parse(doctor("-format=json").out());
    assertThat(json.has("checks")).isTrue();
  }

  @Test
  void doctor_onAGoodStore_findsNoFault() throws IOException {
    Stores.sealedByShares(file);
    byte[] before = Files.readAllBytes(file);
    Run run = doctor("-store", file.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("OK    permissions", "OK    seal          2 of 3 key shares");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("vault.db", "vault.db.lock");
    }
  }

  @Test
  void doctor_onAFault_endsWithOneAndSaysWhatToDo() throws IOException {
    Stores.sealedByShares(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    Run run = doctor("-store", file.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("FAIL  permissions", "-> chmod 700 the folder");
    assertThat(doctor("-cache-bytes=x").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"rw-------, OK", "rw-r-----, WARN", "rw----r--, WARN", "rw--w----, FAIL"})
  void permissions_ofTheStore_areJudged(String given, Result result) throws IOException {
    Stores.sealedByShares(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(given));
    assertThat(files(Optional.empty()).get("permissions").result()).isEqualTo(result);
  }

  @Test
  void permissions_ofAStoreBehindALink_areThoseOfItsFiles() throws IOException {
    Stores.sealedByShares(file);
    Path lock = folder.resolve("vault.db.lock");
    Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-rw----"));
    file = Files.createSymbolicLink(folder.resolve("link.db"), file);
    Finding found = files(Optional.empty()).get("permissions");
    assertThat(found.result()).isEqualTo(Result.FAIL);
    assertThat(found.detail()).contains("vault.db.lock (rw-rw----)");
  }

  @Test
  void permissions_ofTheFolder_areJudged() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(files(Optional.empty()).get("permissions").result()).isEqualTo(Result.FAIL);
  }

  @Test
  void folder_thatDoesNotExist_isTheOnlyFinding() {
    file = folder.resolve("none/vault.db");
    assertThat(files(Optional.empty()).values())
        .singleElement()
        .extracting(Finding::result)
        .isEqualTo(Result.FAIL);
  }

  @Test
  void sealKey_isJudgedByWhoCanReadItAndWhereItLies() throws IOException {
    Path key = Files.writeString(folder.resolve("seal.key"), "5a".repeat(32));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
    assertThat(files(Optional.of(key)).get("seal key").result()).isEqualTo(Result.FAIL);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
    assertThat(files(Optional.of(key)).get("seal key").result()).isEqualTo(Result.WARN);
    Path elsewhere = Files.createDirectory(folder.resolve("keys")).resolve("seal.key");
    Files.move(key, elsewhere);
    assertThat(files(Optional.of(elsewhere)).get("seal key").result()).isEqualTo(Result.OK);
    assertThat(files(Optional.of(key)).get("seal key").result()).isEqualTo(Result.FAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "ext4, OK",
    "xfs, OK",
    "nfs4, WARN",
    "CIFS, WARN",
    "fuse.sshfs, WARN",
    "tmpfs, WARN",
    "overlay, WARN"
  })
  void fileSystem_isJudgedByItsKind(String type, Result result) {
    assertThat(DiskChecks.fileSystem(type).result()).isEqualTo(result);
  }

  @Test
  void figures_areJudgedByTheirLimits() {
    long gib = 1L << 30;
    assertThat(DiskChecks.space(2 * gib, 0).result()).isEqualTo(Result.OK);
    assertThat(DiskChecks.space(2 * gib, 2 * gib).result()).isEqualTo(Result.WARN);
    assertThat(DiskChecks.space(gib / 2, 0).result()).isEqualTo(Result.WARN);
    assertThat(DiskChecks.space(1000, 0).result()).isEqualTo(Result.FAIL);
    assertThat(DiskChecks.sync(Duration.ofMillis(100)).result()).isEqualTo(Result.OK);
    assertThat(DiskChecks.sync(Duration.ofMillis(101)).result()).isEqualTo(Result.WARN);
    assertThat(DiskChecks.fileClock(Duration.ofSeconds(-2)).result()).isEqualTo(Result.OK);
    assertThat(DiskChecks.fileClock(Duration.ofSeconds(-3)).result()).isEqualTo(Result.WARN);
    assertThat(MachineChecks.memory(gib, gib / 4).result()).isEqualTo(Result.OK);
    assertThat(MachineChecks.memory(gib - 1, gib / 4).result()).isEqualTo(Result.WARN);
  }

  @Test
  void clock_thatIsYearsAway_fails() {
    VirtualTime past = VirtualTime.at(Instant.parse("1970-01-01T00:00:00Z"));
    assertThat(new MachineChecks(past, folder).clock().result()).isEqualTo(Result.FAIL);
    assertThat(new MachineChecks(time, folder).clock().result()).isEqualTo(Result.OK);
  }

  @Test
  void swapAndCoreDumps_areReadAsLinuxTellsThem() throws IOException {
    MachineChecks machine = new MachineChecks(time, folder);
    assertThat(machine.swap().result()).isEqualTo(Result.WARN);
    assertThat(machine.coreDumps().result()).isEqualTo(Result.WARN);
    String head = "Filename\tType\tSize\tUsed\tPriority\n";
    Files.writeString(folder.resolve("swaps"), head + "/dev/zram0  partition  1  0  5\n");
    assertThat(machine.swap().result()).isEqualTo(Result.OK);
    Files.writeString(folder.resolve("swaps"), head + "/dev/sda2  partition  1  0  -2\n");
    assertThat(machine.swap().detail()).contains("/dev/sda2");
    limits("0", "core");
    assertThat(machine.coreDumps().result()).isEqualTo(Result.OK);
    limits("unlimited", "core");
    assertThat(machine.coreDumps().detail()).contains("unlimited");
    limits("0", "|/usr/bin/collect");
    assertThat(machine.coreDumps().result()).isEqualTo(Result.WARN);
  }

  private void limits(String core, String pattern) throws IOException {
    Files.createDirectories(folder.resolve("self"));
    Files.createDirectories(folder.resolve("sys/kernel"));
    Files.writeString(
        folder.resolve("self/limits"),
        String.format(
            Locale.ROOT,
            "Limit Soft Hard Units%nMax core file size        %s     unlimited   bytes%n",
            core));
    Files.writeString(folder.resolve("sys/kernel/core_pattern"), pattern);
  }

  @Test
  void seal_ofAStore_isToldAsFarAsItCanBe() throws IOException {
    assertThat(SealChecks.ofStore(file, Optional.empty()).result()).isEqualTo(Result.WARN);
    Stores vault = Stores.sealedByKey(file);
    Path key = vault.sealKey().orElseThrow();
    assertThat(doctor("-store", file.toString()).out()).contains("static; name its key");
    assertThat(
            doctor("-store", file.toString(), "-seal-key-file", key.toString()).out())
        .contains("static, and the key opens it");
    Files.writeString(key, "00".repeat(32));
    assertThat(
            doctor("-store", file.toString(), "-seal-key-file", key.toString()).out())
        .contains("FAIL  seal ");
    Files.writeString(file, "no database");
    assertThat(SealChecks.ofStore(file, Optional.empty()).result()).isEqualTo(Result.FAIL);
  }

  @Test
  void seal_ofAStoreThatAVaultHasOpen_isNotLookedAt() throws IOException {
    Stores store = Stores.sealedByShares(file);
    try (var vault = store.open(file)) {
      Finding found = SealChecks.ofStore(file, Optional.empty());
      assertThat(found.result()).isEqualTo(Result.OK);
      assertThat(found.detail()).startsWith("a vault has the store open");
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
  }

  @Test
  void server_isAskedWhereItIsNamed() throws IOException {
    Stores store = Stores.sealedByShares(file);
    try (var vault = store.open(file);
        VaultHttpServer server = VaultHttpServer.start(
            VaultHttpHandler.of(vault, HttpOptions.DEFAULT),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ServerLimits.DEFAULT.withDrain(Duration.ZERO))) {
      String address = "http://127.0.0.1:" + server.address().getPort();
      assertThat(doctor("-address", address).out())
          .contains("OK    server        it is unsealed", "OK    server clock");
      vault.seal();
      assertThat(doctor("-address", address).out()).contains("WARN  server        it is sealed");
    }
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(doctor("-address=http://127.0.0.1:" + port).code()).isEqualTo(1);
  }
}
