package dev.strongroom.auth.k8s.internal.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where the API is: a URL with scheme and host, and perhaps the path of a proxy before it. One
 * slash at its end does not count.
 */
record ApiAddress(String text) {

  static ApiAddress parse(String configured) throws ApiFailure {
    String text =
        configured.endsWith("/") ? configured.substring(0, configured.length() - 1) : configured;
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean whole = (scheme.equals("https") || scheme.equals("http"))
          && uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() <= 65_535
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
      if (whole) {
        return new ApiAddress(text);
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new ApiFailure(
        ApiFailure.Kind.NO_ADDRESS, "kubernetes_host is no URL with scheme and host");
  }

  URI resolve(String path) {
    return URI.create(text + path);
  }
}
