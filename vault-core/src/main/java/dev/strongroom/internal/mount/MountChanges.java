package dev.strongroom.internal.mount;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.Router.MountableType;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.SecretEngine;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Changes what is mounted. Every change is one write of the mount table, which the router follows
 * before the change returns. Same rules and texts as OpenBao v2.6.2 {@code vault/mount.go}.
 * Thread-safe.
 */
public final class MountChanges {
  /** What only the vault itself may use, and everything below. */
  private static final List<String> PROTECTED =
      List.of("sys/", "auth/", "cubbyhole/", "identity/", "audit/");

  /** The one auth method that every vault has. */
  private static final String TOKEN = "auth/token/";

  /** A segment that no policy pattern takes for a wildcard, and no client must escape. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.-]+");

  private final Transactions transactions;
  private final Router router;

  MountChanges(Transactions transactions, Router router) {
    this.transactions = transactions;
    this.router = router;
  }

  /**
   * A mount that is asked for.
   *
   * @param type name or alias of an engine
   */
  public record Wanted(
      String type, Map<String, String> options, String description, MountSettings settings) {}

  /**
   * Checks that something may be mounted at a path.
   *
   * @param path with a trailing slash
   * @throws IllegalArgumentException if the path is the vault's own, or not one of a mount
   */
  public static void requireMountable(String path) {
    requireMountPath(path);
    if (isProtected(path)) {
      throw new IllegalArgumentException("cannot mount \"" + path + "\"");
    }
  }

  /**
   * Checks that an auth method may be mounted at a path.
   *
   * @param path below {@code auth/}, with a trailing slash
   * @throws IllegalArgumentException if the path is the vault's own, or not one of a mount
   */
  public static void requireMountableAuth(String path) {
    requireMountPath(path);
    if (!path.startsWith(MountEntry.AUTH) || path.equals(MountEntry.AUTH)) {
      throw new IllegalArgumentException("an auth method lies below auth/");
    }
    if (path.startsWith(TOKEN)) {
      throw new IllegalArgumentException("path is already in use at token/");
    }
  }

  private static void requireMountPath(String path) {
    VaultPath.requireRelative(path);
    boolean legal = Stream.of(path.split("/")).allMatch(s -> SEGMENT.matcher(s).matches());
    if (!legal) {
      throw new IllegalArgumentException(
          "a mount path consists of segments of letters, digits, '_', '-' and '.'");
    }
  }

  /** Returns the mounts as the transaction sees them. */
  public MountTable table(Transaction tx) {
    return tx.in(transactions.system()).get(MountTable.KEY).orElse(new MountTable(List.of()));
  }

  /** Lets the router follow the table as it is stored. */
  public void load() {
    router.follow(() -> table(transactions.beginReadOnly()));
  }

  /**
   * Mounts those of the vault's own engines that are not mounted.
   *
   * @param types by path with a trailing slash
   * @param descriptions by type
   */
  public void ensureOwn(
      Transaction tx, Map<String, String> types, Map<String, String> descriptions) {
    MountTable table = table(tx);
    Instant now = transactions.clock().instant();
    MountEntry[] missing = types.entrySet().stream()
        .filter(own -> table.at(own.getKey()).isEmpty())
        .map(own -> ownEntry(
            own.getKey(), own.getValue(), descriptions.getOrDefault(own.getValue(), ""), now))
        .toArray(MountEntry[]::new);
    if (missing.length > 0) {
      store(tx, table.with(missing));
    }
  }

  private MountEntry ownEntry(String path, String type, String description, Instant now) {
    return router.newEntry(path, type, Map.of(), description, now).withSharedContainer();
  }

