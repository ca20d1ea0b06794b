package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.listener.Listeners;
import dev.strongroom.internal.seal.OpenKeys;
import dev.strongroom.internal.seal.SealMigration;
import dev.strongroom.internal.seal.VaultSeal;
import dev.strongroom.internal.seal.VaultSeal.NewVault;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.unsealed.UnsealedVault;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A secrets vault inside this process. It starts sealed, opens with key shares or an automatic
 * seal, and then answers requests of sessions. The methods here are those of the host: whoever
 * holds this object holds the process, so they ask for no token. Thread-safe; all calls may block.
 */
public final class Vault implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  /** How long a host's token outlives its process; it is renewed at half of that. */
  static final Duration HOST_PERIOD = Duration.ofHours(1);

  private static final Duration LEASES_END_WITHIN = Duration.ofSeconds(30);
  private static final int MAX_NAMED = 100;

  /** Sessions that log in again at a time, so that what revokes leases has threads left. */
  private static final int MAX_RENEWALS = 8;

  private static final int MAX_LISTED = 10_000;

  private final StorageBackend store;
  private final UnsealedVault.Setup setup;
  private final Map<String, List<Policy>> hosts;
  private final Consumer<SealStatus> sealListener;
  private final Listeners listeners;
  private final List<Runnable> ownThreads;
  private final Set<HostSession> hostSessions = ConcurrentHashMap.newKeySet();
  private final Set<LoginSession> loginSessions = ConcurrentHashMap.newKeySet();
  private final Executor renewals;

  // Held over the store, the seal and the keeper of new keys, against the rule: opening and sealing
  // are rare, and nobody may see a vault between them. No lock of a session is held around it.
  private final ReentrantLock lifecycle = new ReentrantLock();

  @GuardedBy("lifecycle")
  private final VaultSeal seal;

  /** Without the lock, behind which a request must never wait. */
  private final BooleanSupplier isInitialized;

  private volatile @Nullable UnsealedVault unsealed;
  private volatile boolean closed;

  /** Takes the store over. */
  Vault(
      StorageBackend store,
      Optional<Seal> automatic,
      SealMigration migration,
      UnsealedVault.Setup setup,
      Map<String, List<Policy>> hosts,
      Consumer<SealStatus> sealListener,
      Listeners listeners,
      List<Runnable> ownThreads) {
    this.store = store;
    this.setup = setup;
    this.hosts = Map.copyOf(hosts);
    this.sealListener = sealListener;
    this.listeners = listeners;
    this.ownThreads = List.copyOf(ownThreads);
    this.renewals = new FewAtOnce(setup.outside().orElse(Runnable::run), MAX_RENEWALS);
    VaultSeal ours = new VaultSeal(
        store,
        automatic,
        migration,
        setup.time(),
        setup.random(),
        setup.metrics()::noteUnsealDisturbed);
    this.seal = ours;
    this.isInitialized = ours::isInitialized;
  }

  public static VaultBuilder builder() {
    return new VaultBuilder();
  }

  /** As {@link #inMemory(Consumer)} with nothing mounted. */
  public static InMemoryVault inMemory() {
    return inMemory(builder -> {});
  }

  /**
   * Opens a vault for a test: the real thing, initialised and unsealed, in memory, on virtual time
   * that begins at 2026-01-01T00:00:00Z.
   *
   * @param setup adds mounts, engines and hosts; storage, time and initialisation are taken
   */
  public static InMemoryVault inMemory(Consumer<VaultBuilder> setup) {
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    VaultBuilder builder = builder().storage(InMemoryStorage.create()).time(time);
    setup.accept(builder);
    Vault vault = builder.open();
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      return new InMemoryVault(vault, vault.session(keys.rootToken()), time);
    } catch (RuntimeException | Error e) {
      vault.close();
      throw e;
    }
  }

  /**
   * Fills an empty store with a {@link #snapshot}. The vault in it is sealed, and opens with the
   * keys it had.
   *
   * @throws StorageException if the store is not empty, or the snapshot is damaged
   */
  public static void restore(Path snapshot, StorageType into) {
    try (StorageBackend store = into.open();
        SystemTime time = new SystemTime()) {
      VaultSeal.restore(snapshot, store, time.instant());
    }
  }

  /** Opens what opens by itself. */
  void start(Optional<VaultBuilder.IfNew> ifNew) {
    lifecycle.lock();
    try {
      seal.load();
      if (ifNew.isPresent() && !seal.isInitialized()) {
        try (InitialKeys keys = makeKeys(seal, ifNew.get().shares(), /* keeperConfirms= */ true)) {
          ifNew.get().keeper().accept(keys);
        }
        seal.confirmInitialized();
      }
      if (seal.opensAutomatically()) {
        openWith(seal, seal.openAutomatically());
      }
    } finally {
      lifecycle.unlock();
    }
  }

  /** Returns how far this vault is open. */
  public SealStatus sealStatus() {
    lifecycle.lock();
    try {
      requireOpen();
      return statusOf(seal);
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Makes the keys of a new vault. With key shares it stays sealed; with an automatic seal, for
   * which these are recovery shares, it is unsealed then. May be repeated after a crash until the
   * vault was unsealed once, but not on the same object.
   *
   * @throws VaultException with code {@code CONFLICT} if the vault is initialised already
   */
  public InitialKeys initialize(KeyShares shares) {
    return changing(seal -> {
      InitialKeys keys = makeKeys(seal, shares, /* keeperConfirms= */ false);
      seal.confirmInitialized();
      if (seal.opensAutomatically()) {
        openWith(seal, seal.openAutomatically());
      }
      return keys;
    });
  }

  /**
   * Gives one key share, which is copied. Nothing is known to be right or wrong before the last one
   * needed. Returns the status after it; in an unsealed vault nothing happens. Shares given are
   * forgotten after 24 hours without success.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if the shares do not belong together,
   *     {@code NOT_INITIALIZED}, or any code that opening the vault may have; the attempt has then
   *     ended
   */
  public SealStatus unseal(KeyShare share) {
    return unseal(share, /* migrate= */ false, Optional.empty());
  }

  /**
   * As {@link #unseal(KeyShare)}, for a caller that came over a network. The shares of all count
   * together, and those from one address (an IPv4 address, a /64 block of IPv6, or this process)
   * also alone: enough of them unseal, whatever others gave or gave up meanwhile. The last 1,000
   * addresses are remembered.
   */
  public SealStatus unseal(KeyShare share, Origin from) {
    return unseal(share, /* migrate= */ false, Optional.of(from));
  }

  /**
   * As {@link #unseal(KeyShare)}, for a store whose seal is to be changed to the one that the
   * builder names. The shares are those of the seal before: unseal shares or recovery shares. They
   * stay valid, but what they do changes: unseal shares become recovery shares of an automatic
   * seal, recovery shares become unseal shares where there is no automatic seal any more. All of it
   * is one commit; after a crash the store has either seal, and this can be repeated.
   *
   * @throws VaultException as {@link #unseal(KeyShare)}, and with code {@code INVALID_REQUEST} if
   *     the store has the seal already
   */
  public SealStatus migrateSeal(KeyShare share) {
    return unseal(share, /* migrate= */ true, Optional.empty());
  }

  /** As {@link #migrateSeal(KeyShare)}, for a caller as in {@link #unseal(KeyShare, Origin)}. */
  public SealStatus migrateSeal(KeyShare share, Origin from) {
    return unseal(share, /* migrate= */ true, Optional.of(from));
  }

  private SealStatus unseal(KeyShare share, boolean migrate, Optional<Origin> from) {
    return changing(seal -> {
      if (unsealed == null) {
        byte[] bytes = share.exposeBytes();
        try {
          seal.give(bytes, migrate, from).ifPresent(keys -> openWith(seal, keys));
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
      }
      return statusOf(seal);
    });
  }

  /** Forgets the shares given so far. */
  public SealStatus resetUnseal() {
    return changing(seal -> {
      seal.reset();
      return statusOf(seal);
    });
  }

  /**
   * Forgets the shares given so far, because a caller that came over a network wants it: always
   * those from its own address, and so all of them where nobody else takes part.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} if others take part, and attempts of
   *     others were given up from that address 5 times within 10 minutes
   */
  public SealStatus resetUnseal(Origin from) {
    return changing(seal -> {
      seal.giveUp(from);
      return statusOf(seal);
    });
  }

  /**
   * Seals this vault: running commits end, every key is wiped, and requests are refused until the
   * next unseal.
   */
  public void seal() {
    UnsealedVault open = unsealed;
    if (open != null) {
      open.audit().noteHost("sys/seal");
    }
    sealNow();
  }

  private void sealNow() {
    changing(seal -> {
      closeUnsealed();
      seal.reset();
      return true;
    });
  }

  /**
   * Begins to replace the key shares of this vault: its unseal shares, or its recovery shares with
   * an automatic seal. With unseal shares the root key is a new one as well. One at a time.
   *
   * @param shares how many there are to be
   * @throws VaultException with code {@code SEALED}, or {@code INVALID_REQUEST} if a rekey is under
   *     way
   */
  public Rekey rekey(KeyShares shares) {
    return HostRekey.begin(requireUnsealed(), shares);
  }

  /**
   * Begins to make a root token with the key shares of this vault: its unseal shares, or its
   * recovery shares with an automatic seal. One at a time.
   *
   * @throws VaultException with code {@code SEALED}, or {@code INVALID_REQUEST} if one is under way
   */
  public RootGeneration generateRoot() {
    return HostRootGeneration.begin(requireUnsealed());
  }

  /**
   * Returns whether this vault touches nothing outside: its store was restored from a snapshot, and
   * what its leases stand for may belong to the vault it was copied from. Nothing is made, renewed
   * or revoked then, and leases that end wait.
   *
   * @throws VaultException with code {@code SEALED}
   */
  public boolean outsideEffectsHeld() {
    return requireUnsealed().leases().isHeld();
  }

  /**
   * Returns ids of leases that have ended and whose secrets are not revoked yet, at most 10,000.
   *
   * @throws VaultException with code {@code SEALED}
   */
  public List<String> leasesToRevoke() {
    return requireUnsealed().leases().waiting(MAX_LISTED);
  }

  /**
   * Lets a vault whose store was restored touch what is outside again, and revoke within five
   * minutes what has ended meanwhile. For a copy that takes the place of the vault it was made
   * from; never for one that runs beside it. Durable; nothing happens in any other vault.
   *
   * @throws VaultException with code {@code SEALED}
   */
  public void resumeOutsideEffects() {
    UnsealedVault open = requireUnsealed();
    open.audit().host("sys/leases/resume-outside", () -> {
      open.leases().release();
      return true;
    });
  }

  /**
   * Writes a snapshot of everything, as of one moment, while requests go on. It is encrypted as the
   * store is, and opens with the same keys. Complete and durable when this returns, readable by the
   * owner of the process only.
   *
   * @param target replaced if it exists
   * @throws VaultException with code {@code SEALED}, or {@code STORAGE_FAILED} if it cannot be
   *     written
   */
  public void snapshot(Path target) {
    UnsealedVault open = requireUnsealed();
    open.audit().host("sys/storage/snapshot", () -> {
      VaultSeal.snapshot(store, target, open.keyring());
      return true;
    });
    if (unsealed != open) { // its keys may have been wiped before they authenticated the snapshot
      try {
        Files.deleteIfExists(target);
      } catch (IOException e) {
        throw new StorageException("the snapshot " + target + " is not valid: remove it", e);
      }
      throw Barrier.sealed();
    }
  }

  /**
   * Returns how the audit devices are; none where nothing is audited.
   *
   * @throws VaultException with code {@code SEALED}
   */
  public List<AuditDeviceStatus> auditStatus() {
    return requireUnsealed().audit().status();
  }

  /**
   * Returns the key that {@link AuditLog#signedBy} verifies checkpoints with: 64 hexadecimal
   * digits. It is as old as the store; keep it where whoever can write to the audit files cannot.
   *
   * @throws VaultException with code {@code SEALED}
   */
  public String auditPublicKey() {
    return requireUnsealed().audit().publicKey();
  }

  /**
   * Opens a session for a caller who brought a token. Nothing is checked before the first request.
   *
   * @param token stays valid when the session is closed
   */
  public Session session(ClientToken token) {
    requireOpen();
    return new TokenSession(this, new Bearer(token));
  }

  /**
   * Returns whether a token is valid at this moment for requests from there, without a use of it:
   * false in a sealed vault. For who must decide how much to read of a request before it is one.
   */
  public boolean isValid(ClientToken token, Origin origin) {
    UnsealedVault open = unsealed;
    return open != null && open.identify(new Bearer(token), Optional.of(origin)).isPresent();
  }

  /**
   * Opens a session for a caller without a token: for what needs none, such as a login, or looking
   * up a wrapping token.
   */
  public Session sessionWithoutToken() {
    requireOpen();
    return new TokenSession(this, Bearer.withoutToken());
  }

  /**
   * Logs in and opens a session with the token that comes of it. The token is renewed while the
   * session is open, at two thirds of its lifetime; where that is not possible, or gives it less
   * time than it had, the session logs in again. The last token is revoked when the session is
   * closed. A session survives sealing.
   *
   * @throws VaultException with the code of the failed login, or {@code SEALED}
   */
  public Session login(Login login) {
    requireUnsealed();
    LoginSession session = new LoginSession(this, login);
    loginSessions.add(session);
    try {
      session.logIn();
      return session;
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /**
   * Opens a session for a caller inside this process, with exactly the policies that
   * {@link VaultBuilder#host} declared. Its token is renewed while the session is open and revoked
   * when it is closed; if the process dies it ends with its period of an hour. A session survives
   * sealing: it gets a new token when its old one ended meanwhile.
   *
   * @throws IllegalArgumentException if no such host was declared
   * @throws VaultException with code {@code SEALED} or {@code NOT_INITIALIZED}
   */
  public Session hostSession(String name) {
    List<Policy> policies = hosts.get(name);
    if (policies == null) {
      throw new IllegalArgumentException(
          "no host is called " + name + "; declared are " + hosts.keySet());
    }
    HostSession session =
        new HostSession(this, name, policies.stream().map(Policy::name).toList());
    // Before it has a token, so that an unseal meanwhile does not miss it.
    hostSessions.add(session);
    try {
      session.renew(requireUnsealed());
      return session;
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /**
   * Closes this vault, its store and its seal: ends its listeners as {@link Registration#close}
   * does, and seals it first. A listener executor stays with who made it. Closing again does
   * nothing.
   */
  @Override
  public void close() {
    listeners.close();
    List.copyOf(hostSessions).forEach(HostSession::close);
    List.copyOf(loginSessions).forEach(LoginSession::close);
    lifecycle.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      closeUnsealed();
      seal.close();
      store.close();
    } finally {
      lifecycle.unlock();
    }
    ownThreads.forEach(Runnable::run);
  }

  /**
   * Returns what tells this vault from others, and stays the same for ever; empty while it is
   * sealed.
   */
  public Optional<UUID> id() {
    return Optional.ofNullable(unsealed).map(UnsealedVault::id);
  }

  /**
   * Returns which other sites' pages may use this vault from a browser, as {@code sys/config/cors}
   * says; empty for none, and while it is sealed. For whoever serves it over HTTP.
   */
  public Optional<CorsRules> corsRules() {
    return Optional.ofNullable(unsealed).flatMap(UnsealedVault::corsRules);
  }

  /**
   * Returns what this vault has counted of its work since it was opened; while it is sealed, less.
   */
  public VaultMetrics metrics() {
    UnsealedVault open = unsealed;
    return open != null ? open.metrics() : setup.metrics().read(/* unsealed= */ false, List.of());
  }

  private void closeUnsealed() {
    UnsealedVault open = unsealed;
    unsealed = null;
    if (open != null) {
      if (store.losesDataOnClose()) {
        endLeases(open.leases());
      }
      open.close();
    }
  }

  /** Once the records are gone, nobody can revoke what they stand for. */
  private void endLeases(LeaseStore leases) {
    try {
      List<String> left = leases.endAll(LEASES_END_WITHIN);
      if (!left.isEmpty()) {
        LOG.log(
            Level.ERROR,
            left.size() + " secrets may still exist outside, and nothing will revoke them: "
                + left.stream().limit(MAX_NAMED).toList());
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "leases were not revoked before their records go", e);
    }
  }

  Response handle(Request request, Bearer bearer) {
    UnsealedVault open = unsealed;
    if (open != null) {
      return open.handle(request, bearer);
    }
    requireOpen();
    return Response.failure(whySealed());
  }

  Registration listen(String prefix, Bearer bearer, Supplier<Registration> work) {
    UnsealedVault open = unsealed;
    return open == null ? work.get() : open.listen(Request.read(prefix), bearer, work);
  }

  TimeSource time() {
    return setup.time();
  }

  /** Runs what sessions do to keep their tokens, and may wait for somebody outside. */
  Executor renewals() {
    return renewals;
  }

  /** Returns a random part of a duration. */
  Duration upTo(Duration longest) {
    return Duration.ofMillis(setup.random().nextLong(longest.toMillis() + 1));
  }

  @Nullable
  UnsealedVault unsealedOrNull() {
    return unsealed;
  }

  Listeners listeners() {
    return listeners;
  }

  /** As {@link UnsealedVault#identify}. */
  Optional<Caller> identify(Bearer bearer) {
    return requireUnsealed().identify(bearer);
  }

  /**
   * Ends the token of a session; if that fails, it ends by itself.
   *
   * @param of whose it is
   */
  void revokeQuietly(ClientToken token, String of) {
    UnsealedVault open = unsealed;
    if (open == null) {
      return;
    }
    try {
      open.revoke(token);
    } catch (VaultException e) {
      LOG.log(
          Level.WARNING,
          "the token of " + of + " could not be revoked; it ends with its lifetime",
          e);
    }
  }

  void forget(RenewedSession session) {
    hostSessions.remove(session);
    loginSessions.remove(session);
  }

  private InitialKeys makeKeys(VaultSeal seal, KeyShares shares, boolean keeperConfirms) {
    NewVault made = seal.prepare(shares, keeperConfirms);
    try (UnsealedVault vault = UnsealedVault.open(made.keys(), seal, store, setup, new Owner())) {
      ClientToken rootToken = vault.create(made.bootRows());
      return new InitialKeys(made.shares().stream().map(KeyShare::copyOf).toList(), rootToken);
    } finally {
      made.shares().forEach(share -> Arrays.fill(share, (byte) 0));
    }
  }

  private void openWith(VaultSeal seal, OpenKeys keys) {
    UnsealedVault open = UnsealedVault.open(keys, seal, store, setup, new Owner());
    try {
      seal.confirmUnsealed();
      open.start();
      hostSessions.forEach(session -> session.renew(open));
      unsealed = open;
      loginSessions.forEach(LoginSession::resume);
      listeners.resume();
    } catch (RuntimeException | Error e) {
      open.close();
      throw e;
    }
  }

  private SealStatus statusOf(VaultSeal seal) {
    return new SealStatus(
        seal.isInitialized(),
        unsealed == null,
        seal.currentType(),
        seal.shares(),
        seal.given(),
        seal.nonce(),
        seal.isMigrating());
  }

  /** Runs a change of the seal and tells the listener if the status is another one then. */
  private <T> T changing(Function<VaultSeal, T> change) {
    SealStatus before;
    SealStatus after;
    T result;
    lifecycle.lock();
    try {
      requireOpen();
      before = statusOf(seal);
      result = change.apply(seal);
      after = statusOf(seal);
    } finally {
      lifecycle.unlock();
    }
    if (before.sealed() != after.sealed() || before.initialized() != after.initialized()) {
      try {
        sealListener.accept(after);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a listener to the seal failed", e);
      }
    }
    return result;
  }

  private UnsealedVault requireUnsealed() {
    requireOpen();
    UnsealedVault open = unsealed;
    if (open == null) {
      throw whySealed();
    }
    return open;
  }

  private VaultException whySealed() {
    return isInitialized.getAsBoolean() ? Barrier.sealed() : VaultSeal.notInitialized();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the vault is closed");
    }
  }

  private final class Owner implements UnsealedVault.Owner {
    @Override
    public void seal() {
      sealNow();
    }

    @Override
    public void storeFailed(StorageException cause) {
      LOG.log(
          Level.ERROR,
          "the vault seals itself: the store cannot say what became of a change. Close it and open it again",
          cause);
      sealNow();
    }

    @Override
    public void changed(Change change) {
      listeners.tell(change);
    }
  }
}
