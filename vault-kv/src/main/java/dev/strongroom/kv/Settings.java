package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import java.time.Duration;

/** What settings of keys and of the mount have in common: their ranges. */
final class Settings {
  /** The longest duration a vault can read: 2^63 nanoseconds, about 292 years. */
  private static final Duration MAX_LIFETIME = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000);

  private Settings() {}

  /** Returns the parameter {@code max_versions}, where it was given. */
  static int maxVersions(Call call) {
    long wanted = call.integer("max_versions").orElse(0);
    if (wanted < 0 || wanted > Keys.MAX_VERSIONS) {
      throw new VaultException(
          INVALID_REQUEST,
          "max_versions must be in the range [0," + Keys.MAX_VERSIONS + "], but is " + wanted);
    }
    return (int) wanted;
  }

  /** Checks a number of versions before it is sent. */
  static int requireMaxVersions(int versions) {
    if (versions < 0 || versions > Keys.MAX_VERSIONS) {
      throw new IllegalArgumentException(
          "need 0 <= maxVersions <= " + Keys.MAX_VERSIONS + ", but got " + versions);
    }
    return versions;
  }

  /**
   * Checks a lifetime before it is sent. A fraction of a second would be cut off, and what is left
   * of half a second means for ever.
   */
  static Duration requireLifetime(Duration lifetime) {
    boolean fits = lifetime.compareTo(MAX_LIFETIME) <= 0
        && lifetime.compareTo(MAX_LIFETIME.negated()) >= 0
        && DurationText.isWholeSeconds(lifetime);
    if (!fits) {
      throw new IllegalArgumentException("need whole seconds, at most " + MAX_LIFETIME.toSeconds()
          + " of them, but got " + lifetime);
    }
    return lifetime;
  }
}
