package dev.strongroom.examples.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command line, in the spelling that people know: {@code -flag value}, {@code -flag=value}, and
 * two dashes as well.
 */
final class Flags {
  private static final Set<String> SWITCHES =
      Set.of("dev", "inmem", "allow-audit-api", "legacy-rekey");
  private static final Set<String> VALUES = Set.of(
      "dev-root-token-id",
      "dev-listen-address",
      "listen",
      "data",
      "tls-cert",
      "tls-key",
      "seal-key-file",
      "audit-file");

  private final Map<String, String> given = new HashMap<>();
  private final Map<String, String> environment;

  private Flags(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads the arguments; a word {@code server} in front is left out.
   *
   * @throws IllegalArgumentException for what is not known
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
      if (!argument.startsWith("-") || !(isSwitch || VALUES.contains(parts[0]))) {
        throw new IllegalArgumentException("unknown argument " + argument);
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
    return flags;
  }

  boolean has(String name) {
    return given.containsKey(name) && !"false".equals(given.get(name));
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(given.get(name)).filter(text -> !text.isEmpty());
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
