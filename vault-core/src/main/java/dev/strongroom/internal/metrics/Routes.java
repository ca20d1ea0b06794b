package dev.strongroom.internal.metrics;

import dev.strongroom.Metric;
import dev.strongroom.request.Operation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long requests take, by operation and mount. Names as in OpenBao v2.6.2
 * {@code vault/routing/router.go}. Thread-safe.
 */
final class Routes {
  /** Mounts beyond have no figures, until those that are gone have been dropped. */
  static final int MAX_MOUNTS = 1_000;

  private static final int LAST = 128;

  private final Map<String, Map<Operation, Durations>> byMount = new ConcurrentHashMap<>();

  void add(String mount, Operation operation, long tookNanos) {
    Map<Operation, Durations> known = byMount.get(mount);
    if (known == null) {
      known = begin(mount);
    }
    if (known != null) {
      Objects.requireNonNull(known.get(operation)).add(tookNanos);
    }
  }

  private @Nullable Map<Operation, Durations> begin(String mount) {
    return byMount.size() < MAX_MOUNTS
        ? byMount.computeIfAbsent(mount, added -> operations())
        : null;
  }

  private static Map<Operation, Durations> operations() {
    Map<Operation, Durations> all = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      all.put(operation, new Durations(LAST));
    }
    return all;
  }

  /** Forgets mounts that are not among these. */
  void keep(Collection<String> mounts) {
    byMount.keySet().retainAll(mounts);
  }

  List<Metric> read() {
    return byMount.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(mount -> read(mount.getKey(), mount.getValue()))
        .toList();
  }

  private static Stream<Metric> read(String mount, Map<Operation, Durations> operations) {
    return operations.entrySet().stream()
        .filter(operation -> !operation.getValue().isEmpty())
        .map(operation -> {
          String word = operation.getKey().name().toLowerCase(Locale.ROOT);
          return operation
              .getValue()
              .read(
                  Metrics.name("route." + word + "." + mount.replace('/', '-')),
                  "Milliseconds a request took, by operation and mount: allowed ones, from their arrival to their answer.",
                  Map.of("mount_point", mount));
        });
  }
}
