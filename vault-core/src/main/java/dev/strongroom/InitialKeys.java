package dev.strongroom;

import java.util.List;
import java.util.Objects;

/**
 * What initialising a vault gives out, once: the key shares for their keepers and the root token.
 * With the Shamir seal the shares unseal; with an automatic seal they are recovery shares, which
 * authorise key ceremonies and open nothing. Wiped by {@link #close()}; hand the shares on before
 * that.
 */
public final class InitialKeys implements AutoCloseable {
  private final List<KeyShare> shares;
  private final ClientToken rootToken;

  InitialKeys(List<KeyShare> shares, ClientToken rootToken) {
    this.shares = List.copyOf(shares);
    this.rootToken = Objects.requireNonNull(rootToken, "rootToken");
  }

  public List<KeyShare> shares() {
    return shares;
  }

  /**
   * Returns a token with the policy {@code root} that never expires: revoke it when the set-up is
   * done.
   */
  public ClientToken rootToken() {
    return rootToken;
  }

  /** Wipes the shares. The root token stays usable. */
  @Override
  public void close() {
    shares.forEach(KeyShare::close);
  }

  @Override
  public String toString() {
    return "InitialKeys[redacted]";
  }
}
