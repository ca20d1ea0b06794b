package dev.strongroom.internal.unsealed;

import dev.strongroom.Change;
import dev.strongroom.ClientToken;
import dev.strongroom.CorsRules;
import dev.strongroom.Metric;
import dev.strongroom.Registration;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.VaultMetrics;
import dev.strongroom.internal.audit.AuditBroker;
import dev.strongroom.internal.audit.AuditSetup;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.ceremony.Ceremonies;
import dev.strongroom.internal.cors.CorsStore;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.metrics.Metrics;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.internal.password.PasswordPolicies;
import dev.strongroom.internal.pipeline.RequestPipeline;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.internal.seal.HeldKeys;
import dev.strongroom.internal.seal.OpenKeys;
import dev.strongroom.internal.seal.VaultSeal;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.system.SystemEngines;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.Draft;
import dev.strongroom.internal.token.Issuers;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.internal.version.VersionHistory;
import dev.strongroom.internal.wrapping.ResponseWrapping;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.AuthMethod.OutsideCheck;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A vault while it is unsealed: from the keys to the pipeline. Sealing closes it, and another one
 * is made at the next unseal. Thread-safe.
 */
public final class UnsealedVault implements AutoCloseable {
  private static final String RENEW = "auth/token/renew-accessor";

  private final HeldKeys keys;
  private final Barrier barrier;
  private final UUID id;
  private final Background background;
  private final Transactions transactions;
  private final PolicyStore policies;
  private final PasswordPolicies passwords;
  private final IdentityStore identities;
  private final Cubbyholes cubbyholes;
  private final DueIndex due;
  private final TokenStore tokens;
  private final ResponseWrapping wrapping;
  private final LeaseStore leases;
  private final Router router;
  private final Logins logins;
  private final MountChanges mounts;
  private final KeyRotation rotation;
  private final Ceremonies ceremonies;
  private final AuditBroker audit;
  private final CorsStore cors;
  private final VersionHistory versions;
  private final RequestPipeline pipeline;
  private final Census census;
  private final Setup setup;
  private final Owner owner;
  private volatile boolean closed;

  /**
   * What a vault is built with.
   *
   * @param types engines that can be mounted, by name
   * @param authMethods auth methods that can be mounted, by name
   * @param mounts what the application declares, by path with a trailing slash
   * @param policies what the application declares, by name
   * @param cacheBytes how much memory the record cache may take, roughly
   * @param ceremoniesWithoutToken whether the older paths of key ceremonies are served
   * @param guessableTokenIds whether chosen token ids may be shorter than 8 characters
   * @param audit what the application says of the audit
   * @param metrics what is counted, also while this is sealed
   * @param outside runs what waits for the outside; empty: the thread of the background work
   */
  public record Setup(
      Map<String, EngineType> types,
      Map<String, AuthMethodType> authMethods,
      Map<String, MountChanges.Wanted> mounts,
      Map<String, String> policies,
      TtlRules ttls,
      TimeSource time,
      SecureRandom random,
      long cacheBytes,
      boolean ceremoniesWithoutToken,
      boolean guessableTokenIds,
      AuditSetup audit,
      Metrics metrics,
      Optional<Executor> outside) {}

  /** What happens to the vault from inside. */
  public interface Owner {
    /** A caller asked for the vault to be sealed. */
    void seal();

    /** The store cannot say what became of a commit: nothing in memory can be trusted. */
    void storeFailed(StorageException cause);

    /** Data have changed; told in the order of the commits. Must be fast and must not fail. */
    void changed(Change change);
  }

  /**
   * Wires a vault around its keys, which it takes over, also if that fails. Nothing is read but the
   * state row.
   */
  public static UnsealedVault open(
      OpenKeys keys, VaultSeal seal, StorageBackend store, Setup setup, Owner owner) {
    try {
      return new UnsealedVault(keys, seal, store, setup, owner);
    } catch (RuntimeException | Error e) {
      keys.wipe();
      throw e;
    }
  }

