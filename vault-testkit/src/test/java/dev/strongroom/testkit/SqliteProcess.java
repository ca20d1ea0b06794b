package dev.strongroom.testkit;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process that opens a store, says {@code open}, and commits one pair of rows after the other,
 * saying which, until it is killed or has committed as many as it was told to. What goes wrong it
 * says too.
 */
final class SqliteProcess {
  private static final byte[] LEFT = new byte[RowAddress.PARENT_BYTES];
  private static final byte[] RIGHT = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  private static final int VALUE_BYTES = 10_000;

  private SqliteProcess() {}

  /** Takes the file and the number of commits. */
  public static void main(String[] arguments) {
    try (StorageBackend store = SqliteStorage.at(Path.of(arguments[0])).open()) {
      System.out.println("open");
      int first = pairs(store) + 1;
      for (int pair = first; pair - first < Integer.parseInt(arguments[1]); pair++) {
        CommitResult result = store.commit(List.of(batch(pair))).get(0);
        System.out.println(
            result instanceof CommitResult.Unknown unknown
                ? "unknown: " + unknown.cause().getMessage()
                : "committed " + pair);
      }
    } catch (StorageException e) {
      System.out.println("failed: " + e.getMessage());
    }
  }

  /**
   * Returns how many pairs a store holds.
   *
   * @throws AssertionError if half a pair is there, or one is missing among them, or the store
   *     would use a revision again
   */
  static int pairs(StorageBackend store) {
    List<Integer> left = numbers(store, LEFT);
    if (!left.equals(numbers(store, RIGHT))
        || !left.equals(IntStream.rangeClosed(1, left.size()).boxed().toList())) {
      throw new AssertionError(
          "the store holds parts of commits: " + left + " and " + numbers(store, RIGHT));
    }
    if (!left.isEmpty()
        && store.get(address(RIGHT, left.size())).orElseThrow().revision() > store.head()) {
      throw new AssertionError("the store will use revisions again after " + store.head());
    }
    return left.size();
  }

  private static Batch batch(int pair) {
    return new Batch(
        List.of(new Batch.Absent(address(LEFT, pair))),
        List.of(
            new Batch.Put(address(LEFT, pair), new byte[VALUE_BYTES]),
            new Batch.Put(address(RIGHT, pair), new byte[VALUE_BYTES])));
  }

  private static List<Integer> numbers(StorageBackend store, byte[] parent) {
    return store.children(parent, null, Integer.MAX_VALUE).stream()
        .map(name -> ByteBuffer.wrap(name).getInt())
        .toList();
  }

  private static RowAddress address(byte[] parent, int number) {
    return RowAddress.of(parent, ByteBuffer.allocate(4).putInt(number).array());
  }
}
