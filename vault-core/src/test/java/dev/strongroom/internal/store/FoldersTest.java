package dev.strongroom.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.KeyShares;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.store.RowCache.Place;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldersTest {
  private static final RecordKind<byte[]> TREE = RecordKind.secretTree("tree");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final BarrierView view = new Barrier(
          Keyring.create(
              new Keyring.SealedBy("shamir", new KeyShares(1, 1)),
              Optional.empty(),
              Instant.EPOCH,
              RANDOM),
          RANDOM)
      .view(new byte[16], new byte[32]);
  private final List<Batch.Change> changes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"a/, '', a/", "a/b/, a/, b/", "a/b/c/, a/b/, c/", "ä b/c/, ä b/, c/"})
  void folder_liesInItsParentUnderItsName(String folder, String parent, String name) {
    assertThat(Folders.parent(folder)).isEqualTo(parent);
    assertThat(Folders.name(folder)).isEqualTo(name);
  }

  @Test
  void ensure_aDeepRecord_makesItsFoldersTopFirst() {
    new Folders(changes).ensure(place(TREE.at("a/b/c")));

    assertThat(changes)
        .containsExactly(
            new Batch.Ensure(view.address(TREE, "", "a/")),
            new Batch.Ensure(view.address(TREE, "a/", "b/")));
  }

  @Test
  void ensure_manyRecordsOfAFolder_makesItOnceUnlessItMayBeGone() {
    Folders folders = new Folders(changes);
    folders.ensure(place(TREE.at("a/1")));
    folders.ensure(place(TREE.at("a/2")));
    assertThat(changes).hasSize(1);

    folders.removeEmpty(place(TREE.at("a/3")));
    folders.ensure(place(TREE.at("a/4")));

    assertThat(changes).hasSize(3).last().isEqualTo(new Batch.Ensure(view.address(TREE, "", "a/")));
  }

  @Test
  void removeEmpty_aDeepRecord_removesItsFoldersBottomFirst() {
    new Folders(changes).removeEmpty(place(TREE.at("a/b/c")));

    assertThat(changes).hasSize(2).allSatisfy(change -> assertThat(change)
        .isInstanceOf(Batch.DeleteIfChildless.class));
    Batch.DeleteIfChildless inner = (Batch.DeleteIfChildless) changes.get(0);
    Batch.DeleteIfChildless outer = (Batch.DeleteIfChildless) changes.get(1);
    assertThat(inner.address()).isEqualTo(view.address(TREE, "a/", "b/"));
    assertThat(inner.children()).isEqualTo(view.children(TREE, "a/b/"));
    assertThat(outer.address()).isEqualTo(view.address(TREE, "", "a/"));
    assertThat(outer.children()).isEqualTo(view.children(TREE, "a/"));
  }

  @Test
  void aRecordWithoutFolders_changesNothing() {
    RecordKind<byte[]> attached = RecordKind.secretAttached("attached");
    Folders folders = new Folders(changes);
    for (StorageKey<?> key : List.of(TREE.at("a"), attached.at("a/b/c", "1"))) {
      folders.removeEmpty(place(key));
      folders.ensure(place(key));
    }

    assertThat(changes).isEmpty();
  }

  private Place place(StorageKey<?> key) {
    return new Place(view, key);
  }
}