  private UnsealedVault(
      OpenKeys keys, VaultSeal seal, StorageBackend store, Setup setup, Owner owner) {
    this.barrier = new Barrier(keys.keyring(), setup.random);
    this.keys = seal.hold(keys, barrier);
    this.background = new Background(setup.time);
    byte[] systemSecret = keys.keyring().derive("strongroom system container");
    ByteBuffer storeId = ByteBuffer.wrap(keys.storeId());
    this.id = new UUID(storeId.getLong(), storeId.getLong());
    BarrierView system = barrier.view(keys.storeId(), systemSecret);
    Arrays.fill(systemSecret, (byte) 0);
    this.transactions = new Transactions(
        store,
        barrier,
        system,
        setup.time,
        background,
        setup.random,
        setup.cacheBytes,
        owner::storeFailed,
        owner::changed);
    this.policies = new PolicyStore(transactions);
    this.identities = new IdentityStore(transactions, setup.random);
    this.cubbyholes = new Cubbyholes(transactions);
    this.due = new DueIndex(transactions, background);
    this.tokens = new TokenStore(
        transactions,
        policies,
        identities,
        issuers(),
        cubbyholes,
        background,
        due,
        this::endWithToken,
        setup.random,
        keys.keyring().derive("strongroom token hash"),
        keys.keyring().derive("strongroom batch token"));
    this.wrapping =
        new ResponseWrapping(tokens, cubbyholes, transactions, new RandomText(setup.random));
    this.rotation = new KeyRotation(transactions, barrier, this.keys, background, setup.random);
    this.ceremonies = new Ceremonies(this.keys, setup.time, background, setup.random, tx -> tokens
        .create(tx, rootToken(), Optional.empty())
        .token());
    this.passwords = new PasswordPolicies(transactions, setup.random);
    this.cors = new CorsStore(transactions);
    this.versions = new VersionHistory(transactions);
    this.router = new Router(
        transactions,
        setup.types,
        setup.authMethods,
        this::ownTypes,
        barrier,
        background,
        setup.random,
        passwords,
        setup.outside,
        this::outsideHeld);
    this.mounts = router.changes();
    this.logins = new Logins(transactions, router, identities, tokens, background, setup.ttls);
    this.audit = new AuditBroker(
        setup.audit,
        transactions,
        identities,
        keys.keyring().derive("strongroom audit checkpoints"),
        background,
        setup.time,
        setup.random,
        setup.metrics);
    this.leases = new LeaseStore(
        transactions,
        tokens,
        router,
        background,
        due,
        setup.ttls,
        setup.time,
        setup.random,
        setup.outside,
        VaultSeal.restoredFrom(store));
    this.pipeline = new RequestPipeline(
        tokens, wrapping, leases, router, logins, transactions, setup.ttls, audit);
    this.census = new Census(
        background,
        setup.time,
        () -> new Census.Walks(
            tokens.counting(), leases.counting(), identities.entities().counting()));
    this.setup = setup;
    this.owner = owner;
  }

  /** Asked when tokens are looked at, which is not before there is a router. */
  private Issuers issuers() {
    return new Issuers() {
      @Override
      public boolean isMounted(String mountAccessor) {
        return router.isMounted(mountAccessor);
      }

      @Override
      public long changes() {
        return router.version();
      }
    };
  }

  /** Asked by engines at work, which is not before there are leases. */
  private Optional<String> outsideHeld() {
    return leases.held();
  }

  private int endWithToken(Transaction tx, String tokenHash, int max) {
    return leases.end(tx, tokenHash, max);
  }

  private Map<String, EngineType> ownTypes() {
    return SystemEngines.types(
        router,
        policies,
        passwords,
        identities,
        tokens,
        cubbyholes,
        wrapping,
        leases,
        logins,
        rotation,
        ceremonies,
        setup.ceremoniesWithoutToken,
        setup.guessableTokenIds,
        audit.devices(),
        cors,
        versions,
        this::metrics,
        setup.ttls,
        setup.random,
        transactions,
        owner::seal);
  }

  /**
   * Stores a new vault, whole or not at all: boot rows, the vault's own mounts, the default policy
   * and a root token.
   *
   * @return the root token
   */
  public ClientToken create(List<Batch.Change> bootRows) {
    return transactions.write(tx -> {
      bootRows.forEach(tx::add);
      ensureOwn(tx);
      return tokens.create(tx, rootToken(), Optional.empty()).token();
    });
  }

