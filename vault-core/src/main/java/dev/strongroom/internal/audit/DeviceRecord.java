package dev.strongroom.internal.audit;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.Map;

/**
 * An audit device as it is stored.
 *
 * @param name without a slash at its end
 * @param id a UUID; a device that is made anew under the same name has another one
 * @param options as they were given; for a device that the application declares, none
 * @param salt of its hashes, a UUID: text, which is the key as it is
 * @param declared whether the application declares it
 */
public record DeviceRecord(
    String name,
    String id,
    String type,
    String description,
    Map<String, String> options,
    String salt,
    boolean declared) {
  public DeviceRecord {
    options = Map.copyOf(options);
  }

  void write(RecordWriter out) {
    out.text(name)
        .text(id)
        .text(type)
        .text(description)
        .texts(options)
        .text(salt)
        .flag(declared);
  }

  static DeviceRecord read(RecordReader in) {
    return new DeviceRecord(
        in.text(), in.text(), in.text(), in.text(), in.texts(), in.text(), in.flag());
  }

  /** Names the device; its salt is never printed. */
  @Override
  public String toString() {
    return "DeviceRecord[" + name + ", " + type + "]";
  }
}
