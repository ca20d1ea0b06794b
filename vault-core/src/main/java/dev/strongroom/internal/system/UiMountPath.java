package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.PERMISSION_DENIED;

import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.internal.mount.Visibility;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code sys/internal/ui/mounts}: where a path is mounted, for clients that must know the version
 * of a KV mount before they can talk to it. Open to every valid token whose policies touch the
 * mount; the others cannot tell it from one that does not exist.
 */
final class UiMountPath {
  private final Router router;

  UiMountPath(Router router) {
    this.router = router;
  }

  List<Route> routes() {
    return List.of(
        Route.at("internal/ui/mounts", "The mounts that the caller may know of.")
            .withoutToken()
            .on(Operation.READ, this::list),
        Route.at("internal/ui/mounts/{path...}", "The mount of a path.")
            .withoutToken()
            .on(Operation.READ, this::read));
  }

  /** Strangers see what is meant for them, callers what their policies touch. */
  private Response list(Call call) {
    Optional<Caller> caller = SystemCall.of(call).identified();
    Map<String, Object> secret = new TreeMap<>();
    Map<String, Object> auth = new TreeMap<>();
    for (Mounted mounted : router.mounted()) {
      MountEntry entry = mounted.entry();
      if (isVisible(entry, caller)) {
        (entry.isAuth() ? auth : secret)
            .put(
                shown(entry),
                isTouched(entry, caller) ? MountPath.describe(entry) : describeForStrangers(entry));
      }
    }
    return Response.of(Payload.of(Map.of("secret", secret, "auth", auth)));
  }

  /** Returns whether a mount is shown to a caller, or to strangers. */
  static boolean isVisible(MountEntry entry, Optional<Caller> caller) {
    return entry.settings().visibility() == Visibility.UNAUTH || isTouched(entry, caller);
  }

  private static boolean isTouched(MountEntry entry, Optional<Caller> caller) {
    return caller.filter(known -> known.acl().touches(entry.path())).isPresent();
  }

  private static Map<String, @Nullable Object> describeForStrangers(MountEntry entry) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("type", entry.type());
    members.put("description", entry.description());
    members.put("options", SystemCall.orNull(entry.options()));
    return members;
  }

  private static String shown(MountEntry entry) {
    return entry.isAuth() ? entry.path().substring(MountEntry.AUTH.length()) : entry.path();
  }

  private Response read(Call call) {
    Optional<Caller> caller = SystemCall.of(call).identified();
    if (caller.isEmpty()) {
      return Response.failure(PERMISSION_DENIED, Acl.DENIED);
    }
    String path = MountPath.folder(call.captured("path"));
    Optional<Mounted> mounted =
        router.mountOf(path).filter(m -> caller.get().acl().touches(m.entry().path()));
    if (mounted.isEmpty()) {
      return Response.failure(
          PERMISSION_DENIED,
          "preflight capability check returned 403, please ensure client's policies grant access to path \""
              + path + "\"");
    }
    MountEntry entry = mounted.get().entry();
    Map<String, @Nullable Object> members = new LinkedHashMap<>(MountPath.describe(entry));
    members.put("path", shown(entry));
    return Response.of(Payload.of(members));
  }
}
