package dev.strongroom.internal.policy;

import dev.strongroom.request.Operation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a rule can give, and {@link #DENY}, which takes everything. */
public enum Capability {
  CREATE,
  READ,
  UPDATE,
  DELETE,
  LIST,
  PATCH,
  SCAN,
  /** Opens paths that need it, to those who also have the capability of the operation. */
  SUDO,
  DENY;

  private static final Map<String, Capability> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(Capability::text, Function.identity()));

  /**
   * Returns the capability an operation needs.
   *
   * @throws IllegalArgumentException for {@link Operation#HELP}, which needs none
   */
  public static Capability of(Operation operation) {
    return switch (operation) {
      case READ -> READ;
      case CREATE -> CREATE;
      case UPDATE -> UPDATE;
      case PATCH -> PATCH;
      case DELETE -> DELETE;
      case LIST -> LIST;
      case SCAN -> SCAN;
      case HELP -> throw new IllegalArgumentException("help needs no capability");
    };
  }

  /** Reads the word that policies use; empty for any other word. */
  static Optional<Capability> parse(String word) {
    return Optional.ofNullable(BY_TEXT.get(word));
  }

  /** Returns the word that policies use. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
