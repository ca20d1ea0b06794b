package dev.strongroom.examples.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The command line, in the spelling that people know: {@code -flag value}, {@code -flag=value}, and
 * two dashes as well.
 */
final class Flags {
  /** One of them says what the server is. */
  private static final List<String> MODES = List.of("dev", "inmem", "data");

  private static final Set<String> SWITCHES =
      Set.of("dev", "inmem", "allow-audit-api", "legacy-rekey", "open-metrics");

  private static final Set<String> EVERYWHERE = Set.copyOf(MODES);

  private static final Set<String> HELP = Set.of("h", "help");

  /** Flags with a value, and the modes that know them. */
  private static final Map<String, Set<String>> VALUES = Map.ofEntries(
      Map.entry("data", Set.of("data")),
      Map.entry("dev-root-token-id", Set.of("dev")),
      Map.entry("dev-listen-address", Set.of("dev")),
      Map.entry("listen", Set.of("inmem", "data")),
      Map.entry("tls-cert", Set.of("inmem", "data")),
      Map.entry("tls-key", Set.of("inmem", "data")),
      Map.entry("seal-key-file", Set.of("data")),
      Map.entry("audit-file", EVERYWHERE),
      Map.entry("database-tls-folder", EVERYWHERE),
      Map.entry("trusted-proxies", EVERYWHERE),
      Map.entry("max-body-bytes", EVERYWHERE),
      Map.entry("max-connections", EVERYWHERE),
      Map.entry("max-client-connections", EVERYWHERE),
      Map.entry("client-requests-per-second", EVERYWHERE),
      Map.entry("request-seconds", EVERYWHERE));

  private final Map<String, String> given = new HashMap<>();
  private final Map<String, String> environment;

  private Flags(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Returns whether somebody wants to know what there is, whatever else is said. */
  static boolean wantHelp(List<String> arguments) {
    return arguments.stream()
        .anyMatch(argument ->
            argument.startsWith("-") && HELP.contains(argument.replaceFirst("^--?", "")));
  }

  /**
   * Reads the arguments; a word {@code server} in front is left out.
   *
   * @throws IllegalArgumentException for what is not known, or does not go together
   */
  static Flags parse(List<String> arguments, Map<String, String> environment) {
    Flags flags = new Flags(environment);
    List<String> rest = arguments.isEmpty() || !arguments.get(0).equals("server")
        ? arguments
        : arguments.subList(1, arguments.size());
    for (int i = 0; i < rest.size(); i++) {
      String argument = rest.get(i);
      String[] parts = argument.replaceFirst("^--?", "").split("=", 2);
      boolean isSwitch = SWITCHES.contains(parts[0]);
      if (!argument.startsWith("-") || !(isSwitch || VALUES.containsKey(parts[0]))) {
        throw new IllegalArgumentException("unknown argument " + argument);
      }
      if (isSwitch && parts.length == 2 && !parts[1].matches("true|false")) {
        throw new IllegalArgumentException("-" + parts[0] + " is true or false");
      }
      if (parts.length == 2) {
        flags.given.put(parts[0], parts[1]);
      } else if (isSwitch) {
        flags.given.put(parts[0], "true");
      } else if (++i < rest.size()) {
        flags.given.put(parts[0], rest.get(i));
      } else {
        throw new IllegalArgumentException("-" + parts[0] + " needs a value");
      }
    }
    flags.requireTogether();
    return flags;
  }

  private void requireTogether() {
    List<String> modes = MODES.stream().filter(this::has).toList();
    if (modes.size() != 1) {
      throw new IllegalArgumentException("need exactly one of -dev, -inmem and -data DIR");
    }
    for (String name : given.keySet()) {
      if (!VALUES.getOrDefault(name, Set.of(modes.get(0))).contains(modes.get(0))) {
        throw new IllegalArgumentException("-" + name + " does not go with -" + modes.get(0));
      }
      if (!SWITCHES.contains(name) && value(name).isEmpty()) {
        throw new IllegalArgumentException("-" + name + " needs a value");
      }
    }
    if (!has("dev") && !has("listen")) {
      throw new IllegalArgumentException("need -listen ADDR");
    }
    if (has("tls-cert") != has("tls-key")) {
      throw new IllegalArgumentException("-tls-cert and -tls-key go together");
    }
  }

  boolean has(String name) {
    return given.containsKey(name) && !"false".equals(given.get(name));
  }

  /** Returns the value of a flag that {@link #parse} has found to be there. */
  String required(String name) {
    return value(name).orElseThrow();
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(given.get(name)).filter(text -> !text.isEmpty());
  }

  /**
   * Returns a number; empty if the flag is not there.
   *
   * @throws IllegalArgumentException if it is none
   */
  OptionalInt number(String name) {
    try {
      return value(name).map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("-" + name + " is a whole number", e);
    }
  }

  /** Returns a flag of the dev mode, else its variable, {@code BAO_} before {@code VAULT_}. */
  Optional<String> devValue(String name) {
    String variable = name.replace('-', '_').toUpperCase(Locale.ROOT);
    return value(name)
        .or(() -> Optional.ofNullable(environment.get("BAO_" + variable)))
        .or(() -> Optional.ofNullable(environment.get("VAULT_" + variable)))
        .filter(text -> !text.isEmpty());
  }
}
