package dev.strongroom.internal.system;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.List;

/** {@code sys/seal}: locks the vault. */
final class SealPath {
  private final Runnable sealer;

  SealPath(Runnable sealer) {
    this.sealer = sealer;
  }

  List<Route> routes() {
    return List.of(Route.at("seal", "Seals the vault.").sudo().on(Operation.UPDATE, this::seal));
  }

  private Response seal(Call call) {
    sealer.run();
    return Response.empty();
  }
}
