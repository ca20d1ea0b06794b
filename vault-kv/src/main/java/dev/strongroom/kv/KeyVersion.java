package dev.strongroom.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version that a key keeps, live or not. */
record KeyVersion(KeyRecord key, int number, VersionEntry entry) {

  /** Returns what every answer about a version says of it. */
  Map<String, @Nullable Object> describe() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("version", number);
    members.putAll(entry.describe());
    members.put("custom_metadata", CustomMetadata.orNull(key.settings().customMetadata()));
    return members;
  }
}
