package dev.strongroom.http;

import dev.strongroom.Metric;
import dev.strongroom.VaultMetrics;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics in the text that Prometheus reads, version 0.0.4. */
final class PrometheusText {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();
  private final Set<String> described = new HashSet<>();

  private PrometheusText() {}

  static String of(VaultMetrics metrics) {
    PrometheusText text = new PrometheusText();
    metrics.all().forEach(text::add);
    return text.text.toString();
  }

  private void add(Metric metric) {
    String name = metric.name().replaceAll("[^A-Za-z0-9_]", "_");
    if (metric instanceof Metric.Gauge gauge) {
      describe(name, "gauge");
      line(name, metric.labels(), gauge.value());
    } else if (metric instanceof Metric.Counter counter) {
      describe(name, "counter");
      line(name, metric.labels(), (double) counter.count());
    } else if (metric instanceof Metric.Timer timer) {
      describe(name, "summary");
      timer
          .quantiles()
          .forEach((share, millis) -> line(name, with(metric.labels(), share), millis));
      line(name + "_sum", metric.labels(), timer.totalMillis());
      line(name + "_count", metric.labels(), (double) timer.count());
    }
  }

  private void describe(String name, String type) {
    if (described.add(name)) {
      text.append("# HELP ").append(name).append(' ').append(name).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
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
