package dev.strongroom.internal.wrapping;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.Draft;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.internal.token.TokenStore.Issued;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Puts the content of responses behind tokens that give it once, and gives it. A wrapping token is
 * an orphan with one use and the policy {@code response-wrapping}; where it was made, when, and for
 * how long, is in its record. The content goes in the commit that spends the token, so there is one
 * reader. Same behaviour as OpenBao v2.6.2 {@code vault/wrapping.go}. Thread-safe.
 */
public final class ResponseWrapping {
  private static final String PATHS = "sys/wrapping/";
  private static final String UNWRAP = PATHS + "unwrap";
  private static final List<String> ABOUT_A_TOKEN =
      List.of(UNWRAP, PATHS + "lookup", PATHS + "rewrap");

  private final TokenStore tokens;
  private final Cubbyholes cubbyholes;
  private final Transactions transactions;
  private final RandomText random;

  public ResponseWrapping(
      TokenStore tokens, Cubbyholes cubbyholes, Transactions transactions, RandomText random) {
    this.tokens = tokens;
    this.cubbyholes = cubbyholes;
    this.transactions = transactions;
    this.random = random;
  }

  /**
   * Returns why a request about a wrapping token goes no further, before anything is asked about
   * its caller; empty for all other requests. The token is the parameter {@code token}, or else the
   * caller's own.
   */
  public Optional<Response> refusal(Request request, Bearer bearer, Optional<Caller> caller) {
    if (!isAboutAToken(request)) {
      return Optional.empty();
    }
    Optional<Object> given = request.payload().get("token");
    if (given.isEmpty()) {
      return bearer.hasToken()
          ? refusalUnless(caller.filter(c -> c.token().isWrapping()).isPresent())
          : invalid("token is empty");
    }
    if (!(given.get() instanceof String text)) {
      return invalid("could not decode token in request body");
    }
    return text.isEmpty()
        ? invalid("empty token in request body")
        : refusalUnless(find(transactions.beginReadOnly(), text).isPresent());
  }

  private static boolean isAboutAToken(Request request) {
    return request.path().text().startsWith(PATHS)
        && ABOUT_A_TOKEN.contains(request.path().text())
        && request.operation() != Operation.HELP;
  }

  private static Optional<Response> invalid(String reason) {
    return Optional.of(Response.failure(
        ErrorCode.PERMISSION_DENIED, "error validating wrapping token: " + reason));
  }

  private static Optional<Response> refusalUnless(boolean valid) {
    return valid ? Optional.empty() : Optional.of(Response.failure(notValid()));
  }

  /** Clients look for the words {@code does not exist}. */
  private static VaultException notValid() {
    return new VaultException(
        ErrorCode.INVALID_REQUEST, "wrapping token is not valid or does not exist");
  }

  /**
   * Returns whether a request spends the use of its caller's token itself, in the commit that gives
   * what waits behind it; every other request of a wrapping token costs the use beforehand.
   */
  public static boolean spendsOwnUse(Request request, Caller caller) {
    return caller.token().isWrapping()
        && request.operation() == Operation.UPDATE
        && request.path().text().equals(UNWRAP)
        && request.payload().get("token").isEmpty();
  }

  /**
   * Returns whether what a handler wrote is kept: unless it failed. What was unwrapped may be a
   * failure and was given all the same; errors of unwrapping itself have no data.
   */
  public static boolean keeps(Request request, Response response) {
    return !response.isFailure() || isUnwrapped(request, response);
  }

  private static boolean isUnwrapped(Request request, Response response) {
    return request.path().text().equals(UNWRAP) && response.data().isPresent();
  }

  /**
   * Returns whether a response is to be wrapped: its request asks for it, it has content, and is no
   * error. What is wrapped already is not wrapped again.
   */
  public static boolean isAsked(Request request, Response response) {
    return request.wrapTtl().isPresent()
        && response.wrapInfo().isEmpty()
        && !response.isEmpty()
        && !response.isAccepted()
        && (!response.isFailure() || response.data().isPresent());
  }

  /** Wraps a response where it {@link #isAsked is to be}; otherwise returns it as it is. */
  public Response wrap(Transaction tx, Request request, Response response) {
    return isAsked(request, response)
        ? wrap(tx, request.path().text(), request.wrapTtl().orElseThrow(), response)
        : response;
  }

  private Response wrap(Transaction tx, String path, Duration ttl, Response response) {
    WrappedResponse wrapped = new WrappedResponse(random.uuid().toString(), response);
    return Response.of(keep(tx, path, ttl, wrapped.toBytes(), response.accessor()));
  }

  private WrapInfo keep(
      Transaction tx, String path, Duration ttl, byte[] stored, Optional<String> accessor) {
    Draft draft = Draft.orphan(path, "", List.of(PolicyStore.RESPONSE_WRAPPING))
        .withNumUses(1)
        .withTtl(ttl, /* canBeRenewed= */ false)
        .withLimits(ttl, Duration.ZERO);
    Issued issued = tokens.create(tx, draft, Optional.empty());
    cubbyholes.keepWrapped(tx, issued.record().cubbyholeId(), stored);
    return new WrapInfo(
        issued.token(),
        issued.record().accessor(),
        ttl,
        issued.record().createdAt(),
        path,
        accessor.filter(text -> !text.isEmpty()));
  }

  /**
   * Returns a wrapping token that has its use.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if it has none, or is no such token:
   *     nobody learns which
   */
  public Found require(Transaction tx, String token) {
    return find(tx, token).orElseThrow(ResponseWrapping::notValid);
  }

  private Optional<Found> find(Transaction tx, String token) {
    return tokens.find(tx, token).filter(found -> found.record().isWrapping());
  }

  /** Gives what waits behind a token, and ends it. */
  public Response unwrap(Transaction tx, Found token) {
    return WrappedResponse.of(take(tx, token)).response();
  }

  /**
   * Puts what waits behind a token behind a new one, and ends it. Where it was made stays.
   *
   * @param ttl of the new one
   */
  public WrapInfo rewrap(Transaction tx, Found token, Duration ttl) {
    byte[] stored = take(tx, token);
    Optional<String> accessor = WrappedResponse.of(stored.clone()).response().accessor();
    return keep(tx, token.record().path(), ttl, stored, accessor);
  }

  private byte[] take(Transaction tx, Found token) {
    String id = token.record().cubbyholeId();
    byte[] stored = cubbyholes.wrapped(tx, id).orElseThrow(ResponseWrapping::notValid);
    cubbyholes.removeWrapped(tx, id);
    tokens.revokeTree(tx, token.hash());
    return stored;
  }

  /** Returns what waits in a cubbyhole as JSON text, for clients that read it there. */
  public Optional<String> envelope(Transaction tx, String cubbyholeId) {
    return cubbyholes.wrapped(tx, cubbyholeId).map(stored -> WrappedResponse.of(stored)
        .envelope());
  }
}
