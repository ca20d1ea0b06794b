package dev.strongroom.benchmarks;

import java.util.Arrays;

/** The middle of some measurements, which outliers do not move. */
final class Median {
  private Median() {}

  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
