package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Change;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners are told of each operation. */
class ChangesTest {
  private final TestMount mount = new TestMount();
  private final KvStore store = mount.store();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    mount.root().onChange("secret/", this::note);
  }

  @AfterEach
  void close() {
    mount.close();
  }

  private void note(Change change) {
    told.add(change.kind() + " " + change.path()
        + (change.version().isPresent() ? " " + change.version().getAsInt() : ""));
  }

  /** Returns what was told since this was called last. */
  private List<String> told() {
    mount.advance(Duration.ZERO);
    List<String> news = List.copyOf(told);
    told.clear();
    return news;
  }

  @Test
  void putAndPatch_areWrittenWithTheirVersion() {
    store.put("apps/db", Map.of("k", 1));
    store.patch("apps/db", Map.of("k", 2));

    assertThat(told())
        .containsExactly("WRITTEN secret/data/apps/db 1", "WRITTEN secret/data/apps/db 2");
  }

  @Test
  void put_thatIsRefused_isNotTold() {
    store.put("a", Map.of("k", 1));
    told();

    mount.post("data/a", "{'data':{},'options':{'cas':0}}");
    mount.post("data/a", "{}");
    mount.patch("data/none", "{'data':{}}");

    assertThat(told()).isEmpty();
  }

  @Test
  void delete_newestVersion_isDeleted() {
    mount.postVersions("a", 2);
    told();

    store.delete("a");
    store.delete("a");
    store.delete("none");

    assertThat(told()).containsExactly("DELETED secret/data/a 2");
  }

  @Test
  void versions_areToldOneByOne_andOnlyThoseThatChanged() {
    mount.postVersions("a", 3);
    told();

    store.delete("a", 1, 3, 7);
    store.delete("a", 1);
    assertThat(told()).containsExactly("DELETED secret/data/a 1", "DELETED secret/data/a 3");

    store.undelete("a", 3, 2);
    assertThat(told()).containsExactly("UNDELETED secret/data/a 3");

    store.destroy("a", 2, 1);
    store.destroy("a", 1);
    store.undelete("a", 1);
    assertThat(told()).containsExactly("DESTROYED secret/data/a 2", "DESTROYED secret/data/a 1");
  }

  @Test
  void versions_inPages_areToldAsWell() {
    store.setMetadata("a", KvSettings.unchanged().withMaxVersions(200));
    mount.postVersions("a", 150);
    told();

    store.destroy("a", 1);

    assertThat(told()).containsExactly("DESTROYED secret/data/a 1");
  }

  @Test
  void versionsThatLeaveTheWindow_areNotTold() {
    mount.postVersions("a", 12);

    assertThat(told()).hasSize(12).allMatch(change -> change.startsWith("WRITTEN"));
  }

  @Test
  void deleteMetadata_isRemovedWithoutAVersion() {
    mount.postVersions("a", 2);
    told();

    store.deleteMetadata("a");
    store.deleteMetadata("a");

    assertThat(told()).containsExactly("REMOVED secret/data/a");
  }

  @Test
  void settings_areNoChangeOfData() {
    store.put("a", Map.of());
    told();

    mount.post("metadata/a", "{'max_versions':5}").orThrow();
    mount.post("metadata/b", "{'max_versions':5}").orThrow();
    mount.post("config", "{'max_versions':5}").orThrow();

    assertThat(told()).isEmpty();
  }

  @Test
  void writeAll_isToldInOrder_andNotAtAllIfItIsRefused() {
    store.put("a", Map.of("k", 1));
    told();
    Map<String, KvWrite> writes = new LinkedHashMap<>();
    writes.put("b", KvWrite.of(Map.of("k", 1)).ifAbsent());
    writes.put("a", KvWrite.of(Map.of("k", 2)));

    store.writeAll(writes);
    assertThat(told()).containsExactly("WRITTEN secret/data/b 1", "WRITTEN secret/data/a 2");

    assertThatThrownBy(() -> store.writeAll(writes)).isInstanceOf(VaultException.class);
    assertThat(told()).isEmpty();
  }

  @Test
  void versionOne_isToldWithoutVersions() {
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.mount("kv", Kv.version1()))) {
      vault.root().onChange("kv/", this::note);
      Kv1Store kv = Kv1Store.at(vault.root(), "kv");

      kv.put("apps/db", Map.of("k", 1));
      kv.put("apps/db", Map.of("k", 2));
      kv.delete("apps/db");
      kv.delete("apps/db");
      vault.time().advance(Duration.ZERO);
    }

    assertThat(told)
        .containsExactly("WRITTEN kv/apps/db", "WRITTEN kv/apps/db", "REMOVED kv/apps/db");
  }
}
