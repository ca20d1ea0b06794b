package dev.strongroom.internal.policy;

import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.request.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many names a list or scan may ask for at once. Same rules as OpenBao v2.6.2
 * {@code vault/policy/acl.go}.
 *
 * @param most 0: any number
 */
record PageLimit(long most) {
  static final PageLimit NONE = new PageLimit(0);

  /** The parameter that engines know. */
  static final String PARAMETER = "limit";

  /** As many as are allowed; engines do not know the word. */
  private static final String MAX = "max";

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

  /** Returns the smaller one. */
  PageLimit and(PageLimit other) {
    if (most == 0 || other.most == 0) {
      return most == 0 ? other : this;
    }
    return most < other.most ? this : other;
  }

  /**
   * Returns the parameters as the engine gets them; empty if more is asked for than allowed, or
   * nobody can tell how much.
   *
   * @param required whether the caller must name a limit, if there is one here
   */
  Optional<Payload> apply(Payload parameters, boolean required) {
    Object asked = parameters.get(PARAMETER).orElse(null);
    if (most == 0) {
      return Optional.of(MAX.equals(asked) ? with(parameters) : parameters);
    }
    if (asked == null) {
      return required && !parameters.has(PARAMETER)
          ? Optional.empty()
          : Optional.of(with(parameters));
    }
    long names = MAX.equals(asked) ? 0 : number(asked);
    if (names < 0 || names > most) {
      return Optional.empty();
    }
    return Optional.of(names == 0 ? with(parameters) : parameters);
  }

  /** Says what a list or scan must ask for. */
  Missing unmet() {
    return new Missing(
        Missing.Kind.PAGE_LIMIT, "a list needs the parameter \"limit\" of at most " + most);
  }

  private Payload with(Payload parameters) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(parameters.toMap());
    members.put(PARAMETER, Long.toString(most));
    return Payload.of(members);
  }

  /** Returns a number as all engines read it; -1 for what is none. */
  private static long number(Object asked) {
    String text = asked instanceof String || asked instanceof Number ? asked.toString() : "?";
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return INTEGER.matcher(text).matches() ? Long.parseLong(text) : -1;
    } catch (NumberFormatException e) { // too long a one
      return -1;
    }
  }
}
