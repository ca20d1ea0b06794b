package dev.strongroom.spi;

import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Function;

/** What an engine knows of its mount. */
public interface MountContext {

  /** Returns the options the mount was made with. */
  Map<String, String> options();

  /** Returns the vault's only source of randomness. */
  SecureRandom random();

  /**
   * Reads the mount's records outside a call: for what an {@link OutsideSecret} does. The work only
   * reads; it may run again.
   *
   * @throws IllegalStateException while an engine is made only to look at its options
   * @throws dev.strongroom.VaultException with code {@code SEALED} once the vault is sealed
   */
  <R> R read(Function<Storage, R> work);
}
