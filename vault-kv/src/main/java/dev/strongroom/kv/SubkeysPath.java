package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.NOT_FOUND;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code subkeys/}: the structure of a secret without its values. */
final class SubkeysPath {
  private final Keys keys;

  SubkeysPath(Keys keys) {
    this.keys = keys;
  }

  List<Route> routes() {
    return List.of(Route.at("subkeys/{path...}", "The names inside a secret.")
        .field("version", FieldType.INTEGER, "The version; 0: the newest.")
        .field("depth", FieldType.INTEGER, "Levels shown; 0: all.")
        .on(Operation.READ, this::read));
  }

  private Response read(Call call) {
    return keys.asked(call).map(version -> read(call, version)).orElse(Response.empty());
  }

  private Response read(Call call, KeyVersion version) {
    if (!version.entry().isLive(call::now)) {
      return Response.failure(NOT_FOUND, answer(version, /* subkeys= */ null));
    }
    long depth = call.integer("depth").orElse(0);
    Map<String, ?> data = keys.members(call.storage(), call.captured("path"), version);
    return Response.of(answer(version, names(data, depth < 0 ? 1 : depth)));
  }

  private static Payload answer(KeyVersion version, @Nullable Map<String, ?> subkeys) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("subkeys", subkeys);
    members.put("metadata", version.describe());
    return Payload.of(members);
  }

  /**
   * Keeps the names of objects down to {@code depth} levels, 0 for all; everything else becomes
   * null.
   */
  private static Map<String, @Nullable Object> names(Map<?, ?> object, long depth) {
    Map<String, @Nullable Object> names = new LinkedHashMap<>();
    object.forEach((name, value) -> names.put(
        (String) name,
        value instanceof Map<?, ?> inner && !inner.isEmpty() && depth != 1
            ? names(inner, Math.max(0, depth - 1))
            : null));
    return names;
  }
}
