package dev.strongroom.request;

import dev.strongroom.ClientToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A token as it is handed to its owner.
 *
 * @param token the token itself; empty where a renewal named it by its accessor, which does not
 *     give the token away
 * @param accessor names the token without being one; empty for a batch token
 * @param tokenPolicies names of the policies that the token has itself, sorted
 * @param identityPolicies names of those it has through its entity at this moment, sorted
 * @param metadata what its creator attached
 * @param entityId whose it is; empty: nobody's in particular
 * @param ttl how long it lives unless it is renewed; zero: it does not expire
 * @param orphan whether it outlives its creator
 * @param numUses requests it may make, 0 for any number
 */
public record Auth(
    Optional<ClientToken> token,
    String accessor,
    List<String> tokenPolicies,
    List<String> identityPolicies,
    Map<String, String> metadata,
    Optional<String> entityId,
    TokenType type,
    Duration ttl,
    boolean renewable,
    boolean orphan,
    int numUses) {
  public Auth {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(accessor, "accessor");
    Objects.requireNonNull(entityId, "entityId");
    Objects.requireNonNull(type, "type");
    tokenPolicies = List.copyOf(tokenPolicies);
    identityPolicies = List.copyOf(identityPolicies);
    metadata = Map.copyOf(metadata);
  }

  /** Returns the names of all its policies, sorted. */
  public List<String> policies() {
    return Stream.concat(tokenPolicies.stream(), identityPolicies.stream())
        .distinct()
        .sorted()
        .toList();
  }
}
