package dev.strongroom.internal.lease;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.OutsideSecret.Terms;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A lease as it is stored, under its id. It is written before the secret is made, and goes only
 * when the secret is known to be gone. Immutable.
 *
 * @param mount whose engine made the secret; outlives the mount's path
 * @param kind of the secret, by which its engine knows it
 * @param owner hash of the token it ends with; empty for a batch token without a parent
 * @param latest moment that no renewal passes, where its owner is a batch token
 * @param issuedAt never moves; renewals count from it
 * @param expiresAt when it is to be revoked
 * @param deadline of a creation or a renewal that nobody has confirmed
 * @param until when it is to end once its renewal is confirmed
 * @param attempts to revoke it that failed
 * @param lastError what the last of them said, at most {@link OutsideFailure#MAX_TEXT} characters
 * @param hint when its entry in the index of due work is due
 */
record LeaseRecord(
    String id,
    State state,
    UUID mount,
    String kind,
    Optional<String> owner,
    Optional<Instant> latest,
    Payload plan,
    Terms terms,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Instant> lastRenewal,
    Optional<Instant> deadline,
    Optional<Instant> until,
    int attempts,
    String lastError,
    Instant hint) {
  private static final int FORMAT = 1;

  /** How far a lease is. */
  enum State {
    /** The secret may be made before the deadline; nobody has got it. */
    CREATING(1),
    ACTIVE(2),
    /** The secret may end earlier or later than the lease says. */
    RENEWING(3),
    /** The secret is to be destroyed. With a deadline it may still be made until then. */
    REVOKING(4),
    /** As {@link #REVOKING}, but that has failed too often: somebody must see to it. */
    IRREVOCABLE(5);

    private final int code;

    State(int code) {
      this.code = code;
    }

    private static State read(RecordReader in) {
      int code = in.u8();
      return Stream.of(values())
          .filter(state -> state.code == code)
          .findFirst()
          .orElseThrow(
              () -> new RecordReader.CorruptRecord("lease state " + code + " is not known"));
    }
  }

  /** Returns what the indexes call it: the random end of its id. */
  String name() {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  /** Returns the request that made it. */
  String path() {
    return id.substring(0, id.lastIndexOf('/'));
  }

  boolean isEnding() {
    return state == State.REVOKING || state == State.IRREVOCABLE;
  }

  boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  LeaseRecord confirmed(Instant now) {
    boolean renewal = state == State.RENEWING;
    return with(
        State.ACTIVE,
        renewal ? until.orElseThrow() : expiresAt,
        renewal ? Optional.of(now) : lastRenewal,
        Optional.empty(),
        Optional.empty());
  }

  LeaseRecord renewing(Instant newUntil, Instant newDeadline) {
    return with(
        State.RENEWING, expiresAt, lastRenewal, Optional.of(newDeadline), Optional.of(newUntil));
  }

  /** Returns the lease after a renewal of which nobody knows what came of it: the lesser counts. */
  LeaseRecord notRenewed() {
    Instant lesser = until.filter(expiresAt::isAfter).orElse(expiresAt);
    return with(State.ACTIVE, lesser, lastRenewal, Optional.empty(), Optional.empty());
  }

  /** Returns the lease after a renewal that did not happen. */
  LeaseRecord notAsked() {
    return with(State.ACTIVE, expiresAt, lastRenewal, Optional.empty(), Optional.empty());
  }

  /** Returns the lease to be revoked; a deadline stays where the secret may still be made. */
  LeaseRecord revoking() {
    return with(
        State.REVOKING,
        expiresAt,
        lastRenewal,
        state == State.CREATING ? deadline : Optional.empty(),
        Optional.empty());
  }

  LeaseRecord failed(State next, int newAttempts, String error) {
    return new LeaseRecord(
        id,
        next,
        mount,
        kind,
        owner,
        latest,
        plan,
        terms,
        issuedAt,
        expiresAt,
        lastRenewal,
        deadline,
        until,
        newAttempts,
        error,
        hint);
  }

  LeaseRecord withHint(Instant at) {
    return new LeaseRecord(
        id,
        state,
        mount,
        kind,
        owner,
        latest,
        plan,
        terms,
        issuedAt,
        expiresAt,
        lastRenewal,
        deadline,
        until,
        attempts,
        lastError,
        at);
  }

  private LeaseRecord with(
      State newState,
      Instant newExpiresAt,
      Optional<Instant> newLastRenewal,
      Optional<Instant> newDeadline,
      Optional<Instant> newUntil) {
    return new LeaseRecord(
        id,
        newState,
        mount,
        kind,
        owner,
        latest,
        plan,
        terms,
        issuedAt,
        newExpiresAt,
        newLastRenewal,
        newDeadline,
        newUntil,
        attempts,
        lastError,
        hint);
  }

  byte[] toBytes() {
    try (RecordWriter out = new RecordWriter()) {
      byte[] json = plan.toJson();
      out.u8(FORMAT).text(id).u8(state.code);
      out.i64(mount.getMostSignificantBits())
          .i64(mount.getLeastSignificantBits())
          .text(kind);
      out.optional(owner, RecordWriter::text).optional(latest, RecordWriter::instant);
      out.bytes(json);
      out.i64(terms.ttl().toSeconds()).i64(terms.maxTtl().toSeconds()).flag(terms.renewable());
      out.instant(issuedAt).instant(expiresAt).optional(lastRenewal, RecordWriter::instant);
      out.optional(deadline, RecordWriter::instant).optional(until, RecordWriter::instant);
      out.i32(attempts).text(lastError).instant(hint);
      Arrays.fill(json, (byte) 0);
      return out.toBytes();
    }
  }

  /** Reads a record, and wipes the bytes. */
  static LeaseRecord parse(byte[] bytes) {
    try {
      RecordReader in = new RecordReader(bytes);
      in.format(FORMAT);
      LeaseRecord lease = new LeaseRecord(
          in.text(),
          State.read(in),
          new UUID(in.i64(), in.i64()),
          in.text(),
          in.optional(RecordReader::text),
          in.optional(RecordReader::instant),
          Payload.parse(in.bytes()),
          new Terms(Duration.ofSeconds(in.i64()), Duration.ofSeconds(in.i64()), in.flag()),
          in.instant(),
          in.instant(),
          in.optional(RecordReader::instant),
          in.optional(RecordReader::instant),
          in.optional(RecordReader::instant),
          in.i32(),
          in.text(),
          in.instant());
      in.end();
      return lease;
    } catch (RecordReader.CorruptRecord | IllegalArgumentException e) {
      throw new StorageException("a record of kind lease is corrupt: " + e.getMessage());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Never prints the plan. */
  @Override
  public String toString() {
    return "LeaseRecord[" + id + ", " + state + "]";
  }
}