  /**
   * Loads what every request needs, makes what the application declares, and goes on with what was
   * under way.
   *
   * @throws VaultException with code {@code CONFLICT} if the store has something else where the
   *     application declares something
   */
  public void start() {
    transactions.change(tx -> {
      ensureOwn(tx);
      setup.policies.forEach((name, text) -> policies.ensureDeclared(tx, name, text));
      setup.mounts.forEach((path, wanted) -> mounts.ensureDeclared(tx, path, wanted));
    });
    mounts.load();
    audit.start();
    tokens.resume();
    logins.resume();
    leases.resume();
    due.resume();
    transactions.resume();
    rotation.watch();
  }

  private void ensureOwn(Transaction tx) {
    mounts.ensureOwn(tx, SystemEngines.MOUNTS, SystemEngines.DESCRIPTIONS);
    policies.ensureBuiltIn(tx);
    versions.note(tx);
  }

  private static Draft rootToken() {
    return Draft.orphan("auth/token/root", "root", List.of(PolicyStore.ROOT));
  }

  /** Returns the id of the store. */
  public UUID id() {
    return id;
  }

  /** Returns which sites' pages may use the vault. */
  public Optional<CorsRules> corsRules() {
    return cors.rules();
  }

  /** Returns what has been counted. */
  public VaultMetrics metrics() {
    List<Mounted> mounted = router.mounted();
    setup.metrics.keepRoutes(
        mounted.stream().map(mount -> mount.entry().path()).collect(Collectors.toSet()));
    List<Metric> more = new ArrayList<>(census.read());
    more.add(mountCount("auth", mounted.stream().filter(mount -> mount.entry().isAuth())));
    more.add(
        mountCount("logical", mounted.stream().filter(mount -> !mount.entry().isAuth())));
    return setup.metrics.read(/* unsealed= */ true, more);
  }

  private static Metric mountCount(String type, Stream<Mounted> mounts) {
    return Metrics.gauge(
        "core.mount_table.num_entries",
        "Number of mounts, by type.",
        Map.of("type", type, "local", "false"),
        (double) mounts.count());
  }

  public Keyring keyring() {
    return barrier.keyring();
  }

  public Ceremonies ceremonies() {
    return ceremonies;
  }

  /**
   * Does what the host asks for without a request and a token. Every such verb on an open vault
   * comes through here, so this is where the audit sees them.
   *
   * @param path which request would do the same
   * @throws VaultException with code {@code SEALED}, or with that of the failure
   */
  public <T> T asHost(String path, Function<Transaction, T> verb) {
    try {
      if (closed) {
        throw Barrier.sealed();
      }
      return audit.host(path, () -> transactions.write(path, verb, result -> true));
    } catch (RuntimeException e) {
      throw closed ? Barrier.sealed() : e;
    }
  }

  /** Returns what records the requests, and what the host does. */
  public AuditBroker audit() {
    return audit;
  }

  /** As {@link RequestPipeline#listen}. */
  public Registration listen(Request prefix, Bearer bearer, Supplier<Registration> work) {
    return pipeline.listen(prefix, bearer, work);
  }

  /** Returns what is known of secrets outside the vault. */
  public LeaseStore leases() {
    return leases;
  }

  /** Answers a request. What fails while the vault is being sealed fails for that reason. */
  public Response handle(Request request, Bearer bearer) {
    Response response =
        setup.metrics.measured(request, executed -> pipeline.handle(request, bearer, executed::at));
    return closed && response.isFailure() ? Response.failure(Barrier.sealed()) : response;
  }

  /**
   * Returns who a bearer inside the process is, outside a request; empty if its token has ended or
   * is bound to addresses.
   *
   * @throws VaultException with code {@code SEALED}: with wiped keys nobody is found
   */
  public Optional<Caller> identify(Bearer bearer) {
    return identify(bearer, Optional.empty());
  }

