package dev.strongroom.request;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a request came from, as whoever took it from the network knows it. A caller inside the
 * process has none. Immutable.
 *
 * @param address of the caller; tokens can be bound to some
 * @param port of the caller
 * @param headers by name in lower case, for the audit; none that carries a credential
 */
public record Origin(InetAddress address, int port, Map<String, List<String>> headers) {
  public Origin {
    Objects.requireNonNull(address, "address");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535, but got " + port);
    }
    headers = headers.entrySet().stream()
        .collect(Collectors.collectingAndThen(
            Collectors.toMap(
                entry -> entry.getKey().toLowerCase(Locale.ROOT),
                entry -> List.copyOf(entry.getValue()),
                Origin::both,
                TreeMap::new),
            Map::copyOf));
  }

  /** As the constructor, without headers. */
  public static Origin of(InetAddress address, int port) {
    return new Origin(address, port, Map.of());
  }

  private static List<String> both(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** Names the address and the names of the headers; what they say is never printed. */
  @Override
  public String toString() {
    return "Origin[" + address.getHostAddress() + " port " + port + ", headers "
        + headers.keySet().stream().sorted().toList() + "]";
  }
}
