package dev.strongroom.internal.policy;

import java.util.Optional;

/** What the placeholders in the paths of policies stand for, for one caller. Thread-safe. */
@FunctionalInterface
public interface TemplateValues {
  /** Of a caller about whom nothing is known. */
  TemplateValues NONE = selector -> Optional.empty();

  /**
   * Returns what a placeholder stands for.
   *
   * @param selector what is between the braces, without space around it
   */
  Optional<String> valueOf(String selector);
}
