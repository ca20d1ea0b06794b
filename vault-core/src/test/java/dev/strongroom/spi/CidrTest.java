package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest(name = "{0} holds {1}: {2}")
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.9.9.9, true",
    "10.0.0.0/9, 10.127.255.255, true",
    "10.0.0.0/9, 10.128.0.0, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.6/31, 192.0.2.7, true",
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 10.0.0.1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "2001:db8::1, 2001:db8::1, true",
    "::ffff:10.1.1.1, 10.1.1.1, true",
    "::ffff:10.0.0.0/104, 10.1.1.1, true",
    "10.0.0.0/8, ::ffff:10.1.1.1, true",
  })
  void contains_address_comparesTheBitsOfThePrefix(String block, String address, boolean expected)
      throws UnknownHostException {
    assertThat(Cidr.parse(block).contains(InetAddress.getByName(address))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "10.0.0.0/8, 10.2.0.0/16, true",
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.2.0.0/16, 10.0.0.0/8, false",
    "10.0.0.0/8, 11.0.0.0/16, false",
    "::/0, 10.0.0.0/8, false",
  })
  void covers_block_wantsEveryAddressOfIt(String block, String other, boolean expected) {
    assertThat(Cidr.parse(block).covers(Cidr.parse(other))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "10.1.2.3/8, 10.1.2.3/8",
    "192.0.2.7/32, 192.0.2.7",
    "2001:DB8:0:0:0:0:0:1/128, 2001:db8::1",
    "2001:db8:0:0:1:0:0:0/64, 2001:db8:0:0:1::/64",
    "2001:0:0:1:0:0:1:1, 2001::1:0:0:1:1",
    "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
    "0:0:0:0:0:0:0:0/0, ::/0",
    "::1, ::1",
    "::ffff:192.0.2.7, 192.0.2.7",
    "::ffff:192.0.2.0/120, 192.0.2.0/24",
  })
  void toString_block_isItsShortestForm_andReadsBack(String text, String expected) {
    Cidr block = Cidr.parse(text);

    assertThat(block).hasToString(expected);
    assertThat(Cidr.parse(expected)).isEqualTo(block).hasSameHashCodeAs(block);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "example.com/8",
        "10",
        "10.1",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "0x0a.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/8.0.0.0",
        "10.0.0.1:80",
        " 10.0.0.1",
        "10.0.0.1 ",
        "::/129",
        ":",
        ":::",
        "1:2:3",
        "1:2:3:4:5:6:7:8:9",
        "g::",
        "fe80::1%eth0",
        "fe80::1%1/64",
        "[::1]",
        "::ffff:10.0.0.0/95",
        "/tmp/socket",
        "١٠.0.0.1",
      })
  void parse_notABlock_isRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an address block is an IPv4 or IPv6 address, with or without /prefix");
  }

  @Test
  void parse_longText_isRefused() {
    assertThatThrownBy(() -> Cidr.parse("1".repeat(1 << 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parseAll_texts_keepsTheOrder_withoutWhatIsThereTwice() {
    assertThat(Cidr.parseAll(List.of("10.0.0.0/8", "::1", "::1/128")))
        .hasToString("[10.0.0.0/8, ::1]");
  }

  @Test
  void anyContains_oneOfThemDoes() throws UnknownHostException {
    List<Cidr> blocks = Cidr.parseAll(List.of("10.0.0.0/8", "::1"));

    assertThat(Cidr.anyContains(blocks, InetAddress.getByAddress(new byte[] {10, 9, 9, 9})))
        .isTrue();
    assertThat(Cidr.anyContains(blocks, InetAddress.getByAddress(new byte[] {11, 9, 9, 9})))
        .isFalse();
    assertThat(Cidr.anyContains(List.of(), InetAddress.getByAddress(new byte[] {11, 9, 9, 9})))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "2001:db8:1:2::7, 2001:db8:1:2:ffff:1:2:3, true",
    "2001:db8:1:2::7, 2001:db8:1:3::7, false",
    "::ffff:192.0.2.7, 192.0.2.7, true",
    "::7, 0.0.0.7, false"
  })
  void ofClient_addresses_isTheSameForOneClient(String one, String other, boolean same) {
    boolean equal =
        Cidr.ofClient(Cidr.parseAddress(one)).equals(Cidr.ofClient(Cidr.parseAddress(other)));

    assertThat(equal).isEqualTo(same);
  }
}
