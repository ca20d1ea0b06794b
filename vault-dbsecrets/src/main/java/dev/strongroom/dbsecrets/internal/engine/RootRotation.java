package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.postgres.Target;
import dev.strongroom.dbsecrets.internal.sql.StatementValues;
import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Storage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes the password of the vault's own user of a database. The new one is durable before the
 * database gets it, and the old one is kept until the new one is seen to work. After a crash the
 * new one is tried, and set again where it does not work. Thread-safe.
 */
final class RootRotation {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final MountContext context;
  private final Databases databases;
  private final Passwords passwords;
  private final NameLocks locks = new NameLocks();
  private final Pauses pauses = new Pauses();

  /** Where a password was sent, or may have been, since it was written down. */
  private final Set<String> attempted = ConcurrentHashMap.newKeySet();

  RootRotation(MountContext context, Databases databases, Passwords passwords) {
    this.context = context;
    this.databases = databases;
    this.passwords = passwords;
  }

  /** Writes down the next password. */
  void prepare(Storage storage, String name) {
    context.requireOutside();
    ConnectionConfig config = ConnectionConfig.require(storage, name);
    for (String field : new String[] {"username", "password"}) {
      String value =
          field.equals("username") ? config.username() : config.password().expose();
      if (value.isEmpty()) {
        throw Refusals.failed(
            "unable to rotate root credentials: no " + field + " in configuration");
      }
    }
    if (config.url().hasLiteralPassword()) {
      throw Refusals.invalid(
          "connection_url holds a password itself, which rotating would not change; write {{password}} in its place");
    }
    if (config.pending().isPresent()) {
      throw new VaultException(
          ErrorCode.CONFLICT, "the root credentials are being rotated; try again");
    }
    SecretText fresh = passwords.fresh(config.passwordPolicy());
    requireUsed(config, name, fresh);
    config.withPending(fresh).store(storage, name);
  }

  /** What statements set must be what the address then says, or nobody knows the password. */
  private static void requireUsed(ConnectionConfig config, String name, SecretText fresh) {
    JdbcTarget address;
    try {
      address = config.target(name, fresh).address();
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(
          "with disable_escaping the new password has to be percent-encoded, and is not: choose another password_policy");
    }
    if (!address.user().equals(config.username())) {
      throw Refusals.invalid(
          "connection_url says another user than username; write {{username}} in its place");
    }
    if (!address.password().equals(fresh.expose())) {
      throw Refusals.invalid(
          "connection_url makes something else of the new password: write {{password}} alone, and let it have no % where disable_escaping is set");
    }
  }

  /** Sets the password that is written down. */
  void carryOut(String name) {
    try {
      boolean unused = locks.alone(name, () -> settle(name, /* fresh= */ true));
    } catch (OutsideException e) {
      throw Refusals.failed("failed to update user: ", e);
    } finally {
      tendIfPending(name);
    }
  }

  /** Does nothing where somebody has settled it meanwhile. */
  private boolean settle(String name, boolean fresh) throws OutsideException {
    Optional<ConnectionConfig> config = rotating(name);
    if (config.isPresent()) {
      rollForward(name, config.get(), fresh);
    }
    return config.isPresent();
  }

  private void tendIfPending(String name) {
    if (rotating(name).isPresent()) {
      context.tendSoon();
    }
  }

  private Optional<ConnectionConfig> rotating(String name) {
    return context
        .read(storage -> ConnectionConfig.load(storage, name))
        .filter(config -> config.pending().isPresent());
  }

  /**
   * Brings the new password to work. It is only given up where it cannot be in the database, now or
   * later: that the old one works says nothing, because what was sent before may still take place.
   *
   * @param fresh whether the new password was written down just now
   * @throws OutsideException if it does not work yet
   */
  private void rollForward(String name, ConnectionConfig config, boolean fresh)
      throws OutsideException {
    boolean first = attempted.add(name) && fresh;
    Target next = config.target(name, config.pending().orElseThrow());
    if (!first && works(next)) {
      promote(name, config);
      return;
    }
    try {
      set(name, config);
    } catch (OutsideException e) {
      if (first && Databases.didNothing(e)) {
        giveUp(name, config);
        throw e;
      }
      if (!works(next)) {
        throw e;
      }
    }
    try {
      databases.verify(next);
    } catch (OutsideException e) {
      if (first && Databases.refusedLogin(e) && works(config.target(name))) {
        giveUp(name, config);
        throw new OutsideException(
            OutsideException.Kind.UNRECOVERABLE,
            "root_rotation_statements did not set the password",
            e);
      }
      throw e;
    }
    promote(name, config);
  }

