package dev.strongroom.internal.policy;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a parameter's value where it is used: text that is a duration, a list that was
 * written with commas. Rules look at both, so that another spelling does not escape them.
 */
@FunctionalInterface
public interface ParameterReading {
  /** Takes every value as it is. */
  ParameterReading AS_IT_IS = (name, value) -> value;

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it will be refused
   */
  @Nullable
  Object read(String name, @Nullable Object value);
}
