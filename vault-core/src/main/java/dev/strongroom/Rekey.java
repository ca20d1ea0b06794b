package dev.strongroom;

import java.util.List;
import java.util.Optional;

/**
 * The holders of a vault's key shares agree on new ones. First enough of the present shares are
 * given, and the new ones come back; then enough of the new ones are given, to show that they
 * arrived, and from then on the old ones are worth nothing. In between either set counts, also
 * after a crash; new shares that unseal the vault before they were verified count as verified. A
 * ceremony that takes more than 24 hours, or sees the vault being sealed, is given up.
 *
 * <p>All methods may block. They throw {@link VaultException} with code {@code INVALID_REQUEST} if
 * a share is wrong or the ceremony has ended, {@code SEALED}, {@code STORAGE_FAILED}. Thread-safe.
 */
public interface Rekey {
  /** Returns how many shares were given in this phase; fails when the ceremony has ended. */
  int given();

  /** Returns how many shares this phase needs; fails when the ceremony has ended. */
  int required();

  /** Returns what identifies the ceremony, so that its holders can tell it from another. */
  String nonce();

  /**
   * Gives one of the present shares, which is copied. Wrong shares are noticed with the last one
   * needed; all of them are forgotten then, and the ceremony goes on. A share that was given before
   * is refused.
   *
   * @return the new shares, once, when enough were given; the caller closes them
   */
  Optional<List<KeyShare>> give(KeyShare present);

  /**
   * Gives one of the new shares, which is copied. Wrong shares are noticed with the last one
   * needed; all of them are forgotten then, and this phase begins again.
   *
   * @return whether enough were given: the old shares are worth nothing now
   */
  boolean verify(KeyShare fresh);

  /** Gives the ceremony up: the present shares stay. Nothing happens if it has ended. */
  void cancel();
}
