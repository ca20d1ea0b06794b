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
import java.util.function.Consumer;

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
    return with(parts -> {
      parts.creator = Optional.of(hash);
      parts.orphan = asOrphan;
    });
  }

  /** Returns this draft of another type. */
  public Draft withType(TokenType other) {
    return with(parts -> parts.type = other);
  }

  /** Returns this draft of a role of {@code auth/token}. */
  public Draft withRole(Optional<String> name) {
    return with(parts -> parts.role = name);
  }

  /** Returns this draft of an entity. */
  public Draft withEntity(Optional<String> id) {
    return with(parts -> parts.entityId = id);
  }

  /** Returns this draft with what is attached to the token. */
  public Draft withMeta(Map<String, String> pairs) {
    return with(parts -> parts.meta = pairs);
  }

  /** Returns this draft for so many requests; 0: any number. */
  public Draft withNumUses(int uses) {
    return with(parts -> parts.numUses = uses);
  }

  /** Returns this draft bound to addresses. */
  public Draft withBoundCidrs(List<Cidr> blocks) {
    return with(parts -> parts.boundCidrs = blocks);
  }

  /** Returns this draft of a token that lives so long. */
  public Draft withTtl(Duration lifetime, boolean canBeRenewed) {
    return with(parts -> {
      parts.ttl = lifetime;
      parts.renewable = canBeRenewed;
    });
  }

  /** Returns this draft with limits of its renewals; zero: none. */
  public Draft withLimits(Duration explicitMax, Duration periodOfRenewal) {
    return with(parts -> {
      parts.explicitMaxTtl = explicitMax;
      parts.period = periodOfRenewal;
    });
  }

  /** Returns this draft of a login. */
  public Draft withIssuer(Issuer method) {
    return with(parts -> parts.issuer = Optional.of(method));
  }

  private Draft with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.join();
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

  /** A draft taken apart: of so many parts in a row two are easily exchanged. */
  private static final class Parts {
    private Optional<String> creator;
    private boolean orphan;
    private TokenType type;
    private List<String> policies;
    private String path;
    private Optional<String> role;
    private Optional<String> entityId;
    private Map<String, String> meta;
    private String displayName;
    private int numUses;
    private List<Cidr> boundCidrs;
    private Duration ttl;
    private Duration explicitMaxTtl;
    private Duration period;
    private boolean renewable;
    private Optional<Issuer> issuer;

    Parts(Draft of) {
      creator = of.creator;
      orphan = of.orphan;
      type = of.type;
      policies = of.policies;
      path = of.path;
      role = of.role;
      entityId = of.entityId;
      meta = of.meta;
      displayName = of.displayName;
      numUses = of.numUses;
      boundCidrs = of.boundCidrs;
      ttl = of.ttl;
      explicitMaxTtl = of.explicitMaxTtl;
      period = of.period;
      renewable = of.renewable;
      issuer = of.issuer;
    }

    Draft join() {
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
          issuer);
    }
  }
}
