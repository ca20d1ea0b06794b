package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Mounts.MountInfo;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountsTest {
  private static final Mount NOTES = Mount.of(new NotesEngine());

  private final InMemoryVault vault = Vault.inMemory(builder -> builder.mount("notes", NOTES));
  private final Mounts mounts = Mounts.of(vault.root());

  @AfterEach
  void close() {
    vault.close();
  }

  @ParameterizedTest
  @CsvSource({"PT-1S, PT0S, PT-1S", "PT0S, PT-1S, PT-1S", "PT0.5S, PT1H, PT0.5S"})
  void mount_withANegativeOrFractionalLifetime_isRefused(
      Duration defaultTtl, Duration maxTtl, Duration wrong) {
    assertThatThrownBy(() -> NOTES.withLeaseTtls(defaultTtl, maxTtl))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lifetimes are whole seconds, zero or more, but got " + wrong);
  }

  private void write(String path, String text) {
    vault.root().request(Request.write(path, Map.of("text", text))).orThrow();
  }

  private String read(String path) {
    return vault
        .root()
        .request(Request.read(path))
        .data()
        .flatMap(data -> data.text("text"))
        .orElse("nothing");
  }

  @Test
  void list_showsTheVaultsOwnAndOthers() {
    assertThat(mounts.list()).containsOnlyKeys("cubbyhole", "identity", "notes", "sys");
    MountInfo notes = mounts.list().get("notes");
    assertThat(notes.type()).isEqualTo("notes");
    assertThat(notes.accessor()).matches("notes_[0-9a-f]{8}");
  }

  @Test
  void mount_isReadyWhenItReturns() {
    mounts.mount("team/notes", NOTES.withDescription("of the team"));
    write("team/notes/a", "1");
    assertThat(read("team/notes/a")).isEqualTo("1");
    assertThat(mounts.list().get("team/notes").description()).isEqualTo("of the team");
  }

  @ParameterizedTest
  @CsvSource({
    "notes, path is already in use at notes/",
    "notes/below, path is already in use at notes/",
    "sys, cannot mount \"sys/\"",
    "sys/x, cannot mount \"sys/x/\"",
    "auth/token/x, cannot mount \"auth/token/x/\"",
    "cubbyhole, cannot mount \"cubbyhole/\"",
    "a b, 'a mount path consists of segments of letters, digits, ''_'', ''-'' and ''.'''",
    "a+/b, 'a mount path consists of segments of letters, digits, ''_'', ''-'' and ''.'''",
  })
  void mount_whereItCannotBe_saysWhy(String path, String message) {
    assertThatThrownBy(() -> mounts.mount(path, NOTES))
        .isInstanceOf(VaultException.class)
        .hasMessage(message);
  }

  @Test
  void mount_aboveAnother_isRefused() {
    mounts.mount("team/notes", NOTES);
    assertThatThrownBy(() -> mounts.mount("team", NOTES))
        .hasMessage("path is already in use at team/notes/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../b", "a//", "./a"})
  void move_toAPathThatNobodyCouldAskFor_isRefused(String to) {
    assertThatThrownBy(() -> mounts.move("notes", to)).isInstanceOf(VaultException.class);
    assertThat(mounts.list()).containsKey("notes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"system", "token"})
  void mount_aTypeOfTheVaultItself_isRefused(String type) {
    assertThatThrownBy(() -> vault
            .root()
            .request(Request.write("sys/mounts/x", Map.of("type", type)))
            .orThrow())
        .hasMessage("mount type of \"" + type + "\" is not mountable");
  }

  @Test
  void mount_unknownType_isRefused() {
    assertThatThrownBy(() -> vault
            .root()
            .request(Request.write("sys/mounts/x", Map.of("type", "nosuch")))
            .orThrow())
        .hasMessage("plugin not found in the catalog: nosuch");
  }

  @Test
  void similarName_isAnotherMount() {
    mounts.mount("notes2", NOTES);
    write("notes/a", "one");
    write("notes2/a", "two");
    assertThat(read("notes/a")).isEqualTo("one");
    assertThat(read("notes2/a")).isEqualTo("two");
  }

  @Test
  void move_takesTheDataAlongAndKeepsTheAccessor() {
    write("notes/a/b", "kept");
    String accessor = mounts.list().get("notes").accessor();

    mounts.move("notes", "archive/notes");

    assertThat(read("archive/notes/a/b")).isEqualTo("kept");
    assertThat(mounts.list().get("archive/notes").accessor()).isEqualTo(accessor);
    assertThat(vault.root().request(Request.read("notes/a/b")).errors())
        .containsExactly("no handler for route \"notes/a/b\". route entry not found.");
  }

  @ParameterizedTest
  @CsvSource({
    "notes, sys/x, cannot remount to destination sys/x/",
    "sys, x, cannot remount \"sys/\"",
    "nothing, x, no matching mount at \"nothing/\"",
    "notes, other, path already in use at \"other/\"",
    "notes, other/below, path already in use at \"other/\"",
  })
  void move_whereItCannotBe_saysWhy(String from, String to, String message) {
    mounts.mount("other", NOTES);
    assertThatThrownBy(() -> mounts.move(from, to))
        .isInstanceOf(VaultException.class)
        .hasMessage(message);
  }

  @Test
  void unmount_dataAreGoneAtOnceAndRowsSoonAfter() {
    for (int i = 0; i < 350; i++) {
      write("notes/folder" + i % 7 + "/note" + i, "x");
    }
    mounts.unmount("notes");

    mounts.mount("notes", NOTES);
    assertThat(read("notes/folder1/note1")).isEqualTo("nothing");
    vault.time().advance(Duration.ZERO);
    write("notes/new", "y");
    assertThat(read("notes/new")).isEqualTo("y");
  }

  @Test
  void unmount_nothingThere_isNoError() {
    mounts.unmount("nothing");
    assertThat(mounts.list()).containsOnlyKeys("cubbyhole", "identity", "notes", "sys");
  }

  @Test
  void unmount_theVaultsOwn_isRefused() {
    assertThatThrownBy(() -> mounts.unmount("sys")).hasMessage("cannot unmount \"sys/\"");
  }

  @Test
  void tune_changesWhatIsGiven() {
    mounts.tune(
        "notes",
        NOTES.withDescription("tuned").withLeaseTtls(Duration.ofHours(1), Duration.ofHours(2)));
    MountInfo tuned = mounts.list().get("notes");
    assertThat(tuned.description()).isEqualTo("tuned");
    assertThat(tuned.defaultLeaseTtl()).isEqualTo(Duration.ofHours(1));
    assertThat(tuned.maxLeaseTtl()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void tune_defaultAboveMaximum_isRefused() {
    assertThatThrownBy(() ->
            mounts.tune("notes", NOTES.withLeaseTtls(Duration.ofHours(3), Duration.ofHours(2))))
        .hasMessage(
            "backend max lease TTL of 7200 would be less than backend default lease TTL of 10800");
  }

  @Test
  void tune_versionOfAnEngineWithoutVersions_isRefused() {
    assertThatThrownBy(() -> mounts.tune("notes", NOTES.withOption("version", "2")))
        .hasMessage("secrets engine \"notes\" does not allow setting a version");
  }
}
