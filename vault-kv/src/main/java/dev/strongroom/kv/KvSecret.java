package dev.strongroom.kv;

import dev.strongroom.request.Payload;
import java.util.Map;

/** One version of a secret. */
public final class KvSecret extends KvData {
  private final Payload metadata;

  KvSecret(Payload answer) {
    super(answer.object("data").orElse(Payload.empty()));
    this.metadata = answer.object("metadata").orElse(Payload.empty());
  }

  /** Returns number, times and state of this version. */
  public KvVersion version() {
    return KvVersion.of(metadata);
  }

  /** Returns what people attached to the key. */
  public Map<String, String> customMetadata() {
    return metadata.pairs("custom_metadata");
  }
}
