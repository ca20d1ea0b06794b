package dev.strongroom.internal.listener;

import dev.strongroom.VaultException;
import dev.strongroom.internal.token.Caller;
import java.util.Optional;

/** Whose rights count, as they are when somebody asks. */
@FunctionalInterface
public interface Rights {

  /**
   * Returns the caller; empty if its token has ended.
   *
   * @throws VaultException if that cannot be said now: whoever waits for it is to ask again
   */
  Optional<Caller> caller();
}
