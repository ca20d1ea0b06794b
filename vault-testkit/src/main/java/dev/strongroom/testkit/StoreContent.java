package dev.strongroom.testkit;

import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What a store holds, in an order of its own so that two can be compared as text. */
class StoreContent implements SnapshotSink {
  long head;
  final List<Row> rows = new ArrayList<>();
  final List<DueRow> due = new ArrayList<>();

  static StoreContent of(StorageBackend store) {
    StoreContent content = new StoreContent();
    store.snapshot(content);
    return content;
  }

  void handTo(SnapshotSink sink) {
    sink.head(head);
    due.forEach(sink::due);
    rows.forEach(sink::row);
  }

  @Override
  public void head(long revision) {
    head = revision;
  }

  @Override
  public void row(Row row) {
    rows.add(row);
  }

  @Override
  public void due(DueRow row) {
    due.add(row);
  }

  @Override
  public String toString() {
    return head + "\n"
        + Stream.concat(
                rows.stream().map(row -> row + " " + Arrays.hashCode(row.value())),
                due.stream().map(row -> row + hex(row.id()) + hex(row.reference())))
            .sorted()
            .toList();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
