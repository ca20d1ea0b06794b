package dev.strongroom.kv;

import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is known of a version besides its data.
 *
 * @param deletedAt from when on it reads as deleted; may lie in the future
 * @param destroyed whether its data are gone for good
 */
record VersionEntry(Instant createdAt, Optional<Instant> deletedAt, boolean destroyed) {

  /**
   * Returns whether the version can be read.
   *
   * @param now asked only where a version can be deleted
   */
  boolean isLive(Supplier<Instant> now) {
    return !destroyed && (deletedAt.isEmpty() || now.get().isBefore(deletedAt.get()));
  }

  /** Returns this entry deleted from now on; empty if the version is not live anyway. */
  Optional<VersionEntry> deleted(Supplier<Instant> now) {
    return isLive(now) ? Optional.of(withDeletedAt(Optional.of(now.get()))) : Optional.empty();
  }

  VersionEntry withDeletedAt(Optional<Instant> moment) {
    return new VersionEntry(createdAt, moment, destroyed);
  }

  VersionEntry withoutData() {
    return new VersionEntry(createdAt, deletedAt, /* destroyed= */ true);
  }

  /** Returns the members that every answer about a version has. */
  Map<String, Object> describe() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("created_time", InstantText.format(createdAt));
    members.put("deletion_time", deletedAt.map(InstantText::format).orElse(""));
    members.put("destroyed", destroyed);
    return members;
  }

  void write(RecordWriter out) {
    out.instant(createdAt).optional(deletedAt, RecordWriter::instant).flag(destroyed);
  }

  static VersionEntry read(RecordReader in) {
    return new VersionEntry(in.instant(), in.optional(RecordReader::instant), in.flag());
  }
}