  private boolean works(Target target) {
    try {
      databases.verify(target);
      return true;
    } catch (OutsideException e) {
      return false;
    }
  }

  private void set(String name, ConnectionConfig config) throws OutsideException {
    try (Passwords.Made password = passwords.of(config.pending().orElseThrow(), config)) {
      databases.change(
          config.target(name),
          config
              .rootStatements()
              .fill(StatementValues.of(config.username()).withPassword(password.inStatements())),
          password.secrets());
    } catch (IllegalArgumentException e) {
      throw new OutsideException(
          OutsideException.Kind.UNRECOVERABLE, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Checks that somebody else has changed the password: only then may another one be written while
   * one is pending.
   *
   * @throws VaultException with code {@code CONFLICT} if the old or the new one may count
   */
  void requireLost(String name, ConnectionConfig config) {
    for (SecretText password : List.of(config.password(), config.pending().orElseThrow())) {
      try {
        databases.verify(config.target(name, password));
        throw settling();
      } catch (OutsideException e) {
        if (!Databases.refusedLogin(e)) {
          throw settling();
        }
      }
    }
  }

  static VaultException settling() {
    return new VaultException(
        ErrorCode.CONFLICT,
        "the root password of this connection is being changed, and it is not known yet which one counts; try again when that is settled");
  }

  private void giveUp(String name, ConnectionConfig rotated) {
    boolean unused = replace(name, rotated, ConnectionConfig::withoutPending);
    attempted.remove(name);
  }

  private void promote(String name, ConnectionConfig rotated) throws OutsideException {
    byte[] version = new byte[16];
    context.random().nextBytes(version);
    if (!replace(name, rotated, config -> config.promoted(HexFormat.of().formatHex(version)))) {
      throw new OutsideException(
          OutsideException.Kind.UNRECOVERABLE, "the connection was written or deleted meanwhile");
    }
    attempted.remove(name);
    databases.forget(name);
  }

  /** Returns false if somebody wrote another configuration meanwhile. */
  private boolean replace(
      String name, ConnectionConfig rotated, UnaryOperator<ConnectionConfig> change) {
    String pending = rotated.pending().orElseThrow().expose();
    return context.write(storage -> {
      Optional<ConnectionConfig> found = ConnectionConfig.load(storage, name)
          .filter(config -> config.pending().map(SecretText::expose).equals(Optional.of(pending)));
      found.ifPresent(config -> change.apply(config).store(storage, name));
      return found.isPresent();
    });
  }

  /** Settles what a crash or a lost connection left; returns when to look again. */
  Optional<Instant> settleAll() {
    List<String> names = context.read(storage -> storage.list(ConnectionConfig.KIND, ""));
    pauses.keepOnly(names);
    return names.stream()
        .flatMap(name -> settleIfIdle(name).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> settleIfIdle(String name) {
    try {
      if (locks.aloneNow(name, () -> settle(name, /* fresh= */ false)).isEmpty()) {
        return Optional.of(context.now().plus(BUSY));
      }
      pauses.clear(name);
      return Optional.empty();
    } catch (OutsideException e) {
      return Optional.of(later(name, e.getMessage()));
    } catch (RuntimeException e) { // one that cannot be read must not stop the others
      return Optional.of(later(name, e.getClass().getSimpleName()));
    }
  }

  private Instant later(String name, @Nullable String why) {
    LOG.log(
        Level.WARNING,
        "the root password of the connection " + name + " is one of two, and not settled: " + why);
    return pauses.failed(name, context.now());
  }
}
