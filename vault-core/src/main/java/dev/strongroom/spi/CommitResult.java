package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.List;
import java.util.Objects;

/**
 * How a batch ended. {@link Unknown} means the store could not say: read back before you answer.
 */
@Beta(until = "a second durable store exists")
public sealed interface CommitResult {

  /** All of it is durable. {@code revision} is one that no other batch has. */
  record Committed(long revision) implements CommitResult {}

  /** None of it happened, because these conditions did not hold. */
  record Conflict(List<RowAddress> moved) implements CommitResult {
    public Conflict {
      moved = List.copyOf(moved);
    }
  }

  /**
   * The store stopped during the commit. All of the batch may have happened, or none; what was read
   * before may be wrong. Every later call fails until the store is closed and opened again.
   *
   * @param cause says why, and what to do
   */
  record Unknown(StorageException cause) implements CommitResult {
    public Unknown {
      Objects.requireNonNull(cause, "cause");
    }
  }
}
