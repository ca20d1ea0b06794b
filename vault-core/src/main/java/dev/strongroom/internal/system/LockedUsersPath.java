package dev.strongroom.internal.system;

import dev.strongroom.internal.login.Lockouts;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sys/locked-users}: names that failed logins have locked. Same answers as OpenBao v2.6.2
 * {@code vault/logical_system_user_lockout.go}.
 */
final class LockedUsersPath {
  private final Lockouts lockouts;
  private final MountChanges mounts;

  LockedUsersPath(Lockouts lockouts, MountChanges mounts) {
    this.lockouts = lockouts;
    this.mounts = mounts;
  }

  List<Route> routes() {
    return List.of(
        Route.at("locked-users", "Names that failed logins have locked.")
            .field("mount_accessor", FieldType.TEXT, "Only of this auth method.")
            .on(Operation.READ, call -> list(SystemCall.of(call))),
        Route.at("locked-users/{mount_accessor}/unlock/{alias_identifier...}", "Unlocks a name.")
            .on(Operation.UPDATE, call -> {
              lockouts.forget(call.captured("mount_accessor"), call.captured("alias_identifier"));
              return Response.empty();
            }));
  }

  private Response list(SystemCall call) {
    Optional<String> accessor = call.given("mount_accessor");
    List<Map<String, Object>> byMount = new ArrayList<>();
    int total = 0;
    for (MountEntry mount : mounts.table(call.transaction()).entries()) {
      List<String> names =
          accessor.filter(only -> !only.equals(mount.accessor())).isPresent()
              ? List.of()
              : lockouts.lockedAt(mount);
      if (!names.isEmpty()) {
        byMount.add(Map.of(
            "mount_accessor", mount.accessor(),
            "counts", names.size(),
            "alias_identifiers", names));
        total += names.size();
      }
    }
    Map<String, Object> namespace = new LinkedHashMap<>();
    namespace.put("namespace_id", "root");
    namespace.put("namespace_path", "");
    namespace.put("counts", total);
    namespace.put("mount_accessors", byMount);
    return Response.of(Payload.of(Map.of("by_namespace", List.of(namespace), "total", total)));
  }
}
