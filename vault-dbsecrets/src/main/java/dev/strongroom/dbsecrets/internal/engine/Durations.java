package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.DurationText;
import java.time.Duration;

/** Durations in texts that may also be empty, which is something else than zero. */
final class Durations {
  private Durations() {}

  /**
   * Reads {@code "15s"} or whole seconds.
   *
   * @throws dev.strongroom.VaultException with code {@code INVALID_REQUEST} and a text that names
   *     the field
   */
  static Duration parse(String field, String text) {
    try {
      return text.matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(text))
          : DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(field + " is a duration, such as 15s");
    }
  }
}
