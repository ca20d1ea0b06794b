package dev.strongroom.internal.store;

import dev.strongroom.AuditPosition;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.Objects;

/**
 * How far the trail of an audit device had come when a group of commits became durable.
 *
 * @param device id of the device
 */
public record Anchor(String device, AuditPosition position) {
  public Anchor {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(position, "position");
  }

  void write(RecordWriter out) {
    out.text(device).text(position.chain()).i64(position.sequence()).text(position.hash());
  }

  static Anchor read(RecordReader in) {
    return new Anchor(in.text(), new AuditPosition(in.text(), in.i64(), in.text()));
  }
}
