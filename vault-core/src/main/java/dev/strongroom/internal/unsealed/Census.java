package dev.strongroom.internal.unsealed;

import dev.strongroom.Metric;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How many tokens, leases and entities there are. They are counted behind the requests, a page at a
 * time, when somebody asks and the last count is older than ten minutes, as often as OpenBao v2.6.2
 * counts; who asks gets the last count. Thread-safe.
 */
final class Census {
  private static final String JOB = "census";
  private static final Duration GOOD_FOR = Duration.ofMinutes(10);

  private final Background background;
  private final InstantSource clock;
  private final Supplier<Walks> walks;
  private final AtomicReference<Instant> begun = new AtomicReference<>(Instant.MIN);
  private volatile List<Metric> last = List.of();

  /** Each returns the number of the next ones, 0 at the end. */
  record Walks(IntSupplier tokens, IntSupplier leases, IntSupplier entities) {}

  Census(Background background, InstantSource clock, Supplier<Walks> walks) {
    this.background = background;
    this.clock = clock;
    this.walks = walks;
  }

  /** Returns the last count; none before the first has ended. */
  List<Metric> read() {
    Instant now = clock.instant();
    Instant before = Objects.requireNonNull(begun.get());
    if (before.equals(Instant.MIN) || !before.plus(GOOD_FOR).isAfter(now)) {
      if (begun.compareAndSet(before, now)) {
        background.schedule(JOB, Duration.ZERO, new Count(walks.get())::step);
      }
    }
    return last;
  }

  /** For one thread. */
  private final class Count {
    private final Walks walks;
    private long tokens;
    private long leases;
    private long entities;

    Count(Walks walks) {
      this.walks = walks;
    }

    Optional<Duration> step() {
      int more = walks.tokens.getAsInt();
      tokens += more;
      if (more == 0) {
        more = walks.leases.getAsInt();
        leases += more;
      }
      if (more == 0) {
        more = walks.entities.getAsInt();
        entities += more;
      }
      if (more > 0) {
        return Optional.of(Duration.ZERO);
      }
      last = List.of(
          Metrics.gauge("token.count", "Number of service tokens.", (double) tokens),
          Metrics.gauge(
              "expire.num_leases",
              "Number of leases, those of service tokens included.",
              (double) tokens + leases),
          Metrics.gauge("identity.num_entities", "Number of entities.", (double) entities));
      return Optional.empty();
    }
  }
}
