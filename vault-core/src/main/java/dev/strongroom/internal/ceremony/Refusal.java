package dev.strongroom.internal.ceremony;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Why a ceremony does not go on. */
final class Refusal {
  private Refusal() {}

  /** Returns the exception for a request that is wrong. */
  static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }

  /** Refuses a request that means another ceremony; compares in constant time. */
  static void requireNonce(String given, String expected, String otherwise) {
    if (!MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
      throw refused(otherwise);
    }
  }
}
