package dev.strongroom.internal.token;

import dev.strongroom.ClientToken;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.request.Origin;
import dev.strongroom.spi.Cidr;
import java.util.Objects;
import java.util.Optional;

/**
 * Who makes a request: a valid token and what its policies allow.
 *
 * @param presented the token as the caller holds it
 * @param hash of the token; a batch token has one too, under which nothing is stored
 */
public record Caller(ClientToken presented, String hash, TokenRecord token, Acl acl) {
  public Caller {
    Objects.requireNonNull(token, "token");
  }

  /**
   * Returns whether requests of this caller may come from there. A caller inside the process comes
   * from nowhere, which is not where a bound token may come from.
   */
  boolean mayComeFrom(Optional<Origin> origin) {
    return token.boundCidrs().isEmpty()
        || origin
            .filter(from -> Cidr.anyContains(token.boundCidrs(), from.address()))
            .isPresent();
  }

  /** Returns whether each request of this caller must be counted. */
  public boolean isUseLimited() {
    return token.numUses() > 0;
  }
}
