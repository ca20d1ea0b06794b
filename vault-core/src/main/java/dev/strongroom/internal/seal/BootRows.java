package dev.strongroom.internal.seal;

import dev.strongroom.spi.RowAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows that are read before there is a key: {@code store}, {@code seal} and {@code keyring},
 * under a parent of zeroes, with plain names. No HMAC gives that parent to anything else.
 */
final class BootRows {
  private static final byte[] PARENT = new byte[RowAddress.PARENT_BYTES];

  private BootRows() {}

  static RowAddress address(String name) {
    return RowAddress.of(PARENT, name.getBytes(StandardCharsets.US_ASCII));
  }

  static boolean isBootRow(RowAddress address) {
    return Arrays.equals(address.parent(), PARENT);
  }
}
