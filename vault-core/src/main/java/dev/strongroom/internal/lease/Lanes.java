package dev.strongroom.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.TimeSource;
import dev.strongroom.internal.background.Background;
import dev.strongroom.spi.OutsideSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs what waits for the outside, a lane for each place, so that a database that does not answer
 * keeps only its own leases waiting. Of a lane at most {@value #SIDE_BY_SIDE} run at any time, and
 * at most {@value #MAX_WAITING} wait in memory; the rest waits in the index, and comes back as fast
 * as the lane gets on. What runs longer than it may is interrupted, told so, and gives up its
 * place; of a place at most {@value #MAX_OVERDUE} such ones are left alone, and when there are more
 * the place waits. Thread-safe.
 */
final class Lanes {
  private static final int SIDE_BY_SIDE = 8;
  private static final int MAX_WAITING = 5_000;
  private static final int MANY_IN_MEMORY = 20_000;
  private static final int FEW_WAITING = 100;
  private static final int MAX_OVERDUE = 4;
  private static final String JOB = "overdue attempts";
  private static final Duration LIMIT = Duration.ofSeconds(OutsideSecret.ATTEMPT_SECONDS);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(320);
  private static final Duration STUCK = Duration.ofSeconds(30);
  private static final Duration SHORTEST_TURN = Duration.ofSeconds(1);
  private static final int PACE_OF = 1_000;

  private final Optional<Executor> executor;
  private final Background background;
  private final TimeSource time;
  private final SecureRandom random;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Place, Lane> lanes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final Map<Place, Pause> pauses = new HashMap<>();

  @GuardedBy("lock")
  private final Set<String> known = new HashSet<>();

  @GuardedBy("lock")
  private final Set<Attempt> attempts = new LinkedHashSet<>();

  private volatile boolean closed;

  private static final class Lane {
    private final Deque<Job> waiting = new ArrayDeque<>();
    private int running;
    private int overdue;
    private int done;
    private long doneSince;
    private Optional<Duration> pace = Optional.empty();
    private Instant lastTurn = Instant.MIN;

    Lane(long nanos) {
      doneSince = nanos;
    }

    boolean isStuck() {
      return overdue >= MAX_OVERDUE;
    }

    boolean isFull() {
      return waiting.size() >= MAX_WAITING;
    }

    boolean mayRun() {
      return !waiting.isEmpty() && running < SIDE_BY_SIDE && !isStuck();
    }

    void done(long nanos) {
      running--;
      done++;
      if (done == PACE_OF) {
        pace = Optional.of(Duration.ofNanos((nanos - doneSince) / PACE_OF));
        done = 0;
        doneSince = nanos;
      }
    }

    /**
     * Returns how long the next one that finds no room stays away. They come back one after the
     * other, twice as fast as the lane gets on: it never runs empty, and few come in vain.
     */
    Duration turn(Instant now, long nanos) {
      Duration sofar = Duration.ofNanos((nanos - doneSince) / Math.max(SIDE_BY_SIDE, done));
      Duration gap = pace.orElse(sofar).dividedBy(2);
      Instant first = now.plus(gap.multipliedBy(MAX_WAITING));
      Instant next = lastTurn.isBefore(first) ? first : lastTurn.plus(gap);
      Instant last = now.plus(LONGEST_PAUSE);
      lastTurn = next.isBefore(last) ? next : last;
      return longer(Duration.between(now, lastTurn), SHORTEST_TURN);
    }
  }

  /** Work about a lease. */
  interface Work {
    void run(Attempt attempt);

    /** It runs longer than it may, and counts as failed. */
    void overdue();
  }

  /** Work that runs, on the thread that made this. */
  final class Attempt {
    private final Job job;
    private final Thread thread = Thread.currentThread();
    private final long begun = time.nanos();
    private boolean overdue; // belongs to the lock

    private Attempt(Job job) {
      this.job = job;
    }

    /**
     * What is outside has answered: from here on nobody interrupts the thread.
     *
     * @return whether that took too long, so that a failure is known already
     */
    boolean returned() {
      lock.lock();
      try {
        attempts.remove(this);
        boolean unused = overdue && Thread.interrupted();
        return overdue;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Where secrets are made and destroyed.
   *
   * @param name as the engine calls it; see {@link OutsideSecret#place}
   */
  record Place(UUID mount, String name) {}

  private record Job(Place place, String lease, Work work) {}

  private record Pause(Duration length, Instant until) {}

  /**
   * Begins empty.
   *
   * @param executor runs work on other threads; empty: the thread that calls {@link #run} does
   * @param time by which work is too long
   */
  Lanes(Optional<Executor> executor, Background background, TimeSource time, SecureRandom random) {
    this.executor = executor;
    this.background = background;
    this.time = time;
    this.random = random;
  }

  /**
   * Returns how long a lease stays away from the lane of its place; zero if it may be added. Where
   * the lane is full, each has a turn of its own.
   */
  Duration wait(Place place, Instant now) {
    lock.lock();
    try {
      Pause pause = pauses.get(place);
      if (pause != null && now.isBefore(pause.until)) {
        return Duration.between(now, pause.until);
      }
      Lane lane = lanes.get(place);
      if (lane != null && lane.isStuck()) {
        return STUCK;
      }
      return lane != null && isFull(lane) ? lane.turn(now, time.nanos()) : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }

  /** Where there are very many places, each has less room. */
  @GuardedBy("lock")
  private boolean isFull(Lane lane) {
    return lane.isFull() || (known.size() >= MANY_IN_MEMORY && lane.waiting.size() >= FEW_WAITING);
  }

  /** Adds work about a lease to the lane of its place, unless it is there; it does not run yet. */
  void add(Place place, String lease, Work work) {
    lock.lock();
    try {
      if (!closed && known.add(lease)) {
        lanes
            .computeIfAbsent(place, id -> new Lane(time.nanos()))
            .waiting
            .add(new Job(place, lease, work));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs what waits, here or elsewhere. */
  void run() {
    for (Optional<Job> job = next(); job.isPresent(); job = next()) {
      Job next = job.get();
      if (executor.isEmpty()) {
        run(next);
      } else {
        handOver(executor.get(), next);
      }
    }
  }

  /**
   * The place could not be reached: lets what waits for it go, which comes back from the index, and
   * returns how long the place is left alone.
   */
  Duration pause(Place place, Instant now) {
    lock.lock();
    try {
      Pause before = pauses.get(place);
      if (before != null && now.isBefore(before.until)) {
        return Duration.between(now, before.until); // one of those that ran side by side
      }
      Duration length = before == null ? FIRST_PAUSE : before.length.multipliedBy(2);
      length = length.compareTo(LONGEST_PAUSE) < 0 ? length : LONGEST_PAUSE;
      Duration spread = spread(length, random);
      pauses.put(place, new Pause(length, now.plus(spread)));
      Lane lane = lanes.get(place);
      if (lane != null) {
        lane.waiting.forEach(job -> known.remove(job.lease));
        lane.waiting.clear();
      }
      return spread;
    } finally {
      lock.unlock();
    }
  }

  /** The place was reached. */
  void reached(Place place) {
    lock.lock();
    try {
      pauses.remove(place);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a duration between half and one and a half of {@code middle}. */
  static Duration spread(Duration middle, SecureRandom random) {
    return middle.dividedBy(2).plusMillis(random.nextInt((int) middle.toMillis() + 1));
  }

  /** Drops what has not begun. */
  void close() {
    lock.lock();
    try {
      closed = true;
      lanes.clear();
      known.clear();
    } finally {
      lock.unlock();
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void handOver(Executor other, Job job) {
    try {
      other.execute(() -> {
        run(job);
        run();
      });
    } catch (RejectedExecutionException e) { // it comes back from the index
      done(job);
    }
  }

  private void run(Job job) {
    Attempt attempt = begin(job);
    try {
      if (!closed) {
        job.work.run(attempt);
      }
    } finally {
      end(attempt);
    }
  }

  /** Takes turns among the lanes: the one that was served goes to the end. */
  private Optional<Job> next() {
    lock.lock();
    try {
      for (Map.Entry<Place, Lane> entry : lanes.entrySet()) {
        Lane lane = entry.getValue();
        if (lane.mayRun()) {
          lane.running++;
          lanes.remove(entry.getKey());
          lanes.put(entry.getKey(), lane);
          return Optional.of(lane.waiting.remove());
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Attempt begin(Job job) {
    Attempt attempt = new Attempt(job);
    if (executor.isPresent()) { // nobody could interrupt the thread of the background work
      lock.lock();
      try {
        attempts.add(attempt);
      } finally {
        lock.unlock();
      }
      background.schedule(JOB, LIMIT, this::watch);
    }
    return attempt;
  }

  private void end(Attempt attempt) {
    if (!attempt.returned()) {
      done(attempt.job);
      return;
    }
    lock.lock();
    try {
      lane(attempt.job).ifPresent(lane -> lane.overdue--);
      forgetIfIdle(attempt.job.place);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Duration> watch() {
    List<Attempt> late = new ArrayList<>();
    Optional<Duration> next = Optional.empty();
    lock.lock();
    try {
      for (Attempt attempt : attempts) {
        Duration left = LIMIT.minusNanos(time.nanos() - attempt.begun);
        if (attempt.overdue) {
          continue;
        }
        if (left.isZero() || left.isNegative()) {
          attempt.overdue = true;
          attempt.thread.interrupt();
          known.remove(attempt.job.lease);
          lane(attempt.job).ifPresent(lane -> {
            lane.running--;
            lane.overdue++;
          });
          late.add(attempt);
        } else if (next.isEmpty()) {
          next = Optional.of(left); // they are in the order in which they began
        }
      }
    } finally {
      lock.unlock();
    }
    late.forEach(attempt -> attempt.job.work.overdue());
    if (!late.isEmpty()) {
      run();
    }
    return next;
  }

  private void done(Job job) {
    lock.lock();
    try {
      known.remove(job.lease);
      lane(job).ifPresent(lane -> lane.done(time.nanos()));
      forgetIfIdle(job.place);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<Lane> lane(Job job) {
    return Optional.ofNullable(lanes.get(job.place));
  }

  @GuardedBy("lock")
  private void forgetIfIdle(Place place) {
    Lane lane = lanes.get(place);
    if (lane != null && lane.running == 0 && lane.overdue == 0 && lane.waiting.isEmpty()) {
      lanes.remove(place);
    }
  }
}
