package dev.strongroom.cli;

import dev.strongroom.request.Operation;
import java.util.Arrays;
import java.util.Locale;

/** The operations that policies decide about, as users write them. */
final class Operations {
  private Operations() {}

  /**
   * Returns the operation of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Operation parse(String name) {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation != Operation.HELP)
        .filter(operation -> operation.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "operations are create, read, update, patch, delete, list and scan, but got " + name));
  }
}
