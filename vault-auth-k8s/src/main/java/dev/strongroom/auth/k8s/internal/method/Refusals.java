package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;

/** What those who configure are told. */
final class Refusals {
  private Refusals() {}

  static VaultException invalid(String text) {
    return new VaultException(ErrorCode.INVALID_REQUEST, text);
  }

  /**
   * Checks that a parameter is not longer than it may be.
   *
   * @throws VaultException with code {@code INVALID_REQUEST}
   */
  static String limited(String field, String text, int max) {
    if (text.length() > max) {
      throw invalid(field + " has at most " + max + " characters");
    }
    return text;
  }
}
