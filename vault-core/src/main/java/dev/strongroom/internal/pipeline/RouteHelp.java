package dev.strongroom.internal.pipeline;

import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what a path is for, and of the path of a mount what all paths in it are for. */
final class RouteHelp {
  private RouteHelp() {}

  static Response of(Destination destination, VaultPath path) {
    Mounted mounted = destination.mounted();
    return mounted.entry().path().equals(path.text())
        ? Response.of(Payload.of(Map.of(
            "help", "Mount of type " + mounted.entry().type() + ".", "routes", all(mounted))))
        : destination
            .route()
            .map(route -> Response.of(Payload.of(described(route))))
            .orElseGet(Response::notFound);
  }

  private static List<Map<String, Object>> all(Mounted mounted) {
    return mounted.engine().map(SecretEngine::routes).orElse(List.of()).stream()
        .map(RouteHelp::inMount)
        .toList();
  }

  private static Map<String, Object> inMount(Route route) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("path", route.pattern());
    members.put(
        "operations",
        Arrays.stream(Operation.values())
            .filter(operation -> route.answers(operation))
            .map(RouteHelp::word)
            .toList());
    members.put("sudo", route.needsSudo());
    members.put("open", route.isOpen());
    members.putAll(described(route));
    return members;
  }

  private static Map<String, Object> described(Route route) {
    Map<String, Object> fields = new LinkedHashMap<>();
    route
        .fields()
        .forEach((name, field) ->
            fields.put(name, Map.of("type", word(field.type()), "help", field.help())));
    return Map.of("help", route.help(), "fields", fields);
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
