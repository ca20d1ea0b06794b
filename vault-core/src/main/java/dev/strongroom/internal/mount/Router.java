package dev.strongroom.internal.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.password.PasswordPolicies;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.request.Operation;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import dev.strongroom.spi.Storage;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Leads a path to the route that answers it. Follows the mount table: an engine lives as long as
 * its mount keeps type and options. Thread-safe.
 */
public final class Router implements AutoCloseable {
  /** Types that every vault has at fixed paths, now or in a later version. */
  static final Set<String> OWN_TYPES = Set.of("system", "token", "cubbyhole", "identity");

  private final Map<String, EngineType> types;
  private final Map<String, AuthMethodType> authMethods;
  private final Supplier<Map<String, EngineType>> ownTypes;
  private final Barrier barrier;
  private final Transactions transactions;
  private final BarrierView system;
  private final SecureRandom random;
  private final PasswordPolicies passwords;
  private final MountChanges changes;
  private final EngineWork work;
  private final EngineTending tending;
  private final Supplier<Optional<String>> outsideHeld;
  private final ReentrantLock lock = new ReentrantLock();

  // Sorted by path. No mount lies below another, so the greatest path that is not greater than a
  // request's is the only candidate.
  private volatile Mounted[] mounts = {};

  private final AtomicLong version = new AtomicLong();

  @GuardedBy("lock")
  private MountTable table = new MountTable(List.of());

  /**
   * Begins without mounts.
   *
   * @param transactions where the mount table is stored
   * @param types engines that can be mounted, by name
   * @param authMethods auth methods that can be mounted, by name
   * @param ownTypes the vault's own, which work on the system's container and cannot be mounted;
   *     asked for when the first mount needs one
   * @param outside runs what waits for the outside; empty: the thread of the background work
   * @param outsideHeld why nothing outside may be touched; empty while it may
   */
  public Router(
      Transactions transactions,
      Map<String, EngineType> types,
      Map<String, AuthMethodType> authMethods,
      Supplier<Map<String, EngineType>> ownTypes,
      Barrier barrier,
      Background background,
      SecureRandom random,
      PasswordPolicies passwords,
      Optional<Executor> outside,
      Supplier<Optional<String>> outsideHeld) {
    this.outsideHeld = outsideHeld;
    this.types = Map.copyOf(types);
    this.authMethods = Map.copyOf(authMethods);
    this.ownTypes = ownTypes;
    this.barrier = barrier;
    this.transactions = transactions;
    this.system = transactions.system();
    this.random = random;
    this.passwords = passwords;
    this.changes = new MountChanges(transactions, this);
    this.work = new EngineWork(transactions, background, this::mountOf);
    this.tending =
        new EngineTending(background, transactions.clock(), outside, outsideHeld, this::mountOf);
  }

  /** Returns what changes the table that this follows. */
  public MountChanges changes() {
    return changes;
  }

  /**
   * A mount with its engine at work; without an engine where the vault was built without its type.
   */
  public record Mounted(
      MountEntry entry, BarrierView view, Optional<SecretEngine> engine, RouteTable routes) {}

  /** Where a request leads: a mount, and there a route, if there is one. */
  public static final class Destination {
    private final Mounted mounted;
    private final RouteTable.@Nullable Match match;
    private final Optional<Route> route;

    Destination(Mounted mounted, RouteTable.@Nullable Match match) {
      this.mounted = mounted;
      this.match = match;
      this.route = match == null ? Optional.empty() : Optional.of(match.route());
    }

    public Mounted mounted() {
      return mounted;
    }

    public Optional<Route> route() {
      return route;
    }

    /** Returns whether the route's pattern has such a name. */
    public boolean captures(String name) {
      return match != null && match.names().contains(name);
    }

    /**
     * Returns what requests about the same thing have in common, whatever they want of it: the
     * mount, and what the pattern's names stand for. A route without names is about nothing in
     * particular.
     */
    public Object subject() {
      return match == null || match.values().isEmpty()
          ? new Object()
          : List.of(mounted.entry().uuid(), match.values());
    }

    /** Returns what a name in the route's pattern stands for. */
    public String captured(String name) {
      if (match == null) {
        throw new IllegalArgumentException("no route, no names");
      }
      return match.captured(name);
    }
  }

