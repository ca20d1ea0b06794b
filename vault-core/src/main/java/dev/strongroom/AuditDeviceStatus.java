package dev.strongroom;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An audit device of an unsealed vault, for operators.
 *
 * @param name without a slash
 * @param type such as {@code file}
 * @param failure why it takes no records; empty while it works
 * @param since when that began to be so
 * @param end of its chain: what has been written so far
 * @param alarms what was found at the unseal: records that are missing at the end of a file, a
 *     store that is older than its audit trail
 */
public record AuditDeviceStatus(
    String name,
    String type,
    Optional<String> failure,
    Instant since,
    Optional<AuditPosition> end,
    List<String> alarms) {
  public AuditDeviceStatus {
    Objects.requireNonNull(name, "name");
    alarms = List.copyOf(alarms);
  }

  public boolean works() {
    return failure.isEmpty();
  }
}
