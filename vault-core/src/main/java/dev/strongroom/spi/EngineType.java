package dev.strongroom.spi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of secret engine that a vault can mount. Handed to the builder; there is no discovery:
 * what a vault can do is what its builder says. Immutable.
 */
public interface EngineType {

  /** Returns the name under which {@code sys/mounts} knows this type, in lower case: {@code kv}. */
  String name();

  /**
   * Returns other names that may be asked for, each with the options it stands for: {@code kv-v2}
   * is kv with version 2.
   */
  default Map<String, Map<String, String>> aliases() {
    return Map.of();
  }

  /**
   * Returns what its mounts can connect to, under the names that {@code sys/plugins/catalog} lists
   * as plugins of type {@code database}; by default nothing.
   */
  default List<String> databasePlugins() {
    return List.of();
  }

  /**
   * Makes the engine of one mount. Free of side effects: a vault may call it only to find out
   * whether the options are good.
   *
   * @throws IllegalArgumentException if an option is not acceptable, with a text for the caller
   */
  SecretEngine create(MountContext context);

  /**
   * Decides what the options of a mount become when they are tuned. By default a value replaces the
   * one before, an empty value removes the option, and {@code version} is refused.
   *
   * @param options of the mount now
   * @param changes what is asked for
   * @throws IllegalArgumentException if a change is not acceptable, with a text for the caller
   */
  default Map<String, String> tune(Map<String, String> options, Map<String, String> changes) {
    if (changes.containsKey("version")) {
      throw new IllegalArgumentException(
          "secrets engine \"" + name() + "\" does not allow setting a version");
    }
    Map<String, String> tuned = new HashMap<>(options);
    changes.forEach((name, value) -> {
      if (value.isEmpty()) {
        tuned.remove(name);
      } else {
        tuned.put(name, value);
      }
    });
    return tuned;
  }
}
