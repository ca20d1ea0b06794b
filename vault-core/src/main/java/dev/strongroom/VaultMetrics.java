package dev.strongroom;

import dev.strongroom.request.Payload;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How much a vault has done since it was opened, and how it is; see {@link Vault#metrics}.
 *
 * @param at when that was so
 */
public record VaultMetrics(Instant at, List<Metric> all) {
  private static final DateTimeFormatter GO_TIME = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  public VaultMetrics {
    Objects.requireNonNull(at, "at");
    all = List.copyOf(all);
  }

  /**
   * Returns what {@code sys/metrics} answers: {@code Timestamp}, {@code Gauges}, {@code Points},
   * {@code Counters} and {@code Samples}, as OpenBao v2.6.2 does, but that everything counts from
   * the opening of the vault.
   */
  public Payload toPayload() {
    List<Map<String, ?>> gauges = new ArrayList<>();
    List<Map<String, ?>> counters = new ArrayList<>();
    List<Map<String, ?>> samples = new ArrayList<>();
    for (Metric metric : all) {
      if (metric instanceof Metric.Gauge gauge) {
        gauges.add(Map.of("Name", gauge.name(), "Value", gauge.value(), "Labels", gauge.labels()));
      } else if (metric instanceof Metric.Counter counter) {
        counters.add(aggregate(metric, counter.count(), (double) counter.count()));
      } else if (metric instanceof Metric.Timer timer) {
        samples.add(aggregate(metric, timer.count(), timer.totalMillis()));
      }
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("Timestamp", GO_TIME.format(at));
    members.put("Gauges", gauges);
    members.put("Points", List.of());
    members.put("Counters", counters);
    members.put("Samples", samples);
    return Payload.of(members);
  }

  private static Map<String, ?> aggregate(Metric metric, long count, double sum) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("Name", metric.name());
    members.put("Count", count);
    members.put("Sum", sum);
    members.put("Mean", count == 0 ? 0.0 : sum / count);
    if (metric instanceof Metric.Timer timer) {
      members.put(
          "Max",
          timer.quantiles().isEmpty() ? 0.0 : timer.quantiles().lastEntry().getValue());
    }
    members.put("Labels", metric.labels());
    return members;
  }
}
