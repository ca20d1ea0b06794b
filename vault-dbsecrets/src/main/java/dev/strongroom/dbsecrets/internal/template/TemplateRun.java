package dev.strongroom.dbsecrets.internal.template;

import java.security.SecureRandom;
import java.time.Instant;

/** One use of a template: what it is filled from, and what came out so far. For one thread. */
final class TemplateRun {
  /** No value on the way is longer, so that a chain of replacements cannot grow without end. */
  static final int MAX_VALUE_LENGTH = 4_096;

  private final String displayName;
  private final String roleName;
  private final SecureRandom random;
  private final Instant now;
  private final StringBuilder written = new StringBuilder();

  TemplateRun(String displayName, String roleName, SecureRandom random, Instant now) {
    this.displayName = displayName;
    this.roleName = roleName;
    this.random = random;
    this.now = now;
  }

  String field(String name) {
    return switch (name) {
      case "DisplayName" -> displayName;
      case "RoleName" -> roleName;
      default ->
        throw new IllegalArgumentException(
            "there is no field ." + name + ": use .DisplayName or .RoleName");
    };
  }

  SecureRandom random() {
    return random;
  }

  Instant now() {
    return now;
  }

  void write(String text) {
    written.append(text);
    requireLength(written.length());
  }

  String written() {
    return written.toString();
  }

  static void requireLength(int length) {
    if (length > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException("a value has at most " + MAX_VALUE_LENGTH + " characters");
    }
  }
}