  /** Returns where a path leads; empty where nothing is mounted, or is being unmounted. */
  public Optional<Destination> route(Operation operation, String path) {
    Optional<Mounted> mounted =
        mountOf(path).filter(found -> found.entry().state() == MountEntry.State.ACTIVE);
    if (mounted.isEmpty()) {
      return Optional.empty();
    }
    RouteTable routes = mounted.get().routes();
    int start = mounted.get().entry().path().length();
    Optional<RouteTable.Match> match = routes.match(path, start);
    // A list always comes with a slash, and not every route is a folder.
    if (match.isEmpty() && operation.lists() && path.length() > start) {
      match = routes.match(path.substring(0, path.length() - 1), start);
    }
    return Optional.of(new Destination(mounted.get(), match.orElse(null)));
  }

  /** Returns the mount a path lies in. */
  public Optional<Mounted> mountOf(String path) {
    Mounted[] sorted = mounts;
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle].entry().path().compareTo(path) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && path.startsWith(sorted[high].entry().path())
        ? Optional.of(sorted[high])
        : Optional.empty();
  }

  /** Returns everything that answers requests, by path. */
  public List<Mounted> mounted() {
    return Stream.of(mounts)
        .filter(mounted -> mounted.entry().state() == MountEntry.State.ACTIVE)
        .toList();
  }

  /** Returns the names of the engines that can be mounted, sorted. */
  public List<String> mountableEngines() {
    return types.keySet().stream().sorted().toList();
  }

  /** Returns the names of what engines that can be mounted connect to, sorted. */
  public List<String> databasePlugins() {
    return types.values().stream()
        .flatMap(type -> type.databasePlugins().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the names of the auth methods that can be mounted, sorted. */
  public List<String> mountableAuthMethods() {
    return authMethods.keySet().stream().sorted().toList();
  }

  /** Returns whether the mount with this accessor is there. */
  public boolean isMounted(String accessor) {
    for (Mounted mounted : mounts) {
      if (mounted.entry().accessor().equals(accessor)) {
        return true;
      }
    }
    return false;
  }

  /** Counts how often the mounts have changed. */
  public long version() {
    return version.get();
  }

  /** Returns the auth method of that type's name. */
  public Optional<AuthMethodType> authMethod(String name) {
    return Optional.ofNullable(authMethods.get(name));
  }

  /** Returns what can be mounted at such a path, by name. */
  private Map<String, ? extends EngineType> typesAt(String path) {
    return path.startsWith(MountEntry.AUTH) ? authMethods : types;
  }

  /**
   * Returns the type of that name or alias, with the options the alias stands for.
   *
   * @param path of the mount
   */
  Optional<MountableType> type(String path, String name) {
    for (EngineType type : typesAt(path).values()) {
      Map<String, String> implied =
          type.name().equals(name) ? Map.of() : type.aliases().get(name);
      if (implied != null) {
        return Optional.of(new MountableType(type, implied));
      }
    }
    return Optional.empty();
  }

  /** A type that can be mounted, and the options that its name implied. */
  record MountableType(EngineType type, Map<String, String> options) {}

  /**
   * Finds out whether a mount would work.
   *
   * @throws IllegalArgumentException if the engine refuses the options
   */
  void requireAcceptable(EngineType type, Map<String, String> options) {
    type.create(context(options, null, null)).close();
  }

  /** Makes a mount that nobody has seen yet. */
  MountEntry newEntry(
      String path, String type, Map<String, String> options, String description, Instant now) {
    byte[] accessor = randomBytes(4);
    return new MountEntry(
        randomBytes(MountEntry.ID_BYTES),
        path,
        type,
        options,
        description,
        (path.startsWith(MountEntry.AUTH) ? "auth_" : "") + type + "_"
            + HexFormat.of().formatHex(accessor),
        randomBytes(MountEntry.SECRET_BYTES),
        MountSettings.UNSET,
        now,
        MountEntry.State.ACTIVE);
  }

  /**
   * Follows the table that is durable now: commits may call this in another order than they
   * happened.
   */
  void follow(Supplier<MountTable> current) {
    lock.lock();
    try {
      MountTable next = current.get();
      Map<UUID, Mounted> before = new HashMap<>();
      for (Mounted mounted : mounts) {
        before.put(mounted.entry().uuid(), mounted);
      }
      List<Mounted> after = new ArrayList<>();
      List<UUID> made = new ArrayList<>();
      for (MountEntry entry : next.entries()) {
        Mounted old = before.remove(entry.uuid());
        Mounted now = old == null ? open(entry) : reuse(old, entry);
        after.add(now);
        if (old == null || !now.engine().equals(old.engine())) {
          made.add(entry.uuid());
        }
      }
      mounts = after.toArray(Mounted[]::new);
      version.incrementAndGet();
      table = next;
      before.values().forEach(this::retire);
      made.forEach(work::begin);
      made.forEach(tending::soon);
    } finally {
      lock.unlock();
    }
  }

  /** Closes all engines and wipes the mounts' secrets. */
  @Override
  public void close() {
    lock.lock();
    try {
      for (Mounted mounted : mounts) {
        mounted.engine().ifPresent(SecretEngine::close);
      }
      mounts = new Mounted[0];
      table.entries().forEach(entry -> Arrays.fill(entry.secret(), (byte) 0));
    } finally {
      lock.unlock();
    }
  }

  private Mounted open(MountEntry entry) {
    return mounted(
        entry,
        OWN_TYPES.contains(entry.type()) ? system : barrier.view(entry.id(), entry.secret()));
  }

  /** Returns the mount of that id, also one that is being unmounted. */
  public Optional<Mounted> mountOf(UUID uuid) {
    return Arrays.stream(mounts)
        .filter(mounted -> mounted.entry().uuid().equals(uuid))
        .findFirst();
  }

  private Mounted reuse(Mounted old, MountEntry entry) {
    if (old.entry().options().equals(entry.options())) {
      return new Mounted(entry, old.view(), old.engine(), old.routes());
    }
    old.engine().ifPresent(SecretEngine::close);
    return mounted(entry, old.view());
  }

  private Mounted mounted(MountEntry entry, BarrierView view) {
    EngineType type = OWN_TYPES.contains(entry.type())
        ? ownTypes.get().get(entry.type())
        : typesAt(entry.path()).get(entry.type());
    Optional<SecretEngine> engine =
        Optional.ofNullable(type).map(t -> t.create(context(entry.options(), view, entry.uuid())));
    RouteTable routes = new RouteTable(() -> engine.map(SecretEngine::routes).orElse(List.of()));
    return new Mounted(entry, view, engine, routes);
  }

  private void retire(Mounted mounted) {
    mounted.engine().ifPresent(SecretEngine::close);
    mounted.view().close();
    Arrays.fill(mounted.entry().secret(), (byte) 0);
  }

  /** Without view and mount where an engine is made only to look at its options. */
  private MountContext context(
      Map<String, String> options, @Nullable BarrierView view, @Nullable UUID mount) {
    return new MountContext() {
      @Override
      public Map<String, String> options() {
        return options;
      }

      @Override
      public SecureRandom random() {
        return random;
      }

      @Override
      public char[] generatePassword(String policy) {
        return passwords.generate(policy);
      }

      @Override
      public boolean hasPasswordPolicy(String policy) {
        return passwords.has(policy);
      }

      @Override
      public <R> R read(Function<Storage, R> work) {
        BarrierView mounted = requireMounted(view);
        return transactions.read(tx -> work.apply(tx.in(mounted)));
      }

      @Override
      public <R> R write(Function<Storage, R> work) {
        BarrierView mounted = requireMounted(view);
        return transactions.write(tx -> work.apply(tx.in(mounted)));
      }

      @Override
      public void requireOutside() {
        outsideHeld.get().ifPresent(why -> {
          throw new VaultException(ErrorCode.OUTSIDE_FAILED, why);
        });
      }

      @Override
      public Instant now() {
        return transactions.clock().instant();
      }

      @Override
      public void tendSoon() {
        tending.soon(requireMounted(mount));
      }
    };
  }

  private static <T> T requireMounted(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("there is no mount yet");
    }
    return part;
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
