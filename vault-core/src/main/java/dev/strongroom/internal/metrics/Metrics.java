package dev.strongroom.internal.metrics;

import dev.strongroom.ErrorCode;
import dev.strongroom.Metric;
import dev.strongroom.Metric.Counter;
import dev.strongroom.Metric.Gauge;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultMetrics;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.StorageBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a vault counts from its opening to its closing, sealed or not. Thread-safe. Names as in
 * OpenBao v2.6.2, which dashboards query: {@code vault/core_metrics.go},
 * {@code vault/request_handling.go}, {@code vault/barrier_aes_gcm.go}.
 */
public final class Metrics {
  private static final int LAST = 512;

  private final TimeSource time;
  private final Durations requests = new Durations(LAST);
  private final Durations logins = new Durations(LAST);
  private final Durations reads = new Durations(LAST);
  private final Durations lists = new Durations(LAST);
  private final Durations commits = new Durations(LAST);
  private final Durations auditedRequests = new Durations(LAST);
  private final Durations auditedResponses = new Durations(LAST);
  private final Routes routes = new Routes();
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder unaudited = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder disturbed = new LongAdder();
  private final Map<String, LongAdder> tokensByType = new ConcurrentHashMap<>();

  public Metrics(TimeSource time) {
    this.time = time;
  }

  /** Returns a store that is measured. */
  public StorageBackend measured(StorageBackend store) {
    return new MeteredStorage(store, time, reads, lists, commits);
  }

  /** Where a request has led; for one thread. */
  public static final class Executed {
    private @Nullable String mount;
    private @Nullable Operation operation;

    /** Notes that policies allowed the request, and what it did. */
    public void at(String mountPath, Operation decided) {
      mount = mountPath;
      operation = decided;
    }
  }

  /** Measures the answer to a request. */
  public Response measured(Request request, Function<Executed, Response> answer) {
    long began = time.nanos();
    inFlight.increment();
    try {
      Executed executed = new Executed();
      Response response = answer.apply(executed);
      long took = time.nanos() - began;
      (isLogin(request) ? logins : requests).add(took);
      if (executed.mount != null && executed.operation != null) {
        routes.add(executed.mount, executed.operation, took);
      }
      note(request, response);
      return response;
    } finally {
      inFlight.decrement();
    }
  }

  /** Measures the record of a request. */
  public boolean requestAudited(BooleanSupplier work) {
    return timed(auditedRequests, work);
  }

  /** Measures the record of a response. */
  public boolean responseAudited(BooleanSupplier work) {
    return timed(auditedResponses, work);
  }

  private boolean timed(Durations durations, BooleanSupplier work) {
    long began = time.nanos();
    boolean result = work.getAsBoolean();
    durations.add(time.nanos() - began);
    return result;
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

  /** Counts an attempt to unseal that several took part in, and that ended in vain. */
  public void noteUnsealDisturbed() {
    disturbed.increment();
  }

  private static boolean isLogin(Request request) {
    String path = request.path().text();
    return path.startsWith("auth/") && path.contains("/login");
  }

  /** Forgets what was counted for mounts that are not among these. */
  public void keepRoutes(Collection<String> mounts) {
    routes.keep(mounts);
  }

  /**
   * Reads everything.
   *
   * @param more what only an unsealed vault knows
   */
  public VaultMetrics read(boolean unsealed, List<Metric> more) {
    List<Metric> all = new ArrayList<>();
    all.add(
        gauge("core.unsealed", "1 if the vault is unsealed, 0 if it is sealed.", flag(unsealed)));
    all.add(gauge(
        "core.active", "1 if the vault answers requests, 0 if it is sealed.", flag(unsealed)));
    all.add(gauge("core.in_flight_requests", "Number of requests that are being answered.", (double)
        inFlight.sum()));
    Runtime runtime = Runtime.getRuntime();
    all.add(
        gauge("runtime.alloc_bytes", "Bytes of the heap of the process that are in use.", (double)
            (runtime.totalMemory() - runtime.freeMemory())));
    all.add(gauge(
        "runtime.sys_bytes", "Bytes that the heap of the process takes from the system.", (double)
            runtime.totalMemory()));
    all.add(
        gauge("runtime.num_goroutines", "Number of threads of the process.", Thread.activeCount()));
    all.addAll(more);
    all.add(counter(
        "audit.log_request_failure",
        "Number of requests of which no audit device took a record.",
        Map.of(),
        unaudited));
    all.add(counter(
        "core.request_failure",
        "Number of requests that failed because of the vault or its store.",
        Map.of(),
        failed));
    all.add(counter(
        "core.unseal_disturbed",
        "Number of attempts to unseal of several addresses that ended in vain.",
        Map.of(),
        disturbed));
    tokensByType.forEach((type, made) -> all.add(counter(
        "token.creation", "Number of tokens made, by type.", Map.of("token_type", type), made)));
    all.add(
        timer("core.handle_request", "Milliseconds a request took that is no login.", requests));
    all.add(timer("core.handle_login_request", "Milliseconds a login took.", logins));
    all.add(timer("barrier.get", "Milliseconds a read of records from the store took.", reads));
    all.add(timer("barrier.list", "Milliseconds a list of names from the store took.", lists));
    all.add(timer("barrier.put", "Milliseconds a commit of a group of writes took.", commits));
    all.add(timer(
        "audit.log_request",
        "Milliseconds the record of a request took, in all audit devices together.",
        auditedRequests));
    all.add(timer(
        "audit.log_response",
        "Milliseconds the record of a response took, in all audit devices together.",
        auditedResponses));
    all.addAll(routes.read());
    return new VaultMetrics(time.instant(), all);
  }

  private static double flag(boolean set) {
    return set ? 1 : 0;
  }

  /** Returns what is so at this moment, under the name that dashboards know. */
  public static Gauge gauge(String name, String help, double value) {
    return gauge(name, help, Map.of(), value);
  }

  /** As {@link #gauge(String, String, double)}, of several under one name. */
  public static Gauge gauge(String name, String help, Map<String, String> labels, double value) {
    return new Gauge(name(name), help, labels, value);
  }

  private static Counter counter(
      String name, String help, Map<String, String> labels, LongAdder count) {
    return new Counter(name(name), help, labels, count.sum());
  }

  private static Metric timer(String name, String help, Durations durations) {
    return durations.read(name(name), help, Map.of());
  }

  static String name(String name) {
    return "vault." + name;
  }
}
