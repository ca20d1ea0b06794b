package dev.strongroom.internal.system;

import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.internal.wrapping.ResponseWrapping;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/wrapping/…}: wraps what the caller sends, looks up, gives, and wraps anew what waits
 * behind a wrapping token. Which requests come here at all is decided before, by
 * {@link ResponseWrapping#refusal}. Same behaviour as OpenBao v2.6.2
 * {@code vault/logical_system.go}.
 */
final class WrappingPath {
  private final ResponseWrapping wrapping;

  WrappingPath(ResponseWrapping wrapping) {
    this.wrapping = wrapping;
  }

  List<Route> routes() {
    return List.of(
        Route.at("wrapping/wrap", "Wraps the parameters of the request.")
            .on(Operation.UPDATE, call -> wrap(SystemCall.of(call))),
        aboutAToken("unwrap", "Gives what waits behind a wrapping token, once.")
            .on(Operation.UPDATE, call -> unwrap(SystemCall.of(call))),
        aboutAToken("lookup", "Says where and when a wrapping token was made.")
            .withoutToken()
            .on(Operation.READ, call -> lookup(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> lookup(SystemCall.of(call))),
        aboutAToken("rewrap", "Puts what waits behind a wrapping token behind a new one.")
            .on(Operation.UPDATE, call -> rewrap(SystemCall.of(call))));
  }

  private static Route aboutAToken(String verb, String help) {
    return Route.at("wrapping/" + verb, help)
        .field("token", FieldType.TEXT, "The wrapping token; default: the caller's.");
  }

  private static Response wrap(SystemCall call) {
    return call.wrapTtl().isEmpty()
        ? SystemCall.refused("endpoint requires response wrapping to be used")
        : Response.of(call.payload());
  }

  /** What was wrapped comes as it was: no parameter adds a warning to it. */
  private Response unwrap(SystemCall call) {
    call.payload();
    return wrapping.unwrap(call.transaction(), token(call));
  }

  private Response lookup(SystemCall call) {
    TokenRecord token = token(call).record();
    return Response.of(Payload.of(Map.of(
        "creation_ttl", token.creationTtl().toSeconds(),
        "creation_time", InstantText.format(token.createdAt()),
        "creation_path", token.path())));
  }

  /** Waits as long as before, or as short as the request says. */
  private Response rewrap(SystemCall call) {
    Found token = token(call);
    Duration before = token.record().creationTtl();
    Duration ttl = call.wrapTtl().filter(asked -> asked.compareTo(before) < 0).orElse(before);
    return Response.of(wrapping.rewrap(call.transaction(), token, ttl));
  }

  private Found token(SystemCall call) {
    return wrapping.require(
        call.transaction(),
        call.given("token").orElseGet(() -> call.caller().presented().exposeText()));
  }
}
