package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.OutsideException;

/** What callers are told. Texts as in OpenBao v2.6.2 {@code builtin/logical/database}. */
final class Refusals {
  private Refusals() {}

  static VaultException invalid(String text) {
    return new VaultException(ErrorCode.INVALID_REQUEST, text);
  }

  /** The reference answers these with status 500. */
  static VaultException failed(String text) {
    return new VaultException(ErrorCode.OUTSIDE_FAILED, text);
  }

  static VaultException failed(String text, OutsideException cause) {
    return new VaultException(ErrorCode.OUTSIDE_FAILED, text + cause.getMessage(), cause);
  }

  static VaultException noConfig(String name) {
    return failed("failed to find entry for connection with name: \"" + name + "\"");
  }

  static VaultException notAllowed(String role) {
    return failed("\"" + role + "\" is not an allowed role");
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
