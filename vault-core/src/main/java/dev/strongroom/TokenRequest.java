package dev.strongroom;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A token to be made: a child of the caller's token with its policies, renewable, with the mount's
 * default lifetime, unless a {@code with} method says otherwise. Immutable.
 *
 * @param policies names; empty: the caller's
 * @param metadata attached to the token
 * @param ttl lifetime, in whole seconds; zero: the mount's default
 * @param explicitMaxTtl longest lifetime, renewals included; zero: the mount's
 * @param period lifetime after each renewal, without an end; zero: not periodic; needs sudo
 * @param numUses requests it may make; 0: any number
 * @param orphan whether it outlives the caller's token
 * @param noDefaultPolicy whether the policy {@code default} is left out
 */
public record TokenRequest(
    List<String> policies,
    Map<String, String> metadata,
    String displayName,
    Duration ttl,
    Duration explicitMaxTtl,
    Duration period,
    int numUses,
    boolean renewable,
    boolean orphan,
    boolean noDefaultPolicy) {
  public TokenRequest {
    Objects.requireNonNull(displayName, "displayName");
    policies = List.copyOf(policies);
    metadata = Map.copyOf(metadata);
    if (ttl.isNegative() || explicitMaxTtl.isNegative() || period.isNegative() || numUses < 0) {
      throw new IllegalArgumentException("lifetimes and uses are zero or more");
    }
  }

  /** A token with these policies, and {@code default} where the caller has it. */
  public static TokenRequest withPolicies(String... names) {
    return new TokenRequest(
        List.of(names),
        Map.of(),
        "",
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        0,
        true,
        false,
        false);
  }

  public TokenRequest withMetadata(Map<String, String> attached) {
    return new TokenRequest(
        policies,
        attached,
        displayName,
        ttl,
        explicitMaxTtl,
        period,
        numUses,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest withDisplayName(String name) {
    return new TokenRequest(
        policies,
        metadata,
        name,
        ttl,
        explicitMaxTtl,
        period,
        numUses,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest withTtl(Duration lifetime) {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        lifetime,
        explicitMaxTtl,
        period,
        numUses,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest withExplicitMaxTtl(Duration longest) {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        longest,
        period,
        numUses,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest withPeriod(Duration lifetime) {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        explicitMaxTtl,
        lifetime,
        numUses,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest withNumUses(int requests) {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        explicitMaxTtl,
        period,
        requests,
        renewable,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest notRenewable() {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        explicitMaxTtl,
        period,
        numUses,
        false,
        orphan,
        noDefaultPolicy);
  }

  public TokenRequest asOrphan() {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        explicitMaxTtl,
        period,
        numUses,
        renewable,
        true,
        noDefaultPolicy);
  }

  public TokenRequest withoutDefaultPolicy() {
    return new TokenRequest(
        policies,
        metadata,
        displayName,
        ttl,
        explicitMaxTtl,
        period,
        numUses,
        renewable,
        orphan,
        true);
  }

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("policies", policies);
    members.put("meta", metadata);
    members.put("display_name", displayName);
    members.put("ttl", ttl.toSeconds());
    members.put("explicit_max_ttl", explicitMaxTtl.toSeconds());
    members.put("period", period.toSeconds());
    members.put("num_uses", numUses);
    members.put("renewable", renewable);
    members.put("no_default_policy", noDefaultPolicy);
    return members;
  }
}
