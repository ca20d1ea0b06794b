package dev.strongroom;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link AuditLog#verify} found. */
public sealed interface AuditVerification {

  /** Returns whether nothing is wrong with the records that are there. */
  default boolean isIntact() {
    return this instanceof Intact;
  }

  /**
   * The records that are there are as they were written. Whether records are missing before the
   * first one or after the last one is for the caller to say; see {@link #isWhole()}.
   *
   * @param records in all files
   * @param first record
   * @param last record
   * @param fromTheBeginning whether the first record is the first that the device ever had
   * @param closed whether the last record says that the vault was sealed or closed
   * @param publicKey that the checkpoints were verified with; empty where there was none
   * @param signed how many records the last checkpoint covers
   */
  record Intact(
      long records,
      AuditPosition first,
      AuditPosition last,
      boolean fromTheBeginning,
      boolean closed,
      Optional<String> publicKey,
      long signed)
      implements AuditVerification {

    /** Returns whether nothing can be missing at either end. */
    public boolean isWhole() {
      return fromTheBeginning && closed;
    }
  }

  /**
   * The first thing that is wrong.
   *
   * @param file where it is; null if no file was given
   * @param line where it is, from 1
   * @param reason for people
   */
  record Broken(@Nullable Path file, long line, String reason) implements AuditVerification {
    @Override
    public String toString() {
      return file + ", line " + line + ": " + reason;
    }
  }
}
