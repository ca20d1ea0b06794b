package dev.strongroom.internal.system;

import dev.strongroom.VaultMetrics;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.function.Supplier;

/** {@code sys/metrics}: what the vault has counted of its work. */
final class MetricsPath {
  private final Supplier<VaultMetrics> metrics;

  MetricsPath(Supplier<VaultMetrics> metrics) {
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(Route.at("metrics", "What the vault has counted since it was opened.")
        .field("format", FieldType.TEXT, "Over HTTP: prometheus; default JSON.")
        .on(Operation.READ, call -> Response.of(metrics.get().toPayload())));
  }
}
