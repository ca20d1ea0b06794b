package dev.strongroom.spi;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;

/**
 * A login that failed, or a renewal after {@link AuthMethod.OutsideCheck}. The caller is told a
 * text that is the same whatever the reason; the reason goes to the vault's log.
 */
public final class LoginRefused extends VaultException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean counts;

  private LoginRefused(ErrorCode code, String answer, String reason, boolean counts) {
    super(code, answer);
    this.reason = reason;
    this.counts = counts;
  }

  /**
   * A wrong credential. Some of them in a row lock the name that was claimed.
   *
   * @param answer for the caller, code {@code INVALID_REQUEST}
   * @param reason for the log: nothing the caller sent
   */
  public static LoginRefused wrongCredential(String answer, String reason) {
    return new LoginRefused(ErrorCode.INVALID_REQUEST, answer, reason, true);
  }

  /** As {@link #wrongCredential}, but it is no guess at a credential, and not counted. */
  public static LoginRefused invalid(String answer, String reason) {
    return new LoginRefused(ErrorCode.INVALID_REQUEST, answer, reason, false);
  }

  /** Somebody who may not log in now, or from there: {@code permission denied}. */
  public static LoginRefused denied(String reason) {
    return new LoginRefused(ErrorCode.PERMISSION_DENIED, "permission denied", reason, false);
  }

  /**
   * A failure that an auth method tells in words of its own: what its clients know, and nothing
   * that the caller may not know.
   */
  public static LoginRefused told(ErrorCode code, String answer, String reason) {
    return new LoginRefused(code, answer, reason, false);
  }

  /** Returns why, for the log. */
  public String reason() {
    return reason;
  }

  /** Returns whether the failure counts towards locking the name that was claimed. */
  public boolean counts() {
    return counts;
  }
}
