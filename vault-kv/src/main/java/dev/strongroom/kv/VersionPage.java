package dev.strongroom.kv;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of versions that are too old to lie in the key's own record: {@value #SIZE} of them, from
 * the version after a multiple of that.
 */
record VersionPage(List<VersionEntry> entries) {
  static final int SIZE = 128;
  static final RecordKind<VersionPage> KIND =
      RecordKind.attached("page", RecordCodec.of(1, VersionPage::write, VersionPage::read));

  VersionPage {
    entries = List.copyOf(entries);
    if (entries.size() != SIZE) {
      throw new IllegalArgumentException("a page has " + SIZE + " entries");
    }
  }

  /** Returns the number of the page that a version lies in. */
  static int of(int version) {
    return (version - 1) / SIZE;
  }

  VersionEntry entry(int version) {
    return entries.get((version - 1) % SIZE);
  }

  VersionPage with(int version, VersionEntry entry) {
    List<VersionEntry> changed = new ArrayList<>(entries);
    changed.set((version - 1) % SIZE, entry);
    return new VersionPage(changed);
  }

  private void write(RecordWriter out) {
    out.all(entries, (o, entry) -> entry.write(o));
  }

  private static VersionPage read(RecordReader in) {
    return new VersionPage(in.all(VersionEntry::read));
  }
}
