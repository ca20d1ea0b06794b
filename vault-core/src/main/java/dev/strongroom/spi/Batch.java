package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.List;
import java.util.Objects;

/**
 * Changes that happen together or not at all, and what must be true for them to happen. Changes are
 * carried out in order.
 *
 * @param conditions about the store before the batch
 * @param changes none in a batch that only checks
 */
@Beta(until = "a second durable store exists")
@SuppressWarnings("ArrayRecordComponent") // carriers between vault and store, never compared
public record Batch(List<Condition> conditions, List<Change> changes) {
  public Batch {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
  }

  /** Something the change rests on. */
  public sealed interface Condition {
    RowAddress address();
  }

  /** The row does not exist. */
  public record Absent(RowAddress address) implements Condition {
    public Absent {
      Objects.requireNonNull(address, "address");
    }
  }

  /** The row exists and was last written by the batch with that revision. */
  public record AtRevision(RowAddress address, long revision) implements Condition {
    public AtRevision {
      Objects.requireNonNull(address, "address");
    }
  }

  /** One step of a batch. */
  public sealed interface Change {}

  /**
   * Writes a row, whether or not it existed.
   *
   * @param value up to {@link StorageBackend#MAX_VALUE_BYTES} bytes, taken over by the store
   */
  public record Put(RowAddress address, byte[] value) implements Change {
    public Put {
      Objects.requireNonNull(address, "address");
      if (value.length > StorageBackend.MAX_VALUE_BYTES) {
        throw new IllegalArgumentException("a value takes at most " + StorageBackend.MAX_VALUE_BYTES
            + " bytes, but got " + value.length);
      }
    }
  }

  /** Removes a row; nothing happens where there is none. */
  public record Delete(RowAddress address) implements Change {
    public Delete {
      Objects.requireNonNull(address, "address");
    }
  }

  /**
   * Writes a row with an empty value where there is none; an existing row keeps value and revision.
   * For folders.
   */
  public record Ensure(RowAddress address) implements Change {
    public Ensure {
      Objects.requireNonNull(address, "address");
    }
  }

  /**
   * Removes a folder's row if no row has {@code children} as its parent.
   *
   * @param address of the folder's row
   * @param children the parent of the rows inside the folder, {@value RowAddress#PARENT_BYTES}
   *     bytes
   */
  public record DeleteIfChildless(RowAddress address, byte[] children) implements Change {
    public DeleteIfChildless {
      Objects.requireNonNull(address, "address");
      if (children.length != RowAddress.PARENT_BYTES) {
        throw new IllegalArgumentException(
            "a parent has " + RowAddress.PARENT_BYTES + " bytes, but got " + children.length);
      }
    }
  }

  /** Adds a due row, replacing the one with the same time and id. */
  public record DueAdd(DueRow row) implements Change {
    public DueAdd {
      Objects.requireNonNull(row, "row");
    }
  }

  /**
   * Removes a due row; nothing happens where there is none.
   *
   * @param id {@value DueRow#ID_BYTES} bytes
   */
  public record DueRemove(long atSeconds, byte[] id) implements Change {
    public DueRemove {
      if (id.length != DueRow.ID_BYTES) {
        throw new IllegalArgumentException(
            "a due row has an id of " + DueRow.ID_BYTES + " bytes, but got " + id.length);
      }
    }
  }
}
