package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Set;

/** Everything else below a mount: mostly paths that were meant for version 1. */
final class InvalidPath {
  private static final Set<String> ROOTS =
      Set.of("metadata", "data", "delete", "undelete", "destroy");

  List<Route> routes() {
    Route route = Route.at("{path...}", "Not a path of a versioned KV mount.");
    for (Operation operation : Operation.values()) {
      if (operation != Operation.HELP && operation != Operation.CREATE) {
        route = route.on(operation, this::refuse);
      }
    }
    return List.of(route);
  }

  private Response refuse(Call call) {
    boolean root = ROOTS.contains(call.captured("path")) && !call.operation().lists();
    return Response.failure(ErrorCode.NOT_FOUND)
        .withWarning(
            root
                ? "Non-listing operations on the root of a K/V v2 mount are not supported."
                : "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the OpenBao CLI, use 'bao kv "
                    + command(call.operation()) + "' for this operation.");
  }

  private static String command(Operation operation) {
    return switch (operation) {
      case CREATE, UPDATE -> "put";
      case READ, HELP -> "get";
      case PATCH -> "patch";
      case LIST -> "list";
      case SCAN -> "scan";
      case DELETE -> "delete";
    };
  }
}
