package dev.strongroom.internal.store;

import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.store.RowCache.Place;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Folders are rows, so that one can be listed: made going down to a record, removed coming up from
 * where one was. For the changes of one batch.
 */
final class Folders {
  private final List<Batch.Change> changes;

  /** What is there by now, so that many records of one folder make sure of it once. */
  private final Set<Place> ensured = new HashSet<>();

  /** Adds to {@code changes}. */
  Folders(List<Batch.Change> changes) {
    this.changes = changes;
  }

  /** Makes sure of the folders above a record of a tree kind. */
  void ensure(Place place) {
    for (String folder : above(place)) {
      if (ensured.add(new Place(place.view(), place.key().kind().at(folder)))) {
        changes.add(new Batch.Ensure(
            place.view().address(place.key().kind(), parent(folder), name(folder))));
      }
    }
  }

  /** Removes the folders above a record of a tree kind that have become empty. */
  void removeEmpty(Place place) {
    ensured.clear();
    BarrierView view = place.view();
    RecordKind<?> kind = place.key().kind();
    List<String> above = above(place);
    for (int i = above.size() - 1; i >= 0; i--) {
      String folder = above.get(i);
      changes.add(new Batch.DeleteIfChildless(
          view.address(kind, parent(folder), name(folder)), view.children(kind, folder)));
    }
  }

  /** Returns the folder a folder lies in: {@code a/} of {@code a/b/}. */
  static String parent(String folder) {
    return folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
  }

  /** Returns the last segment of a folder with its slash: {@code b/} of {@code a/b/}. */
  static String name(String folder) {
    return folder.substring(parent(folder).length());
  }

  /**
   * Returns the folders above a record, top first: {@code a/} and {@code a/b/} of {@code a/b/c}.
   */
  private static List<String> above(Place place) {
    List<String> folders = new ArrayList<>();
    if (place.key().kind().isTree()) {
      String path = place.key().parent();
      for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
        folders.add(path.substring(0, end + 1));
      }
    }
    return folders;
  }
}
