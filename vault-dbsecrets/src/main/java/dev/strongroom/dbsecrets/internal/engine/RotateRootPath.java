package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.List;

/** {@code rotate-root}: another password for the vault's own user, which nobody can read. */
final class RotateRootPath {
  private final RootRotation rotation;

  RotateRootPath(RootRotation rotation) {
    this.rotation = rotation;
  }

  List<Route> routes() {
    return List.of(Route.at("rotate-root/{name}", "Changes the password of the vault's own user.")
        .on(Operation.UPDATE, this::rotate));
  }

  private Response rotate(Call call) {
    String name = Names.of(call);
    rotation.prepare(call.storage(), name);
    call.then(() -> {
      rotation.carryOut(name);
      return Response.empty();
    });
    return Response.empty();
  }
}
