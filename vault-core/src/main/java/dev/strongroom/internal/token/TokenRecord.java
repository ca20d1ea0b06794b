package dev.strongroom.internal.token;

import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
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
 * <p>A batch token has no hash, accessor or cubbyhole, and is not stored: its record is sealed
 * inside the token.
 *
 * @param parent hash of the token that made it; empty for an orphan
 * @param cubbyholeId where its cubbyhole lies; random
 * @param policies sorted names
 * @param path the request that made it
 * @param role of {@code auth/token} that it was made with
 * @param entityId whose token it is; empty: nobody's in particular
 * @param meta what its creator attached
 * @param numUses requests it was made for, 0 for any number
 * @param boundCidrs where its requests must come from; none: from anywhere
 * @param createdAt never moves; renewals count from it
 * @param expiresAt empty: never
 * @param creationTtl lifetime it was made with; zero: it does not expire
 * @param explicitMaxTtl zero: none
 * @param period zero: not periodic
 * @param issuer of the login that made it; empty: no login did
 */
public record TokenRecord(
    State state,
    TokenType type,
    Optional<String> parent,
    String accessor,
    String cubbyholeId,
    List<String> policies,
    String path,
    Optional<String> role,
    Optional<String> entityId,
    Map<String, String> meta,
    String displayName,
    int numUses,
    List<Cidr> boundCidrs,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Duration creationTtl,
    Duration explicitMaxTtl,
    Duration period,
    boolean renewable,
    Optional<Instant> lastRenewal,
    Optional<Issuer> issuer) {
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

  /**
   * The auth method that made a token at a login.
   *
   * @param mountAccessor of its mount: the token does not outlive it
   * @param data what it needs when the token is renewed
   */
  public record Issuer(String mountAccessor, Map<String, String> data) {
    public Issuer {
      data = Map.copyOf(data);
    }

    private void write(RecordWriter out) {
      out.text(mountAccessor).texts(data);
    }

    private static Issuer read(RecordReader in) {
      return new Issuer(in.text(), in.texts());
    }
  }

  public TokenRecord {
    policies = List.copyOf(policies);
    meta = Map.copyOf(meta);
    boundCidrs = List.copyOf(boundCidrs);
  }

  public boolean isBatch() {
    return type == TokenType.BATCH;
  }

  public boolean isRoot() {
    return policies.contains("root");
  }

  /** Returns whether it stands for a response that waits to be unwrapped. */
  public boolean isWrapping() {
    return policies.equals(List.of(PolicyStore.RESPONSE_WRAPPING));
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
        type,
        newParent,
        accessor,
        cubbyholeId,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        createdAt,
        newExpiresAt,
        creationTtl,
        explicitMaxTtl,
        period,
        renewable,
        newLastRenewal,
        issuer);
  }

  private void write(RecordWriter out) {
    out.u8(state.code).flag(isBatch()).optional(parent, RecordWriter::text);
    out.text(accessor).text(cubbyholeId);
    out.all(policies, RecordWriter::text).text(path).optional(role, RecordWriter::text);
    out.optional(entityId, RecordWriter::text);
    out.texts(meta).text(displayName).i32(numUses);
    out.all(boundCidrs, (each, block) -> each.text(block.toString()));
    out.instant(createdAt).optional(expiresAt, RecordWriter::instant);
    out.i64(creationTtl.toSeconds()).i64(explicitMaxTtl.toSeconds()).i64(period.toSeconds());
    out.flag(renewable).optional(lastRenewal, RecordWriter::instant);
    out.optional(issuer, (each, made) -> made.write(each));
  }

  private static TokenRecord read(RecordReader in) {
    return new TokenRecord(
        state(in),
        in.flag() ? TokenType.BATCH : TokenType.SERVICE,
        in.optional(RecordReader::text),
        in.text(),
        in.text(),
        in.all(RecordReader::text),
        in.text(),
        in.optional(RecordReader::text),
        in.optional(RecordReader::text),
        in.texts(),
        in.text(),
        in.i32(),
        in.all(TokenRecord::block),
        in.instant(),
        in.optional(RecordReader::instant),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        in.flag(),
        in.optional(RecordReader::instant),
        in.optional(Issuer::read));
  }

  static Cidr block(RecordReader in) {
    try {
      return Cidr.parse(in.text());
    } catch (IllegalArgumentException e) {
      throw new RecordReader.CorruptRecord("an address block cannot be read");
    }
  }

  private static State state(RecordReader in) {
    int code = in.u8();
    return Stream.of(State.values())
        .filter(state -> state.code == code)
        .findFirst()
        .orElseThrow(() -> new RecordReader.CorruptRecord("token state " + code + " is not known"));
  }
}
