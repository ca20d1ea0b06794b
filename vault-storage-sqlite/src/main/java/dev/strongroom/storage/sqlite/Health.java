package dev.strongroom.storage.sqlite;

import dev.strongroom.spi.StorageException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store may be used: until it is closed, or something happened after which nobody can say
 * what the file holds. Thread-safe.
 */
final class Health {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicReference<@Nullable StorageException> reason = new AtomicReference<>();

  /**
   * Returns if the store may be used.
   *
   * @throws IllegalStateException if it is closed
   * @throws StorageException if it stopped; the message says why
   */
  void requireUsable() {
    if (closed.get()) {
      throw new IllegalStateException("the store is closed");
    }
    StorageException cause = reason.get();
    if (cause != null) {
      throw new StorageException(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** Stops the store, the first time for good. Returns what every later call hears. */
  StorageException stop(StorageException failure) {
    StorageException stopped = new StorageException(
        failure.getMessage() + "; the store has stopped: close it and open it again", failure);
    StorageException first = reason.compareAndExchange(null, stopped);
    return first == null ? stopped : first;
  }

  boolean isStopped() {
    return reason.get() != null;
  }

  /** Returns whether this call closed it. */
  boolean close() {
    return closed.compareAndSet(false, true);
  }
}
