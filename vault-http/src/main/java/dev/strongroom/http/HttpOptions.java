package dev.strongroom.http;

import java.time.InstantSource;
import java.util.Objects;

/**
 * How a vault is served.
 *
 * @param limits of requests
 * @param storageType what {@code sys/seal-status} calls the store
 * @param requestHeaderNeeded whether requests without {@code X-Vault-Request: true}, as a browser
 *     sends them, are refused
 * @param clock of {@code sys/health}
 */
public record HttpOptions(
    HttpLimits limits, String storageType, boolean requestHeaderNeeded, InstantSource clock) {
  /** The limits of {@link HttpLimits#DEFAULT}, and everything that opens something off. */
  public static final HttpOptions DEFAULT =
      new HttpOptions(HttpLimits.DEFAULT, "strongroom", false, InstantSource.system());

  public HttpOptions {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(storageType, "storageType");
    Objects.requireNonNull(clock, "clock");
  }

  public HttpOptions withLimits(HttpLimits other) {
    return new HttpOptions(other, storageType, requestHeaderNeeded, clock);
  }

  public HttpOptions withStorageType(String type) {
    return new HttpOptions(limits, type, requestHeaderNeeded, clock);
  }

  public HttpOptions withRequestHeaderNeeded(boolean needed) {
    return new HttpOptions(limits, storageType, needed, clock);
  }

  public HttpOptions withClock(InstantSource source) {
    return new HttpOptions(limits, storageType, requestHeaderNeeded, source);
  }
}
