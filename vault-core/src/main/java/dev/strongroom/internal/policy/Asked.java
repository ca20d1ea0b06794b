package dev.strongroom.internal.policy;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A request as far as constraints look at it.
 *
 * @param wrappingTtl how long the response is to stay wrapped; empty: no wrapping was asked for
 * @param reading what becomes of the parameters
 */
public record Asked(
    Operation operation,
    Payload parameters,
    Optional<Duration> wrappingTtl,
    ParameterReading reading) {
  /** A request whose response is not to be wrapped. */
  public static Asked plainly(Operation operation, Payload parameters, ParameterReading reading) {
    return new Asked(operation, parameters, Optional.empty(), reading);
  }

  public Asked {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(wrappingTtl, "wrappingTtl");
    Objects.requireNonNull(reading, "reading");
  }
}
