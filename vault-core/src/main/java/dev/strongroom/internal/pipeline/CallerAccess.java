package dev.strongroom.internal.pipeline;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.AclRule;
import dev.strongroom.internal.policy.Asked;
import dev.strongroom.internal.policy.Capability;
import dev.strongroom.internal.policy.ParameterReading;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.Optional;

/** What a caller may do, with all that policies demand: also beside its own request. */
record CallerAccess(Acl acl, Router router) {
  /**
   * Returns whether the caller may do something, were it to ask for it without wrapping. A write is
   * what the caller of this says, creating or updating.
   */
  boolean allows(Operation operation, VaultPath path, Payload parameters) {
    String asked = (operation.lists() ? path.asFolder() : path).text(); // as a request asks for it
    AclRule rule = acl.ruleFor(operation, asked);
    Optional<Route> route = router.route(operation, asked).flatMap(Destination::route);
    return rule.allows(Capability.of(operation), route.filter(Route::needsSudo).isPresent())
        && rule.admit(Asked.plainly(operation, parameters, reading(route))).isPresent();
  }

  /** Returns what is decided about a request, and why. A write is what the caller of this says. */
  PolicyExplanation explain(Request request, Optional<Duration> wrappingTtl) {
    String path = request.path().text();
    Optional<Route> route = router.route(request.operation(), path).flatMap(Destination::route);
    return acl.explain(
        path,
        route.filter(Route::needsSudo).isPresent(),
        new Asked(request.operation(), request.payload(), wrappingTtl, reading(route)));
  }

  /**
   * Returns the parameters of a request as the engine gets them, with the limit of a list as a
   * number; empty if they do not meet what a rule demands beside a capability.
   */
  static Optional<Payload> admit(AclRule rule, Request request, Optional<Route> route) {
    return rule.admit(
        new Asked(request.operation(), request.payload(), request.wrapTtl(), reading(route)));
  }

  private static ParameterReading reading(Optional<Route> route) {
    return route.map(CallerAccess::reading).orElse(ParameterReading.AS_IT_IS);
  }

  private static ParameterReading reading(Route route) {
    return (name, value) -> {
      Route.Field field = route.fields().get(name);
      return field == null ? value : FieldConversion.convert(field.type(), value);
    };
  }
}
