package dev.strongroom.internal.system;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.List;

/**
 * {@code sys/in-flight-req}: whoever serves the vault over HTTP knows which requests are on their
 * way, and puts them into the answer.
 */
final class InFlightPath {
  private InFlightPath() {}

  static List<Route> routes() {
    return List.of(
        Route.at("in-flight-req", "Over HTTP: which requests are being answered; else nothing.")
            .on(Operation.READ, call -> Response.of(Payload.empty())));
  }
}
