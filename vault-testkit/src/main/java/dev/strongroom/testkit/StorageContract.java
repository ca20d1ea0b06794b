package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.Batch.Absent;
import dev.strongroom.spi.Batch.AtRevision;
import dev.strongroom.spi.Batch.Change;
import dev.strongroom.spi.Batch.Condition;
import dev.strongroom.spi.Batch.Delete;
import dev.strongroom.spi.Batch.DeleteIfChildless;
import dev.strongroom.spi.Batch.DueAdd;
import dev.strongroom.spi.Batch.DueRemove;
import dev.strongroom.spi.Batch.Ensure;
import dev.strongroom.spi.Batch.Put;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.CommitResult.Committed;
import dev.strongroom.spi.CommitResult.Conflict;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The contract of {@link StorageBackend} as tests. The test of a store extends this class; that is
 * all it has to do.
 *
 * <pre>{@code
 * class InMemoryStorageContractTest extends StorageContract {
 *   @Override
 *   protected StorageType newStorage() {
 *     return InMemoryStorage.create();
 *   }
 * }
 * }</pre>
 */
public abstract class StorageContract {
  private static final byte[] FOLDER = parent(1);
  private static final byte[] OTHER_FOLDER = parent(2);
  private static final RowAddress ROW = address(FOLDER, "row");
  private static final RowAddress OTHER = address(FOLDER, "other");

  private StorageType type;
  private StorageBackend store;

  /** For subclasses. */
  protected StorageContract() {}

  /** Returns a store that was never opened, another one at each call. */
  protected abstract StorageType newStorage();

