package dev.strongroom.kv;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.time.Duration;

/**
 * Settings of a whole mount.
 *
 * @param maxVersions versions kept of a key; 0: the default of 10
 * @param deleteVersionAfter how long versions live; zero: for ever; negative: for ever, whatever a
 *     key says
 */
record EngineConfig(
    int maxVersions,
    boolean casRequired,
    boolean metadataCasRequired,
    Duration deleteVersionAfter) {
  static final RecordKind<EngineConfig> KIND =
      RecordKind.attached("config", RecordCodec.of(1, EngineConfig::write, EngineConfig::read));
  private static final StorageKey<EngineConfig> KEY = KIND.at("", "config");
  private static final EngineConfig DEFAULT = new EngineConfig(0, false, false, Duration.ZERO);

  static EngineConfig load(Storage storage) {
    return storage.get(KEY).orElse(DEFAULT);
  }

  void store(Storage storage) {
    storage.put(KEY, this);
  }

  private void write(RecordWriter out) {
    out.i32(maxVersions).flag(casRequired).flag(metadataCasRequired);
    out.i64(deleteVersionAfter.toSeconds());
  }

  private static EngineConfig read(RecordReader in) {
    return new EngineConfig(in.i32(), in.flag(), in.flag(), Duration.ofSeconds(in.i64()));
  }
}
