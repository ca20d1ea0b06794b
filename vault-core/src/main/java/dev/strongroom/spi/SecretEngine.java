package dev.strongroom.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The engine of one mount: routes below the mount's path and the kinds of records behind them.
 * Thread-safe.
 */
public interface SecretEngine extends AutoCloseable {

  /** Returns what the engine answers. The first route that matches a path takes it. */
  List<Route> routes();

  /**
   * Returns the name of the paths and parameters that the engine understands, for typed clients and
   * in messages: such as {@code KV version 2 (KvStore)}. A request that is for another API never
   * comes here, see {@link dev.strongroom.request.Request#forApi}. Empty: no client asks for it.
   */
  default Optional<String> api() {
    return Optional.empty();
  }

  /**
   * Returns every kind of record the engine stores. A mount's data are removed by walking these.
   */
  List<RecordKind<?>> records();

  /**
   * Returns every kind of secret the engine has made outside the vault, also those it makes no
   * more: leases find them here. By default those its routes answer with.
   *
   * @return each of a kind of its own
   */
  default List<OutsideSecret> outsideSecrets() {
    return routes().stream()
        .flatMap(route -> route.secrets().stream())
        .distinct()
        .toList();
  }

  /**
   * Does a step of work that the mount's records need behind the requests, such as converting them.
   * A step is one transaction: small, and it may run again. The vault begins when it has opened the
   * mount and every request to the engine before this one has ended, goes on while there is
   * something left to do, and begins anew after a crash or sealing. One step at a time, beside
   * requests; what it throws is logged, and it runs again after a second, then after longer, up to
   * five minutes.
   *
   * @return whether something may be left to do
   */
  default boolean work(Storage storage, Instant now) {
    return false;
  }

  /**
   * Does what has fallen due outside the vault, such as changing a password whose time has come.
   * Runs when the vault has opened the mount, at the moment it returned last, and after
   * {@link MountContext#tendSoon}: outside every transaction and lock, one at a time for a mount,
   * and only while things outside may be touched. It limits its own waiting. What it throws is
   * logged, and it runs again after a second, then after longer, up to five minutes.
   *
   * @return when something falls due next; empty if nothing does
   */
  default Optional<Instant> tend() {
    return Optional.empty();
  }

  /**
   * Ends what the engine began: when the mount goes, its options change, or the vault is sealed.
   */
  @Override
  default void close() {}
}
