package dev.strongroom;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A figure of a vault's work. Names are those of OpenBao v2.6.2 with the prefix {@code vault}, for
 * the dashboards that know them: words with dots between them. Labels hold names that operators
 * chose, never anything of a request.
 */
public sealed interface Metric {
  String name();

  /** Returns what it says, and in which unit. */
  String help();

  Map<String, String> labels();

  /** What is so at this moment. */
  record Gauge(String name, String help, Map<String, String> labels, double value)
      implements Metric {
    public Gauge {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(help, "help");
      labels = Map.copyOf(labels);
    }
  }

  /** How often something has happened. */
  record Counter(String name, String help, Map<String, String> labels, long count)
      implements Metric {
    public Counter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(help, "help");
      labels = Map.copyOf(labels);
    }
  }

  /**
   * How often something was done and how long that took.
   *
   * @param totalMillis of all together
   * @param quantiles milliseconds of some of the last, by share between 0 and 1; none before the
   *     first
   */
  record Timer(
      String name,
      String help,
      Map<String, String> labels,
      long count,
      double totalMillis,
      NavigableMap<Double, Double> quantiles)
      implements Metric {
    public Timer {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(help, "help");
      labels = Map.copyOf(labels);
      quantiles = Collections.unmodifiableNavigableMap(new TreeMap<>(quantiles));
    }
  }
}
