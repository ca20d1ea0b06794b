package dev.strongroom.request;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a secret that was made for a caller is good for. When it ends, the secret is destroyed
 * where it was made.
 *
 * @param id names the lease; begins with the path of the request that made it
 * @param renewable whether it may be made to end later
 * @param duration from now, in whole seconds
 */
public record Lease(String id, boolean renewable, Duration duration) {
  public Lease {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(duration, "duration");
  }
}
