package dev.strongroom.spi;

import dev.strongroom.Beta;

/** A store that is described but not open: what a builder is given. Immutable and thread-safe. */
@Beta(until = "a second durable store exists")
public interface StorageType {

  /** Returns the kind of the store, as status messages show it: {@code sqlite}. */
  String name();

  /**
   * Opens the store, making an empty one where there is none. Whoever calls it closes it. A store
   * that outlives its closing is open once at a time.
   *
   * @throws StorageException if it cannot be opened: open already, here or in another process; of
   *     an unknown format; damaged; not writable
   */
  StorageBackend open();
}
