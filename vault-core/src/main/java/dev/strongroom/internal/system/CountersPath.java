package dev.strongroom.internal.system;

import dev.strongroom.ErrorCode;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * {@code sys/internal/counters}: how many service tokens and entities there are, counted when
 * asked. Same answers as OpenBao v2.6.2 {@code vault/logical_system.go}.
 */
final class CountersPath {
  private final TokenStore tokens;
  private final IdentityStore identities;

  CountersPath(TokenStore tokens, IdentityStore identities) {
    this.tokens = tokens;
    this.identities = identities;
  }

  List<Route> routes() {
    return List.of(
        Route.at("internal/counters/tokens", "How many service tokens there are.")
            .on(Operation.READ, call -> counted("service_tokens", tokens.counting())),
        Route.at("internal/counters/entities", "How many entities there are.")
            .on(
                Operation.READ,
                call -> counted("entities", identities.entities().counting())),
        Route.at("internal/counters/requests", "Nothing any more.")
            .on(
                Operation.READ,
                call -> Response.failure(
                    ErrorCode.NOT_FOUND, "The functionality has been removed on this path")));
  }

  private static Response counted(String what, IntSupplier pages) {
    long total = 0;
    for (int more = pages.getAsInt(); more > 0; more = pages.getAsInt()) {
      total += more;
    }
    return Response.of(Payload.of(Map.of("counters", Map.of(what, Map.of("total", total)))));
  }
}
