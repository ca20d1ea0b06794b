package dev.strongroom.internal.login;

import static dev.strongroom.ErrorCode.INTERNAL;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.identity.Subject;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.Draft;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenRecord.Issuer;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Issued;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.AuthMethod.IssuedToken;
import dev.strongroom.spi.AuthMethod.OutsideCheck;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.LoginGrant;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.LoginHandler.Proven;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.TokenParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lets somebody in whom an auth method has recognised. Same rules and texts as OpenBao v2.6.2
 * {@code vault/request_handling.go} (handleLoginRequest, LoginCreateToken). A caller who fails is
 * told nothing, the log everything but what the caller sent. Thread-safe.
 */
public final class Logins {
  private final Router router;
  private final IdentityStore identities;
  private final TokenStore tokens;
  private final TtlRules ttls;
  private final Lockouts lockouts;
  private final FailureLog failures;
  private final DisabledMounts disabled;

  /**
   * Lets nobody in yet.
   *
   * @param ttls of mounts that have none of their own
   */
  public Logins(
      Transactions transactions,
      Router router,
      IdentityStore identities,
      TokenStore tokens,
      Background background,
      TtlRules ttls) {
    this.router = router;
    this.identities = identities;
    this.tokens = tokens;
    this.ttls = ttls;
    this.lockouts = new Lockouts(transactions.clock());
    this.failures = new FailureLog(transactions.clock());
    this.disabled = new DisabledMounts(transactions, tokens, identities, background);
  }

  /** Goes on with what was under way when the store was closed. */
  public void resume() {
    disabled.resume();
  }

  public Lockouts lockouts() {
    return lockouts;
  }

