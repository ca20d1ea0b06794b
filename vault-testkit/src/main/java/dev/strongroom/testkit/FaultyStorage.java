package dev.strongroom.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageType;
import dev.strongroom.testkit.FaultPlan.Death;
import dev.strongroom.testkit.FaultPlan.Fault;
import dev.strongroom.testkit.FaultPlan.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails when a test says so, and is otherwise the store it lies over. Its content
 * outlives closing and dying, also over an {@link InMemoryStorage}: opening it again shows what
 * would be on the disk. Commits and reads are counted from the moment this object was made, over
 * all openings. Thread-safe; one commit runs at a time.
 *
 * <p>To die is to stop as a process does: the commit that dies is {@link CommitResult.Unknown},
 * every later call fails, and the store can be opened again.
 */
public final class FaultyStorage implements StorageType {
  private final StorageType inner;
  private final FaultPlan plan = new FaultPlan();
  private final ReentrantLock lock = new ReentrantLock();

  /** What lies below while it is open; kept over closing where it would lose its content. */
  @GuardedBy("lock")
  private @Nullable StorageBackend disk;

  @GuardedBy("lock")
  private @Nullable Backend current;

  private FaultyStorage(StorageType inner) {
    this.inner = inner;
  }

  /** A store over another one, without faults yet. */
  public static FaultyStorage over(StorageType inner) {
    return new FaultyStorage(inner);
  }

  /** A store in memory, without faults yet. */
  public static FaultyStorage inMemory() {
    return over(InMemoryStorage.create());
  }

  /**
   * Lets a commit fail without a trace: none of its group happens, and the store goes on.
   *
   * @param n the commit, counted from now: 1 is the next
   */
  public void failCommit(int n) {
    plan.commitFails(n, new Refusal());
  }

  /**
   * Lets the store die in a commit.
   *
   * @param n the commit, counted from now: 1 is the next
   * @param survivingBatches how many batches of the group are there afterwards, the first ones: 0
   *     for a death before anything was synced, {@code Integer.MAX_VALUE} for one after everything
   *     was
   */
  public void dieInCommit(int n, int survivingBatches) {
    plan.commitFails(n, new Death(survivingBatches));
  }

  /**
   * Lets a read fail; the store goes on.
   *
   * @param n the read, counted from now: 1 is the next
   */
  public void failRead(int n) {
    plan.readFails(n);
  }

  /**
   * Lets commits and reads fail at random from now on, one in {@code oneIn} on average. Called by
   * one thread, the same seed fails the same calls.
   */
  public void failAtRandom(long seed, int oneIn) {
    plan.atRandom(seed, oneIn);
  }

  /** Takes back every fault that has not happened yet. */
  public void heal() {
    plan.clear();
  }

  /** Lets the open store die between two commits: nothing that was committed is lost. */
  public void die() {
    lock.lock();
    try {
      if (current != null) {
        current.dead = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many groups were given to commit so far. */
  public long commits() {
    return plan.commits();
  }

  /** Returns how often the store was read so far. */
  public long reads() {
    return plan.reads();
  }

  @Override
  public String name() {
    return inner.name();
  }

  /**
   * Opens the store with what survived. Planned faults stay planned.
   *
   * @throws StorageException if it is open, and has not died
   */
  @Override
  public StorageBackend open() {
    lock.lock();
    try {
      if (current != null && !current.dead) {
        throw new StorageException("the store is open already");
      }
      if (current != null) {
        current.close();
      }
      StorageBackend below = disk == null ? inner.open() : disk;
      disk = below;
      Backend opened = new Backend(below);
      current = opened;
      return opened;
    } finally {
      lock.unlock();
    }
  }

  private final class Backend implements StorageBackend {
    private final StorageBackend below;
    private volatile boolean dead;
    private volatile boolean closed;

    Backend(StorageBackend below) {
      this.below = below;
    }

    @Override
    public Optional<Row> get(RowAddress address) {
      return read(() -> below.get(address));
    }

    @Override
    public List<Optional<Row>> getAll(List<RowAddress> addresses) {
      return read(() -> below.getAll(addresses));
    }

    @Override
    public List<byte[]> children(byte[] parent, byte @Nullable [] after, int max) {
      return read(() -> below.children(parent, after, max));
    }

    @Override
    public List<DueRow> due(long untilSeconds, int max) {
      return read(() -> below.due(untilSeconds, max));
    }

    @Override
    public void snapshot(SnapshotSink sink) {
      read(() -> {
        below.snapshot(sink);
        return true;
      });
    }

    @Override
    public long head() {
      requireAlive();
      return below.head();
    }

    @Override
    public List<CommitResult> commit(List<Batch> group) {
      lock.lock(); // held over the commit, so that nothing is written after a death
      try {
        Optional<Death> death = nextDeath();
        if (death.isEmpty()) {
          return below.commit(group);
        }
        below.commit(group.subList(0, Math.min(death.get().survivingBatches(), group.size())));
        dead = true;
        return group.stream()
            .<CommitResult>map(batch -> new CommitResult.Unknown(died()))
            .toList();
      } finally {
        lock.unlock();
      }
    }

    /** Counts as a commit; one that dies leaves nothing. */
    @Override
    public void restore(Consumer<SnapshotSink> source) {
      lock.lock();
      try {
        if (nextDeath().isPresent()) {
          dead = true;
          throw died();
        }
        below.restore(source);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void purge() {
      requireAlive();
      below.purge();
    }

    @Override
    public boolean losesDataOnClose() {
      return false;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          current = null;
          if (!below.losesDataOnClose()) {
            disk = null;
            below.close();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    /** Counts a commit and refuses it if that is planned. Returns how the store dies in it. */
    private Optional<Death> nextDeath() {
      requireAlive();
      Optional<Fault> fault = plan.nextCommit();
      if (fault.isPresent() && fault.get() instanceof Refusal) {
        throw new StorageException("the commit number " + plan.commits() + " fails on purpose");
      }
      return fault.map(Death.class::cast);
    }

    private <T> T read(Supplier<T> read) {
      requireAlive();
      if (plan.nextReadFails()) {
        throw new StorageException("a read fails on purpose");
      }
      return read.get();
    }

    private void requireAlive() {
      if (closed) {
        throw new IllegalStateException("the store is closed");
      }
      if (dead) {
        throw died();
      }
    }

    private static StorageException died() {
      return new StorageException("the store has died on purpose; open it again");
    }
  }
}
