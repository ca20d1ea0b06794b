package dev.strongroom.spi;

import java.util.List;

/**
 * The engine of one mount: routes below the mount's path and the kinds of records behind them.
 * Thread-safe.
 */
public interface SecretEngine extends AutoCloseable {

  /** Returns what the engine answers. The first route that matches a path takes it. */
  List<Route> routes();

  /**
   * Returns every kind of record the engine stores. A mount's data are removed by walking these.
   */
  List<RecordKind<?>> records();

  /**
   * Ends what the engine began: when the mount goes, its options change, or the vault is sealed.
   */
  @Override
  default void close() {}
}
