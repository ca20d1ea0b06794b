package dev.strongroom.internal.system;

import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Optional;

/**
 * {@code sys/internal/specs/openapi}: what requests there are, for programs that make clients.
 * Shows the mounts that {@code sys/internal/ui/mounts} shows the same caller. Same answer as
 * OpenBao v2.6.2 {@code vault/logical_system.go}.
 */
final class OpenApiPath {
  private final Router router;

  OpenApiPath(Router router) {
    this.router = router;
  }

  List<Route> routes() {
    return List.of(Route.at("internal/specs/openapi", "What the mounts answer, as OpenAPI 3.")
        .field(
            "generic_mount_paths",
            FieldType.FLAG,
            "Whether names stand for the paths of mounts that can be elsewhere.")
        .withoutToken()
        .on(Operation.READ, this::read));
  }

  private Response read(Call call) {
    Optional<Caller> caller = SystemCall.of(call).identified();
    boolean generic = call.flag("generic_mount_paths").orElse(false);
    OpenApiDocument document = new OpenApiDocument();
    router.mounted().stream()
        .filter(mounted -> UiMountPath.isVisible(mounted.entry(), caller))
        .forEach(mounted -> {
          MountEntry entry = mounted.entry();
          boolean named = generic && !SystemEngines.MOUNTS.containsKey(entry.path());
          mounted.engine().ifPresent(engine -> engine
              .routes()
              .forEach(route -> document.add(entry, named, route)));
        });
    return Response.of(document.payload());
  }
}
