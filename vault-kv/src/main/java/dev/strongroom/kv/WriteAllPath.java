package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;

import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code write-all}: new versions of several secrets in one step, all or none, each on its own
 * condition. Not in the reference. Needs update here, and for each secret what writing it alone
 * would need.
 */
final class WriteAllPath {
  static final int MAX_SECRETS = 1000;

  private final Keys keys;
  private final DataPath data;

  WriteAllPath(Keys keys, DataPath data) {
    this.keys = keys;
    this.data = data;
  }

  List<Route> routes() {
    return List.of(Route.at("write-all", "New versions of several secrets, all or none.")
        .field(
            "secrets",
            FieldType.OBJECT,
            "By key, what data/ takes: data, and options with cas. Up to " + MAX_SECRETS + ".")
        .on(Operation.UPDATE, this::write));
  }

  private Response write(Call call) {
    Payload secrets = call.object("secrets").orElse(Payload.empty());
    Set<String> paths = secrets.toMap().keySet();
    if (paths.isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "no secrets provided");
    }
    if (paths.size() > MAX_SECRETS) {
      throw new VaultException(
          LIMIT_EXCEEDED, "one step writes at most " + MAX_SECRETS + " secrets");
    }
    // First, so that who may not write them all learns nothing about any.
    paths.forEach(path -> requireAllowed(call, path, secret(secrets, path)));
    Map<String, Object> written = new LinkedHashMap<>();
    paths.forEach(path -> written.put(path, write(call, path, secret(secrets, path))));
    return Response.of(Payload.of(Map.of("secrets", written)));
  }

  private void requireAllowed(Call call, String path, Payload secret) {
    boolean exists = keys.find(call.storage(), path).isPresent();
    call.requireAllowed(exists ? Operation.UPDATE : Operation.CREATE, "data/" + path, secret);
  }

  private Map<String, ?> write(Call call, String path, Payload secret) {
    if (!Keys.isKey(path)) {
      throw refused(path, "cannot write to a path ending in '/'");
    }
    try {
      Payload members = DataPath.requireData(secret.object("data"));
      Payload options = secret.object("options").orElse(Payload.empty());
      return data.write(call, path, members, options).describe();
    } catch (VaultException e) {
      throw new VaultException(e.code(), about(path, String.valueOf(e.getMessage())), e);
    }
  }

  private static Payload secret(Payload secrets, String path) {
    return secrets.object(path).orElseThrow(() -> refused(path, "no data provided"));
  }

  private static VaultException refused(String path, String why) {
    return new VaultException(INVALID_REQUEST, about(path, why));
  }

  private static String about(String path, String what) {
    return "\"" + path + "\": " + what;
  }
}
