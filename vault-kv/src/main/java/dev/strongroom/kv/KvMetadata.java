package dev.strongroom.kv;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Settings and versions of a key.
 *
 * @param currentVersion number of the newest version; 0: none yet
 * @param oldestVersion number of the oldest version kept; 0 until the window was full once
 * @param maxVersions versions kept; 0: the mount's setting
 * @param casRequired whether writes must give a condition
 * @param deleteVersionAfter how long new versions live; zero: the mount's setting
 * @param versions kept, oldest first
 */
public record KvMetadata(
    int currentVersion,
    int oldestVersion,
    Instant createdAt,
    Instant updatedAt,
    int maxVersions,
    boolean casRequired,
    Duration deleteVersionAfter,
    Map<String, String> customMetadata,
    List<KvVersion> versions) {
  public KvMetadata {
    customMetadata = Map.copyOf(customMetadata);
    versions = List.copyOf(versions);
  }

  static KvMetadata of(Payload data) {
    List<KvVersion> versions = new ArrayList<>();
    Payload byNumber = data.object("versions").orElse(Payload.empty());
    byNumber.toMap().keySet().forEach(number -> byNumber
        .object(number)
        .ifPresent(version -> versions.add(KvVersion.of(Integer.parseInt(number), version))));
    versions.sort(Comparator.comparingInt(KvVersion::number));
    return new KvMetadata(
        data.number("current_version").orElse(0).intValue(),
        data.number("oldest_version").orElse(0).intValue(),
        InstantText.parse(data.text("created_time").orElseThrow()),
        InstantText.parse(data.text("updated_time").orElseThrow()),
        data.number("max_versions").orElse(0).intValue(),
        data.flag("cas_required").orElse(false),
        DurationText.parse(data.text("delete_version_after").orElse("")),
        data.pairs("custom_metadata"),
        versions);
  }
}
