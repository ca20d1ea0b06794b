package dev.strongroom.internal.system;

import dev.strongroom.ApiVersion;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sys/ha-status}: the nodes of the vault, which is always this one. */
final class HaStatusPath {
  private HaStatusPath() {}

  static List<Route> routes() {
    return List.of(Route.at("ha-status", "The nodes of the vault: this one.")
        .on(Operation.READ, call -> Response.of(Payload.of(Map.of("nodes", List.of(node()))))));
  }

  private static Map<String, @Nullable Object> node() {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("hostname", hostname());
    node.put("api_address", "");
    node.put("cluster_address", "");
    node.put("active_node", true);
    node.put("last_echo", null); // of itself
    node.put("version", ApiVersion.TEXT);
    return node;
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) { // a name without an address
      return "localhost";
    }
  }
}
