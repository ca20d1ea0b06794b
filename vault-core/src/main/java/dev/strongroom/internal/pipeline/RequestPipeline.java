package dev.strongroom.internal.pipeline;

import dev.strongroom.ErrorCode;
import dev.strongroom.Registration;
import dev.strongroom.VaultException;
import dev.strongroom.internal.audit.AuditBroker;
import dev.strongroom.internal.audit.AuditedRequest;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.AclRule;
import dev.strongroom.internal.policy.Capability;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.template.Template;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.wrapping.ResponseWrapping;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Handler;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request through an unsealed vault: route, token, login or policy, record of the request,
 * engine, lease, wrapping, commit, record of the response. The order is that of OpenBao v2.6.2
 * {@code vault/request_handling.go}, and it is the security property: no engine runs, not even to
 * say whether something exists, before the policies allow the least of what may be needed.
 * Thread-safe.
 */
public final class RequestPipeline {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private final TokenStore tokens;
  private final ResponseWrapping wrapping;
  private final LeaseStore leases;
  private final Router router;
  private final Logins logins;
  private final Transactions transactions;
  private final TtlRules ttls;
  private final AuditBroker audit;

  /**
   * Answers with these.
   *
   * @param ttls of mounts that have none of their own
   */
  public RequestPipeline(
      TokenStore tokens,
      ResponseWrapping wrapping,
      LeaseStore leases,
      Router router,
      Logins logins,
      Transactions transactions,
      TtlRules ttls,
      AuditBroker audit) {
    this.audit = audit;
    this.ttls = ttls;
    this.tokens = tokens;
    this.wrapping = wrapping;
    this.leases = leases;
    this.router = router;
    this.logins = logins;
    this.transactions = transactions;
  }

  /**
   * Answers a request; every outcome is a response, and has its two records in the audit.
   *
   * @param executed is told the mount and the operation of a request that policies allowed
   */
  public Response handle(Request request, Bearer bearer, BiConsumer<String, Operation> executed) {
    try (AuditedRequest audited = audit.begin(request, bearer.presented())) {
      Response response;
      try {
        response = outcome(request, bearer, audited);
      } catch (Error e) { // not for us to hide, but its request has been recorded
        Response unused = audited.answered(Response.failure(ErrorCode.INTERNAL, "internal error"));
        throw e;
      }
      if (request.operation() != Operation.HELP) {
        audited.ifExecuted(executed);
      }
      return audited.answered(response);
    }
  }

