package dev.strongroom.internal.store;

import dev.strongroom.spi.StorageBackend;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rows under a parent, however many there are. */
final class Children {
  private static final int PAGE = 1000;

  private Children() {}

  /** Shows {@code visit} the names of the rows, in their order, until it returns false. */
  static void forEach(StorageBackend store, byte[] parent, Predicate<byte[]> visit) {
    byte @Nullable [] after = null;
    List<byte[]> page;
    do {
      page = store.children(parent, after, PAGE);
      for (byte[] row : page) {
        if (!visit.test(row)) {
          return;
        }
        after = row;
      }
    } while (page.size() == PAGE);
  }
}
