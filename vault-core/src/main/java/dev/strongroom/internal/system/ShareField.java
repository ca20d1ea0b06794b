package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.KeyShare;
import dev.strongroom.VaultException;
import java.util.Arrays;
import java.util.function.Function;

/** The parameter {@code key} of the ceremonies: a key share, in hex or base64. */
final class ShareField {
  private ShareField() {}

  /**
   * Runs {@code work} on the share, which is wiped afterwards.
   *
   * @param otherwise what to say if there is none
   * @throws VaultException with code {@code INVALID_REQUEST} if there is no share
   */
  static <T> T use(SystemCall call, String otherwise, Function<byte[], T> work) {
    String text = call.required("key", otherwise);
    try (KeyShare share = parse(text)) {
      byte[] bytes = share.exposeBytes();
      try {
        return work.apply(bytes);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  private static KeyShare parse(String text) {
    try {
      return KeyShare.parse(text);
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }
}
