package dev.strongroom.internal.token;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A token as it is stored, under its hash: everything but the token itself. A token and its own
 * lease are this one record, so a token without a lease cannot exist. Immutable.
 *
 * @param parent hash of the token that made it; empty for an orphan
 * @param policies sorted names
 * @param path the request that made it
 * @param entityId whose token it is; empty: nobody's in particular
 * @param meta what its creator attached
 * @param numUses requests it was made for, 0 for any number
 * @param createdAt never moves; renewals count from it
 * @param expiresAt empty: never
 * @param creationTtl lifetime it was made with; zero: it does not expire
 * @param explicitMaxTtl zero: none
 * @param period zero: not periodic
 */
public record TokenRecord(
    State state,
    Optional<String> parent,
    String accessor,
    List<String> policies,
    String path,
    Optional<String> entityId,
    Map<String, String> meta,
    String displayName,
    int numUses,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Duration creationTtl,
    Duration explicitMaxTtl,
    Duration period,
    boolean renewable,
    Optional<Instant> lastRenewal) {
  static final RecordCodec<TokenRecord> CODEC =
      RecordCodec.of(1, TokenRecord::write, TokenRecord::read);

  /** What a token is worth. */
  public enum State {
    ACTIVE(1),
    /** Ended, and everything below it. What is left of the tree is being removed. */
    REVOKING(2),
    /** Ended alone: its children live on as orphans. */
    RELEASED(3);

    private final int code;

    State(int code) {
      this.code = code;
    }
  }

  public TokenRecord {
    policies = List.copyOf(policies);
    meta = Map.copyOf(meta);
  }

  public boolean isRoot() {
    return policies.contains("root");
  }

  public boolean isOrphan() {
    return parent.isEmpty();
  }

  TokenRecord withState(State next) {
    return with(next, parent, expiresAt, lastRenewal);
  }

  TokenRecord orphaned() {
    return with(state, Optional.empty(), expiresAt, lastRenewal);
  }

  TokenRecord renewed(Instant now, Duration ttl) {
    return with(state, parent, Optional.of(now.plus(ttl)), Optional.of(now));
  }

  /** Returns this token with all that can change after its creation. */
  private TokenRecord with(
      State newState,
      Optional<String> newParent,
      Optional<Instant> newExpiresAt,
      Optional<Instant> newLastRenewal) {
    return new TokenRecord(
        newState,
        newParent,
        accessor,
        policies,
        path,
        entityId,
        meta,
        displayName,
        numUses,
        createdAt,
        newExpiresAt,
        creationTtl,
        explicitMaxTtl,
        period,
        renewable,
        newLastRenewal);
  }

  private void write(RecordWriter out) {
    out.u8(state.code).optional(parent, RecordWriter::text).text(accessor);
    out.all(policies, RecordWriter::text).text(path).optional(entityId, RecordWriter::text);
    out.texts(meta).text(displayName);
    out.i32(numUses).instant(createdAt).optional(expiresAt, RecordWriter::instant);
    out.i64(creationTtl.toSeconds()).i64(explicitMaxTtl.toSeconds()).i64(period.toSeconds());
    out.flag(renewable).optional(lastRenewal, RecordWriter::instant);
  }

  private static TokenRecord read(RecordReader in) {
    return new TokenRecord(
        state(in),
        in.optional(RecordReader::text),
        in.text(),
        in.all(RecordReader::text),
        in.text(),
        in.optional(RecordReader::text),
        in.texts(),
        in.text(),
        in.i32(),
        in.instant(),
        in.optional(RecordReader::instant),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        in.flag(),
        in.optional(RecordReader::instant));
  }

  private static State state(RecordReader in) {
    int code = in.u8();
    return Stream.of(State.values())
        .filter(state -> state.code == code)
        .findFirst()
        .orElseThrow(() -> new RecordReader.CorruptRecord("token state " + code + " is not known"));
  }
}