  private Response outcome(Request request, Bearer bearer, AuditedRequest audited) {
    try {
      return takeThrough(request, bearer, audited);
    } catch (StorageException e) { // its text names files, and the caller may be a stranger
      LOG.log(Level.ERROR, "the store failed: " + request.operation(), e);
      return Response.failure(
          ErrorCode.STORAGE_FAILED, "the store failed; the log of the vault says why");
    } catch (VaultException e) {
      return Response.failure(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request failed: " + request.operation(), new WithoutText(e));
      return Response.failure(ErrorCode.INTERNAL, "internal error");
    }
  }

  /** Finds out who asks for what, and lets the engine answer as that is allowed. */
  private Response takeThrough(Request request, Bearer bearer, AuditedRequest audited) {
    Optional<Destination> destination =
        router.route(request.operation(), request.path().text());
    destination.ifPresent(to -> audited.to(to.mounted().entry()));
    // Unknown, expired and revoked look the same.
    Optional<Caller> caller = tokens.identify(bearer, request.origin());
    Optional<Response> refusal = wrapping.refusal(request, bearer, caller);
    if (refusal.isPresent()) {
      caller.ifPresent(audited::by);
      return refusal.get();
    }
    Optional<LoginHandler> login = login(request, destination);
    boolean open = login.isPresent()
        || destination.flatMap(Destination::route).filter(Route::isOpen).isPresent();
    if (request.whyUnreadable().isPresent()) {
      caller.ifPresent(audited::by);
      return open ? unreadable(request) : refuseUnreadable(request, caller, audited);
    }
    if (login.isPresent()) {
      return logIn(request, destination.get(), login.get(), audited);
    }
    caller.ifPresent(audited::by);
    if (open) {
      return answerOpen(request, destination.get(), caller, audited);
    }
    return caller.isPresent()
        ? answerCaller(request, bearer, destination, caller.get(), audited)
        : unknownCaller();
  }

  private Response refuseUnreadable(
      Request request, Optional<Caller> caller, AuditedRequest audited) {
    if (caller.isEmpty()) {
      return unknownCaller();
    }
    return spendsUse(request, caller.get())
        ? counted(caller.get(), () -> refuseUnreadable(request, caller.get(), audited))
        : refuseUnreadable(request, caller.get(), audited);
  }

  /** Who may not do this learns no more than that. No engine is asked anything. */
  private static Response refuseUnreadable(Request request, Caller caller, AuditedRequest audited) {
    AclRule rule = caller.acl().ruleFor(request.operation(), request.path().text());
    if (!rule.allows(Capability.of(request.operation())) && !rule.allows(Capability.CREATE)) {
      audited.denied();
      return Response.deniedByPolicy();
    }
    return unreadable(request);
  }

  private static Response unreadable(Request request) {
    return Response.failure(ErrorCode.INVALID_REQUEST, request.whyUnreadable().orElseThrow());
  }

  private Response answerCaller(
      Request request,
      Bearer bearer,
      Optional<Destination> destination,
      Caller caller,
      AuditedRequest audited) {
    Function<Transaction, Response> work = mayWrite(request, destination)
        ? tx -> decideAnew(request, bearer, caller, tx, audited)
        : tx -> decideAndCall(request, destination, caller, tx, audited);
    return spendsUse(request, caller)
        ? counted(caller, () -> answer(request, destination, work))
        : answer(request, destination, work);
  }

  private static boolean spendsUse(Request request, Caller caller) {
    return caller.isUseLimited() && !ResponseWrapping.spendsOwnUse(request, caller);
  }

  /** A use is spent before the work, whatever comes of it; the last one ends the token. */
  private Response counted(Caller caller, Supplier<Response> work) {
    try {
      return tokens.spendUse(caller) ? work.get() : unknownCaller();
    } finally {
      endIfUsedUp(caller);
    }
  }

  /**
   * A token without uses is refused already; that it could not be removed must not hide the answer.
   */
  private void endIfUsedUp(Caller caller) {
    try {
      tokens.endIfUsedUp(caller);
    } catch (VaultException e) { // the request may have sealed the vault
      LOG.log(Level.WARNING, "a token without uses stays until it expires: " + e.getMessage());
    }
  }

  /**
   * Writes may run again, when their commit lost a race; what failed is not kept. Those about the
   * same thing take turns, so that a key is not fought over; secrets made for each caller are not
   * the same thing.
   */
  private Response answer(
      Request request, Optional<Destination> destination, Function<Transaction, Response> work) {
    Response response = mayWrite(request, destination)
        ? transactions.write(
            destination
                .filter(to -> !makesSecret(request, to))
                .map(Destination::subject)
                .orElseGet(Object::new),
            tx -> wrapped(request, work.apply(tx), tx),
            answer -> ResponseWrapping.keeps(request, answer))
        : transactions.read(work);
    return ResponseWrapping.isAsked(request, response)
        ? transactions.write(tx -> wrapping.wrap(tx, request, response))
        : response;
  }

  /** In the commit of the work itself, unless the answer is known only behind it. */
  private Response wrapped(Request request, Response response, Transaction tx) {
    return tx.isFollowed() || !ResponseWrapping.keeps(request, response)
        ? response
        : wrapping.wrap(tx, request, response);
  }

  private static Optional<LoginHandler> login(Request request, Optional<Destination> destination) {
    boolean write =
        request.operation() == Operation.UPDATE || request.operation() == Operation.CREATE;
    return write ? destination.flatMap(Destination::route).flatMap(Route::login) : Optional.empty();
  }

  /**
   * Who logs in is found out before anything is written: that takes its time. A token that came
   * with the request does not count.
   */
  private Response logIn(
      Request request, Destination destination, LoginHandler handler, AuditedRequest audited) {
    audited.allowed(Operation.UPDATE, List::of);
    MountEntry mount = destination.mounted().entry();
    return logins.attempt(
        mount,
        handler,
        loginCall(request, destination, transactions.beginReadOnly()),
        audited.requestId(),
        proof -> answer(request, Optional.of(destination), tx -> {
          RoutedCall call = loginCall(request, destination, tx);
          Response response = logins.issue(tx, request, mount, proof, call);
          return CompleteAnswer.of(response, call, request);
        }));
  }

  private RoutedCall loginCall(Request request, Destination destination, Transaction tx) {
    return call(request, destination, Optional.empty(), tx).as(Operation.UPDATE);
  }

  /** Whoever reads a secret that is made for the reader changes something. */
  private static boolean mayWrite(Request request, Optional<Destination> destination) {
    return request.operation().writes()
        || destination.filter(to -> makesSecret(request, to)).isPresent();
  }

  private static boolean makesSecret(Request request, Destination destination) {
    return destination
        .route()
        .flatMap(route -> route.secret(request.operation()))
        .isPresent();
  }

  /** What is wrapped is stored, and strangers store nothing. */
  private Response answerOpen(
      Request request, Destination destination, Optional<Caller> caller, AuditedRequest audited) {
    if (caller.isEmpty() && request.wrapTtl().isPresent()) {
      return unknownCaller();
    }
    return answer(request, Optional.of(destination), tx -> {
      audited.allowed(request.operation(), List::of);
      return callHandler(
          call(request, destination, caller, tx), request.operation(), request, audited);
    });
  }

  /**
   * A write may have stood in line: what its caller may do, and which engine is mounted, count as
   * they are when it runs. Whether a wrapping token still stands for something, unwrapping says.
   */
  private Response decideAnew(
      Request request, Bearer bearer, Caller before, Transaction tx, AuditedRequest audited) {
    Optional<Destination> destination =
        router.route(request.operation(), request.path().text());
    Optional<Caller> now = ResponseWrapping.spendsOwnUse(request, before)
        ? Optional.of(before)
        : tokens.identify(bearer, request.origin());
    return now.map(caller -> decideAndCall(request, destination, caller, tx, audited))
        .orElseGet(RequestPipeline::unknownCaller);
  }

  /**
   * Who may do what is decided on the same reads as the work rests on. The record of the request
   * comes between the two, so a write makes it while those behind it wait.
   */
  private Response decideAndCall(
      Request request,
      Optional<Destination> destination,
      Caller caller,
      Transaction tx,
      AuditedRequest audited) {
    audited.denied(); // until it is decided
    Optional<Route> route = destination.flatMap(Destination::route);
    if (request.operation() == Operation.HELP) {
      audited.allowed(Operation.HELP, List::of);
      return destination
          .filter(to -> caller.acl().touches(to.mounted().entry().path()))
          .map(to -> RouteHelp.of(to, request.path()))
          .orElseGet(Response::notFound);
    }
    AclRule rule = caller.acl().ruleFor(request.operation(), request.path().text());
    Request admitted = admitted(request, route, rule);
    if (admitted == null) {
      return Response.deniedByPolicy();
    }
    if (route.isEmpty()) {
      return rule.allows(Capability.of(request.operation()))
          ? NoRoute.answer(request, destination)
          : Response.deniedByPolicy();
    }
    RoutedCall call = call(admitted, destination.orElseThrow(), Optional.of(caller), tx);
    Operation operation = operation(call, route.get(), rule);
    if (!rule.allows(Capability.of(operation), route.get().needsSudo())) {
      return Response.deniedByPolicy();
    }
    audited.allowed(operation, () -> rule.grantedBy(Capability.of(operation)));
    Response response = callHandler(call, operation, request, audited);
    Optional<Template> filter = rule.filterFor(operation);
    return filter.isEmpty()
        ? response
        : new ListFilter(filter.get(), new CallerAccess(caller.acl(), router))
            .apply(request.path(), response);
  }

  /**
   * Returns the request as the engine gets it, with the limit of a list as a number; null if it
   * does not meet what the rule demands beside a capability. Parameters are looked at before the
   * engine is asked anything: creating and updating have the same constraints.
   */
  private static @Nullable Request admitted(Request request, Optional<Route> route, AclRule rule) {
    if (!rule.isConstrained() && !request.operation().lists()) {
      return request;
    }
    return CallerAccess.admit(rule, request, route).map(request::with).orElse(null);
  }

  private RoutedCall call(
      Request request, Destination destination, Optional<Caller> caller, Transaction tx) {
    return new RoutedCall(request, destination, router, caller, tx, transactions.clock(), ttls);
  }

  /**
   * Returns what a call does: the engine says whether a write creates, but only to those who may do
   * one of the two.
   */
  private static Operation operation(RoutedCall call, Route route, AclRule rule) {
    Operation asked = call.operation();
    boolean engineDecides = (asked == Operation.UPDATE || asked == Operation.CREATE)
        && route.existenceTest().isPresent()
        && (rule.allows(Capability.CREATE) || rule.allows(Capability.UPDATE));
    if (!engineDecides) {
      return asked;
    }
    return route.existenceTest().orElseThrow().test(call.as(asked))
        ? Operation.UPDATE
        : Operation.CREATE;
  }

  /**
   * Lets the engine answer.
   *
   * @param asked as it came, which the call may not show
   */
  private Response callHandler(
      RoutedCall call, Operation operation, Request asked, AuditedRequest audited) {
    OtherApi.refuse(asked, call.destination().mounted());
    Route route = call.destination().route().orElseThrow();
    Optional<OutsideSecret> secret = route.secret(operation);
    if (secret.isPresent()) {
      LeaseStore.Asked by = new LeaseStore.Asked(
          call.caller(), call.destination().mounted().entry(), call.requestPath());
      Response planned = leases.issue(
          call.transaction(),
          by,
          secret.get(),
          call.as(operation),
          id -> audited.undoIfUnseen(() -> leases.withdraw(id)));
      return CompleteAnswer.of(planned, call, asked);
    }
    Optional<Handler> handler = route.handler(operation);
    return handler.isPresent()
        ? CompleteAnswer.of(handler.get().handle(call.as(operation)), call, asked)
        : Response.failure(ErrorCode.UNSUPPORTED, "unsupported operation");
  }

  private static Response unknownCaller() {
    return Response.failure(ErrorCode.PERMISSION_DENIED, Acl.DENIED);
  }

  /**
   * Lets a caller listen to changes, which has its two records like a read of the prefix.
   *
   * @param work begins to listen, and throws if the caller may not
   */
  public Registration listen(Request prefix, Bearer bearer, Supplier<Registration> work) {
    try (AuditedRequest audited = audit.begin(prefix, bearer.presented())) {
      Registration made;
      try {
        noteListener(prefix, tokens.identify(bearer, Optional.empty()), audited);
        made = work.get();
      } catch (VaultException e) {
        throw new VaultException(
            e.code(), audited.answered(Response.failure(e)).errors().get(0), e);
      }
      try {
        audited.answered(Response.empty()).orThrow();
        return made;
      } catch (VaultException e) {
        made.close();
        throw e;
      }
    }
  }

  private void noteListener(Request prefix, Optional<Caller> caller, AuditedRequest audited) {
    router.mountOf(prefix.path().text()).ifPresent(to -> audited.to(to.entry()));
    caller.ifPresent(known -> {
      audited.by(known);
      audited.denied(); // unless a policy says otherwise
      AclRule rule = known.acl().ruleFor(Operation.READ, prefix.path().text());
      if (rule.allows(Capability.READ)) {
        audited.allowed(Operation.READ, () -> rule.grantedBy(Capability.READ));
      }
    });
  }
}