  /** As {@link #identify(Bearer)}, for a token that may be bound to where it comes from. */
  public Optional<Caller> identify(Bearer bearer, Optional<Origin> origin) {
    try {
      Optional<Caller> caller = tokens.identify(bearer, origin);
      if (closed) {
        throw Barrier.sealed();
      }
      return caller;
    } catch (RuntimeException e) {
      throw closed ? Barrier.sealed() : e;
    }
  }

  /**
   * Makes a token for a caller inside the process: an orphan with exactly these policies, which
   * lives as long as it is renewed.
   */
  public ClientToken createHostToken(String host, List<String> policyNames, Duration period) {
    Draft draft = Draft.orphan("auth/token/host/" + host, "host-" + host, policyNames)
        .withTtl(period, /* canBeRenewed= */ true)
        .withLimits(Duration.ZERO, period);
    return audit.host(
        "auth/token/host-" + host,
        () ->
            transactions.write(tx -> tokens.create(tx, draft, Optional.empty()).token()));
  }

  /** Begins the period of a host's token again; false if it has ended. */
  public boolean renewHostToken(ClientToken token, Duration period) {
    return find(token)
        .map(there -> audit.host(
            RENEW,
            accessorOf(there),
            () -> transactions.write(tx -> tokens
                .find(tx, token.exposeText())
                .map(found -> tokens.renew(tx, found, period))
                .isPresent())))
        .orElse(false);
  }

  /**
   * Renews a token of a login and returns its lifetime; empty if it has ended or cannot be. Where
   * somebody outside has to be asked, this waits for the answer, outside every transaction.
   */
  public Optional<Duration> renewLogin(ClientToken token) {
    return find(token)
        .filter(UnsealedVault::isRenewableLogin)
        .flatMap(found -> audit.host(RENEW, accessorOf(found), () -> renewedLogin(token)));
  }

  private Optional<Duration> renewedLogin(ClientToken token) {
    Predicate<Storage> answer = transactions
        .read(tx -> ofLogin(tx, token)
            .filter(found -> renewal(tx, found, storage -> true).isPresent())
            .flatMap(found -> logins.beforeRenewal(tx, found.record(), Optional.empty())))
        .map(OutsideCheck::ask)
        .orElse(storage -> true);
    return transactions.write(
        tx -> ofLogin(tx, token).flatMap(found -> renewal(tx, found, answer).map(granted -> {
          tokens.renew(tx, found, granted.ttl());
          return granted.ttl();
        })));
  }

  private Optional<Found> ofLogin(Transaction tx, ClientToken token) {
    return tokens.find(tx, token.exposeText()).filter(UnsealedVault::isRenewableLogin);
  }

  private static boolean isRenewableLogin(Found found) {
    return found.record().renewable() && found.record().issuer().isPresent();
  }

  private Optional<Granted> renewal(Transaction tx, Found found, Predicate<Storage> answer) {
    return logins.renewal(
        tx,
        found.record(),
        Duration.ZERO,
        transactions.clock().instant(),
        Optional.empty(),
        answer);
  }

  /** Ends a token and everything below it; a batch token ends by itself. */
  public void revoke(ClientToken token) {
    find(token)
        .filter(there -> !there.record().isBatch())
        .ifPresent(there -> audit.hostEvenUnrecorded(
            "auth/token/revoke-accessor",
            accessorOf(there),
            () -> transactions.change(tx -> tokens
                .find(tx, token.exposeText())
                .ifPresent(found -> tokens.revokeTree(tx, found.hash())))));
  }

  private Optional<Found> find(ClientToken token) {
    return transactions.read(tx -> tokens.find(tx, token.exposeText()));
  }

  /** Says in the trail which token is meant, in the way that all its records do. */
  private static Payload accessorOf(Found token) {
    return Payload.of(Map.of("accessor", token.record().accessor()));
  }

  /**
   * Lets running commits finish and wipes every key. What still runs is told that the vault is
   * sealed.
   */
  @Override
  public void close() {
    closed = true;
    background.close();
    audit.close();
    leases.close();
    transactions.close();
    router.close();
    tokens.close();
    barrier.close();
    keys.close();
    ceremonies.close(); // after the keys, which may still follow a commit of theirs
  }
}
