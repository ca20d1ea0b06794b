package dev.strongroom.internal.pipeline;

import dev.strongroom.ErrorCode;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.Optional;

/** What somebody is told who may do something where there is nothing to do it. */
final class NoRoute {
  private NoRoute() {}

  static Response answer(Request request, Optional<Destination> destination) {
    return destination
        .map(to -> unsupportedPath(request, to))
        .orElseGet(() -> Response.failure(
            ErrorCode.NOT_FOUND,
            "no handler for route \"" + request.path().text() + "\". route entry not found."));
  }

  private static Response unsupportedPath(Request request, Destination destination) {
    MountEntry mount = destination.mounted().entry();
    if (destination.mounted().engine().isEmpty()) {
      return Response.failure(
          ErrorCode.UNSUPPORTED,
          "the engine \"" + mount.type() + "\" of " + mount.path()
              + " is not part of this vault: name it in the builder");
    }
    OtherApi.refuse(request, destination.mounted());
    return Response.failure(ErrorCode.NOT_FOUND, "unsupported path");
  }
}
