package dev.strongroom.internal.system;

import dev.strongroom.ApiVersion;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An OpenAPI 3.0.2 document in the making, from declared routes. Same shape as OpenBao v2.6.2
 * {@code sdk/framework/openapi.go}, but that no name of an operation is there twice. For one
 * thread.
 */
final class OpenApiDocument {
  private static final Pattern CAPTURE = Pattern.compile("\\{([^}.]+)(?:\\.\\.\\.)?}");
  private static final Pattern NO_WORD = Pattern.compile("[^A-Za-z0-9_]+");
  private static final Set<String> OF_LISTS = Set.of("after", "limit");

  private final Map<String, Object> paths = new TreeMap<>();
  private final Map<String, Object> schemas = new TreeMap<>();
  private final Set<String> operationIds = new HashSet<>();

  /**
   * Adds what a route of a mount answers.
   *
   * @param named whether a name stands for the path of the mount
   */
  void add(MountEntry mount, boolean named, Route route) {
    String pattern = CAPTURE.matcher(route.pattern()).replaceAll("{$1}");
    String path = "/" + (named ? namedPath(mount) : mount.path()) + pattern;
    if (!paths.containsKey(path)) { // the first one takes the path
      paths.put(path, item(mount, named, route, pattern));
    }
  }

  private Map<String, Object> item(MountEntry mount, boolean named, Route route, String pattern) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("description", route.help());
    List<Map<String, Object>> inPath = new ArrayList<>();
    CAPTURE
        .matcher(pattern)
        .results()
        .forEach(match -> inPath.add(inPath(match.group(1), Map.of("type", "string"))));
    if (named) {
      inPath.add(inPath(mountName(mount), Map.of("type", "string", "default", shortPath(mount))));
    }
    if (!inPath.isEmpty()) {
      item.put("parameters", inPath);
    }
    flag(item, "x-vault-sudo", route.needsSudo());
    flag(item, "x-vault-unauthenticated", route.isOpen());
    flag(item, "x-vault-createSupported", route.existenceTest().isPresent());
    Method.of(route)
        .forEach((method, operation) -> item.put(
            method, operation(mount, route, operation, operationId(mount, pattern, operation))));
    return item;
  }

  private static void flag(Map<String, Object> item, String name, boolean set) {
    if (set) {
      item.put(name, true);
    }
  }

  /** Which operation stands for a method of HTTP. */
  private static final class Method {
    private Method() {}

    static Map<String, Operation> of(Route route) {
      Map<String, Operation> all = new LinkedHashMap<>();
      for (Operation reading : List.of(Operation.READ, Operation.LIST, Operation.SCAN)) {
        if (route.answers(reading)) {
          all.putIfAbsent("get", reading);
        }
      }
      if (route.answers(Operation.UPDATE) || route.answers(Operation.CREATE)) {
        all.put("post", Operation.UPDATE);
      }
      if (route.answers(Operation.PATCH)) {
        all.put("patch", Operation.PATCH);
      }
      if (route.answers(Operation.DELETE)) {
        all.put("delete", Operation.DELETE);
      }
      return all;
    }
  }

  private Map<String, Object> operation(
      MountEntry mount, Route route, Operation operation, String id) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("summary", route.help());
    members.put("operationId", id);
    members.put("tags", List.of(tag(mount)));
    boolean writes = operation == Operation.UPDATE || operation == Operation.PATCH;
    List<Map<String, Object>> query = writes ? List.of() : query(route, operation);
    if (!query.isEmpty()) {
      members.put("parameters", query);
    }
    if (writes && !route.fields().isEmpty()) {
      members.put("requestBody", body(route, id));
    }
    members.put(
        "responses",
        operation == Operation.DELETE
            ? Map.of("204", Map.of("description", "empty body"))
            : Map.of("200", Map.of("description", "OK")));
    return members;
  }

  private Map<String, Object> body(Route route, String id) {
    Map<String, Object> properties = new TreeMap<>();
    route.fields().forEach((name, field) -> {
      Map<String, Object> schema = schema(field.type());
      schema.put("description", field.help());
      properties.put(name, schema);
    });
    String name = titleCase(id) + "Request";
    schemas.put(name, Map.of("type", "object", "properties", properties));
    return Map.of(
        "required",
        true,
        "content",
        Map.of(
            "application/json", Map.of("schema", Map.of("$ref", "#/components/schemas/" + name))));
  }

  /** What a write takes comes in its body; of a route that writes, reading takes what lists do. */
  private static List<Map<String, Object>> query(Route route, Operation operation) {
    List<Map<String, Object>> query = new ArrayList<>();
    if (operation != Operation.DELETE) {
      for (Operation listing : List.of(Operation.LIST, Operation.SCAN)) {
        if (route.answers(listing)) {
          query.add(listing(listing, operation == listing && alone(route, listing)));
        }
      }
    }
    boolean onlyReads = !route.answers(Operation.UPDATE) && !route.answers(Operation.PATCH);
    route.fields().forEach((name, field) -> {
      if (onlyReads || (route.answers(Operation.LIST) && OF_LISTS.contains(name))) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("description", field.help());
        parameter.put("in", "query");
        parameter.put("schema", schema(field.type()));
        query.add(parameter);
      }
    });
    return query;
  }

  private static boolean alone(Route route, Operation listing) {
    return !(listing == Operation.LIST && route.answers(Operation.SCAN));
  }

  private static Map<String, Object> listing(Operation operation, boolean required) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", word(operation));
    parameter.put(
        "description",
        required
            ? "Must be set to `true`"
            : operation == Operation.SCAN
                ? "Return a recursive list if `true`"
                : "Return a list if `true`");
    parameter.put("in", "query");
    if (required) {
      parameter.put("required", true);
    }
    parameter.put("schema", Map.of("type", "string", "enum", List.of("true")));
    return parameter;
  }

  private static Map<String, Object> inPath(String name, Map<String, Object> schema) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("in", "path");
    parameter.put("required", true);
    parameter.put("schema", schema);
    return parameter;
  }

  private static Map<String, Object> schema(FieldType type) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (type) {
      case TEXT -> schema.put("type", "string");
      case INTEGER -> typed(schema, "integer", "int64");
      case FLAG -> schema.put("type", "boolean");
      case DURATION -> typed(schema, "integer", "seconds");
      case OBJECT -> typed(schema, "object", "map");
      case PAIRS -> typed(schema, "object", "kvpairs");
      case TEXTS, COMMA_TEXTS -> array(schema, "string");
      case INTEGERS -> array(schema, "integer");
    }
    return schema;
  }

  private static void typed(Map<String, Object> schema, String type, String format) {
    schema.put("type", type);
    schema.put("format", format);
  }

  private static void array(Map<String, Object> schema, String items) {
    schema.put("type", "array");
    schema.put("items", Map.of("type", items));
  }

  private String operationId(MountEntry mount, String pattern, Operation operation) {
    String verb = operation == Operation.UPDATE ? "write" : word(operation);
    String id = hyphenated(mount.path() + " " + verb + " " + pattern);
    String unique = id;
    for (int i = 2; !operationIds.add(unique); i++) {
      unique = id + "-" + i;
    }
    return unique;
  }

  private static String hyphenated(String text) {
    return Arrays.stream(NO_WORD.split(text, 0))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"))
        .toLowerCase(Locale.ROOT);
  }

  private static String titleCase(String hyphenated) {
    return Arrays.stream(hyphenated.split("-", -1))
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }

  private static String tag(MountEntry mount) {
    return switch (mount.type()) {
      case "system" -> "system";
      case "identity" -> "identity";
      default -> mount.isAuth() ? "auth" : "secrets";
    };
  }

  private static String namedPath(MountEntry mount) {
    return (mount.isAuth() ? MountEntry.AUTH : "") + "{" + mountName(mount) + "}/";
  }

  private static String mountName(MountEntry mount) {
    return NO_WORD.matcher(shortPath(mount)).replaceAll("_") + "_mount_path";
  }

  /** Returns the path of a mount, without the slash at its end, and of an auth mount its name. */
  private static String shortPath(MountEntry mount) {
    String path = mount.path();
    return path.substring(mount.isAuth() ? MountEntry.AUTH.length() : 0, path.length() - 1);
  }

  private static String word(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }

  Payload payload() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Strongroom API");
    info.put("description", "What the mounts of this vault answer, below /v1.");
    info.put("version", ApiVersion.TEXT);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("openapi", "3.0.2");
    members.put("info", info);
    members.put("servers", List.of(Map.of("url", "/v1")));
    members.put("paths", paths);
    members.put("components", Map.of("schemas", schemas));
    return Payload.of(members);
  }
}
