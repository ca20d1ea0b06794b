package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCommandsTest {
  @TempDir
  Path folder;

  private Stores vault;
  private String store;
  private Path snapshot;

  @BeforeEach
  void make() {
    vault = Stores.sealedByShares(folder.resolve("vault.db"));
    store = vault.file().toString();
    snapshot = folder.resolve("a.snapshot");
  }

  private Run save() {
    return Run.withInput(vault.lines(2), "snapshot", "save", "-store", store, snapshot.toString());
  }

  @Test
  void save_thenRestore_isTheSameVault() throws IOException {
    byte[] before = Files.readAllBytes(vault.file());
    Run saved = save();
    assertThat(saved.code()).isZero();
    assertThat(saved.out()).startsWith("Saved " + snapshot + ": revision ").contains(" rows, ");
    assertThat(Files.readAllBytes(vault.file())).isEqualTo(before);
    Path copy = folder.resolve("copy.db");
    Run restored =
        Run.of("snapshot", "restore", "-store=" + copy, "-format=json", snapshot.toString());
    assertThat(restored.code()).isZero();
    assertThat(restored.out()).contains("\"store\": \"" + copy + "\"", "\"n\": 3");
    assertThat(vault.isIn(copy)).isTrue();
  }

  @Test
  void save_whatExists_isKept() throws IOException {
    save();
    byte[] before = Files.readAllBytes(snapshot);
    Run again = save();
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("or give -replace");
    assertThat(Files.readAllBytes(snapshot)).isEqualTo(before);
    assertThat(Run.withInput(
                vault.lines(2),
                "snapshot",
                "save",
                "-store",
                store,
                "-replace",
                snapshot.toString())
            .code())
        .isZero();
    assertThat(Run.withInput(vault.lines(2), "snapshot", "save", "-store", store, "-replace", store)
            .code())
        .isEqualTo(1);
    assertThat(vault.isIn(vault.file())).isTrue();
  }

  @Test
  void save_withoutTheKeys_writesNothing() {
    Run few =
        Run.withInput(vault.lines(1), "snapshot", "save", "-store", store, snapshot.toString());
    assertThat(few.code()).isEqualTo(2);
    assertThat(few.err()).isEqualTo("save: 1 key shares were given, but 2 are needed\n");
    assertThat(snapshot).doesNotExist();
  }

  @Test
  void save_ofAStoreThatOpensByAKey_asksForNothing() throws IOException {
    Stores other = Stores.sealedByKey(folder.resolve("other.db"));
    String key = other.sealKey().orElseThrow().toString();
    Run saved = Run.of(
        "snapshot",
        "save",
        "-store",
        other.file().toString(),
        "-seal-key-file",
        key,
        snapshot.toString());
    assertThat(saved.code()).isZero();
    assertThat(Run.of("snapshot", "verify", "-seal-key-file", key, snapshot.toString())
            .out())
        .contains("Written by the vault");
  }

  @Test
  void restore_intoAStoreThatIsNotEmpty_changesNothing() throws IOException {
    save();
    byte[] before = Files.readAllBytes(vault.file());
    Run run = Run.of("snapshot", "restore", "-store", store, snapshot.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("into an empty store");
    assertThat(Files.readAllBytes(vault.file())).isEqualTo(before);
  }

  @Test
  void restore_aDamagedSnapshot_makesNoStore() throws IOException {
    save();
    damage(snapshot, 100);
    Path copy = folder.resolve("copy.db");
    Run run = Run.of("snapshot", "restore", "-store", copy.toString(), snapshot.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(copy).doesNotExist();
  }

  @Test
  void verify_aGoodSnapshot_saysWhatWasChecked() {
    save();
    Run withoutKeys = Run.of("snapshot", "verify", snapshot.toString());
    assertThat(withoutKeys.code()).isZero();
    assertThat(withoutKeys.out()).startsWith("Whole: revision ").contains("was not checked");
    Run withKeys = Run.withInput(
        vault.lines(3), "snapshot", "verify", "-shares", "-format", "json", snapshot.toString());
    assertThat(withKeys.code()).isZero();
    assertThat(withKeys.out()).contains("\"genuine\": \"yes\"");
  }

  @Test
  void verify_aSnapshotThatIsDamagedOrOfSomebodyElse_endsWithTwo() throws IOException {
    save();
    damage(snapshot, (int) Files.size(snapshot) - 1);
    assertThat(Run.of("snapshot", "verify", snapshot.toString()).code()).isZero();
    Run forged =
        Run.withInput(vault.lines(2), "snapshot", "verify", "-shares", snapshot.toString());
    assertThat(forged.code()).isEqualTo(2);
    assertThat(forged.err()).contains("is not one that this vault wrote");
    damage(snapshot, 100);
    Run damaged = Run.of("snapshot", "verify", snapshot.toString());
    assertThat(damaged.code()).isEqualTo(2);
    assertThat(damaged.err()).contains("damaged");
  }

  @Test
  void wrongUse_endsWithOne() {
    assertThat(Run.of("snapshot").code()).isEqualTo(1);
    assertThat(Run.of("snapshot", "save", "-store", store).code()).isEqualTo(1);
    assertThat(Run.of("snapshot", "save", "a").code()).isEqualTo(1);
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.write(file, content);
  }
}
