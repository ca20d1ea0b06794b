package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.wrapping.ResponseWrapping;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code cubbyhole}: what a service token keeps for itself. Nobody else reaches it, and it ends
 * with the token. Same behaviour as OpenBao v2.6.2 {@code vault/logical_cubbyhole.go}, but for
 * wrong requests, which are refused as such.
 */
final class CubbyholePath {
  private static final String RESPONSE = "response";

  private final Cubbyholes cubbyholes;
  private final TokenStore tokens;
  private final ResponseWrapping wrapping;

  CubbyholePath(Cubbyholes cubbyholes, TokenStore tokens, ResponseWrapping wrapping) {
    this.cubbyholes = cubbyholes;
    this.tokens = tokens;
    this.wrapping = wrapping;
  }

  List<Route> routes() {
    return List.of(Route.at("{path...}", "What the caller's token keeps for itself.")
        .exists(call -> exists(SystemCall.of(call)))
        .on(Operation.READ, call -> read(SystemCall.of(call)))
        .on(Operation.UPDATE, call -> write(SystemCall.of(call)))
        .on(Operation.DELETE, call -> delete(SystemCall.of(call)))
        .on(Operation.LIST, call -> list(SystemCall.of(call)))
        .before(CubbyholePath::requireService));
  }

  private static void requireService(Call call) {
    if (token(SystemCall.of(call)).isBatch()) {
      throw refused("cubbyhole operations are only supported by 'service' type tokens");
    }
  }

  private boolean exists(SystemCall call) {
    return isWrapped(call)
        ? cubbyholes.holdsWrapped(call.transaction(), id(call))
        : isEntry(path(call)) && cubbyholes.holds(call.transaction(), id(call), path(call));
  }

  private Response read(SystemCall call) {
    requirePath(call);
    if (isWrapped(call)) {
      return readWrapped(call);
    }
    return isEntry(path(call))
        ? cubbyholes
            .read(call.transaction(), id(call), path(call))
            .map(Response::of)
            .orElse(Response.empty())
        : Response.empty();
  }

  private Response readWrapped(SystemCall call) {
    Optional<String> envelope = wrapping.envelope(call.transaction(), id(call));
    return envelope.isEmpty()
        ? Response.empty()
        : Response.of(Payload.of(Map.of(RESPONSE, envelope.get())))
            .withWarning(
                "Reading cubbyhole/response is deprecated: unwrap with sys/wrapping/unwrap, which checks the wrapping token");
  }

  /**
   * The token is a condition of the write: nothing comes into the cubbyhole of one that has ended.
   */
  private Response write(SystemCall call) {
    requirePath(call);
    Payload content = call.payload();
    if (content.isEmpty()) {
      throw refused("missing data fields");
    }
    tokens.current(call.transaction(), call.caller());
    cubbyholes.write(call.transaction(), id(call), path(call), content);
    return Response.empty();
  }

  private Response delete(SystemCall call) {
    requirePath(call);
    if (isEntry(path(call))) {
      cubbyholes.delete(call.transaction(), id(call), path(call));
    }
    return Response.empty();
  }

  private Response list(SystemCall call) {
    List<String> names = cubbyholes.list(call.transaction(), id(call), path(call));
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  /** What waits behind a wrapping token looks as if it lay in its cubbyhole. */
  private static boolean isWrapped(SystemCall call) {
    return token(call).isWrapping() && path(call).equals(RESPONSE);
  }

  private static boolean isEntry(String path) {
    return !path.isEmpty() && !path.endsWith("/");
  }

  private static void requirePath(SystemCall call) {
    if (path(call).isEmpty()) {
      throw refused("missing path");
    }
  }

  private static String path(SystemCall call) {
    return call.captured("path");
  }

  private static String id(SystemCall call) {
    return token(call).cubbyholeId();
  }

  private static TokenRecord token(SystemCall call) {
    return call.caller().token();
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}
