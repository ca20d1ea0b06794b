package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Optional;

/**
 * {@code auth/token/revoke…}: ends tokens, with everything below them or alone. Ended means from
 * the next request on.
 */
final class TokenRevokePath {
  private final TokenStore tokens;

  TokenRevokePath(TokenStore tokens) {
    this.tokens = tokens;
  }

  List<Route> routes() {
    return List.of(
        Route.at("revoke-self", "Ends the caller's token and its tree.")
            .on(Operation.UPDATE, call -> revokeSelf(SystemCall.of(call))),
        Route.at("revoke", "Ends a token and its tree.")
            .field("token", FieldType.TEXT, "The token.")
            .on(Operation.UPDATE, call -> revoke(SystemCall.of(call))),
        Route.at("revoke-orphan", "Ends a token; its children become orphans.")
            .sudo()
            .field("token", FieldType.TEXT, "The token.")
            .on(Operation.UPDATE, call -> revokeOrphan(SystemCall.of(call))),
        Route.at("revoke-accessor", "Ends the token of an accessor and its tree.")
            .field("accessor", FieldType.TEXT, "The accessor.")
            .on(Operation.UPDATE, call -> revokeAccessor(SystemCall.of(call))));
  }

  private Response revokeSelf(SystemCall call) {
    requireRevocable(call.caller().token());
    tokens.revokeTree(call.transaction(), call.caller().hash());
    return Response.empty();
  }

  private Response revoke(SystemCall call) {
    find(call).ifPresent(found -> tokens.revokeTree(call.transaction(), found.hash()));
    return Response.empty();
  }

  private Response revokeOrphan(SystemCall call) {
    Found found = find(call)
        .orElseThrow(() -> new VaultException(INVALID_REQUEST, "token to revoke not found"));
    tokens.revokeAlone(call.transaction(), found.hash());
    return Response.empty();
  }

  private Response revokeAccessor(SystemCall call) {
    String accessor = call.required("accessor", "missing accessor");
    Optional<Found> found = tokens.findByAccessor(call.transaction(), accessor);
    if (found.isEmpty()) {
      return Response.empty().withWarning("No token found with this accessor");
    }
    tokens.revokeTree(call.transaction(), found.get().hash());
    return Response.empty();
  }

  private Optional<Found> find(SystemCall call) {
    Optional<Found> found =
        tokens.find(call.transaction(), call.required("token", "missing token ID"));
    found.map(Found::record).ifPresent(TokenRevokePath::requireRevocable);
    return found;
  }

  private static void requireRevocable(TokenRecord token) {
    if (token.isBatch()) {
      throw new VaultException(INVALID_REQUEST, "batch tokens cannot be revoked");
    }
  }
}
