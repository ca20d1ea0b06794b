package dev.strongroom.http;

import dev.strongroom.spi.Cidr;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * How a vault is served.
 *
 * @param limits of requests
 * @param storageType what {@code sys/seal-status} calls the store
 * @param requestHeaderNeeded whether requests without {@code X-Vault-Request: true}, as a browser
 *     sends them, are refused
 * @param metricsOpen whether {@code sys/metrics}, which names the mounts, asks for no token
 * @param trustedProxies whose {@code X-Forwarded-For} says where a request comes from; from others,
 *     and where this is empty, the header is left alone
 * @param forwardedForNeeded whether a request of a trusted proxy without {@code X-Forwarded-For} is
 *     refused, which would count as one of the proxy itself
 * @param clock of {@code sys/health}
 */
public record HttpOptions(
    HttpLimits limits,
    String storageType,
    boolean requestHeaderNeeded,
    boolean metricsOpen,
    List<Cidr> trustedProxies,
    boolean forwardedForNeeded,
    InstantSource clock) {
  /** The limits of {@link HttpLimits#DEFAULT}, and everything that opens something off. */
  public static final HttpOptions DEFAULT = new HttpOptions(
      HttpLimits.DEFAULT, "strongroom", false, false, List.of(), true, InstantSource.system());

  public HttpOptions {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(storageType, "storageType");
    trustedProxies = List.copyOf(trustedProxies);
    Objects.requireNonNull(clock, "clock");
  }

  public HttpOptions withLimits(HttpLimits other) {
    return new HttpOptions(
        other,
        storageType,
        requestHeaderNeeded,
        metricsOpen,
        trustedProxies,
        forwardedForNeeded,
        clock);
  }

  public HttpOptions withStorageType(String type) {
    return new HttpOptions(
        limits, type, requestHeaderNeeded, metricsOpen, trustedProxies, forwardedForNeeded, clock);
  }

  public HttpOptions withRequestHeaderNeeded(boolean needed) {
    return new HttpOptions(
        limits, storageType, needed, metricsOpen, trustedProxies, forwardedForNeeded, clock);
  }

  public HttpOptions withMetricsOpen(boolean open) {
    return new HttpOptions(
        limits, storageType, requestHeaderNeeded, open, trustedProxies, forwardedForNeeded, clock);
  }

  public HttpOptions withTrustedProxies(List<Cidr> proxies) {
    return new HttpOptions(
        limits, storageType, requestHeaderNeeded, metricsOpen, proxies, forwardedForNeeded, clock);
  }

  public HttpOptions withForwardedForNeeded(boolean needed) {
    return new HttpOptions(
        limits, storageType, requestHeaderNeeded, metricsOpen, trustedProxies, needed, clock);
  }

  public HttpOptions withClock(InstantSource source) {
    return new HttpOptions(
        limits,
        storageType,
        requestHeaderNeeded,
        metricsOpen,
        trustedProxies,
        forwardedForNeeded,
        source);
  }
}