  /**
   * Answers an attempt to log in.
   *
   * @param reading the call, whose storage is not to be written
   * @param requestId under which the audit trail has the attempt; empty where nothing is audited
   * @param finish makes the token of somebody who has proven who they are
   */
  public Response attempt(
      MountEntry mount,
      LoginHandler handler,
      Call reading,
      Optional<UUID> requestId,
      Function<Proof, Response> finish) {
    Optional<String> alias = handler.claimedAlias(reading);
    try {
      requireUnlocked(mount, alias);
      Response response = finish.apply(new Proof(alias, handler.prove(reading)));
      if (!response.isFailure()) {
        alias.ifPresent(name -> lockouts.forget(mount.accessor(), name));
      }
      return response;
    } catch (LoginRefused e) {
      warn(mount, requestId, e.reason());
      return Response.failure(e.counts() ? counted(mount, alias, e) : e);
    } catch (VaultException e) {
      warn(mount, requestId, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void requireUnlocked(MountEntry mount, Optional<String> alias) {
    if (isLocked(mount, alias)) {
      throw locked();
    }
  }

  private boolean isLocked(MountEntry mount, Optional<String> alias) {
    return alias.filter(name -> lockouts.isLocked(mount, name)).isPresent();
  }

  private static LoginRefused locked() {
    return LoginRefused.denied("the name is locked after too many failures");
  }

  /** Many guesses at a time are no way round a lock: behind it, right and wrong look the same. */
  private LoginRefused counted(MountEntry mount, Optional<String> alias, LoginRefused failure) {
    if (isLocked(mount, alias)) {
      return locked();
    }
    alias.ifPresent(name -> lockouts.count(mount, name));
    return failure;
  }

  /** What a caller has proven, and the name they claimed for it. */
  public record Proof(Optional<String> alias, Proven proven) {}

  private void warn(MountEntry mount, Optional<UUID> requestId, String reason) {
    failures.warn(
        mount,
        "a login at " + mount.path() + " failed: " + reason
            + requestId.map(id -> " (request " + id + ")").orElse(""));
  }

  /**
   * Makes the token of a login.
   *
   * @param mount as it was when the login began
   * @throws VaultException if the mount has gone meanwhile, or what the method grants cannot be
   *     granted
   */
  public Response issue(Transaction tx, Request request, MountEntry mount, Proof proof, Call call) {
    MountEntry now = current(tx, mount.uuid());
    requireUnlocked(now, proof.alias); // others may have guessed while this one was proven
    LoginGrant grant = proof.proven.grant(call);
    if (proof.alias.filter(name -> !name.equals(grant.alias())).isPresent()) {
      throw new VaultException(INTERNAL, "internal error");
    }
    TokenParameters parameters = grant.parameters();
    List<Cidr> boundCidrs = boundCidrs(parameters, request.origin());
    Entity entity = identities.ofLogin(tx, now.accessor(), grant.alias(), grant.aliasMetadata());
    NavigableSet<String> policies = policies(parameters);
    requireGrantable(policies);
    identities.subject(tx, entity.id()).map(Subject::policies).ifPresent(Logins::requireGrantable);
    TokenType type = now.settings().auth().tokenType().typeFor(parameters.type());
    requireFitting(type, parameters);
    Granted granted = ttls.of(now.settings())
        .within(parameters.maxTtl())
        .grant(
            parameters.ttl(),
            parameters.period(),
            parameters.explicitMaxTtl(),
            call.now(),
            call.now());
    Draft draft = Draft.orphan(
            request.path().text(), displayName(now, grant.displayName()), List.copyOf(policies))
        .withType(type)
        .withEntity(Optional.of(entity.id()))
        .withMeta(grant.metadata())
        .withNumUses(parameters.numUses())
        .withBoundCidrs(boundCidrs)
        .withTtl(granted.ttl(), /* canBeRenewed= */ type == TokenType.SERVICE)
        .withLimits(parameters.explicitMaxTtl(), parameters.period())
        .withIssuer(new Issuer(now.accessor(), grant.data()));
    Issued issued = tokens.create(tx, draft, Optional.empty());
    Response response =
        Response.of(tokens.auth(tx, Optional.of(issued.token()), issued.record(), granted.ttl()));
    return granted.warning().map(response::withWarning).orElse(response);
  }

  /** Reading the table makes it a condition: nobody is let in at a mount that has just gone. */
  private MountEntry current(Transaction tx, UUID id) {
    return router.changes().table(tx).byId(id).orElseThrow(Acl::denied);
  }

  private static List<Cidr> boundCidrs(TokenParameters parameters, Optional<Origin> origin) {
    if (parameters.boundCidrs().isEmpty() && !parameters.strictlyBindIp()) {
      return List.of();
    }
    Origin known = origin.orElseThrow(
        () -> LoginRefused.denied("it is bound to addresses, and where it came from is not known"));
    if (!parameters.boundCidrs().isEmpty()
        && !Cidr.anyContains(parameters.boundCidrs(), known.address())) {
      throw LoginRefused.denied("it came from an address that it is not bound to");
    }
    return parameters.strictlyBindIp()
        ? List.of(Cidr.of(known.address()))
        : parameters.boundCidrs();
  }

  private static NavigableSet<String> policies(TokenParameters parameters) {
    NavigableSet<String> policies = PolicyStore.fold(parameters.policies());
    if (!parameters.noDefaultPolicy()) {
      policies.add(PolicyStore.DEFAULT);
    }
    return policies;
  }

  private static void requireGrantable(Iterable<String> policies) {
    for (String policy : policies) {
      if (policy.equals(PolicyStore.ROOT)) {
        throw new VaultException(INVALID_REQUEST, "auth methods cannot create root tokens");
      }
      if (policy.equals(PolicyStore.RESPONSE_WRAPPING)) {
        throw new VaultException(INVALID_REQUEST, "cannot assign policy \"" + policy + "\"");
      }
    }
  }

  /** A mount can be set to make batch tokens where a role asks for what they cannot have. */
  private static void requireFitting(TokenType type, TokenParameters parameters) {
    if (type == TokenType.BATCH) {
      requireUnset(parameters.numUses() == 0, "num_uses");
      requireUnset(parameters.period().isZero(), "period");
      requireUnset(parameters.explicitMaxTtl().isZero(), "explicit_max_ttl");
    }
  }

  private static void requireUnset(boolean unset, String field) {
    if (!unset) {
      throw new VaultException(INVALID_REQUEST, "batch tokens cannot have \"" + field + "\" set");
    }
  }

  private static String displayName(MountEntry mount, String name) {
    String place = mount.path().substring(MountEntry.AUTH.length()).replace('/', '-');
    String full = place + name;
    return full.endsWith("-") ? full.substring(0, full.length() - 1) : full;
  }

  /** A token of a login, with the mount that has made it. */
  private record Made(MountEntry mount, AuthMethod method, Storage storage, IssuedToken token) {}

  /**
   * Returns what has to be asked outside before a token is renewed; empty if nothing.
   *
   * @param token that a login has made, and {@link #renewal} would renew
   * @param origin where it is renewed from
   * @throws VaultException if the method refuses
   */
  public Optional<OutsideCheck> beforeRenewal(
      Transaction tx, TokenRecord token, Optional<Origin> origin) {
    Made made = made(tx, token, origin);
    return asked(() -> made.method.beforeRenewal(made.storage, made.token))
        .map(check -> () -> ask(made.mount, check));
  }

  private Predicate<Storage> ask(MountEntry mount, OutsideCheck check) {
    try {
      return check.ask();
    } catch (VaultException e) {
      String reason =
          e instanceof LoginRefused refused ? refused.reason() : String.valueOf(e.getMessage());
      failures.warn(mount, "a token of " + mount.path() + " was not renewed: " + reason);
      throw notRenewed(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Computes how long a token of a login may live from now on; empty if the method says that there
   * is nothing to renew.
   *
   * @param token that a login has made
   * @param increment zero: none is wanted
   * @param origin where it is renewed from
   * @param answer of an {@link OutsideCheck}, where there was one to ask
   * @throws VaultException if the method refuses, what the answer rests on was changed, or nothing
   *     is left of the longest lifetime
   */
  public Optional<Granted> renewal(
      Transaction tx,
      TokenRecord token,
      Duration increment,
      Instant now,
      Optional<Origin> origin,
      Predicate<Storage> answer) {
    Made made = made(tx, token, origin);
    if (!answer.test(made.storage)) {
      throw notRenewed("the auth method was changed meanwhile");
    }
    TtlRules rules = ttls.of(made.mount.settings());
    return asked(() -> made.method.renew(made.storage, made.token)).map(lifetimes -> rules
        .within(lifetimes.maxTtl())
        .grant(
            increment.isZero() ? lifetimes.ttl() : increment,
            lifetimes.period(),
            token.explicitMaxTtl(),
            token.createdAt(),
            now));
  }

  private Made made(Transaction tx, TokenRecord token, Optional<Origin> origin) {
    Issuer issuer = token.issuer().orElseThrow();
    MountEntry mount =
        router.changes().table(tx).byAccessor(issuer.mountAccessor()).orElseThrow(Acl::denied);
    Optional<Mounted> mounted = router.mountOf(mount.path());
    Optional<AuthMethod> method = mounted
        .flatMap(Mounted::engine)
        .filter(AuthMethod.class::isInstance)
        .map(AuthMethod.class::cast);
    if (method.isEmpty()) {
      throw notRenewed("the auth method \"" + mount.type() + "\" is not part of this vault");
    }
    List<String> policies = token.policies().stream()
        .filter(name -> !name.equals(PolicyStore.DEFAULT))
        .toList();
    return new Made(
        mount,
        method.get(),
        tx.in(mounted.get().view()),
        new IssuedToken(policies, token.meta(), issuer.data(), origin));
  }

  private static <T> T asked(Supplier<T> method) {
    try {
      return method.get();
    } catch (VaultException e) {
      throw notRenewed(String.valueOf(e.getMessage()));
    }
  }

  /** As the reference answers: what is wrong is not the request. */
  private static VaultException notRenewed(String reason) {
    return new VaultException(INTERNAL, "failed to renew entry: " + reason);
  }

  /**
   * Disables an auth method: its tokens end with this change, and its data cannot be decrypted any
   * more; rows go behind the requests. Nothing happens if none is mounted there.
   *
   * @param path below {@code auth/}, with a trailing slash
   */
  public void disable(Transaction tx, String path) {
    router.changes().unmountAuth(tx, path).ifPresent(mount -> {
      disabled.order(tx, mount.accessor());
    });
  }
}
