package dev.strongroom.internal.system;

import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Accessors;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;

/**
 * {@code auth/token/accessors} and {@code tidy}: for those who look after all tokens. Same answers
 * as OpenBao v2.6.2 {@code vault/token_store.go} (tokenStoreAccessorList, handleTidy).
 */
final class TokenAccessorsPath {
  private final TokenStore tokens;

  TokenAccessorsPath(TokenStore tokens) {
    this.tokens = tokens;
  }

  List<Route> routes() {
    return List.of(
        Route.at("accessors", "Accessors of all valid service tokens.")
            .sudo()
            .on(Operation.LIST, call -> list(SystemCall.of(call))),
        Route.at("tidy", "Looks for what is left of tokens that are gone, and removes it.")
            .on(Operation.UPDATE, call -> tidy()));
  }

  private Response list(SystemCall call) {
    Accessors found = tokens.accessors(call.transaction());
    Response response = Response.of(Payload.of(Map.of("keys", found.ofValidTokens())));
    return found.unreadable() == 0
        ? response
        : response.withWarning("Found " + found.unreadable()
            + " accessor entries that could not be successfully decoded");
  }

  private Response tidy() {
    return tokens.tidy()
        ? Response.accepted()
            .withWarning(
                "Tidy operation successfully started. Any information from the operation will be printed to the vault's log.")
        : Response.empty().withWarning("Tidy operation already in progress.");
  }
}
