package dev.strongroom.internal.seal;

import dev.strongroom.request.Origin;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who gives key shares: the host, or whoever calls from an address. A caller has the whole /64
 * block of an IPv6 address.
 *
 * @param block of the address in hexadecimal; empty for the host
 */
record Giver(String block) {
  private static final int BLOCK_BYTES = 8;

  static Giver of(Optional<Origin> origin) {
    return new Giver(origin
        .map(from -> from.address().getAddress())
        .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, BLOCK_BYTES)))
        .map(HexFormat.of()::formatHex)
        .orElse(""));
  }
}
