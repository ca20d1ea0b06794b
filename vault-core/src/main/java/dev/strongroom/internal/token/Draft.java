package dev.strongroom.internal.token;

import dev.strongroom.internal.token.TokenRecord.Issuer;
import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A token to be made. Begins as a service token that never expires, is not renewable, and has
 * nothing but its policies. Immutable.
 *
 * @param creator hash of the token whose holder makes it; empty where the vault itself does
 * @param orphan whether it outlives its creator
 * @param policies in the order of their names
 * @param role of {@code auth/token} that it is made with
 * @param entityId whose it is; empty: its parent's, if it has one
 * @param boundCidrs where its requests must come from; none: as its parent's, if it has one
 * @param ttl zero: never expires
 */
public record Draft(
    Optional<String> creator,
    boolean orphan,
    TokenType type,
    List<String> policies,
    String path,
    Optional<String> role,
    Optional<String> entityId,
    Map<String, String> meta,
    String displayName,
    int numUses,
    List<Cidr> boundCidrs,
    Duration ttl,
    Duration explicitMaxTtl,
    Duration period,
    boolean renewable,
    Optional<Issuer> issuer) {

  /** An orphan that the vault itself makes. */
  public static Draft orphan(String path, String displayName, List<String> policies) {
    return new Draft(
        Optional.empty(),
        /* orphan= */ true,
        TokenType.SERVICE,
        policies.stream().sorted().toList(),
        path,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        displayName,
        0,
        List.of(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        /* renewable= */ false,
        Optional.empty());
  }

  /** Returns this draft as one that the holder of a token makes. */
  public Draft madeBy(String hash, boolean asOrphan) {
    return new Draft(
        Optional.of(hash),
        asOrphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft of another type. */
  public Draft withType(TokenType other) {
    return new Draft(
        creator,
        orphan,
        other,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft of a role of {@code auth/token}. */
  public Draft withRole(Optional<String> name) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        name,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft of an entity. */
  public Draft withEntity(Optional<String> id) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        id,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft with what is attached to the token. */
  public Draft withMeta(Map<String, String> pairs) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        pairs,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft for so many requests; 0: any number. */
  public Draft withNumUses(int uses) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        uses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft bound to addresses. */
  public Draft withBoundCidrs(List<Cidr> blocks) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        blocks,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        issuer);
  }

  /** Returns this draft of a token that lives so long. */
  public Draft withTtl(Duration lifetime, boolean canBeRenewed) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        lifetime,
        explicitMaxTtl,
        period,
        canBeRenewed,
        issuer);
  }

  /** Returns this draft with limits of its renewals; zero: none. */
  public Draft withLimits(Duration explicitMax, Duration periodOfRenewal) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMax,
        periodOfRenewal,
        renewable,
        issuer);
  }

  /** Returns this draft of a login. */
  public Draft withIssuer(Issuer method) {
    return new Draft(
        creator,
        orphan,
        type,
        policies,
        path,
        role,
        entityId,
        meta,
        displayName,
        numUses,
        boundCidrs,
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        Optional.of(method));
  }

  Optional<String> parent() {
    return orphan ? Optional.empty() : creator;
  }

  /** Returns the token as it is stored. */
  TokenRecord record(
      String accessor, String cubbyholeId, Optional<TokenRecord> maker, Instant now) {
    Optional<TokenRecord> above = orphan ? Optional.empty() : maker;
    return new TokenRecord(
        State.ACTIVE,
        type,
        parent(),
        accessor,
        cubbyholeId,
        policies,
        path,
        role,
        entityId.or(() -> above.flatMap(TokenRecord::entityId)),
        meta,
        displayName,
        numUses,
        boundCidrs.isEmpty() ? above.map(TokenRecord::boundCidrs).orElse(List.of()) : boundCidrs,
        now,
        ttl.isZero() ? Optional.empty() : Optional.of(now.plus(ttl)),
        ttl,
        explicitMaxTtl,
        period,
        renewable,
        /* lastRenewal= */ Optional.empty(),
        issuer);
  }
}
