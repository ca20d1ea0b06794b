package dev.strongroom.spi;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses, IPv4 or IPv6, or a single address: {@code 10.0.0.0/8},
 * {@code 2001:db8::/32}, {@code 192.0.2.7}. An IPv4 address written as an IPv6 one
 * ({@code ::ffff:192.0.2.7}) is that IPv4 address. Immutable.
 */
public final class Cidr {
  private static final int MAX_LENGTH = 64;
  private static final int MAPPED_BITS = 96;
  private static final int CLIENT_BITS = 64;
  private static final Pattern IP_4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern IP_6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

  private final InetAddress address;
  private final int prefix;

  private Cidr(InetAddress address, int prefix) {
    this.address = address;
    this.prefix = prefix;
  }

  /**
   * Reads a block. No name is ever looked up; zone ids, ports and numbers with leading zeros are
   * refused. Bits behind the prefix may be set: they are kept for {@link #toString()} only.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (text.length() > MAX_LENGTH) {
      throw notABlock();
    }
    String addressText = slash < 0 ? text : text.substring(0, slash);
    InetAddress address = address(addressText);
    if (slash < 0) {
      return new Cidr(address, bits(address));
    }
    int bits = prefix(text.substring(slash + 1));
    int prefix = isMapped(addressText, address) ? bits - MAPPED_BITS : bits;
    if (prefix < 0 || prefix > bits(address)) {
      throw notABlock();
    }
    return new Cidr(address, prefix);
  }

  /** Returns the block of one address. */
  public static Cidr of(InetAddress single) {
    return new Cidr(single, bits(single));
  }

  /**
   * Returns what counts as one client: an IPv4 address, or the /64 block of an IPv6 address, of
   * which one host has them all. Equal for all addresses of a client.
   */
  public static Cidr ofClient(InetAddress any) {
    if (any instanceof Inet4Address) {
      return of(any);
    }
    byte[] block = Arrays.copyOf(any.getAddress(), CLIENT_BITS / Byte.SIZE);
    try {
      return new Cidr(
          InetAddress.getByAddress(Arrays.copyOf(block, any.getAddress().length)), CLIENT_BITS);
    } catch (UnknownHostException e) { // for another length only
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads blocks.
   *
   * @throws IllegalArgumentException if one of them is not a block
   */
  public static List<Cidr> parseAll(Collection<String> texts) {
    return texts.stream().map(Cidr::parse).distinct().toList();
  }

  /** Returns whether one of the blocks holds the address. */
  public static boolean anyContains(Collection<Cidr> blocks, InetAddress candidate) {
    return blocks.stream().anyMatch(block -> block.contains(candidate));
  }

  /** Returns blocks that hold exactly the addresses that are in some of both. */
  public static List<Cidr> common(Collection<Cidr> some, Collection<Cidr> others) {
    return some.stream()
        .flatMap(one -> others.stream()
            .filter(other -> one.covers(other) || other.covers(one))
            .map(other -> one.covers(other) ? other : one))
        .distinct()
        .toList();
  }

  /** Returns whether the address lies in this block; of the other family none does. */
  public boolean contains(InetAddress candidate) {
    byte[] mine = address.getAddress();
    byte[] other = candidate.getAddress();
    if (other.length != mine.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
      int differing = (mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & 0xff;
      if (differing >> Math.max(0, Byte.SIZE - (prefix - bit)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether every address of {@code other} is one of this block. */
  public boolean covers(Cidr other) {
    return prefix <= other.prefix && contains(other.address);
  }

  /**
   * Reads one address, as {@link #parse} does.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static InetAddress parseAddress(String text) {
    if (text.length() > MAX_LENGTH) {
      throw notABlock();
    }
    return address(text);
  }

  private static InetAddress address(String text) {
    Matcher ip4 = IP_4.matcher(text);
    if (!ip4.matches() && !IP_6.matcher(text).matches()) {
      throw notABlock();
    }
    try {
      return ip4.matches()
          ? InetAddress.getByAddress(
              new byte[] {octet(ip4, 1), octet(ip4, 2), octet(ip4, 3), octet(ip4, 4)})
          : InetAddress.getByName(text); // with a colon it is never looked up
    } catch (UnknownHostException e) {
      throw notABlock();
    }
  }

  private static byte octet(Matcher ip4, int group) {
    String digits = ip4.group(group);
    int value = Integer.parseInt(digits);
    if (value > 255 || (digits.length() > 1 && digits.startsWith("0"))) { // octal, for some
      throw notABlock();
    }
    return (byte) value;
  }

  private static int prefix(String digits) {
    if (!PREFIX.matcher(digits).matches()) {
      throw notABlock();
    }
    return Integer.parseInt(digits);
  }

  private static boolean isMapped(String text, InetAddress address) {
    return address instanceof Inet4Address && text.indexOf(':') >= 0;
  }

  private static int bits(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  private static IllegalArgumentException notABlock() {
    return new IllegalArgumentException(
        "an address block is an IPv4 or IPv6 address, with or without /prefix");
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Cidr other && prefix == other.prefix && address.equals(other.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + prefix;
  }

  /** Returns the address, and the prefix unless it is a single one; IPv6 as in RFC 5952. */
  @Override
  public String toString() {
    String text = address instanceof Inet4Address ? address.getHostAddress() : ip6();
    return prefix == bits(address) ? text : text + "/" + prefix;
  }

  private String ip6() {
    byte[] bytes = address.getAddress();
    int[] words = new int[8];
    for (int i = 0; i < words.length; i++) {
      words[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int from = 0;
    int length = 0;
    for (int i = 0; i < words.length; i++) {
      int end = i;
      while (end < words.length && words[end] == 0) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    return length < 2
        ? hex(words, 0, words.length)
        : hex(words, 0, from) + "::" + hex(words, from + length, words.length);
  }

  private static String hex(int[] words, int from, int to) {
    StringJoiner text = new StringJoiner(":");
    for (int i = from; i < to; i++) {
      text.add(Integer.toHexString(words[i]));
    }
    return text.toString();
  }
}
