package dev.strongroom.internal.metrics;

import dev.strongroom.Metric;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took: all of them together, and the last ones each, for quantiles.
 * Thread-safe; what comes while somebody reads is counted or not.
 */
final class Durations {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double[] SHARES = {0.5, 0.9, 0.99, 1};

  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLongArray last;

  /**
   * Begins with nothing.
   *
   * @param kept how many of the last ones are there for quantiles
   */
  Durations(int kept) {
    last = new AtomicLongArray(kept);
  }

  void add(long tookNanos) {
    count.increment();
    nanos.add(tookNanos);
    last.setRelease((int) (next.getAndIncrement() % last.length()), tookNanos);
  }

  boolean isEmpty() {
    return next.get() == 0;
  }

  Metric.Timer read(String name, String help, Map<String, String> labels) {
    return new Metric.Timer(
        name, help, labels, count.sum(), nanos.sum() / NANOS_PER_MILLI, quantiles());
  }

  private NavigableMap<Double, Double> quantiles() {
    long[] some = new long[(int) Math.min(next.get(), last.length())];
    Arrays.setAll(some, last::getAcquire);
    Arrays.sort(some);
    NavigableMap<Double, Double> quantiles = new TreeMap<>();
    for (double share : SHARES) {
      if (some.length > 0) {
        int at = (int) Math.ceil(share * some.length) - 1;
        quantiles.put(share, some[at] / NANOS_PER_MILLI);
      }
    }
    return quantiles;
  }
}
