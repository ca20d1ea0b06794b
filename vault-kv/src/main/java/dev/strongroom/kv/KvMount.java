package dev.strongroom.kv;

import dev.strongroom.Session;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.Map;
import java.util.Objects;

/**
 * A mount as a session sees it.
 *
 * @param path with a trailing slash
 * @param api of the engine that must be there
 */
record KvMount(Session session, String path, String api) {

  static KvMount at(Session session, String mount, String api) {
    Objects.requireNonNull(session, "session");
    VaultPath path = VaultPath.parse(mount);
    if (path.text().isEmpty()) {
      throw new IllegalArgumentException("a mount has a path, such as secret");
    }
    return new KvMount(session, path.asFolder().text(), api);
  }

  static String requireKey(String key) {
    if (key == null || key.isEmpty() || key.endsWith("/")) {
      throw new IllegalArgumentException(
          "a key is a path such as apps/db, without a slash at its end, but got "
              + (key == null ? "null" : "\"" + key + "\""));
    }
    return VaultPath.requireRelative(key);
  }

  Response ask(Operation operation, String below, Map<String, ?> members) {
    return session.request(Request.of(operation, VaultPath.parse(path + below), Payload.of(members))
        .forApi(api));
  }
}
