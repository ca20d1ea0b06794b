package dev.strongroom.internal.token;

import dev.strongroom.ClientToken;
import dev.strongroom.internal.policy.Acl;
import java.util.Objects;

/**
 * Who makes a request: a valid token and what its policies allow.
 *
 * @param presented the token as the caller holds it
 * @param hash of the token
 */
public record Caller(ClientToken presented, String hash, TokenRecord token, Acl acl) {
  public Caller {
    Objects.requireNonNull(token, "token");
  }

  /** Returns whether each request of this caller must be counted. */
  public boolean isUseLimited() {
    return token.numUses() > 0;
  }
}