  /**
   * Mounts what the host application declares, if it is not.
   *
   * @param path with a trailing slash
   * @throws VaultException with code {@code CONFLICT} if another engine, or the same with another
   *     version, is mounted there
   */
  public void ensureDeclared(Transaction tx, String path, Wanted wanted) {
    Optional<MountEntry> there = table(tx).at(path);
    if (there.isEmpty()) {
      add(tx, path, wanted);
      return;
    }
    MountEntry expected = entry(path, wanted);
    if (!there.get().describesEngineOf(expected)) {
      throw new VaultException(
          CONFLICT,
          "the application declares " + expected.engineText() + " at " + path
              + ", but the store has " + there.get().engineText() + " there");
    }
  }

  /**
   * Mounts an engine.
   *
   * @param path with a trailing slash
   */
  public void mount(Transaction tx, String path, Wanted wanted) {
    acceptable(() -> requireMountable(path));
    add(tx, path, wanted);
  }

  /**
   * Mounts an auth method.
   *
   * @param path below {@code auth/}, with a trailing slash
   */
  public void mountAuth(Transaction tx, String path, Wanted wanted) {
    acceptable(() -> requireMountableAuth(path));
    add(tx, path, wanted);
  }

  private void add(Transaction tx, String path, Wanted wanted) {
    MountTable table = table(tx);
    table.overlapping(path).ifPresent(other -> {
      throw inUse(other.path());
    });
    store(tx, table.with(entry(path, wanted)));
  }

  private static VaultException inUse(String path) {
    String shown =
        path.startsWith(MountEntry.AUTH) ? path.substring(MountEntry.AUTH.length()) : path;
    return new VaultException(CONFLICT, "path is already in use at " + shown);
  }

  /**
   * Unmounts an engine that has nothing outside, and orders the removal of its data, whose key is
   * gone with the table's entry.
   */
  public void unmount(Transaction tx, String path) {
    requireUnprotected(path, "unmount");
    remove(tx, path);
  }

  /**
   * As {@link #unmount}, of an auth method; returns it. What its logins have made is the caller's
   * to end, in the same transaction.
   */
  public Optional<MountEntry> unmountAuth(Transaction tx, String path) {
    if (path.startsWith(TOKEN) || !path.startsWith(MountEntry.AUTH)) {
      throw new VaultException(INVALID_REQUEST, "cannot disable " + path);
    }
    Optional<MountEntry> entry = table(tx).at(path);
    remove(tx, path);
    return entry;
  }

  private void remove(Transaction tx, String path) {
    MountTable table = table(tx);
    table.at(path).ifPresent(entry -> remove(tx, table, entry));
  }

  private void remove(Transaction tx, MountTable table, MountEntry entry) {
    List<RecordKind<?>> records = recordsOf(entry);
    Mounted mounted = router.mountOf(entry.uuid()).orElseThrow();
    transactions.sweeper().removeAll(tx, mounted.view(), records);
    store(tx, table.without(entry));
  }

  /**
   * Begins to unmount an engine: from this commit on nothing at the path is answered.
   *
   * @return the mount; empty where there is none
   */
  public Optional<MountEntry> beginRemoval(Transaction tx, String path) {
    requireUnprotected(path, "unmount");
    MountTable table = table(tx);
    return table.at(path).map(entry -> {
      recordsOf(entry);
      if (entry.state() == MountEntry.State.ACTIVE) {
        store(tx, table.changing(entry.withState(MountEntry.State.REMOVING)));
      }
      return entry;
    });
  }

  /** Unmounts an engine whose removal has begun; nothing happens if it is unmounted. */
  public void finishRemoval(Transaction tx, UUID mount) {
    MountTable table = table(tx);
    table
        .byId(mount)
        .filter(entry -> entry.state() == MountEntry.State.REMOVING)
        .ifPresent(entry -> remove(tx, table, entry));
  }

  /** Returns the mounts whose removal has begun. */
  public List<UUID> removing(Transaction tx) {
    return table(tx).entries().stream()
        .filter(entry -> entry.state() == MountEntry.State.REMOVING)
        .map(MountEntry::uuid)
        .toList();
  }

