package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.OutsideException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each name, so that of two who change the same password one waits. Held while the
 * database is asked, against the rule: two rotations side by side would overtake each other there.
 * So nobody waits for longer than 30 seconds, by the machine's time, and other names have nothing
 * to do with it. What nobody holds or waits for is forgotten. Thread-safe.
 */
final class NameLocks {
  /** With an attempt of 60 s it fits into the 90 s of a request. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Map<String, Counted> locks = new ConcurrentHashMap<>();
  private final Duration longestWait;

  /** A lock, and how many hold it or wait for it. */
  private record Counted(ReentrantLock lock, int users) {
    Counted with(int more) {
      return new Counted(lock, users + more);
    }
  }

  /** What is done alone. */
  interface Work<R> {
    R get() throws OutsideException;
  }

  NameLocks() {
    this(LONGEST_WAIT);
  }

  NameLocks(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /**
   * Does something as soon as nobody else does anything to the name.
   *
   * @throws OutsideException of kind {@code UNREACHABLE} if that takes too long
   */
  <R> R alone(String name, Work<R> work) throws OutsideException {
    return alone(name, longestWait, work)
        .orElseThrow(() -> new OutsideException(
            OutsideException.Kind.UNREACHABLE,
            "\"" + name + "\" is being rotated, and the database has not answered yet; try again"));
  }

  /** Does something, or nothing if somebody else is at it. */
  <R> Optional<R> aloneNow(String name, Work<R> work) throws OutsideException {
    return alone(name, Duration.ZERO, work);
  }

  private <R> Optional<R> alone(String name, Duration wait, Work<R> work) throws OutsideException {
    ReentrantLock lock = locks
        .compute(
            name, (n, found) -> found == null ? new Counted(new ReentrantLock(), 1) : found.with(1))
        .lock();
    try {
      return taken(lock, wait) ? Optional.of(unlocking(lock, work)) : Optional.empty();
    } finally {
      locks.computeIfPresent(name, (n, found) -> found.users() == 1 ? null : found.with(-1));
    }
  }

  private static <R> R unlocking(ReentrantLock lock, Work<R> work) throws OutsideException {
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static boolean taken(ReentrantLock lock, Duration wait) {
    try {
      return lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  int size() {
    return locks.size();
  }
}
