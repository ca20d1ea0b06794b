package dev.strongroom.internal.policy;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A policy as it is stored.
 *
 * @param text as it was written
 * @param version counts the writes, from 1
 * @param casRequired whether the next write must name the version it replaces
 * @param expiresAt from when on it counts as absent
 * @param slashesInValues whether placeholders may be filled with values that have slashes
 * @param wildcardsInValues whether they may be filled with values that have stars and plus signs
 * @param declared whether the host application declares it, so that nobody else may change it
 */
public record PolicyRecord(
    String text,
    int version,
    boolean casRequired,
    Optional<Instant> expiresAt,
    Instant modified,
    boolean slashesInValues,
    boolean wildcardsInValues,
    boolean declared) {
  static final RecordCodec<PolicyRecord> CODEC =
      RecordCodec.of(1, PolicyRecord::write, PolicyRecord::read);

  /** A policy that the vault itself or its host writes. */
  static PolicyRecord of(String text, int version, Instant modified, boolean declared) {
    return new PolicyRecord(
        text, version, false, Optional.empty(), modified, false, false, declared);
  }

  public PolicyRecord {
    Objects.requireNonNull(text, "text");
  }

  boolean isExpired(Instant now) {
    return expiresAt.filter(at -> !now.isBefore(at)).isPresent();
  }

  private void write(RecordWriter out) {
    out.text(text).i32(version).flag(casRequired);
    out.optional(expiresAt, RecordWriter::instant).instant(modified);
    out.flag(slashesInValues).flag(wildcardsInValues).flag(declared);
  }

  private static PolicyRecord read(RecordReader in) {
    return new PolicyRecord(
        in.text(),
        in.i32(),
        in.flag(),
        in.optional(RecordReader::instant),
        in.instant(),
        in.flag(),
        in.flag(),
        in.flag());
  }
}
