package dev.strongroom.spi;

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
   * Makes the engine of one mount. Free of side effects: a vault may call it only to find out
   * whether the options are good.
   *
   * @throws IllegalArgumentException if an option is not acceptable, with a text for the caller
   */
  SecretEngine create(MountContext context);
}
