package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key: its settings, and the entries of its newest versions. Older entries lie in
 * {@link VersionPage pages}, so that a key of 10,000 versions does not rewrite them all with each
 * new one. Immutable.
 *
 * @param id random, and new when a key is made again: its versions lie under it, so that an old
 *     version can never pass for a new one
 * @param current number of the newest version, 0 before the first
 * @param oldest number of the oldest version kept; 0 until the window was full once
 * @param metadataVersion counts the writes of settings
 * @param paged versions up to this number have their entries in pages; a multiple of the page size
 * @param entries of the versions after {@code paged}, or from the oldest kept, up to the current
 *     one
 */
record KeyRecord(
    long id,
    int current,
    int oldest,
    int metadataVersion,
    Instant createdAt,
    Instant updatedAt,
    KeySettings settings,
    int paged,
    List<VersionEntry> entries) {
  static final RecordKind<KeyRecord> KIND =
      RecordKind.tree("key", RecordCodec.of(1, KeyRecord::write, KeyRecord::read));

  KeyRecord {
    entries = List.copyOf(entries);
    if (entries.size() != Math.max(0, current - firstInline(oldest, paged) + 1)) {
      throw new IllegalArgumentException(
          "a key has an entry for each version that it keeps and that lies in no page");
    }
  }

  static KeyRecord create(long id, Instant now) {
    return new KeyRecord(id, 0, 0, 0, now, now, KeySettings.DEFAULT, 0, List.of());
  }

  /** Returns the number of the oldest version that has an entry, if any has. */
  int firstKept() {
    return Math.max(1, oldest);
  }

  /** Returns the number of the version whose entry is the first in {@link #entries}. */
  int firstInline() {
    return firstInline(oldest, paged);
  }

  private static int firstInline(int oldest, int paged) {
    return Math.max(oldest, paged + 1);
  }

  boolean keeps(long version) {
    return version >= firstKept() && version <= current;
  }

  /** Returns the entry of a version that does not lie in a page. */
  Optional<VersionEntry> inline(int version) {
    return keeps(version) && version >= firstInline()
        ? Optional.of(entries.get(version - firstInline()))
        : Optional.empty();
  }

  /**
   * Returns this key with one more version.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} after 2,147,483,647 versions
   */
  KeyRecord withVersion(VersionEntry entry) {
    List<VersionEntry> all = new ArrayList<>(entries);
    all.add(entry);
    return new KeyRecord(
        id,
        next(current),
        oldest,
        metadataVersion,
        createdAt,
        entry.createdAt(),
        settings,
        paged,
        all);
  }

  /** Returns this key with the entry of an inline version changed. */
  KeyRecord withEntry(int version, VersionEntry entry) {
    List<VersionEntry> all = new ArrayList<>(entries);
    all.set(version - firstInline(), entry);
    return with(oldest, paged, all);
  }

  /** Returns this key without the versions before {@code keep}, which is one it keeps. */
  KeyRecord withoutVersionsBefore(int keep) {
    return with(keep, paged, entriesFrom(firstInline(keep, paged)));
  }

  /** Returns this key after the entries up to a page's end have moved to pages. */
  KeyRecord withPagedUpTo(int version) {
    return with(oldest, version, entriesFrom(version + 1));
  }

  /**
   * Returns this key with other settings.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} after 2,147,483,647 changes
   */
  KeyRecord withSettings(KeySettings changed, Instant now) {
    return new KeyRecord(
        id, current, oldest, next(metadataVersion), createdAt, now, changed, paged, entries);
  }

  private KeyRecord with(int newOldest, int newPaged, List<VersionEntry> newEntries) {
    return new KeyRecord(
        id,
        current,
        newOldest,
        metadataVersion,
        createdAt,
        updatedAt,
        settings,
        newPaged,
        newEntries);
  }

  private List<VersionEntry> entriesFrom(int version) {
    return entries.subList(version - firstInline(), entries.size());
  }

  private static int next(int counter) {
    if (counter == Integer.MAX_VALUE) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED,
          "a key counts its versions, and the changes of its settings, up to " + Integer.MAX_VALUE
              + "; delete its metadata to begin anew");
    }
    return counter + 1;
  }

  private void write(RecordWriter out) {
    out.i64(id).i32(current).i32(oldest).i32(metadataVersion);
    out.instant(createdAt).instant(updatedAt);
    settings.write(out);
    out.i32(paged).all(entries, (o, entry) -> entry.write(o));
  }

  private static KeyRecord read(RecordReader in) {
    return new KeyRecord(
        in.i64(),
        in.i32(),
        in.i32(),
        in.i32(),
        in.instant(),
        in.instant(),
        KeySettings.read(in),
        in.i32(),
        in.all(VersionEntry::read));
  }
}
