package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.Storage;
import java.util.Optional;

/**
 * Who changes a user's password: one static role, or {@code rotate-root}. Two would each take the
 * other's for theirs, and neither would be known. A server that goes by several names is several,
 * but for those of the host itself.
 *
 * <p>Reads beside the call's transaction, so that every password that is changed meanwhile does not
 * begin it again: callers are {@link Creations#oneByOne}. Thread-safe.
 */
final class Claims {
  private final MountContext context;

  Claims(MountContext context) {
    this.context = context;
  }

  /**
   * Checks that nobody else changes the password of a static role's user.
   *
   * @throws dev.strongroom.VaultException with code {@code INVALID_REQUEST}
   */
  void requireFree(String role, StaticRole wanted, ConnectionConfig config) {
    JdbcTarget address = config.target(wanted.database()).address();
    context.read(storage -> {
      for (String name : storage.list(ConnectionConfig.KIND, "")) {
        Optional<ConnectionConfig> other = ConnectionConfig.load(storage, name);
        if (other.isPresent() && isManager(other.get(), name, wanted, address)) {
          throw Refusals.invalid(
              "this is the vault's own user; its password is changed with rotate-root");
        }
      }
      for (String name : storage.list(StaticRole.KIND, "")) {
        if (!name.equals(role) && isUserOf(storage, name, wanted.username(), address)) {
          throw Refusals.invalid("another static role changes the password of this user");
        }
      }
      return true;
    });
  }

  private static boolean isManager(
      ConnectionConfig config, String name, StaticRole wanted, JdbcTarget address) {
    JdbcTarget other = config.target(name).address();
    return (other.user().equals(wanted.username()) || config.username().equals(wanted.username()))
        && (name.equals(wanted.database()) || other.sharesServerWith(address));
  }

  private static boolean isUserOf(Storage storage, String role, String user, JdbcTarget address) {
    return storage
        .get(StaticRole.KIND.at(role))
        .filter(found -> found.username().equals(user))
        .flatMap(found -> ConnectionConfig.load(storage, found.database())
            .map(config -> config.target(found.database()).address()))
        .filter(other -> other.sharesServerWith(address))
        .isPresent();
  }

  /**
   * Checks that no static role changes the password of a connection's user.
   *
   * @throws dev.strongroom.VaultException with code {@code INVALID_REQUEST}
   */
  void requireNoStaticRole(String name, ConnectionConfig wanted) {
    JdbcTarget address = wanted.target(name).address();
    context.read(storage -> {
      for (String role : storage.list(StaticRole.KIND, "")) {
        if (storage.get(StaticRole.KIND.at(role)).isPresent()
            && (isUserOf(storage, role, address.user(), address)
                || belongsTo(storage, role, name, address.user()))) {
          throw Refusals.invalid(
              "a static role changes the password of this user; give the vault a user of its own");
        }
      }
      return true;
    });
  }

  /** The connection that the role names may be the one that is written, at another address. */
  private static boolean belongsTo(Storage storage, String role, String database, String user) {
    return storage
        .get(StaticRole.KIND.at(role))
        .filter(found -> found.database().equals(database) && found.username().equals(user))
        .isPresent();
  }
}
