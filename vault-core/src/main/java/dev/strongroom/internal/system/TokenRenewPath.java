package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.ClientToken;
import dev.strongroom.VaultException;
import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.Capability;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Response;
import dev.strongroom.spi.AuthMethod.OutsideCheck;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code auth/token/renew…}: begins a token's lifetime again, within its limits. Policies do not
 * change.
 */
final class TokenRenewPath {
  private final TokenStore tokens;
  private final TokenLifetimes lifetimes;
  private final Logins logins;
  private final Transactions transactions;

  TokenRenewPath(
      TokenStore tokens, TokenLifetimes lifetimes, Logins logins, Transactions transactions) {
    this.transactions = transactions;
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
    return renew(call, tx -> tokens.current(tx, caller), Optional.of(caller.presented()));
  }

  private Response renewToken(SystemCall call) {
    ClientToken token = parsed(call.required("token", "missing token ID"));
    return renew(
        call,
        tx -> tokens.find(tx, token.exposeText()).orElseThrow(TokenRenewPath::notFound),
        Optional.of(token));
  }

  private static ClientToken parsed(String text) {
    try {
      return ClientToken.parse(text);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static VaultException notFound() {
    return new VaultException(INVALID_REQUEST, "token not found");
  }

  private Response renewAccessor(SystemCall call) {
    String accessor = call.required("accessor", "missing accessor");
    return renew(call, tx -> TokenLookupPath.byAccessor(tokens, tx, accessor), Optional.empty());
  }

  /**
   * What is to be renewed.
   *
   * @param caller who asks, and {@code path} where
   * @param lookUp finds the token, or throws
   * @param token as it is shown in the answer
   */
  private record Wanted(
      Caller caller,
      String path,
      Function<Transaction, Found> lookUp,
      Optional<ClientToken> token,
      Duration increment,
      Optional<Origin> origin) {}

  /** Renews at once, or behind the call, when somebody outside has been asked. */
  private Response renew(
      SystemCall call, Function<Transaction, Found> lookUp, Optional<ClientToken> token) {
    Wanted wanted = new Wanted(
        call.caller(),
        call.requestPath(),
        lookUp,
        token,
        call.positive("increment"),
        call.origin());
    Transaction tx = call.transaction();
    Found found = lookUp.apply(tx);
    Optional<Granted> granted = granted(tx, wanted, found, call.now(), storage -> true);
    Optional<OutsideCheck> check =
        granted.isPresent() ? check(tx, found, call.origin()) : Optional.empty();
    if (check.isEmpty()) {
      return renewed(tx, wanted, found, granted);
    }
    call.then(() -> renewAsked(wanted, check.get()));
    return Response.empty();
  }

  private Optional<OutsideCheck> check(Transaction tx, Found found, Optional<Origin> origin) {
    return found
        .record()
        .issuer()
        .flatMap(issuer -> logins.beforeRenewal(tx, found.record(), origin));
  }

  /**
   * The token may have ended while somebody was asked, so it is looked up again, and the caller may
   * have lost the right.
   */
  private Response renewAsked(Wanted wanted, OutsideCheck check) {
    Predicate<Storage> answer = check.ask();
    return transactions.write(tx -> {
      requireAllowed(tx, wanted);
      Found found = wanted.lookUp.apply(tx);
      return renewed(
          tx, wanted, found, granted(tx, wanted, found, transactions.clock().instant(), answer));
    });
  }

  private void requireAllowed(Transaction tx, Wanted wanted) {
    TokenRecord now = tokens.current(tx, wanted.caller).record();
    boolean allowed = tokens
        .aclOf(tx, now)
        .filter(acl -> acl.ruleFor(Operation.UPDATE, wanted.path).allows(Capability.UPDATE))
        .isPresent();
    if (!allowed) {
      throw Acl.denied();
    }
  }

  private Optional<Granted> granted(
      Transaction tx, Wanted wanted, Found found, Instant now, Predicate<Storage> answer) {
    TokenRecord record = found.record();
    if (record.isBatch()) {
      throw new VaultException(INVALID_REQUEST, "batch tokens cannot be renewed");
    }
    if (!record.renewable() || record.expiresAt().isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "lease is not renewable");
    }
    return record.issuer().isPresent()
        ? logins.renewal(tx, record, wanted.increment, now, wanted.origin, answer)
        : Optional.of(grant(tx, record, wanted.increment, now));
  }

  private Granted grant(Transaction tx, TokenRecord record, Duration increment, Instant now) {
    Optional<RoleRecord> role = role(tx, record);
    return lifetimes
        .rules(tx)
        .grant(
            increment.isZero() ? record.creationTtl() : increment,
            TtlRules.lesser(record.period(), role.map(RoleRecord::period).orElse(Duration.ZERO)),
            TtlRules.lesser(
                record.explicitMaxTtl(),
                role.map(RoleRecord::explicitMaxTtl).orElse(Duration.ZERO)),
            record.createdAt(),
            now);
  }

  /** Nothing granted: nothing is left to renew. */
  private Response renewed(Transaction tx, Wanted wanted, Found found, Optional<Granted> granted) {
    if (granted.isEmpty()) {
      return Response.empty();
    }
    Duration ttl = granted.get().ttl();
    TokenRecord renewed = tokens.renew(tx, found, ttl);
    Response response = Response.of(tokens.auth(tx, wanted.token, renewed, ttl));
    return granted.get().warning().map(response::withWarning).orElse(response);
  }

  /** Returns the role that the token was made with, as it is now. */
  private Optional<RoleRecord> role(Transaction tx, TokenRecord record) {
    return record.role().map(name -> tokens
        .roles()
        .named(tx, name)
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST,
            "failed to renew entry: original token role \"" + name
                + "\" could not be found, not renewing")));
  }
}
