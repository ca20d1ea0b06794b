package dev.strongroom.kv;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of a key to be changed; what is not named stays as it is. Immutable. */
public final class KvSettings {
  private final Map<String, Object> members;

  private KvSettings(Map<String, Object> members) {
    this.members = members;
  }

  /** Changes nothing yet. */
  public static KvSettings unchanged() {
    return new KvSettings(Map.of());
  }

  /**
   * Keeps so many versions, 0 to 65,536; 0: the mount's setting, which a key can exceed but not
   * undercut.
   *
   * @throws IllegalArgumentException for a number outside that range
   */
  public KvSettings withMaxVersions(int versions) {
    return with("max_versions", Settings.requireMaxVersions(versions));
  }

  /** Demands a condition with every write. */
  public KvSettings withCasRequired(boolean required) {
    return with("cas_required", required);
  }

  /**
   * Deletes new versions after this time, in whole seconds; zero: the mount's setting. Where the
   * mount has a shorter one, that counts.
   *
   * @throws IllegalArgumentException if it is negative, or has a fraction of a second
   */
  public KvSettings withDeleteVersionAfter(Duration lifetime) {
    if (lifetime.isNegative()) {
      throw new IllegalArgumentException("need zero or more, but got " + lifetime);
    }
    return with("delete_version_after", Settings.requireLifetime(lifetime).toSeconds());
  }

  /**
   * Replaces the names and values that people attach: at most 64, names of 128 and values of 512
   * bytes. No place for secrets.
   */
  public KvSettings withCustomMetadata(Map<String, String> metadata) {
    return with("custom_metadata", Map.copyOf(metadata));
  }

  private KvSettings with(String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(members);
    all.put(name, value);
    return new KvSettings(all);
  }

  Map<String, Object> members() {
    return members;
  }
}
