package dev.strongroom.internal.token;

import dev.strongroom.ClientToken;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token on its way through many requests: hashed once, and looked up again only when some token,
 * policy, entity or group has changed since. Thread-safe.
 */
public final class Bearer {
  private final Optional<ClientToken> token;
  private volatile @Nullable String hash;
  private volatile @Nullable Identified identified;

  /**
   * What was found out, and until what it holds: the next change of one of these, and never longer
   * than the vault stays unsealed, because changes are counted anew then.
   */
  record Identified(TokenStore by, Optional<Caller> caller, long change, Instant notAfter) {
    boolean holds(TokenStore store, long changes, InstantSource clock) {
      return by == store
          && change == changes
          && (notAfter.equals(Instant.MAX) || clock.instant().isBefore(notAfter));
    }
  }

  public Bearer(ClientToken token) {
    this(Optional.of(token));
  }

  private Bearer(Optional<ClientToken> token) {
    this.token = token;
  }

  /** Returns one who brings no token, as for a login. */
  public static Bearer withoutToken() {
    return new Bearer(Optional.empty());
  }

  public boolean hasToken() {
    return token.isPresent();
  }

  /**
   * The hash does not depend on the vault being sealed meanwhile: its key is as old as the store.
   */
  String hash(TokenStore store) {
    String known = hash;
    if (known == null) {
      known = store.hash(token());
      hash = known;
    }
    return known;
  }

  /** Returns the token as the caller brought it, valid or not; empty where there is none. */
  public Optional<ClientToken> presented() {
    return token;
  }

  ClientToken token() {
    return token.orElseThrow();
  }

  @Nullable
  Identified identified() {
    return identified;
  }

  void remember(Identified found) {
    identified = found;
  }
}
