package dev.strongroom.http;

import org.jspecify.annotations.Nullable;

/** A flag in a query, in the words of Go's {@code strconv.ParseBool}. */
final class QueryFlag {
  private QueryFlag() {}

  /**
   * Returns whether the flag is there and true; empty counts as not there.
   *
   * @throws Refusal with 400 if it is no boolean
   */
  static boolean isSet(RequestTarget target, String name) {
    @Nullable String value = target.first(name);
    if (value == null) {
      return false;
    }
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw Refusal.silent(400);
    };
  }
}
