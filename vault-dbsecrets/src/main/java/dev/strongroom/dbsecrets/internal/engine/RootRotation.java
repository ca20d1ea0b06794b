package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.sql.StatementValues;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Storage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Changes the password of the vault's own user of a database. The new one is durable before the
 * database gets it, and the old one is kept until the new one is seen to work. After a crash both
 * are tried. Thread-safe.
 */
final class RootRotation {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final MountContext context;
  private final Databases databases;
  private final Passwords passwords;
  private final NameLocks locks = new NameLocks();
  private final Pauses pauses = new Pauses();

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
    config.withPending(passwords.fresh(config.passwordPolicy())).store(storage, name);
  }

  /** Sets the password that is written down. */
  void carryOut(String name) {
    ReentrantLock lock = locks.of(name);
    lock.lock();
    try {
      Optional<ConnectionConfig> config = rotating(name);
      if (config.isEmpty()) {
        return; // somebody has settled it meanwhile
      }
      try {
        set(name, config.get());
        databases.verify(config.get().target(name, config.get().pending().orElseThrow()));
        promote(name, config.get());
      } catch (OutsideException e) {
        if (!settled(name, config.get(), e)) {
          throw Refusals.failed("failed to update user: ", e);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<ConnectionConfig> rotating(String name) {
    return context
        .read(storage -> ConnectionConfig.load(storage, name))
        .filter(config -> config.pending().isPresent());
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

  /** Returns whether the new password counts after all. */
  private boolean settled(String name, ConnectionConfig config, OutsideException failure) {
    try {
      return settle(name, config);
    } catch (OutsideException e) {
      failure.addSuppressed(e);
      context.tendSoon();
      return false;
    }
  }

  /**
   * Finds out which of the two passwords works.
   *
   * @return whether it is the new one
   * @throws OutsideException if neither does now: both are kept
   */
  private boolean settle(String name, ConnectionConfig config) throws OutsideException {
    try {
      databases.verify(config.target(name));
    } catch (OutsideException e) {
      databases.verify(config.target(name, config.pending().orElseThrow()));
      promote(name, config);
      return true;
    }
    replace(name, config, ConnectionConfig::withoutPending);
    return false;
  }

  private void promote(String name, ConnectionConfig rotated) {
    byte[] version = new byte[16];
    context.random().nextBytes(version);
    replace(name, rotated, config -> config.promoted(HexFormat.of().formatHex(version)));
    databases.forget(name);
  }

  /** Unless somebody wrote another configuration meanwhile. */
  private void replace(
      String name, ConnectionConfig rotated, UnaryOperator<ConnectionConfig> change) {
    String pending = rotated.pending().orElseThrow().expose();
    context.write(storage -> {
      ConnectionConfig.load(storage, name)
          .filter(config -> config.pending().map(SecretText::expose).equals(Optional.of(pending)))
          .ifPresent(config -> change.apply(config).store(storage, name));
      return true;
    });
  }

  /** Settles what a crash or a lost connection left; returns when to look again. */
  Optional<Instant> settleAll() {
    return context.read(storage -> storage.list(ConnectionConfig.KIND, "")).stream()
        .filter(name -> rotating(name).isPresent())
        .flatMap(name -> settleIfIdle(name).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> settleIfIdle(String name) {
    ReentrantLock lock = locks.of(name);
    if (!lock.tryLock()) {
      return Optional.of(context.now().plus(BUSY));
    }
    try {
      Optional<ConnectionConfig> config = rotating(name);
      if (config.isPresent()) {
        settle(name, config.get());
      }
      pauses.clear(name);
      return Optional.empty();
    } catch (OutsideException e) {
      LOG.log(
          Level.WARNING,
          "the root password of the connection " + name + " is one of two, and neither works: "
              + e.getMessage());
      return Optional.of(pauses.failed(name, context.now()));
    } finally {
      lock.unlock();
    }
  }
}
