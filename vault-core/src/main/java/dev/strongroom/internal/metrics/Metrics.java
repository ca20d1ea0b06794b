package dev.strongroom.internal.metrics;

import dev.strongroom.ErrorCode;
import dev.strongroom.Metric;
import dev.strongroom.Metric.Counter;
import dev.strongroom.Metric.Gauge;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultMetrics;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.StorageBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What a vault counts from its opening to its closing, sealed or not. Thread-safe. Names as in
 * OpenBao v2.6.2, which dashboards query: {@code vault/core_metrics.go},
 * {@code vault/request_handling.go}, {@code vault/barrier_aes_gcm.go}.
 */
public final class Metrics {
  private final TimeSource time;
  private final Durations requests = new Durations();
  private final Durations logins = new Durations();
  private final Durations reads = new Durations();
  private final Durations lists = new Durations();
  private final Durations commits = new Durations();
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder unaudited = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Map<String, LongAdder> tokensByType = new ConcurrentHashMap<>();

  public Metrics(TimeSource time) {
    this.time = time;
  }

  /** Returns a store that is measured. */
  public StorageBackend measured(StorageBackend store) {
    return new MeteredStorage(store, time, reads, lists, commits);
  }

  /** Measures the answer to a request. */
  public Response measured(Request request, Supplier<Response> answer) {
    long began = time.nanos();
    inFlight.increment();
    try {
      Response response = answer.get();
      (isLogin(request) ? logins : requests).add(time.nanos() - began);
      note(request, response);
      return response;
    } finally {
      inFlight.decrement();
    }
  }

  private void note(Request request, Response response) {
    if (response.isFailure()) {
      ErrorCode code = response.failure().orElseThrow();
      if (code == ErrorCode.AUDIT_FAILED) {
        unaudited.increment();
      } else if (code == ErrorCode.STORAGE_FAILED || code == ErrorCode.INTERNAL) {
        failed.increment();
      }
    } else if (isLogin(request) || request.path().text().startsWith("auth/token/create")) {
      response.auth().map(Auth::type).ifPresent(type -> tokensByType
          .computeIfAbsent(type.text(), made -> new LongAdder())
          .increment());
    }
  }

  private static boolean isLogin(Request request) {
    String path = request.path().text();
    return path.startsWith("auth/") && path.contains("/login");
  }

  /**
   * Reads everything.
   *
   * @param more what only an unsealed vault knows
   */
  public VaultMetrics read(boolean unsealed, List<Metric> more) {
    List<Metric> all = new ArrayList<>();
    all.add(gauge("core.unsealed", unsealed ? 1 : 0));
    all.add(gauge("core.active", unsealed ? 1 : 0));
    all.add(gauge("core.in_flight_requests", (double) inFlight.sum()));
    Runtime runtime = Runtime.getRuntime();
    all.add(gauge("runtime.alloc_bytes", (double) (runtime.totalMemory() - runtime.freeMemory())));
    all.add(gauge("runtime.sys_bytes", (double) runtime.totalMemory()));
    all.add(gauge("runtime.num_goroutines", Thread.activeCount()));
    all.addAll(more);
    all.add(counter("audit.log_request_failure", Map.of(), unaudited));
    all.add(counter("core.request_failure", Map.of(), failed));
    tokensByType.forEach(
        (type, made) -> all.add(counter("token.creation", Map.of("token_type", type), made)));
    all.add(requests.read(name("core.handle_request")));
    all.add(logins.read(name("core.handle_login_request")));
    all.add(reads.read(name("barrier.get")));
    all.add(lists.read(name("barrier.list")));
    all.add(commits.read(name("barrier.put")));
    return new VaultMetrics(time.instant(), all);
  }

  /** Returns what is so at this moment, under the name that dashboards know. */
  public static Gauge gauge(String name, double value) {
    return new Gauge(name(name), Map.of(), value);
  }

  private static Counter counter(String name, Map<String, String> labels, LongAdder count) {
    return new Counter(name(name), labels, count.sum());
  }

  private static String name(String name) {
    return "vault." + name;
  }
}
