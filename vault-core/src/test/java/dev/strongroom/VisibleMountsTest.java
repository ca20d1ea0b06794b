package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code listing_visibility}, and the list that clients ask before anybody has logged in. */
class VisibleMountsTest {
  private final InMemoryVault vault = Vault.inMemory(builder -> builder.engine(new NotesEngine()));
  private final Session stranger = vault.vault().session(ClientToken.parse("nobody"));

  @BeforeEach
  void mount() {
    write("sys/mounts/open", Map.of("type", "notes", "config", visible("unauth")))
        .orThrow();
    write("sys/mounts/closed", Map.of("type", "notes")).orThrow();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> members) {
    return vault.root().request(Request.write(path, members));
  }

  private static Map<String, String> visible(String value) {
    return Map.of("listing_visibility", value);
  }

  private static Payload secretMounts(Session session) {
    return session
        .request(Request.read("sys/internal/ui/mounts"))
        .orThrow()
        .dataOrEmpty()
        .object("secret")
        .orElseThrow();
  }

  @Test
  void list_forAStranger_showsWhatIsMeantForAllWithoutAccessor() {
    assertThat(secretMounts(stranger).toMap()).containsOnlyKeys("open/");
    assertThat(secretMounts(stranger).object("open/").orElseThrow().toMap())
        .containsOnlyKeys("type", "description", "options");
  }

  @Test
  @DisplayName("H-13 a stranger cannot make the vault store a wrapped answer")
  void list_forAStrangerWhoWantsItWrapped_isDenied() {
    Request wrapped = Request.read("sys/internal/ui/mounts").wrapped(Duration.ofDays(36_500));

    assertThat(stranger.request(wrapped).failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(vault.root().request(wrapped).wrapInfo()).isPresent();
  }

  @Test
  void list_forACaller_showsWhatItsPoliciesTouch() {
    assertThat(secretMounts(vault.root()).toMap()).containsKeys("open/", "closed/", "sys/");
    assertThat(secretMounts(vault.root()).object("closed/").orElseThrow().text("accessor"))
        .isPresent();
  }

  @Test
  void tune_hidesAMountAgain_andTellsWhatIsSet() {
    write("sys/mounts/open/tune", visible("hidden")).orThrow();

    assertThat(secretMounts(stranger).toMap()).isEmpty();
    assertThat(setting("sys/mounts/open/tune")).contains("hidden");

    write("sys/mounts/open/tune", visible("")).orThrow();
    assertThat(setting("sys/mounts/open/tune")).isEmpty();
  }

  private Optional<String> setting(String path) {
    return vault.root().request(Request.read(path)).dataOrEmpty().text("listing_visibility");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNAUTH", "all", " "})
  void visibility_thatThereIsNot_isRefusedAndNothingChanges(String value) {
    Response tuned = write("sys/mounts/open/tune", visible(value));
    Response made = write("sys/mounts/new", Map.of("type", "notes", "config", visible(value)));

    assertThat(tuned.errors())
        .containsExactly("invalid listing_visibility: it is empty, hidden or unauth");
    assertThat(made.errors()).isEqualTo(tuned.errors());
    assertThat(secretMounts(vault.root()).toMap()).doesNotContainKey("new/");
    assertThat(setting("sys/mounts/open/tune")).contains("unauth");
  }
}
