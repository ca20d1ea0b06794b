package dev.strongroom.internal.system;

import dev.strongroom.ApiVersion;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/plugins/catalog}: the engines and auth methods that can be mounted, all of which the
 * vault was built with. Same answers as OpenBao v2.6.2 {@code vault/logical_system.go}; nothing can
 * be added.
 */
final class PluginCatalogPath {
  private static final String VERSION = "v" + ApiVersion.TEXT.replace("+", "+builtin.");

  private final Router router;

  PluginCatalogPath(Router router) {
    this.router = router;
  }

  List<Route> routes() {
    return List.of(
        Route.at("plugins/catalog", "Engines and auth methods that can be mounted.")
            .on(Operation.READ, call -> all()),
        Route.at("plugins/catalog/{type}", "Those of one type: auth, database or secret.")
            .sudo()
            .on(Operation.LIST, this::list),
        Route.at("plugins/catalog/{type}/{name}", "One of them.")
            .sudo()
            .on(Operation.READ, this::read));
  }

  private Map<String, List<String>> names() {
    Map<String, List<String>> names = new LinkedHashMap<>();
    names.put("auth", router.mountableAuthMethods());
    names.put("database", router.databasePlugins());
    names.put("secret", router.mountableEngines());
    return names;
  }

  private Response all() {
    Map<String, Object> members = new LinkedHashMap<>();
    List<Map<String, ?>> detailed = new ArrayList<>();
    names().forEach((type, names) -> {
      if (!names.isEmpty()) {
        members.put(type, names);
      }
      names.forEach(name -> detailed.add(Map.of(
          "builtin", true,
          "deprecation_status", "supported",
          "name", name,
          "type", type,
          "version", VERSION)));
    });
    members.put("detailed", detailed);
    return Response.of(Payload.of(members));
  }

  private Response list(Call call) {
    List<String> names = names().get(call.captured("type"));
    if (names == null) {
      return unknownType();
    }
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  private Response read(Call call) {
    String name = call.captured("name");
    List<String> names = names().get(call.captured("type"));
    if (names == null) {
      return unknownType();
    }
    return names.contains(name)
        ? Response.of(Payload.of(Map.of(
            "args",
            List.of(),
            "builtin",
            true,
            "command",
            "",
            "declarative",
            false,
            "deprecation_status",
            "supported",
            "name",
            name,
            "oci",
            false,
            "sha256",
            "",
            "version",
            VERSION)))
        : Response.empty();
  }

  private static Response unknownType() {
    return SystemCall.refused("the type of a plugin is auth, database or secret");
  }
}
