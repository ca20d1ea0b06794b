package dev.strongroom;

import dev.strongroom.internal.audit.AuditDevices;
import dev.strongroom.internal.audit.AuditSetup;
import dev.strongroom.internal.listener.Listeners;
import dev.strongroom.internal.metrics.Metrics;
import dev.strongroom.internal.mount.AuthSettings;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.MountSettings;
import dev.strongroom.internal.policy.ParsedPolicy;
import dev.strongroom.internal.policy.PolicySyntaxException;
import dev.strongroom.internal.seal.SealMigration;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.unsealed.UnsealedVault;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageType;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a vault is to be. Nothing is opened before {@link #open()}, which refuses what does not fit
 * and repairs nothing; a setting given twice is refused at once. For one thread, and for one vault.
 */
public final class VaultBuilder {
  /** What {@link #cacheBytes} is where nobody sets it. */
  public static final long DEFAULT_CACHE_BYTES = 64L * 1024 * 1024;

  private static final Duration SYSTEM_TTL = Duration.ofDays(32);
  private static final long MIN_CACHE_BYTES = 1024 * 1024;

  private final Map<String, EngineType> types = new HashMap<>();
  private final Map<String, AuthMethodType> authMethods = new HashMap<>();
  private final Map<String, MountChanges.Wanted> mounts = new LinkedHashMap<>();
  private final Map<String, List<Policy>> hosts = new LinkedHashMap<>();
  private final Map<String, AuditDeviceType> audits = new LinkedHashMap<>();
  private AuditSetup.@Nullable OverApi auditOverApi;
  private @Nullable StorageType storage;
  private @Nullable Seal seal;
  private @Nullable SealMigration migration;
  private @Nullable TimeSource time;
  private @Nullable SecureRandom random;
  private @Nullable Long cacheBytes;
  private @Nullable TtlRules ttls;
  private @Nullable IfNew ifNew;
  private @Nullable Consumer<SealStatus> sealListener;
  private @Nullable Executor listenerExecutor;
  private boolean ceremoniesWithoutToken;
  private boolean guessableTokenIds;
  private @Nullable Executor outsideExecutor;

  VaultBuilder() {}

  /** How to initialise a store that is new. */
  record IfNew(KeyShares shares, Consumer<InitialKeys> keeper) {}

  /** Sets where the vault keeps its data. Required. */
  public VaultBuilder storage(StorageType type) {
    storage = once("storage", storage, type);
    return this;
  }

  /**
   * Declares a mount: made at unseal if it is absent. If another engine, or another version of it,
   * is mounted there, the vault stays sealed and says so.
   *
   * @param path without a trailing slash
   * @throws IllegalArgumentException for a path that overlaps one of the vault's own or an earlier
   *     one
   */
  public VaultBuilder mount(String path, Mount mount) {
    if (path.endsWith("/")) {
      throw new IllegalArgumentException("declare a mount's path without a trailing slash");
    }
    String folder = VaultPath.requireRelative(path) + "/";
    MountChanges.requireMountable(folder);
    engine(mount.type());
    declare(
        folder,
        new MountChanges.Wanted(
            mount.type().name(),
            mount.options(),
            mount.description(),
            MountSettings.UNSET.withLeaseTtls(mount.defaultLeaseTtl(), mount.maxLeaseTtl())));
    return this;
  }

  private void declare(String folder, MountChanges.Wanted wanted) {
    mounts.keySet().stream()
        .filter(other -> other.startsWith(folder) || folder.startsWith(other))
        .findFirst()
        .ifPresent(other -> {
          throw new IllegalArgumentException(
              "the mount " + folder + " overlaps the mount " + other);
        });
    mounts.put(folder, wanted);
  }

  /**
   * Declares an auth method, as {@link #mount(String, Mount)} declares an engine.
   *
   * @param path below {@code auth/}, without a trailing slash: {@code userpass}
   * @throws IllegalArgumentException for a path that overlaps {@code token} or an earlier one
   */
  public VaultBuilder auth(String path, AuthMount mount) {
    if (path.endsWith("/")) {
      throw new IllegalArgumentException("declare a mount's path without a trailing slash");
    }
    if (path.startsWith(MountEntry.AUTH)) { // it would lie below auth/auth/
      throw new IllegalArgumentException("declare an auth method's path without \"auth/\"");
    }
    String folder = MountEntry.AUTH + VaultPath.requireRelative(path) + "/";
    MountChanges.requireMountableAuth(folder);
    authMethod(mount.type());
    declare(
        folder,
        new MountChanges.Wanted(
            mount.type().name(),
            mount.options(),
            mount.description(),
            MountSettings.UNSET
                .withLeaseTtls(mount.defaultLeaseTtl(), mount.maxLeaseTtl())
                .withAuth(AuthSettings.UNSET.withTokenType(mount.tokenType()))));
    return this;
  }

  /** As {@link #auth(String, AuthMount)}, with nothing else set. */
  public VaultBuilder auth(String path, AuthMethodType type) {
    return auth(path, AuthMount.of(type));
  }

  /** Adds an auth method that {@code sys/auth} can then name, without mounting it. */
  public VaultBuilder authMethod(AuthMethodType type) {
    AuthMethodType other = authMethods.putIfAbsent(type.name(), type);
    if (other != null && !other.getClass().equals(type.getClass())) {
      throw new IllegalArgumentException("two auth methods are called " + type.name());
    }
    return this;
  }

  /** Adds an engine that {@code sys/mounts} can then name, without mounting it. */
  public VaultBuilder engine(EngineType type) {
    EngineType other = types.putIfAbsent(type.name(), type);
    if (other != null && !other.getClass().equals(type.getClass())) {
      throw new IllegalArgumentException("two engines are called " + type.name());
    }
    return this;
  }

  /**
   * Declares a caller inside this process, for {@link Vault#hostSession}, and its policies.
   *
   * @param name of the caller: 1 to 64 characters of {@code a-z}, {@code 0-9}, {@code _},
   *     {@code .}, {@code -}
   * @param policies at least one
   */
  public VaultBuilder host(String name, Policy... policies) {
    if (!name.matches("[a-z0-9_.-]{1,64}")) {
      throw new IllegalArgumentException(
          "a host is named by 1 to 64 characters of a-z, 0-9, '_', '.' and '-'");
    }
    if (policies.length == 0) {
      throw new IllegalArgumentException("the host " + name + " needs a policy");
    }
    if (hosts.putIfAbsent(name, List.of(policies)) != null) {
      throw new IllegalArgumentException("the host " + name + " is declared twice");
    }
    return this;
  }

  /**
   * Declares an audit device. With one or more, every request is recorded before it is executed and
   * every response before its caller sees it, by one device at least; if none takes the record, the
   * request fails with code {@code AUDIT_FAILED}. The vault unseals only if it can open one.
   *
   * @param name in {@code sys/audit}, without a slash at its end: up to 4 segments of 1 to 64
   *     letters, digits, {@code _}, {@code -} and {@code .}
   */
  public VaultBuilder audit(String name, AuditDeviceType device) {
    AuditDevices.requireName(name);
    if (audits.putIfAbsent(name, Objects.requireNonNull(device, "device")) != null) {
      throw new IllegalArgumentException("the audit device " + name + " is declared twice");
    }
    return this;
  }

  /**
   * Lets callers with {@code sudo} on {@code sys/audit/} enable and disable audit files below a
   * folder. Without this they cannot: a caller who chooses where a file is written may harm the
   * host.
   *
   * @param folder where it does not exist, they are refused with {@code INVALID_REQUEST}
   */
  public VaultBuilder auditOverApi(Path folder) {
    auditOverApi = once("auditOverApi", auditOverApi, new AuditFilesOverApi(folder));
    return this;
  }

  /** Sets a seal that opens the vault by itself. Default: Shamir key shares. */
  public VaultBuilder seal(Seal automatic) {
    seal = once("seal", seal, automatic);
    return this;
  }

  /**
   * Lets a store that is sealed by key shares come to have the seal named by {@link #seal}, see
   * {@link Vault#migrateSeal}. Without it such a store is refused, so that nobody changes a seal by
   * mistake. Does nothing where the store has the seal already, or is new.
   */
  public VaultBuilder migrateSealFromKeyShares() {
    migration = once("migrateSealFrom", migration, new SealMigration(true, Optional.empty()));
    return this;
  }

  /**
   * Lets a store that is sealed by {@code before} come to have the seal named by {@link #seal}, or
   * key shares if none is named; see {@link Vault#migrateSeal}. To give a static seal another key,
   * name both keys in the seal instead.
   */
  public VaultBuilder migrateSealFrom(Seal before) {
    Objects.requireNonNull(before, "before");
    migration = once("migrateSealFrom", migration, new SealMigration(false, Optional.of(before)));
    return this;
  }

  /**
   * Serves the older paths of key ceremonies, {@code sys/rekey}, {@code sys/rekey-recovery-key} and
   * {@code sys/generate-root}, which ask for no token: for clients that know no others. Whoever can
   * send requests can then begin, watch and give up a ceremony, though not complete it without
   * shares. Default: they answer {@code unsupported operation}; {@code sys/rotate} and
   * {@code sys/generate-root-token} do the same for callers with a token.
   */
  public VaultBuilder allowCeremoniesWithoutToken() {
    ceremoniesWithoutToken = true;
    return this;
  }

  /**
   * Lets callers with {@code sudo} choose token ids as short as one character, such as
   * {@code root}, which anybody can guess: for development and tests only. Default: a chosen id has
   * at least 8 characters.
   */
  public VaultBuilder allowGuessableTokenIds() {
    guessableTokenIds = true;
    return this;
  }

  /**
   * Initialises a new store when the vault opens. The store counts as initialised only after
   * {@code keeper} has returned, so keys that were not kept are made anew at the next start. With
   * an automatic seal the vault is unsealed then; with key shares it is sealed.
   *
   * @param shares of the unseal key, or of the recovery key of an automatic seal
   * @param keeper is given the keys; the shares are wiped when it returns, the root token stays
   *     valid until it is revoked
   */
  public VaultBuilder initializeIfNew(KeyShares shares, Consumer<InitialKeys> keeper) {
    ifNew =
        once("initializeIfNew", ifNew, new IfNew(shares, Objects.requireNonNull(keeper, "keeper")));
    return this;
  }

  /**
   * Listens to the vault being initialised, unsealed and sealed while it is open; called on the
   * thread that does it, after it is done. What {@link #open()} does shows in its result, and
   * closing is not told.
   */
  public VaultBuilder onSealChange(Consumer<SealStatus> listener) {
    sealListener = once("onSealChange", sealListener, listener);
    return this;
  }

  /**
   * Sets what runs the listeners of {@link Session#onChange}. It takes work without delay, and
   * never runs it on the thread that hands it over, which is in the middle of a commit. With more
   * than one thread listeners run beside each other, each of them one change at a time. It stays
   * with who made it: closing the vault does not stop it. If it refuses work, that is logged, and
   * what waits is told with the next change.
   *
   * <p>Default: a daemon thread {@code strongroom-listeners}, which begins with the first change
   * that is told and ends when the vault is closed. Where {@link #time} is set, its
   * {@link TimeSource#after} without a delay: on {@link VirtualTime} changes are told by
   * {@code advance(Duration.ZERO)}, on the thread that calls it, and at no other moment.
   */
  public VaultBuilder listenerExecutor(Executor executor) {
    listenerExecutor = once("listenerExecutor", listenerExecutor, executor);
    return this;
  }

  /**
   * Sets what revokes secrets outside the vault when their leases end by themselves, and renews
   * what {@link Vault#login} opened. It never runs work on the thread that hands it over; of one
   * mount, and of all those sessions, at most 8 pieces of work are handed over at any time, and
   * each ends within 90 seconds if its engine keeps its word. It stays with who made it.
   *
   * <p>Default: up to 64 daemon threads {@code strongroom-outside}, which begin with the first
   * lease that ends and end when they are idle. On {@link VirtualTime}: the thread that calls
   * {@code advance}.
   */
  public VaultBuilder outsideExecutor(Executor executor) {
    outsideExecutor = once("outsideExecutor", outsideExecutor, executor);
    return this;
  }

  /**
   * Sets lifetimes where neither a request nor a mount says otherwise. Default: 768 hours each.
   *
   * @param defaultTtl at least a second, at most {@code maxTtl}
   * @param maxTtl at most 87,600 hours
   */
  public VaultBuilder leaseTtls(Duration defaultTtl, Duration maxTtl) {
    boolean fits = defaultTtl.compareTo(Duration.ofSeconds(1)) >= 0
        && defaultTtl.compareTo(maxTtl) <= 0
        && maxTtl.compareTo(Duration.ofDays(3650)) <= 0;
    if (!fits) {
      throw new IllegalArgumentException("need 1s <= default <= maximum <= 87600h, but got "
          + DurationText.format(defaultTtl) + " and " + DurationText.format(maxTtl));
    }
    ttls = once("leaseTtls", ttls, new TtlRules(defaultTtl, maxTtl));
    return this;
  }

  /**
   * Sets how much memory the cache of records may take, roughly: at least 1 MiB; default 64 MiB.
   * Secret values stay encrypted in it.
   */
  public VaultBuilder cacheBytes(long bytes) {
    if (bytes < MIN_CACHE_BYTES) {
      throw new IllegalArgumentException(
          "the cache takes at least " + MIN_CACHE_BYTES + " bytes, but got " + bytes);
    }
    cacheBytes = once("cacheBytes", cacheBytes, bytes);
    return this;
  }

  /**
   * Sets the source of time. Default: the system's clocks, and one daemon thread for background
   * work.
   */
  public VaultBuilder time(TimeSource source) {
    time = once("time", time, source);
    return this;
  }

  /**
   * Sets the source of all randomness, but for what a {@link Seal} does itself. Default: a
   * {@code new SecureRandom()}.
   */
  public VaultBuilder random(SecureRandom source) {
    random = once("random", random, source);
    return this;
  }

  /**
   * Opens the vault: sealed, or unsealed where an automatic seal opens it. If that fails,
   * everything opened is closed again.
   *
   * @throws IllegalStateException if no storage was set
   * @throws VaultException if the store cannot be opened, or was made with another seal, or does
   *     not hold what is declared here
   */
  public Vault open() {
    if (storage == null) {
      throw new IllegalStateException("a vault needs a storage: call storage(...)");
    }
    SealMigration sealMigration = migration();
    List<Runnable> ownThreads = new ArrayList<>();
    TimeSource source = time != null ? time : own(new SystemTime(), ownThreads);
    Metrics metrics = new Metrics(source);
    UnsealedVault.Setup setup = new UnsealedVault.Setup(
        types,
        authMethods,
        mounts,
        declaredPolicies(),
        ttls == null ? new TtlRules(SYSTEM_TTL, SYSTEM_TTL) : ttls,
        source,
        random == null ? new SecureRandom() : random,
        cacheBytes == null ? DEFAULT_CACHE_BYTES : cacheBytes,
        ceremoniesWithoutToken,
        guessableTokenIds,
        AuditSetup.of(audits, Optional.ofNullable(auditOverApi)),
        metrics,
        outsideExecutor(ownThreads));
    Listeners listeners = new Listeners(listenerExecutor(ownThreads));
    Vault vault = new Vault(
        metrics.measured(storage.open()),
        Optional.ofNullable(seal),
        sealMigration,
        setup,
        hosts,
        listener(),
        listeners,
        ownThreads);
    try {
      vault.start(Optional.ofNullable(ifNew));
      return vault;
    } catch (RuntimeException | Error e) {
      vault.close();
      throw e;
    }
  }

  private SealMigration migration() {
    SealMigration wanted = migration == null ? SealMigration.NONE : migration;
    String type = seal == null ? "" : seal.type();
    if (wanted.fromShares() && seal == null) {
      throw new IllegalStateException(
          "a seal that key shares migrate to is missing: call seal(...)");
    }
    if (wanted.automatic().filter(before -> before.type().equals(type)).isPresent()) {
      throw new IllegalStateException("seals of one kind need no migration: the seal " + type
          + " takes its keys before itself");
    }
    return wanted;
  }

  /** On virtual time nothing happens at any other moment, nor on any other thread. */
  private Optional<Executor> outsideExecutor(List<Runnable> ownThreads) {
    if (outsideExecutor != null) {
      return Optional.of(outsideExecutor);
    }
    if (time instanceof VirtualTime) {
      return Optional.empty();
    }
    OutsideThreads threads = new OutsideThreads();
    ownThreads.add(threads::close);
    return Optional.of(threads);
  }

  private Executor listenerExecutor(List<Runnable> ownThreads) {
    if (listenerExecutor != null) {
      return listenerExecutor;
    }
    TimeSource source =
        time != null ? time : own(new SystemTime("strongroom-listeners"), ownThreads);
    return work -> source.after(Duration.ZERO, work);
  }

  private static SystemTime own(SystemTime made, List<Runnable> ownThreads) {
    ownThreads.add(made::close);
    return made;
  }

  private Consumer<SealStatus> listener() {
    Consumer<SealStatus> set = sealListener;
    return set == null ? status -> {} : set;
  }

  private Map<String, String> declaredPolicies() {
    Map<String, String> texts = new LinkedHashMap<>();
    hosts
        .values()
        .forEach(policies -> policies.forEach(policy -> {
          String other = texts.put(policy.name(), policy.text());
          if (other != null && !other.equals(policy.text())) {
            throw new IllegalArgumentException(
                "the policy " + policy.name() + " is declared with two texts");
          }
          requireText(policy);
        }));
    return texts;
  }

  private static void requireText(Policy policy) {
    try {
      ParsedPolicy.parse(policy.name(), policy.text(), Instant.EPOCH);
    } catch (PolicySyntaxException e) {
      throw new IllegalArgumentException("policy \"" + policy.name() + "\": " + e.getMessage(), e);
    }
  }

  private static <T> T once(String setting, @Nullable T before, T value) {
    if (before != null) {
      throw new IllegalStateException(setting + " was already set");
    }
    return Objects.requireNonNull(value, setting);
  }
}
