package dev.strongroom.dbsecrets.internal.pool;

import dev.strongroom.VaultException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A user and its password: always both of one, because neither is good without the other. Methods
 * that ask the vault block. Thread-safe.
 */
public interface Credential {

  String user();

  /** Returns the password for the driver, which takes nothing but text. */
  String exposePassword();

  /** Returns how long it was good for when it came. */
  Lifetime lifetime();

  /**
   * Makes it last longer.
   *
   * @return its lifetime from now
   * @throws VaultException with code {@code INVALID_REQUEST}, {@code NOT_FOUND} or
   *     {@code PERMISSION_DENIED} if that will not come, otherwise if it may
   */
  Lifetime renew(Lifetime before);

  /**
   * Ends the user, unless it is one that stays.
   *
   * @param wait whether to return when the user is gone; otherwise when the vault has written down
   *     that it has to go
   * @throws VaultException as {@link #renew}
   */
  void revoke(boolean wait);

  /** Returns whether both have the same user and password. */
  default boolean isSameAs(Credential other) {
    return user().equals(other.user())
        && MessageDigest.isEqual(
            exposePassword().getBytes(StandardCharsets.UTF_8),
            other.exposePassword().getBytes(StandardCharsets.UTF_8));
  }

  /** Wipes the password. */
  void wipe();
}
