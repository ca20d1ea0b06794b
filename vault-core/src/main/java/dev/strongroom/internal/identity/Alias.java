package dev.strongroom.internal.identity;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.Map;

/**
 * What an entity is called at one mount.
 *
 * @param id never changes
 * @param mountAccessor names the mount in a way that outlives moving
 * @param metadata what the auth method says, replaced at each login
 * @param customMetadata what people attached
 */
public record Alias(
    String id,
    String mountAccessor,
    String name,
    Map<String, String> metadata,
    Map<String, String> customMetadata,
    Instant createdAt,
    Instant updatedAt) {
  public Alias {
    metadata = Map.copyOf(metadata);
    customMetadata = Map.copyOf(customMetadata);
  }

  /** Returns this alias at a mount, perhaps another one, and under a name. */
  public Alias at(String accessor, String newName, Map<String, String> custom, Instant now) {
    return new Alias(id, accessor, newName, metadata, custom, createdAt, now);
  }

  Alias withMetadata(Map<String, String> changed, Instant now) {
    return new Alias(id, mountAccessor, name, changed, customMetadata, createdAt, now);
  }

  void write(RecordWriter out) {
    out.text(id).text(mountAccessor).text(name).texts(metadata).texts(customMetadata);
    out.instant(createdAt).instant(updatedAt);
  }

  static Alias read(RecordReader in) {
    return new Alias(
        in.text(), in.text(), in.text(), in.texts(), in.texts(), in.instant(), in.instant());
  }
}
