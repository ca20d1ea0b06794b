package dev.strongroom.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Where a vault is served. Immutable. */
final class ServerAddress {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  private final URI uri;

  private ServerAddress(URI uri) {
    this.uri = uri;
  }

  /**
   * Reads an address, which may have a path that goes before every other.
   *
   * @throws IllegalArgumentException if it is none; it is not repeated if it may hold a password
   */
  static ServerAddress parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return new ServerAddress(uri);
      }
    } catch (URISyntaxException e) {
      // Told below, without the text.
    }
    throw new IllegalArgumentException(
        "an address is http://HOST:PORT or https://HOST:PORT, perhaps with a path");
  }

  /** Returns whether what is sent there can be read on the way. */
  boolean isInTheClear() {
    return uri.getScheme().equalsIgnoreCase("http")
        && !LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
  }

  /** Returns the address of a path there. */
  URI of(String path) {
    String base = uri.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  /** As it was given. */
  @Override
  public String toString() {
    return uri.toString();
  }
}
