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
  static final RecordKind<VersionPage> KIND = RecordKind.attached("page", new Codec());

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

  private static final class Codec implements RecordCodec<VersionPage> {
    private static final int FORMAT = 1;

    @Override
    public void write(VersionPage page, RecordWriter out) {
      out.u8(FORMAT).all(page.entries, (o, entry) -> entry.write(o));
    }

    @Override
    public VersionPage read(RecordReader in) {
      in.format(FORMAT);
      return new VersionPage(in.all(VersionEntry::read));
    }
  }
}
