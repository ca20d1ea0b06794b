package dev.strongroom.testkit;

import dev.strongroom.Session;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A route as the help of its mount shows it.
 *
 * @param mount path of the mount
 * @param json what the help says of the route
 */
record DescribedRoute(String mount, Map<?, ?> json) {
  private static final Pattern CAPTURE = Pattern.compile("\\{([^}.]*)[.]*}");

  /** Returns every route of every mount, so that a new one is among them from its first day. */
  static List<DescribedRoute> all(Session root) {
    Set<String> mounts = new TreeSet<>(members(root, "sys/mounts"));
    members(root, "sys/auth").forEach(mount -> mounts.add("auth/" + mount));
    List<DescribedRoute> routes = new ArrayList<>();
    for (String mount : mounts) {
      Map<?, ?> help = root.request(Request.help(mount)).orThrow().dataOrEmpty().toMap();
      ((List<?>) help.get("routes"))
          .forEach(route -> routes.add(new DescribedRoute(mount, (Map<?, ?>) route)));
    }
    return routes;
  }

  private static Set<String> members(Session root, String path) {
    return root.request(Request.read(path)).orThrow().dataOrEmpty().toMap().keySet();
  }

  String pattern() {
    return mount + json.get("path");
  }

  /** Returns a path of the route, with {@code name} wherever it takes one. */
  String pathWith(String name) {
    return pathWith(captured -> name);
  }

  /** Returns a path of the route, with what {@code names} has for each name in its pattern. */
  String pathWith(UnaryOperator<String> names) {
    return CAPTURE.matcher(pattern()).replaceAll(match -> names.apply(match.group(1)));
  }

  boolean isOpen() {
    return Boolean.TRUE.equals(json.get("open"));
  }

  boolean needsSudo() {
    return Boolean.TRUE.equals(json.get("sudo"));
  }

  /** Returns what the route answers; {@code UPDATE} stands for {@code CREATE} too. */
  List<Operation> operations() {
    return ((List<?>) json.get("operations"))
        .stream()
            .map(word -> Operation.valueOf(((String) word).toUpperCase(Locale.ROOT)))
            .filter(operation -> operation != Operation.CREATE)
            .toList();
  }

  /** Returns the types of the declared parameters, by name. */
  Map<String, String> fields() {
    Map<String, String> types = new LinkedHashMap<>();
    ((Map<?, ?>) json.get("fields"))
        .forEach(
            (name, field) -> types.put((String) name, (String) ((Map<?, ?>) field).get("type")));
    return types;
  }
}
