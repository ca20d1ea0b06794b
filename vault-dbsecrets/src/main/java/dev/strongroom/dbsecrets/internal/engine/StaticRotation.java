package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.dbsecrets.internal.sql.StatementValues;
import dev.strongroom.dbsecrets.internal.sql.Statements;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Storage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes the passwords of static roles. The next password is durable before the database gets it,
 * and counts when the database has it: a crash between leaves both, and the same password is set
 * again. Thread-safe.
 */
final class StaticRotation {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private static final Duration BUSY = Duration.ofSeconds(10);

  private final MountContext context;
  private final Databases databases;
  private final Passwords passwords;
  private final NameLocks locks = new NameLocks();
  private final Pauses pauses = new Pauses();

  StaticRotation(MountContext context, Databases databases, Passwords passwords) {
    this.context = context;
    this.databases = databases;
    this.passwords = passwords;
  }

  /** Writes down the next password, unless there is one that was not set yet. */
  void prepare(Storage storage, String name, StaticRole role) {
    context.requireOutside();
    ConnectionConfig config = ConfigPath.requireAllowing(storage, role.database(), name);
    if (StaticRole.pending(storage, name).isEmpty()) {
      StaticRole.putPending(storage, name, passwords.fresh(role.credentials().policy(config)));
    }
  }

  private record Order(StaticRole role, SecretText password, ConnectionConfig config) {}

  /**
   * Sets the password that is written down; does nothing if somebody else has.
   *
   * @throws OutsideException if the database did not do it, or may not have, or somebody else is at
   *     it for long; it is tried again when a role is due
   */
  void carryOut(String name) throws OutsideException {
    boolean unused = locks.alone(name, () -> carryOutAlone(name));
  }

  private boolean carryOutAlone(String name) throws OutsideException {
    Optional<Order> order = context.read(storage -> order(storage, name));
    if (order.isPresent()) {
      set(order.get());
      context.write(storage -> confirm(storage, name, order.get().password()));
    }
    pauses.clear(name);
    return order.isPresent();
  }

  private static Optional<Order> order(Storage storage, String name) {
    return storage.get(StaticRole.KIND.at(name)).flatMap(role -> StaticRole.pending(storage, name)
        .map(password ->
            new Order(role, password, ConnectionConfig.require(storage, role.database()))));
  }

  private void set(Order order) throws OutsideException {
    StaticRole role = order.role();
    try (Passwords.Made password = passwords.of(order.password(), order.config())) {
      List<String> sql = Statements.parse(StatementKind.ROTATION, role.rotation())
          .orDefault()
          .fill(StatementValues.of(role.username()).withPassword(password.inStatements()));
      databases.change(order.config().target(role.database()), sql, password.secrets());
    } catch (IllegalArgumentException e) {
      throw new OutsideException(
          OutsideException.Kind.UNRECOVERABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean confirm(Storage storage, String name, SecretText password) {
    // The role may have been deleted meanwhile, and another one made of that name.
    Optional<StaticRole> role = StaticRole.pending(storage, name)
        .filter(pending -> pending.expose().equals(password.expose()))
        .flatMap(pending -> storage.get(StaticRole.KIND.at(name)));
    role.ifPresent(found -> {
      StaticRole.promote(storage, name, password);
      storage.put(StaticRole.KIND.at(name), found.rotatedAt(context.now()));
    });
    return role.isPresent();
  }

  /** Carries out what is due; returns when something is next. */
  Optional<Instant> carryOutDue() {
    Optional<Instant> next = Optional.empty();
    Set<String> unreachable = new HashSet<>();
    List<String> names = new ArrayList<>(context.read(s -> s.list(StaticRole.KIND, "")));
    pauses.keepOnly(names);
    names.sort(Comparator.comparing(name -> pauses.until(name).isPresent())); // may take its time
    for (String name : names) {
      Optional<StaticRole> role = context.read(storage -> storage.get(StaticRole.KIND.at(name)));
      if (role.isPresent()) {
        Instant due = carryOutIfDue(name, role.get(), unreachable);
        next = Optional.of(next.filter(due::isAfter).orElse(due));
      }
    }
    return next;
  }

  private Instant carryOutIfDue(String name, StaticRole role, Set<String> unreachable) {
    Instant now = context.now();
    Instant due = pauses.until(name).orElseGet(() -> isPending(name) ? now : role.due());
    if (due.isAfter(now)) {
      return due;
    }
    if (unreachable.contains(role.database())) {
      return pauses.failed(name, now);
    }
    try {
      context.write(storage -> {
        storage
            .get(StaticRole.KIND.at(name))
            .filter(found -> !found.due().isAfter(now)) // somebody may have been faster
            .ifPresent(found -> prepare(storage, name, found));
        return true;
      });
      return locks
          .aloneNow(name, () -> carryOutAlone(name))
          .map(done -> now.plus(role.period()))
          .orElse(now.plus(BUSY)); // whoever is at it sees to the rest
    } catch (OutsideException e) {
      if (Databases.isAway(e)) {
        unreachable.add(role.database());
      }
      return later(name, e.getMessage());
    } catch (VaultException e) {
      return later(name, e.getMessage());
    } catch (RuntimeException e) { // one that cannot be read must not stop the others
      return later(name, e.getClass().getSimpleName());
    }
  }

  private Instant later(String name, @Nullable String why) {
    LOG.log(Level.WARNING, "the password of the static role " + name + " was not changed: " + why);
    return pauses.failed(name, context.now());
  }

  private boolean isPending(String name) {
    return context.read(storage -> StaticRole.pending(storage, name)).isPresent();
  }
}
