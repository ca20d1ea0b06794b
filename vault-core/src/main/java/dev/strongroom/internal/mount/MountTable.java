package dev.strongroom.internal.mount;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * All mounts, in one record, so that overlapping is one condition. No mount lies below another.
 * Immutable.
 *
 * @param entries in the order of their paths
 */
public record MountTable(List<MountEntry> entries) {
  /**
   * Holds the mounts' secrets, and is decoded while the vault is unsealed: the router wipes them.
   */
  static final RecordKind<MountTable> KIND =
      RecordKind.attached("mounts", RecordCodec.of(1, MountTable::write, MountTable::read));

  static final StorageKey<MountTable> KEY = KIND.at("", "table");

  public MountTable {
    entries = entries.stream().sorted(Comparator.comparing(MountEntry::path)).toList();
    for (int i = 1; i < entries.size(); i++) { // what lies below a path follows it in this order
      String above = entries.get(i - 1).path();
      if (entries.get(i).path().startsWith(above)) {
        throw new IllegalArgumentException("two mounts lie at or below " + above);
      }
    }
  }

  /** Returns the mount at exactly this path. */
  public Optional<MountEntry> at(String path) {
    return entries.stream().filter(entry -> entry.path().equals(path)).findFirst();
  }

  /** Returns the mount that an accessor names. */
  public Optional<MountEntry> byAccessor(String accessor) {
    return entries.stream().filter(entry -> entry.accessor().equals(accessor)).findFirst();
  }

  /** Returns the mount of that id, which a move does not change. */
  public Optional<MountEntry> byId(UUID id) {
    return entries.stream().filter(entry -> entry.uuid().equals(id)).findFirst();
  }

  /** Returns a mount that lies at, above or below this path, if one does. */
  Optional<MountEntry> overlapping(String path) {
    return entries.stream()
        .filter(entry -> entry.path().startsWith(path) || path.startsWith(entry.path()))
        .findFirst();
  }

  MountTable with(MountEntry... more) {
    List<MountEntry> all = new ArrayList<>(entries);
    all.addAll(List.of(more));
    return new MountTable(all);
  }

  MountTable without(MountEntry entry) {
    return new MountTable(
        entries.stream().filter(other -> !Arrays.equals(other.id(), entry.id())).toList());
  }

  /** Returns this table with another entry for the mount of that id. */
  MountTable changing(MountEntry changed) {
    return without(changed).with(changed);
  }

  private void write(RecordWriter out) {
    out.all(entries, (o, entry) -> entry.write(o));
  }

  private static MountTable read(RecordReader in) {
    return new MountTable(in.all(MountEntry::read));
  }
}