  @BeforeEach
  void open() {
    type = newStorage();
    store = type.open();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Nested
  class Commits {
    @Test
    void put_newRow_isThereWithTheRevisionOfItsBatch() {
      long revision = committed(new Put(ROW, bytes("value")));

      assertRow(ROW, revision, "value");
    }

    @Test
    void put_existingRow_replacesValueAndRevision() {
      committed(new Put(ROW, bytes("before")));
      long revision = committed(new Put(ROW, bytes("after")));

      assertRow(ROW, revision, "after");
    }

    @Test
    void batches_oneAfterTheOther_getOneRevisionEach() {
      assertThat(store.head()).isZero();
      assertThat(committed(new Put(ROW, bytes("1")), new Put(OTHER, bytes("1"))))
          .isEqualTo(1);
      assertThat(committed(new Delete(ROW))).isEqualTo(2);
      assertThat(committed(new DueRemove(1, id(1)))).isEqualTo(3);
      assertThat(store.head()).isEqualTo(3);
    }

    @Test
    void group_ofNothing_hasNoResults() {
      assertThat(store.commit(List.of())).isEmpty();
      assertThat(store.head()).isZero();
    }

    @Test
    void group_ofSeveral_getsRevisionsInOrder() {
      assertThat(store.commit(List.of(
              batch(new Put(ROW, bytes("1"))),
              batch(new Put(ROW, bytes("2"))),
              batch(new Put(OTHER, bytes("3"))))))
          .containsExactly(new Committed(1), new Committed(2), new Committed(3));
      assertRow(ROW, 2, "2");
      assertRow(OTHER, 3, "3");
    }

    @Test
    void batch_withoutChanges_onlyChecks() {
      committed(new Put(ROW, bytes("value")));

      assertThat(committed()).isEqualTo(2);
      assertConflict(new Batch(List.of(new Absent(ROW)), List.of()), ROW);
      assertRow(ROW, 1, "value");
    }

    @Test
    void changes_ofOneRow_happenInOrder() {
      committed(new Put(ROW, bytes("1")), new Delete(ROW));
      assertThat(store.get(ROW)).isEmpty();

      long revision = committed(new Delete(ROW), new Put(ROW, bytes("2")));
      assertRow(ROW, revision, "2");
    }

    @Test
    void delete_missingRow_changesNothing() {
      assertThat(committed(new Delete(ROW))).isEqualTo(1);
      assertThat(store.get(ROW)).isEmpty();
    }

    @Test
    void row_deletedAndMadeAgain_hasAnotherRevision() {
      long first = committed(new Put(ROW, bytes("same")));
      committed(new Delete(ROW));
      long second = committed(new Put(ROW, bytes("same")));

      assertThat(second).isGreaterThan(first);
      assertConflict(condition(new AtRevision(ROW, first), new Delete(ROW)), ROW);
    }

    @Test
    void values_ofEveryLengthAllowed_comeBack() {
      for (int length : new int[] {0, 1, 255, 4096, 100_000, StorageBackend.MAX_VALUE_BYTES}) {
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);
        committed(new Put(ROW, value));
        assertThat(store.get(ROW).orElseThrow().value()).isEqualTo(value);
      }
    }

    @Test
    void names_ofEveryLengthAllowed_areDifferentRows() {
      List<RowAddress> addresses = IntStream.of(1, 2, 255, 256, StorageBackend.MAX_NAME_BYTES)
          .mapToObj(length -> RowAddress.of(FOLDER, new byte[length]))
          .toList();
      addresses.forEach(address -> committed(new Put(address, bytes(address.name().length + ""))));

      addresses.forEach(address -> assertThat(store.get(address).orElseThrow().value())
          .isEqualTo(bytes(address.name().length + "")));
    }

    @Test
    void commit_interruptedThread_happensAndStaysInterrupted() {
      Thread.currentThread().interrupt();
      long revision;
      boolean interrupted;
      try {
        revision = committed(new Put(ROW, bytes("value")));
        assertRow(ROW, revision, "value");
      } finally {
        interrupted = Thread.interrupted();
      }
      assertThat(interrupted).isTrue();
    }

    @Test
    void commits_ofManyThreads_getRevisionsOfTheirOwn() throws Exception {
      List<Long> revisions = new ArrayList<>();
      for (Future<List<Long>> future : inThreads(4, thread -> {
        List<Long> own = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          own.add(committed(new Put(address(FOLDER, thread + "/" + i), bytes("value"))));
        }
        return own;
      })) {
        assertThat(future.get()).isSorted();
        revisions.addAll(future.get());
      }
      assertThat(revisions)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 200).mapToObj(Long::valueOf).toList());
      assertThat(store.head()).isEqualTo(200);
    }
  }

  @Nested
  class Conditions {
    @Test
    void absent_noRow_holds() {
      assertCommitted(condition(new Absent(ROW), new Put(ROW, bytes("value"))));
    }

    @Test
    void absent_row_conflicts() {
      committed(new Put(ROW, bytes("first")));

      assertConflict(condition(new Absent(ROW), new Put(ROW, bytes("second"))), ROW);
      assertRow(ROW, 1, "first");
    }

    @Test
    void atRevision_sameRevision_holds() {
      long revision = committed(new Put(ROW, bytes("first")));

      assertCommitted(condition(new AtRevision(ROW, revision), new Put(ROW, bytes("second"))));
    }

    @Test
    void atRevision_changedRow_conflicts() {
      long revision = committed(new Put(ROW, bytes("first")));
      committed(new Put(ROW, bytes("first")));

      assertConflict(condition(new AtRevision(ROW, revision), new Delete(ROW)), ROW);
    }

    @Test
    void atRevision_noRow_conflicts() {
      assertConflict(condition(new AtRevision(ROW, 1), new Put(ROW, bytes("value"))), ROW);
      assertConflict(condition(new AtRevision(ROW, 0), new Put(ROW, bytes("value"))), ROW);
    }

    @Test
    void conflict_namesTheRowsThatMovedAndUsesNoRevision() {
      long revision = committed(new Put(ROW, bytes("1")), new Put(OTHER, bytes("1")));
      committed(new Put(OTHER, bytes("2")));
      RowAddress third = address(OTHER_FOLDER, "third");

      assertConflict(
          new Batch(
              List.of(
                  new AtRevision(OTHER, revision),
                  new AtRevision(ROW, revision),
                  new AtRevision(third, revision)),
              List.of(new Put(third, bytes("new")), new DueAdd(dueRow(1, 1, "due")))),
          OTHER,
          third);
      assertThat(store.head()).isEqualTo(2);
      assertThat(store.get(third)).isEmpty();
      assertThat(store.due(1, 1)).isEmpty();
    }

    @Test
    void conditions_seeTheBatchesBeforeThemInTheGroup() {
      assertThat(store.commit(List.of(
              condition(new Absent(ROW), new Put(ROW, bytes("1"))),
              condition(new Absent(ROW), new Put(ROW, bytes("2"))),
              condition(new AtRevision(ROW, 1), new Delete(ROW)),
              condition(new Absent(ROW), new Put(ROW, bytes("3"))))))
          .containsExactly(
              new Committed(1), new Conflict(List.of(ROW)), new Committed(2), new Committed(3));
      assertRow(ROW, 3, "3");
    }

    @Test
    void conditions_areAboutTheStoreBeforeTheirBatch() {
      assertCommitted(new Batch(
          List.of(new Absent(ROW), new Absent(ROW)), List.of(new Put(ROW, bytes("value")))));
    }

    @Test
    void condition_aboutAnotherRowThanTheChanges_counts() {
      committed(new Put(ROW, bytes("value")));

      assertConflict(condition(new Absent(ROW), new Put(OTHER, bytes("value"))), ROW);
      assertThat(store.get(OTHER)).isEmpty();
    }
  }

  @Nested
  class Folders {
    private final RowAddress folder = address(OTHER_FOLDER, "folder/");

    @Test
    void ensure_noRow_makesAnEmptyOne() {
      long revision = committed(new Ensure(folder));

      assertRow(folder, revision, "");
    }

    @Test
    void ensure_row_keepsValueAndRevision() {
      long revision = committed(new Put(folder, bytes("value")));
      committed(new Ensure(folder));

      assertRow(folder, revision, "value");
    }

    @Test
    void deleteIfChildless_noChildren_deletes() {
      committed(new Ensure(folder));
      committed(new DeleteIfChildless(folder, FOLDER));

      assertThat(store.get(folder)).isEmpty();
    }

    @Test
    void deleteIfChildless_child_keepsTheFolder() {
      long revision = committed(new Ensure(folder), new Put(ROW, bytes("child")));
      committed(new DeleteIfChildless(folder, FOLDER));

      assertRow(folder, revision, "");
    }

    @Test
    void deleteIfChildless_lastChildGoesInTheSameBatch_deletes() {
      committed(new Ensure(folder), new Put(ROW, bytes("child")));
      committed(new Delete(ROW), new DeleteIfChildless(folder, FOLDER));

      assertThat(store.get(folder)).isEmpty();
    }

    @Test
    void deleteIfChildless_noFolder_changesNothing() {
      assertThat(committed(new DeleteIfChildless(folder, FOLDER))).isEqualTo(1);
    }
  }

  @Nested
  class Reads {
    @Test
    void get_noRow_isEmpty() {
      committed(new Put(ROW, bytes("value")));

      assertThat(store.get(OTHER)).isEmpty();
      assertThat(store.get(RowAddress.of(OTHER_FOLDER, ROW.name()))).isEmpty();
    }

    @Test
    void getAll_answersInTheOrderAskedFor() {
      committed(new Put(ROW, bytes("1")));
      committed(new Put(OTHER, bytes("2")));

      List<Optional<Row>> rows = store.getAll(List.of(OTHER, address(FOLDER, "none"), ROW, OTHER));

      assertThat(rows.stream().map(row -> row.map(Row::revision).orElse(0L)))
          .containsExactly(2L, 0L, 1L, 2L);
      assertThat(store.getAll(List.of())).isEmpty();
    }

    @Test
    void reads_besideAWriter_seeWholeBatchesAndEachThatReturned() throws Exception {
      committed(new Put(ROW, bytes("0")), new Put(OTHER, bytes("0")));
      List<Future<Boolean>> threads = inThreads(4, thread -> {
        for (int i = 0; i < 100; i++) {
          long before = store.head();
          if (thread == 0) {
            committed(new Put(ROW, bytes("" + i)), new Put(OTHER, bytes("" + i)));
          }
          List<Optional<Row>> both = store.getAll(List.of(ROW, OTHER));
          assertThat(both.get(0).orElseThrow().revision())
              .isEqualTo(both.get(1).orElseThrow().revision())
              .isGreaterThanOrEqualTo(thread == 0 ? before + 1 : before);
        }
        return true;
      });
      for (Future<Boolean> thread : threads) {
        assertThat(thread.get()).isTrue();
      }
    }

    @Test
    void children_areInTheOrderOfTheirUnsignedBytes() {
      List<byte[]> names = Stream.of("01", "7f", "7f00", "80", "8000", "ff", "ffff")
          .map(StorageContract::hex)
          .toList();
      for (int i = names.size() - 1; i >= 0; i--) {
        committed(new Put(RowAddress.of(FOLDER, names.get(i)), bytes("value")));
      }

      assertThat(texts(store.children(FOLDER, null, 100)))
          .containsExactly("01", "7f", "7f00", "80", "8000", "ff", "ffff");
    }

    @Test
    void children_ofOtherParents_areLeftOut() {
      byte[] below = parent(-1);
      committed(
          new Put(ROW, bytes("value")),
          new Put(address(OTHER_FOLDER, "a"), bytes("value")),
          new Put(address(below, "b"), bytes("value")));

      assertThat(texts(store.children(FOLDER, null, 100))).containsExactly(text(ROW.name()));
      assertThat(store.children(parent(9), null, 100)).isEmpty();
    }

    @Test
    void children_deleted_areLeftOut() {
      committed(new Put(ROW, bytes("value")), new Put(OTHER, bytes("value")));
      committed(new Delete(OTHER));

      assertThat(texts(store.children(FOLDER, null, 100))).containsExactly(text(ROW.name()));
    }

    @Test
    void children_afterAName_beginBehindIt() {
      committed(
          new Put(address(FOLDER, "a"), bytes("")),
          new Put(address(FOLDER, "b"), bytes("")),
          new Put(address(FOLDER, "bb"), bytes("")));

      assertThat(texts(store.children(FOLDER, bytes("a"), 100)))
          .containsExactly(text(bytes("b")), text(bytes("bb")));
      assertThat(texts(store.children(FOLDER, bytes("ba"), 100)))
          .containsExactly(text(bytes("bb")));
      assertThat(store.children(FOLDER, bytes("bb"), 100)).isEmpty();
    }

    @Test
    void children_pageByPage_areAllThereOnce() {
      List<Change> puts = IntStream.range(0, 2500)
          .<Change>mapToObj(i -> new Put(address(FOLDER, "name-%04d".formatted(i)), bytes("")))
          .toList();
      committed(puts.toArray(new Change[0]));

      List<String> found = new ArrayList<>();
      byte[] after = null;
      List<byte[]> page;
      do {
        page = store.children(FOLDER, after, 1000);
        found.addAll(texts(page));
        after = page.isEmpty() ? after : page.get(page.size() - 1);
      } while (!page.isEmpty());
      assertThat(found).hasSize(2500).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void pages_ofLessThanOneRow_areRefused() {
      assertThatThrownBy(() -> store.children(FOLDER, null, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.due(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class DueRows {
    @Test
    void due_isOrderedByTimeThenId() {
      committed(
          new DueAdd(dueRow(20, 1, "c")),
          new DueAdd(dueRow(-5, 9, "a")),
          new DueAdd(dueRow(20, 0x80, "d")),
          new DueAdd(dueRow(3, 2, "b")));

      assertThat(references(store.due(20, 100))).containsExactly("a", "b", "c", "d");
    }

    @Test
    void due_untilATime_includesItAndNothingLater() {
      committed(new DueAdd(dueRow(10, 1, "ten")), new DueAdd(dueRow(11, 1, "eleven")));

      assertThat(references(store.due(10, 100))).containsExactly("ten");
      assertThat(store.due(9, 100)).isEmpty();
      assertThat(references(store.due(Long.MAX_VALUE, 100))).containsExactly("ten", "eleven");
    }

    @Test
    void due_moreThanAskedFor_givesTheEarliest() {
      committed(
          new DueAdd(dueRow(2, 1, "b")),
          new DueAdd(dueRow(1, 1, "a")),
          new DueAdd(dueRow(3, 1, "c")));

      assertThat(references(store.due(100, 2))).containsExactly("a", "b");
    }

    @Test
    void dueAdd_sameTimeAndId_replaces() {
      committed(new DueAdd(dueRow(1, 1, "before")));
      committed(new DueAdd(dueRow(1, 1, "after")));

      assertThat(references(store.due(1, 100))).containsExactly("after");
    }

    @Test
    void dueRemove_removesThatOneOnly() {
      committed(
          new DueAdd(dueRow(1, 1, "a")),
          new DueAdd(dueRow(1, 2, "b")),
          new DueAdd(dueRow(2, 1, "c")));
      committed(new DueRemove(1, id(1)), new DueRemove(5, id(5)));

      assertThat(references(store.due(100, 100))).containsExactly("b", "c");
    }
  }

  @Nested
  class Snapshots {
    @Test
    void snapshot_newStore_isEmpty() {
      StoreContent content = StoreContent.of(store);

      assertThat(content.head).isZero();
      assertThat(content.rows).isEmpty();
      assertThat(content.due).isEmpty();
    }

    @Test
    void snapshot_restored_isTheSameStore() {
      committed(new Put(ROW, bytes("1")), new Ensure(OTHER), new DueAdd(dueRow(7, 1, "due")));
      committed(new Put(ROW, bytes("2")));
      committed(new Delete(address(FOLDER, "none")));

      try (StorageBackend copy = newStorage().open()) {
        copy.restore(StoreContent.of(store)::handTo);

        assertThat(StoreContent.of(copy)).hasToString(StoreContent.of(store).toString());
        assertThat(copy.head()).isEqualTo(3);
        assertThat(copy.get(ROW).orElseThrow().revision()).isEqualTo(2);
        assertThat(copy.commit(List.of(batch(new Put(OTHER, bytes("new"))))))
            .containsExactly(new Committed(4));
      }
    }

    @Test
    void snapshot_whileOthersWrite_isOfOneMoment() throws Exception {
      committed(new Put(ROW, bytes("before")), new DueAdd(dueRow(1, 1, "before")));
      ExecutorService other = Executors.newSingleThreadExecutor();
      StoreContent content = new StoreContent() {
        @Override
        public void head(long revision) {
          super.head(revision);
          await(other.submit(() -> committed(
              new Put(ROW, bytes("after")),
              new Put(OTHER, bytes("after")),
              new DueAdd(dueRow(1, 1, "after")))));
        }
      };
      try {
        store.snapshot(content);
      } finally {
        other.shutdown();
      }

      assertThat(content.head).isEqualTo(1);
      assertThat(content.rows.stream().map(row -> new String(row.value(), StandardCharsets.UTF_8)))
          .containsExactly("before");
      assertThat(references(content.due)).containsExactly("before");
      assertThat(store.head()).isEqualTo(2);
    }

    @Test
    void snapshot_sinkThatThrows_endsAndTheStoreGoesOn() {
      committed(new Put(ROW, bytes("value")));
      IllegalStateException failure = new IllegalStateException("the disk of the snapshot is full");

      assertThatThrownBy(() -> store.snapshot(new StoreContent() {
            @Override
            public void row(Row row) {
              throw failure;
            }
          }))
          .isSameAs(failure);
      committed(new Put(ROW, bytes("value")));
      assertThat(StoreContent.of(store).rows).hasSize(1);
    }

    @Test
    void restore_storeThatWasWrittenTo_isRefused() {
      committed(new Put(ROW, bytes("value")));
      StoreContent before = StoreContent.of(store);
      committed(new Delete(ROW)); // empty again, but its revisions are used

      assertRefused(before::handTo, "empty");
      assertThat(store.get(ROW)).isEmpty();
      assertThat(store.head()).isEqualTo(2);
    }

    @Test
    void restore_sourceThatThrows_leavesTheStoreEmpty() {
      IllegalStateException failure = new IllegalStateException("the snapshot ends early");

      assertThatThrownBy(() -> store.restore(sink -> {
            sink.head(5);
            sink.row(new Row(ROW, 5, bytes("value")));
            sink.due(dueRow(1, 1, "due"));
            throw failure;
          }))
          .isSameAs(failure);
      assertEmpty();
    }

    @Test
    void restore_contentOfNoStore_isRefused() {
      assertRefused(sink -> {}, "head");
      assertRefused(sink -> sink.row(new Row(ROW, 1, bytes("value"))), "head");
      assertRefused(sink -> sink.head(-1), "head");
      assertRefused(
          sink -> {
            sink.head(1);
            sink.head(1);
          },
          "head");
      assertRefused(
          sink -> {
            sink.head(1);
            sink.row(new Row(ROW, 2, bytes("value")));
          },
          "revision 2");
      assertRefused(
          sink -> {
            sink.head(1);
            sink.row(new Row(ROW, 0, bytes("value")));
          },
          "revision 0");
      assertRefused(
          sink -> {
            sink.head(2);
            sink.row(new Row(ROW, 1, bytes("1")));
            sink.row(new Row(ROW, 2, bytes("2")));
          },
          "twice");
    }

    private void assertRefused(Consumer<SnapshotSink> source, String reason) {
      long head = store.head();
      assertThatThrownBy(() -> store.restore(source))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(reason);
      assertThat(store.head()).isEqualTo(head);
      assertThat(StoreContent.of(store).rows).isEmpty();
    }

    private void assertEmpty() {
      assertThat(store.head()).isZero();
      assertThat(StoreContent.of(store).rows).isEmpty();
      assertThat(StoreContent.of(store).due).isEmpty();
      assertThat(committed(new Put(ROW, bytes("value")))).isEqualTo(1);
    }
  }

  @Nested
  class Closing {
    @Test
    void closedStore_everyCall_isRefused() {
      store.close();
      store.close();

      Stream.<Runnable>of(
              () -> store.get(ROW),
              () -> store.getAll(List.of(ROW)),
              () -> store.children(FOLDER, null, 1),
              () -> store.due(0, 1),
              () -> store.commit(List.of(batch(new Put(ROW, bytes("value"))))),
              store::head,
              () -> store.snapshot(new StoreContent()),
              () -> store.restore(sink -> sink.head(0)),
              store::purge)
          .forEach(call -> assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void purge_keepsWhatIsThere() {
      long revision = committed(new Put(ROW, bytes("value")), new DueAdd(dueRow(1, 1, "due")));
      committed(new Put(OTHER, bytes("value")));
      committed(new Delete(OTHER));

      store.purge();

      assertRow(ROW, revision, "value");
      assertThat(store.get(OTHER)).isEmpty();
      assertThat(references(store.due(1, 1))).containsExactly("due");
      assertThat(committed(new Put(OTHER, bytes("value")))).isEqualTo(4);
    }

    @Test
    void reopenedStore_keepsEverythingOrNothing() {
      committed(new Put(ROW, bytes("value")), new DueAdd(dueRow(1, 1, "due")));
      committed(new Put(OTHER, bytes("value")));
      String before = StoreContent.of(store).toString();
      boolean loses = store.losesDataOnClose();

      reopen();

      assertThat(StoreContent.of(store))
          .hasToString(loses ? new StoreContent().toString() : before);
    }

    @Test
    void reopenedStore_usesNoRevisionAgain() {
      committed(new Put(ROW, bytes("value")));
      long last = committed(new Put(OTHER, bytes("value")));
      committed(new Delete(OTHER)); // the row with the highest revision is gone
      boolean loses = store.losesDataOnClose();

      reopen();

      assertThat(store.head()).isEqualTo(loses ? 0 : last + 1);
      assertThat(committed(new Put(ROW, bytes("value")))).isEqualTo(loses ? 1 : last + 2);
    }

    private void reopen() {
      store.close();
      store = type.open();
    }
  }

  /**
   * Random groups have the same results and leave the same content as in {@link InMemoryStorage}.
   */
  @TestFactory
  Stream<DynamicTest> randomGroups_endAsInMemory() {
    return IntStream.rangeClosed(1, 20)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
          try (StorageBackend tested = newStorage().open();
              StorageBackend model = InMemoryStorage.create().open()) {
            RandomGroups groups = new RandomGroups(seed, model);
            for (int i = 0; i < 60; i++) {
              List<Batch> group = groups.next();
              assertThat(tested.commit(group)).as("group %s", i).isEqualTo(model.commit(group));
            }
            assertThat(StoreContent.of(tested))
                .hasToString(StoreContent.of(model).toString());
            for (byte[] parent : RandomGroups.PARENTS) {
              assertThat(texts(tested.children(parent, bytes("1"), 3)))
                  .isEqualTo(texts(model.children(parent, bytes("1"), 3)));
            }
            assertThat(references(tested.due(3, 4))).isEqualTo(references(model.due(3, 4)));
          }
        }));
  }

  private long committed(Change... changes) {
    CommitResult result = store.commit(List.of(batch(changes))).get(0);
    assertThat(result).isInstanceOf(Committed.class);
    return ((Committed) result).revision();
  }

  private void assertCommitted(Batch batch) {
    assertThat(store.commit(List.of(batch))).containsExactly(new Committed(store.head()));
  }

  private void assertConflict(Batch batch, RowAddress... moved) {
    assertThat(store.commit(List.of(batch))).containsExactly(new Conflict(List.of(moved)));
  }

  private void assertRow(RowAddress address, long revision, String value) {
    Row row = store.get(address).orElseThrow();
    assertThat(row.address()).isEqualTo(address);
    assertThat(row.revision()).isEqualTo(revision);
    assertThat(row.value()).isEqualTo(bytes(value));
  }

  private static Batch batch(Change... changes) {
    return new Batch(List.of(), List.of(changes));
  }

  private static Batch condition(Condition condition, Change change) {
    return new Batch(List.of(condition), List.of(change));
  }

  private static RowAddress address(byte[] parent, String name) {
    return RowAddress.of(parent, bytes(name));
  }

  private static byte[] parent(int number) {
    return ByteBuffer.allocate(RowAddress.PARENT_BYTES).putInt(12, number).array();
  }

  private static byte[] id(int number) {
    return ByteBuffer.allocate(DueRow.ID_BYTES).put((byte) number).array();
  }

  private static DueRow dueRow(long at, int id, String reference) {
    return new DueRow(at, id(id), bytes(reference));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static List<String> texts(List<byte[]> names) {
    return names.stream().map(StorageContract::text).toList();
  }

  private static List<String> references(List<DueRow> rows) {
    return rows.stream()
        .map(row -> new String(row.reference(), StandardCharsets.UTF_8))
        .toList();
  }

  private interface ThreadWork<T> {
    T run(int thread) throws Exception;
  }

  private static <T> List<Future<T>> inThreads(int count, ThreadWork<T> work)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      return threads.invokeAll(IntStream.range(0, count)
          .<java.util.concurrent.Callable<T>>mapToObj(thread -> () -> work.run(thread))
          .toList());
    } finally {
      threads.shutdown();
    }
  }

  private static void await(Future<?> future) {
    try {
      future.get();
    } catch (Exception e) {
      throw new AssertionError("the other thread failed", e);
    }
  }
}
