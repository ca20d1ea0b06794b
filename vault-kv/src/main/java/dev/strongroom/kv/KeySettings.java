package dev.strongroom.kv;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of a key that its owner chooses.
 *
 * @param maxVersions versions kept; 0: the mount's setting
 * @param deleteVersionAfter how long new versions live, in whole seconds; zero: the mount's setting
 */
record KeySettings(
    int maxVersions,
    boolean casRequired,
    boolean metadataCasRequired,
    Duration deleteVersionAfter,
    Map<String, String> customMetadata) {
  static final KeySettings DEFAULT = new KeySettings(0, false, false, Duration.ZERO, Map.of());

  KeySettings {
    customMetadata = Map.copyOf(customMetadata);
  }

  void write(RecordWriter out) {
    out.i32(maxVersions).flag(casRequired).flag(metadataCasRequired);
    out.i64(deleteVersionAfter.toSeconds()).texts(customMetadata);
  }

  static KeySettings read(RecordReader in) {
    return new KeySettings(
        in.i32(), in.flag(), in.flag(), Duration.ofSeconds(in.i64()), in.texts());
  }
}
