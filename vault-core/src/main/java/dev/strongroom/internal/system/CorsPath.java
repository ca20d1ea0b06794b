package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.CorsRules;
import dev.strongroom.internal.cors.CorsStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sys/config/cors}: which sites' pages may use the vault from a browser. */
final class CorsPath {
  private final CorsStore store;

  CorsPath(CorsStore store) {
    this.store = store;
  }

  List<Route> routes() {
    return List.of(Route.at("config/cors", "Which sites' pages may use the vault.")
        .field("enabled", FieldType.FLAG, "Whether others may; a write without it means yes.")
        .field("allowed_origins", FieldType.COMMA_TEXTS, "Origins, or * for all.")
        .field("allowed_headers", FieldType.COMMA_TEXTS, "Headers beside those of the API.")
        .field("allow_credentials", FieldType.FLAG, "Whether cookies may come along.")
        .sudo()
        .on(Operation.READ, call -> read(SystemCall.of(call)))
        .on(Operation.UPDATE, call -> write(SystemCall.of(call)))
        .on(Operation.DELETE, call -> remove(SystemCall.of(call))));
  }

  private Response read(SystemCall call) {
    Map<String, Object> members = new LinkedHashMap<>();
    Optional<CorsRules> rules = store.rules(call.transaction());
    members.put("enabled", rules.isPresent());
    rules.ifPresent(on -> {
      members.put("allowed_origins", on.allowedOrigins());
      members.put("allowed_headers", on.allowedHeaders());
      members.put("allow_credentials", on.allowCredentials());
    });
    return Response.of(Payload.of(members));
  }

  private Response write(SystemCall call) {
    boolean enabled = call.flag("enabled").orElse(true);
    List<String> origins = call.texts("allowed_origins");
    try {
      // What is wrong is refused also where it would not count.
      CorsRules rules = new CorsRules(
          enabled || !origins.isEmpty() ? origins : List.of(CorsRules.ANY),
          call.texts("allowed_headers"),
          enabled && call.flag("allow_credentials").orElse(false));
      if (!enabled) {
        return remove(call);
      }
      store.set(call.transaction(), rules);
      return Response.empty();
    } catch (IllegalArgumentException e) {
      return Response.failure(INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private Response remove(SystemCall call) {
    store.remove(call.transaction());
    return Response.empty();
  }
}
