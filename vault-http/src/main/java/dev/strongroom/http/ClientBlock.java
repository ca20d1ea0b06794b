package dev.strongroom.http;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What counts as one client: an IPv4 address, or the /64 block of an IPv6 address, of which one
 * host has them all.
 */
final class ClientBlock {
  private static final int BYTES = 8;

  private ClientBlock() {}

  static ByteBuffer of(InetAddress client) {
    byte[] address = client.getAddress();
    return ByteBuffer.wrap(Arrays.copyOf(address, Math.min(address.length, BYTES)));
  }
}
