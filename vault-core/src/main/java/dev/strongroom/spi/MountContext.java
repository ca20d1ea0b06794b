package dev.strongroom.spi;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** What an engine knows of its mount. */
public interface MountContext {

  /** Returns the options the mount was made with. */
  Map<String, String> options();

  /** Returns the vault's only source of randomness. */
  SecureRandom random();

  /**
   * Makes a password by one of the vault's password policies, as they are now.
   *
   * @param policy name of a password policy; empty: 20 letters, digits and dashes, with at least
   *     one of lower case, upper case, digits and dashes each
   * @return a new array, which the caller wipes
   * @throws dev.strongroom.VaultException with code {@code NOT_FOUND} if there is no such policy,
   *     and {@code INTERNAL} if hardly any text keeps its rules, or it has more than 256 characters
   *     to choose from
   */
  char[] generatePassword(String policy);

  /**
   * Returns whether there is such a password policy; a stored one has made a password before.
   *
   * @param policy empty: yes
   */
  boolean hasPasswordPolicy(String policy);

  /**
   * Reads the mount's records outside a call: for what an {@link OutsideSecret} does. The work only
   * reads; it may run again.
   *
   * @throws IllegalStateException while an engine is made only to look at its options
   * @throws dev.strongroom.VaultException with code {@code SEALED} once the vault is sealed
   */
  <R> R read(Function<Storage, R> work);

  /**
   * Changes the mount's records outside a call, in a transaction of its own: for what goes on
   * behind the requests, or follows one ({@link Call#then}). What is written is durable when this
   * returns. The work may run again.
   *
   * @throws IllegalStateException while an engine is made only to look at its options
   * @throws dev.strongroom.VaultException with code {@code SEALED} once the vault is sealed, and
   *     {@code CONFLICT} if others changed the same records again and again
   */
  <R> R write(Function<Storage, R> work);

  /**
   * Checks that things outside the vault may be touched: not while a store that was restored from a
   * snapshot waits to be told. The vault checks it for every {@link OutsideSecret}.
   *
   * @throws dev.strongroom.VaultException with code {@code OUTSIDE_FAILED} if not, which says why
   */
  void requireOutside();

  /** Returns the vault's time. It never goes back. */
  Instant now();

  /**
   * Lets {@link SecretEngine#tend} run soon, also if it runs now. Not from work that may run again.
   *
   * @throws IllegalStateException while an engine is made only to look at its options
   */
  void tendSoon();
}
