package dev.strongroom.request;

import dev.strongroom.ClientToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A token as it is handed to its owner.
 *
 * @param token the token itself; empty where a renewal named it by its accessor, which does not
 *     give the token away
 * @param accessor names the token without being one
 * @param policies policy names, sorted
 * @param metadata what its creator attached
 * @param ttl how long it lives unless it is renewed; zero: it does not expire
 * @param orphan whether it outlives its creator
 * @param numUses requests it may make, 0 for any number
 */
public record Auth(
    Optional<ClientToken> token,
    String accessor,
    List<String> policies,
    Map<String, String> metadata,
    Duration ttl,
    boolean renewable,
    boolean orphan,
    int numUses) {
  public Auth {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(accessor, "accessor");
    policies = List.copyOf(policies);
    metadata = Map.copyOf(metadata);
  }
}
