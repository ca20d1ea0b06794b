package dev.strongroom.kv;

import java.time.Duration;

/**
 * Settings of a mount.
 *
 * @param maxVersions versions kept of each key, 0 to 65,536; 0: 10
 * @param casRequired whether all writes must give a condition
 * @param deleteVersionAfter how long versions live, in whole seconds; zero: for ever; negative: for
 *     ever, whatever keys say
 */
public record KvConfig(int maxVersions, boolean casRequired, Duration deleteVersionAfter) {
  public KvConfig {
    Settings.requireMaxVersions(maxVersions);
    Settings.requireLifetime(deleteVersionAfter);
  }
}
