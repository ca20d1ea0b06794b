package dev.strongroom.checks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process holds, measured again and again. For one thread. */
final class Samples {
  /** What {@code VaultBuilder.outsideExecutor} promises. */
  private static final int MOST_OUTSIDE = 64;

  private final Path store;
  private final List<Sample> taken = new ArrayList<>();

  /** Also measures the files whose names begin as that of {@code store}: it and its journals. */
  Samples(Path store) {
    this.store = store;
  }

  /**
   * One moment.
   *
   * @param heap bytes in use after a collection
   * @param threads but those for work outside
   * @param outside threads for work outside: as many as there is work, up to {@link #MOST_OUTSIDE}
   * @param files descriptors that are open
   */
  record Sample(long heap, long threads, long outside, long files, long storeBytes) {}

  /**
   * What may not grow.
   *
   * @param slack by how much the last third may be above the first
   * @param percent and by which part of the first, besides
   */
  private record Measure(String title, ToLongFunction<Sample> of, long slack, int percent) {}

  private static final List<Measure> MEASURES = List.of(
      new Measure("heap after a collection, KiB", sample -> sample.heap() >> 10, 4_096, 10),
      new Measure("threads", Sample::threads, 4, 0),
      new Measure("open file descriptors", Sample::files, 8, 0),
      new Measure("store, KiB", sample -> sample.storeBytes() >> 10, 256, 10));

  /**
   * Returns how many threads there are of each name, digits aside: who looks for a leak begins
   * here.
   */
  static Map<String, Long> threadsByName() {
    return Thread.getAllStackTraces().keySet().stream()
        .collect(Collectors.groupingBy(
            thread -> thread.getName().replaceAll("[0-9]+", "#"),
            TreeMap::new,
            Collectors.counting()));
  }

  Sample take() throws IOException {
    System.gc();
    long outside = threadsByName().getOrDefault("strongroom-outside", 0L);
    Sample sample = new Sample(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getThreadMXBean().getThreadCount() - outside,
        outside,
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getOpenFileDescriptorCount(),
        storeBytes());
    taken.add(sample);
    return sample;
  }

  private long storeBytes() throws IOException {
    try (Stream<Path> files = Files.list(store.resolveSibling("."))) {
      long bytes = 0;
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(store.getFileName().toString())
            && Files.exists(file)) {
          bytes += Files.size(file);
        }
      }
      return bytes;
    }
  }

  int count() {
    return taken.size();
  }

  /** Returns a line for each measure: the medians of the first and of the last third. */
  List<String> report() {
    return MEASURES.stream()
        .map(measure -> String.format(
            "%-30s first third %,9d   last third %,9d   at most %,9d   %s",
            measure.title,
            first(measure),
            last(measure),
            bound(measure),
            isFlat(measure) ? "flat" : "GROWS"))
        .toList();
  }

  boolean areFlat() {
    return MEASURES.stream().allMatch(this::isFlat)
        && taken.stream().allMatch(sample -> sample.outside() <= MOST_OUTSIDE);
  }

  private boolean isFlat(Measure measure) {
    return last(measure) <= bound(measure);
  }

  private long bound(Measure measure) {
    return first(measure) + measure.slack + first(measure) * measure.percent / 100;
  }

  private long first(Measure measure) {
    return median(measure, taken.subList(0, taken.size() / 3));
  }

  private long last(Measure measure) {
    return median(measure, taken.subList(taken.size() - taken.size() / 3, taken.size()));
  }

  private static long median(Measure measure, List<Sample> samples) {
    return samples.stream().mapToLong(measure.of).sorted().toArray()[samples.size() / 2];
  }
}
