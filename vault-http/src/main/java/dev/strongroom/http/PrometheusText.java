package dev.strongroom.http;

import dev.strongroom.Metric;
import dev.strongroom.VaultMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics in the text that Prometheus reads, version 0.0.4. */
final class PrometheusText {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();

  private PrometheusText() {}

  /** What has one name comes together, as the format demands. */
  static String of(VaultMetrics metrics) {
    Map<String, List<Metric>> byName = new LinkedHashMap<>();
    for (Metric metric : metrics.all()) {
      String name = metric.name().replaceAll("[^A-Za-z0-9_]", "_");
      byName.computeIfAbsent(name, added -> new ArrayList<>()).add(metric);
    }
    PrometheusText text = new PrometheusText();
    byName.forEach(text::add);
    return text.text.toString();
  }

  private void add(String name, List<Metric> all) {
    describe(name, all.get(0));
    all.forEach(metric -> add(name, metric));
  }

  private void add(String name, Metric metric) {
    if (metric instanceof Metric.Gauge gauge) {
      line(name, metric.labels(), gauge.value());
    } else if (metric instanceof Metric.Counter counter) {
      line(name, metric.labels(), (double) counter.count());
    } else if (metric instanceof Metric.Timer timer) {
      timer
          .quantiles()
          .forEach((share, millis) -> line(name, with(metric.labels(), share), millis));
      line(name + "_sum", metric.labels(), timer.totalMillis());
      line(name + "_count", metric.labels(), (double) timer.count());
    }
  }

  private void describe(String name, Metric metric) {
    String type = metric instanceof Metric.Gauge
        ? "gauge"
        : metric instanceof Metric.Counter ? "counter" : "summary";
    String help = metric.help().replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static Map<String, String> with(Map<String, String> labels, double share) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put("quantile", number(share));
    return more;
  }

  private void line(String name, Map<String, String> labels, double value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append(new TreeMap<>(labels)
          .entrySet().stream()
              .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
              .collect(Collectors.joining(",", "{", "}")));
    }
    text.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
