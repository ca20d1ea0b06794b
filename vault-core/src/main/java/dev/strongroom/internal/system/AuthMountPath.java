package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/auth}: enables, disables, tunes and lists auth methods. Same rules and texts as
 * OpenBao v2.6.2 {@code vault/logical_system.go}.
 */
final class AuthMountPath {
  private static final String TOKEN = "token";

  private final MountChanges mounts;
  private final MountPath settings;
  private final Logins logins;

  AuthMountPath(MountChanges mounts, MountPath settings, Logins logins) {
    this.mounts = mounts;
    this.settings = settings;
    this.logins = logins;
  }

  List<Route> routes() {
    return List.of(
        Route.at("auth", "All auth methods.").on(Operation.READ, call -> list(SystemCall.of(call))),
        MountPath.withSettings(Route.at("auth/{path...}/tune", "Settings of an auth method."))
            .sudo()
            .on(Operation.READ, call -> settings.readTuning(SystemCall.of(call), path(call)))
            .on(Operation.UPDATE, call -> settings.tune(SystemCall.of(call), path(call))),
        Route.at("auth/{path...}", "An auth method.")
            .sudo()
            .field("type", FieldType.TEXT, "The kind of auth method.")
            .field("description", FieldType.TEXT, "For people.")
            .field("config", FieldType.OBJECT, "Settings, as for tune.")
            .field("options", FieldType.PAIRS, "Options of the auth method.")
            .on(Operation.READ, call -> read(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> enable(SystemCall.of(call)))
            .on(Operation.DELETE, call -> disable(SystemCall.of(call))));
  }

  private Response list(SystemCall call) {
    Map<String, Object> members = new LinkedHashMap<>();
    mounts.table(call.transaction()).entries().stream()
        .filter(MountEntry::isAuth)
        .forEach(entry -> members.put(shown(entry.path()), MountPath.describe(entry)));
    return Response.of(Payload.of(members));
  }

  private Response read(SystemCall call) {
    String path = path(call);
    return mounts
        .table(call.transaction())
        .at(path)
        .map(entry -> Response.of(Payload.of(MountPath.describe(entry))))
        .orElseGet(() -> Response.failure(INVALID_REQUEST, "No auth engine at " + shown(path)));
  }

  private Response enable(SystemCall call) {
    String type = call.required("type", "backend type must be specified as a string");
    if (type.equals(TOKEN)) {
      return SystemCall.refused("token credential backend cannot be instantiated");
    }
    MountChanges.Wanted wanted =
        settings.wanted(call, type, AuthSettingsField.ofConfig(MountPath.config(call)));
    mounts.mountAuth(call.transaction(), path(call), wanted);
    return Response.empty();
  }

  private Response disable(SystemCall call) {
    if (shown(path(call)).equals(TOKEN + "/")) {
      return SystemCall.refused("token credential backend cannot be disabled");
    }
    logins.disable(call.transaction(), path(call));
    return Response.empty();
  }

  private static String path(Call call) {
    return MountEntry.AUTH + MountPath.folder(call.captured("path"));
  }

  private static String shown(String path) {
    return path.substring(MountEntry.AUTH.length());
  }
}
