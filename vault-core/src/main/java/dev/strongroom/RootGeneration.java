package dev.strongroom;

import java.util.Optional;

/**
 * The holders of a vault's key shares make a root token: for the day when there is none left. The
 * token leaves the vault under a one-time pad that only this object has. A ceremony that takes more
 * than 24 hours, or sees the vault being sealed, is given up.
 *
 * <p>All methods may block. They throw {@link VaultException} with code {@code INVALID_REQUEST} if
 * a share is wrong or the ceremony has ended, {@code SEALED}, {@code STORAGE_FAILED}. Thread-safe.
 */
public interface RootGeneration {
  /** Returns how many shares were given; fails when the ceremony has ended. */
  int given();

  /** Returns how many shares are needed; fails when the ceremony has ended. */
  int required();

  /** Returns what identifies the ceremony, so that its holders can tell it from another. */
  String nonce();

  /**
   * Gives a share, which is copied. Wrong shares are noticed with the last one needed; all of them
   * are forgotten then, and the ceremony goes on. A share that was given before is refused.
   *
   * @return the token, once, when enough were given; it never expires: revoke it after use
   */
  Optional<ClientToken> give(KeyShare share);

  /**
   * Reads the token that another holder was given, who gave the last share in another session.
   *
   * @param encoded the token under the pad, see {@link KeyCeremonies#giveForRootToken}
   * @throws IllegalArgumentException if it is not of this ceremony
   */
  ClientToken decode(String encoded);

  /** Gives the ceremony up. Nothing happens if it has ended. */
  void cancel();
}