  private List<RecordKind<?>> recordsOf(MountEntry entry) {
    Mounted mounted = router
        .mountOf(entry.uuid())
        .orElseThrow(() -> new VaultException(
            CONFLICT, entry.path() + " is being changed by another request; try again"));
    SecretEngine engine = mounted
        .engine()
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST,
            "cannot unmount " + entry.path() + ": its engine \"" + entry.type()
                + "\" is not part of this vault, so its records are not known"));
    return engine.records();
  }

  /**
   * Moves a mount with its data, and returns it.
   *
   * @param from with a trailing slash
   * @param to with a trailing slash
   */
  public MountEntry move(Transaction tx, String from, String to) {
    acceptable(() -> requireMountPath(to));
    if (isMountedAuth(from)) {
      if (!isMountedAuth(to)) {
        throw new VaultException(
            INVALID_REQUEST, "cannot remount auth mount to non-auth mount " + to);
      }
    } else {
      requireUnprotected(from, "remount");
      if (isProtected(to)) {
        throw new VaultException(INVALID_REQUEST, "cannot remount to destination " + to);
      }
    }
    MountTable table = table(tx);
    MountEntry entry = table
        .at(from)
        .orElseThrow(
            () -> new VaultException(INVALID_REQUEST, "no matching mount at \"" + from + "\""));
    if (entry.state() != MountEntry.State.ACTIVE) {
      throw new VaultException(CONFLICT, from + " is being removed");
    }
    table.without(entry).overlapping(to).ifPresent(other -> {
      throw new VaultException(CONFLICT, "path already in use at \"" + other.path() + "\"");
    });
    store(tx, table.changing(entry.withPath(to)));
    return entry;
  }

  /** Stores a mount whose settings were changed. */
  public void tune(Transaction tx, MountEntry tuned) {
    store(tx, table(tx).changing(tuned));
  }

  /**
   * Returns what the options of a mount become.
   *
   * @param changes an empty value removes the option
   */
  public Map<String, String> tunedOptions(MountEntry entry, Map<String, String> changes) {
    EngineType type = router
        .type(entry.path(), entry.type())
        .map(MountableType::type)
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST, "the options of " + entry.path() + " cannot be changed"));
    Map<String, String> tuned = new HashMap<>();
    acceptable(() -> {
      tuned.putAll(type.tune(entry.options(), changes));
      router.requireAcceptable(type, tuned);
    });
    return tuned;
  }

  private MountEntry entry(String path, Wanted wanted) {
    if (Router.OWN_TYPES.contains(wanted.type)) {
      throw new VaultException(
          INVALID_REQUEST, "mount type of \"" + wanted.type + "\" is not mountable");
    }
    MountableType mountable = router
        .type(path, wanted.type)
        .orElseThrow(() ->
            new VaultException(INVALID_REQUEST, "plugin not found in the catalog: " + wanted.type));
    Map<String, String> options = new HashMap<>(wanted.options);
    options.putAll(mountable.options());
    acceptable(() -> router.requireAcceptable(mountable.type(), options));
    return router
        .newEntry(
            path,
            mountable.type().name(),
            options,
            wanted.description,
            transactions.clock().instant())
        .withSettings(wanted.settings);
  }

  private void store(Transaction tx, MountTable table) {
    tx.in(transactions.system()).put(MountTable.KEY, table);
    tx.afterCommit(revision -> load());
  }

  private static void acceptable(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireUnprotected(String path, String verb) {
    if (isProtected(path)) {
      throw new VaultException(INVALID_REQUEST, "cannot " + verb + " \"" + path + "\"");
    }
  }

  /** Returns whether a path is one of auth methods that can be mounted. */
  private static boolean isMountedAuth(String path) {
    return path.startsWith(MountEntry.AUTH)
        && path.length() > MountEntry.AUTH.length()
        && !path.startsWith(TOKEN);
  }

  private static boolean isProtected(String path) {
    return PROTECTED.stream().anyMatch(path::startsWith);
  }
}
