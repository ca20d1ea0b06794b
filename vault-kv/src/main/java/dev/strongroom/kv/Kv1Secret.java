package dev.strongroom.kv;

import dev.strongroom.request.Response;
import java.time.Duration;

/** A secret of a version 1 mount. */
public final class Kv1Secret extends KvData {
  private final Duration leaseDuration;

  Kv1Secret(Response answer) {
    super(answer.dataOrEmpty());
    this.leaseDuration = answer.leaseDuration();
  }

  /**
   * Returns after how long it should be read again: what its member {@code ttl}, or else
   * {@code lease}, says, otherwise the mount's default lifetime of leases (768 hours unless it was
   * set). Whole seconds. There is no lease: the secret stays.
   */
  public Duration leaseDuration() {
    return leaseDuration;
  }
}
