package dev.strongroom;

import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A token to be made: a child of the caller's token with its policies, renewable, with the mount's
 * default lifetime, unless a {@code with} method says otherwise. Addresses that it is bound to come
 * from its role, see {@link TokenRole#withBoundCidrs}, and from the caller's token. Immutable.
 */
public final class TokenRequest {
  private final String path;
  private final Map<String, Object> members;

  private TokenRequest(String path, Map<String, Object> members) {
    this.path = path;
    this.members = members;
  }

  /**
   * A token with these policies, and {@code default} where the caller has it.
   *
   * @param policies names; none: the caller's
   */
  public static TokenRequest of(String... policies) {
    return new TokenRequest("create", Map.of("policies", List.of(policies)));
  }

  /** Attaches names and texts, which a lookup shows. No place for secrets. */
  public TokenRequest withMetadata(Map<String, String> attached) {
    return with("meta", Map.copyOf(attached));
  }

  /**
   * Names the token for people: a lookup shows {@code token-} and the name, with {@code -} for
   * every character but letters, digits and {@code -} of ASCII. Default: {@code token}.
   */
  public TokenRequest withDisplayName(String name) {
    return with("display_name", name);
  }

  /**
   * Sets the lifetime; zero: the mount's default.
   *
   * @throws IllegalArgumentException if it is negative, or has a fraction of a second
   */
  public TokenRequest withTtl(Duration lifetime) {
    return withLifetime("ttl", lifetime);
  }

  /**
   * Sets the longest lifetime, renewals included; zero: the mount's.
   *
   * @throws IllegalArgumentException if it is negative, or has a fraction of a second
   */
  public TokenRequest withExplicitMaxTtl(Duration longest) {
    return withLifetime("explicit_max_ttl", longest);
  }

  /**
   * Sets the lifetime after each renewal, without an end; zero: not periodic. Needs sudo.
   *
   * @throws IllegalArgumentException if it is negative, or has a fraction of a second
   */
  public TokenRequest withPeriod(Duration lifetime) {
    return withLifetime("period", lifetime);
  }

  /**
   * Sets how many requests the token may make; 0: any number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public TokenRequest withNumUses(int requests) {
    if (requests < 0) {
      throw new IllegalArgumentException("need numUses >= 0, but got " + requests);
    }
    return with("num_uses", requests);
  }

  /** Ends the token after its first lifetime: renewing it is refused. */
  public TokenRequest notRenewable() {
    return with("renewable", false);
  }

  /** Lets the token outlive the caller's. Takes the place of a role, which says so itself. */
  public TokenRequest asOrphan() {
    return new TokenRequest("create-orphan", members);
  }

  /**
   * Makes a batch token: nothing is stored for it, so it costs no write and can be made by the
   * million. It ends when its lifetime is over or its parent ends, and cannot be renewed, revoked,
   * counted, or make tokens; it has no accessor and no cubbyhole. Its text is long: everything
   * about it is sealed inside.
   */
  public TokenRequest asBatch() {
    return with("type", "batch");
  }

  /**
   * Makes the token as a role says, see {@link TokenRole}. Takes the place of {@link #asOrphan}.
   */
  public TokenRequest withRole(String name) {
    return new TokenRequest("create/" + name, members);
  }

  /**
   * Makes the token for the entity with that alias at {@code auth/token}; the role must allow it.
   */
  public TokenRequest withEntityAlias(String alias) {
    return with("entity_alias", alias);
  }

  /** Leaves the policy {@code default} out. */
  public TokenRequest withoutDefaultPolicy() {
    return with("no_default_policy", true);
  }

  private TokenRequest withLifetime(String name, Duration lifetime) {
    return with(name, DurationText.requireWholeSeconds(lifetime).toSeconds());
  }

  private TokenRequest with(String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(members);
    all.put(name, value);
    return new TokenRequest(path, all);
  }

  /** Returns the path below {@code auth/token/}. */
  String path() {
    return path;
  }

  Map<String, Object> members() {
    return members;
  }
}
