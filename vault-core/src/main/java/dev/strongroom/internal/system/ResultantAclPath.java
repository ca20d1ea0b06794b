package dev.strongroom.internal.system;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.List;

/** {@code sys/internal/ui/resultant-acl}: what the policies of the caller come to. */
final class ResultantAclPath {
  private ResultantAclPath() {}

  static List<Route> routes() {
    return List.of(Route.at("internal/ui/resultant-acl", "What the caller may do.")
        .on(
            Operation.READ,
            call -> Response.of(Payload.of(SystemCall.of(call).caller().acl().shown()))));
  }
}
