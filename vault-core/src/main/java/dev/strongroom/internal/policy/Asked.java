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
  public Asked {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(wrappingTtl, "wrappingTtl");
    Objects.requireNonNull(reading, "reading");
  }
}
