package dev.strongroom.http;

import dev.strongroom.Vault;
import dev.strongroom.VaultMetrics;
import java.util.List;
import java.util.Locale;

/**
 * {@code sys/metrics}: what the vault has counted, as JSON or in the text that Prometheus reads.
 * For callers who may read the path, or for everybody where the options say so. Same as OpenBao
 * v2.6.2 {@code http/sys_metrics.go}.
 */
final class MetricsPath implements HostPath {
  private final Vault vault;
  private final LogicalPath logical;
  private final RefusalCounts refusals;
  private final boolean open;

  MetricsPath(Vault vault, LogicalPath logical, RefusalCounts refusals, boolean open) {
    this.vault = vault;
    this.logical = logical;
    this.refusals = refusals;
    this.open = open;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    if (!logical.isPlainRead(call)) {
      return logical.answer(call);
    }
    if (!open) {
      HttpReply reply = logical.answer(call);
      if (reply.status() != 200) {
        return reply;
      }
      reply.wipe();
    }
    return written(format(call), refusals.with(vault.metrics()));
  }

  private static HttpReply written(String format, VaultMetrics metrics) {
    return switch (format) {
      case "" -> Replies.json(200, metrics.toPayload().toJson());
      case "prometheus" -> Replies.text(200, PrometheusText.TYPE, PrometheusText.of(metrics));
      default -> Replies.text(400, "text/plain", "metric response format unknown");
    };
  }

  private static String format(ApiCall call) {
    List<String> given = call.target().query().getOrDefault("format", List.of(""));
    return !given.get(0).isEmpty()
            || call.http().header("Accept").stream().noneMatch(MetricsPath::isPrometheus)
        ? given.get(0)
        : "prometheus";
  }

  private static boolean isPrometheus(String accepted) {
    String lower = accepted.toLowerCase(Locale.ROOT);
    return lower.contains("prometheus") || lower.contains("openmetrics");
  }
}
