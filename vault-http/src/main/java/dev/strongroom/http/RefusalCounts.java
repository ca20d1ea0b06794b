package dev.strongroom.http;

import dev.strongroom.Metric;
import dev.strongroom.VaultMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much was refused before the vault saw it, and so without a record in the audit: whoever wants
 * could fill that with them. Thread-safe.
 */
final class RefusalCounts {
  private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
  private final LongAdder connections = new LongAdder();

  void count(int status) {
    byStatus.computeIfAbsent(status, added -> new LongAdder()).increment();
  }

  void countConnection() {
    connections.increment();
  }

  /** Returns what a vault has counted, and this. */
  VaultMetrics with(VaultMetrics metrics) {
    List<Metric> all = new ArrayList<>(metrics.all());
    byStatus.forEach((status, count) -> all.add(new Metric.Counter(
        "vault.http.refused",
        "Number of HTTP requests that were refused before the vault saw them, by status.",
        Map.of("status", status.toString()),
        count.sum())));
    all.add(new Metric.Counter(
        "vault.http.refused_connections",
        "Number of connections closed because their client had its share of them.",
        Map.of(),
        connections.sum()));
    return new VaultMetrics(metrics.at(), all);
  }
}
