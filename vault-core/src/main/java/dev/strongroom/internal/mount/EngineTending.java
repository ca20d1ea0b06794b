package dev.strongroom.internal.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.spi.SecretEngine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets engines do what falls due outside the vault, one at a time for each mount. Thread-safe. */
final class EngineTending {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration HELD_PAUSE = Duration.ofMinutes(1);

  private final Background background;
  private final InstantSource clock;
  private final Optional<Executor> executor;
  private final Supplier<Optional<String>> held;
  private final Function<UUID, Optional<Mounted>> mounts;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<UUID> running = new HashSet<>();

  @GuardedBy("lock")
  private final Set<UUID> again = new HashSet<>();

  @GuardedBy("lock")
  private final Map<UUID, Duration> pauses = new HashMap<>();

  /**
   * Begins with nothing to do.
   *
   * @param executor runs engines on other threads; empty: the thread of the background work does
   * @param held why nothing outside may be touched; empty while it may
   * @param mounts finds a mount as it is now
   */
  EngineTending(
      Background background,
      InstantSource clock,
      Optional<Executor> executor,
      Supplier<Optional<String>> held,
      Function<UUID, Optional<Mounted>> mounts) {
    this.background = background;
    this.clock = clock;
    this.executor = executor;
    this.held = held;
    this.mounts = mounts;
  }

  /** Lets the engine of a mount run as soon as possible, once more if it runs now. */
  void soon(UUID mount) {
    schedule(mount, Duration.ZERO);
  }

  private void schedule(UUID mount, Duration delay) {
    background.schedule("tending of mount " + mount, delay, () -> {
      start(mount);
      return Optional.empty();
    });
  }

  private void start(UUID mount) {
    if (held.get().isPresent()) {
      schedule(mount, HELD_PAUSE);
    } else if (begins(mount)) {
      if (executor.isEmpty()) {
        run(mount);
      } else {
        handOver(executor.get(), mount);
      }
    }
  }

  private void handOver(Executor other, UUID mount) {
    try {
      other.execute(() -> run(mount));
    } catch (RejectedExecutionException e) { // too much waits
      end(mount, Optional.of(LONGEST_PAUSE));
    }
  }

  private void run(UUID mount) {
    Optional<Duration> next = Optional.empty();
    try {
      next = tend(mount).map(at -> Duration.between(clock.instant(), at));
      succeeded(mount);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      if (mounts.apply(mount).isPresent()) { // otherwise its keys went meanwhile
        Duration pause = failed(mount);
        LOG.log(
            Level.WARNING,
            "work of mount " + mount + " outside the vault failed; next try in " + pause.toSeconds()
                + " s",
            e);
        next = Optional.of(pause);
      }
    } finally {
      end(mount, next);
    }
  }

  private Optional<Instant> tend(UUID mount) {
    return mounts.apply(mount).flatMap(Mounted::engine).flatMap(SecretEngine::tend);
  }

  private boolean begins(UUID mount) {
    lock.lock();
    try {
      if (running.add(mount)) {
        return true;
      }
      again.add(mount);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void end(UUID mount, Optional<Duration> next) {
    boolean anew;
    lock.lock();
    try {
      running.remove(mount);
      anew = again.remove(mount);
    } finally {
      lock.unlock();
    }
    if (anew) {
      schedule(mount, Duration.ZERO);
    } else {
      next.ifPresent(delay -> schedule(mount, delay));
    }
  }

  private void succeeded(UUID mount) {
    lock.lock();
    try {
      pauses.remove(mount);
    } finally {
      lock.unlock();
    }
  }

  private Duration failed(UUID mount) {
    lock.lock();
    try {
      Duration pause = pauses.getOrDefault(mount, FIRST_PAUSE);
      Duration longer = pause.multipliedBy(2);
      pauses.put(mount, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE);
      return pause;
    } finally {
      lock.unlock();
    }
  }
}
