package dev.strongroom.cli;

import dev.strongroom.SystemTime;
import dev.strongroom.TimeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around it.
 *
 * @param environment values of environment variables, by name
 * @param secrets where secrets come from
 */
record Surroundings(TimeSource time, Environment environment, SecretInput.Source secrets) {

  /** Values of environment variables, by name. */
  interface Environment {
    @Nullable
    String get(String name);
  }

  static Surroundings ofThisProcess() {
    return new Surroundings(
        new SystemTime("strongroom-cli"), System::getenv, SecretInput::ofThisProcess);
  }

  /**
   * Returns a setting of {@code bao} and {@code vault}, such as {@code ADDR}: of {@code BAO_ADDR},
   * or else of {@code VAULT_ADDR}.
   */
  Optional<String> setting(String name) {
    return variable("BAO_" + name).or(() -> variable("VAULT_" + name));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
