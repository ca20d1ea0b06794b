package dev.strongroom.http;

import dev.strongroom.spi.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a request comes from: from the other end of the connection, or where that is a proxy that
 * the options trust, from where the proxy says. What anybody else says of that is left alone, so a
 * token that is bound to addresses cannot be used from others.
 */
final class ClientAddress {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private ClientAddress() {}

  /**
   * Returns the address. Each proxy adds to the right end whom it has the request from, so it is
   * the last one there that is no trusted proxy itself.
   *
   * @throws Refusal with 400 if a trusted proxy names something else than addresses, or nobody
   *     where the options need that
   */
  static InetAddress of(HttpCall call, HttpOptions options) {
    List<Cidr> trustedProxies = options.trustedProxies();
    InetAddress client = call.remote().getAddress();
    if (!Cidr.anyContains(trustedProxies, client)) {
      return client;
    }
    if (options.forwardedForNeeded() && call.header(FORWARDED_FOR).isEmpty()) {
      throw Refusal.of(400, "a trusted proxy sent no " + FORWARDED_FOR + " header");
    }
    List<String> named = call.header(FORWARDED_FOR).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::strip)
        .toList();
    for (int i = named.size() - 1; i >= 0 && Cidr.anyContains(trustedProxies, client); i--) {
      client = parse(named.get(i));
    }
    return client;
  }

  private static InetAddress parse(String text) {
    try {
      return Cidr.parseAddress(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, FORWARDED_FOR + " must hold IP addresses");
    }
  }
}
