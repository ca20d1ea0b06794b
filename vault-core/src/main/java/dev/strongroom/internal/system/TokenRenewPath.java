package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.ClientToken;
import dev.strongroom.VaultException;
import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code auth/token/renew…}: begins a token's lifetime again, within its limits. Policies do not
 * change.
 */
final class TokenRenewPath {
  private final TokenStore tokens;
  private final TokenLifetimes lifetimes;
  private final Logins logins;

  TokenRenewPath(TokenStore tokens, TokenLifetimes lifetimes, Logins logins) {
    this.tokens = tokens;
    this.lifetimes = lifetimes;
    this.logins = logins;
  }

  List<Route> routes() {
    return List.of(
        route("renew-self", "Renews the caller's token.")
            .on(Operation.UPDATE, call -> renewSelf(SystemCall.of(call))),
        route("renew", "Renews a token.")
            .field("token", FieldType.TEXT, "The token.")
            .on(Operation.UPDATE, call -> renewToken(SystemCall.of(call))),
        route("renew-accessor", "Renews the token of an accessor.")
            .field("accessor", FieldType.TEXT, "The accessor.")
            .on(Operation.UPDATE, call -> renewAccessor(SystemCall.of(call))));
  }

  private static Route route(String pattern, String help) {
    return Route.at(pattern, help)
        .field(
            "increment",
            FieldType.DURATION,
            "Wanted lifetime from now; default: the one it was made with.");
  }

  private Response renewSelf(SystemCall call) {
    Caller caller = call.caller();
    Found found = tokens.current(call.transaction(), caller);
    return renew(call, found, Optional.of(caller.presented()));
  }

  private Response renewToken(SystemCall call) {
    String token = call.required("token", "missing token ID");
    Found found = tokens
        .find(call.transaction(), token)
        .orElseThrow(() -> new VaultException(INVALID_REQUEST, "token not found"));
    return renew(call, found, Optional.of(ClientToken.parse(token)));
  }

  private Response renewAccessor(SystemCall call) {
    return renew(call, TokenLookupPath.byAccessor(tokens, call), Optional.empty());
  }

  private Response renew(SystemCall call, Found found, Optional<ClientToken> token) {
    Duration increment = call.positive("increment");
    TokenRecord record = found.record();
    if (record.isBatch()) {
      throw new VaultException(INVALID_REQUEST, "batch tokens cannot be renewed");
    }
    if (!record.renewable() || record.expiresAt().isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "lease is not renewable");
    }
    Optional<Granted> granted = record.issuer().isPresent()
        ? logins.renewal(call.transaction(), record, increment, call.now())
        : Optional.of(grant(call, record, increment));
    return granted.map(lifetime -> renew(call, found, token, lifetime)).orElseGet(Response::empty);
  }

  private Granted grant(SystemCall call, TokenRecord record, Duration increment) {
    Optional<RoleRecord> role = role(call, record);
    return lifetimes
        .rules(call.transaction())
        .grant(
            increment.isZero() ? record.creationTtl() : increment,
            TtlRules.lesser(record.period(), role.map(RoleRecord::period).orElse(Duration.ZERO)),
            TtlRules.lesser(
                record.explicitMaxTtl(),
                role.map(RoleRecord::explicitMaxTtl).orElse(Duration.ZERO)),
            record.createdAt(),
            call.now());
  }

  private Response renew(
      SystemCall call, Found found, Optional<ClientToken> token, Granted granted) {
    TokenRecord renewed = tokens.renew(call.transaction(), found, granted.ttl());
    Response response = Response.of(tokens.auth(call.transaction(), token, renewed, granted.ttl()));
    return granted.warning().map(response::withWarning).orElse(response);
  }

  /** Returns the role that the token was made with, as it is now. */
  private Optional<RoleRecord> role(SystemCall call, TokenRecord record) {
    return record.role().map(name -> tokens
        .roles()
        .named(call.transaction(), name)
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST,
            "failed to renew entry: original token role \"" + name
                + "\" could not be found, not renewing")));
  }
}
