package dev.strongroom.internal.audit;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All audit devices that were ever declared, or are enabled; in the order of their names. */
record DeviceTable(List<DeviceRecord> devices) {
  static final StorageKey<DeviceTable> KEY = RecordKind.attached(
          "audit-devices", RecordCodec.of(1, DeviceTable::write, DeviceTable::read))
      .at("", "table");

  static final DeviceTable EMPTY = new DeviceTable(List.of());

  DeviceTable {
    devices = List.copyOf(devices);
  }

  Optional<DeviceRecord> named(String name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  DeviceTable with(DeviceRecord added) {
    return new DeviceTable(Stream.concat(without(added.name()).devices.stream(), Stream.of(added))
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList());
  }

  DeviceTable without(String name) {
    return new DeviceTable(
        devices.stream().filter(device -> !device.name().equals(name)).toList());
  }

  private void write(RecordWriter out) {
    out.all(devices, (o, device) -> device.write(o));
  }

  private static DeviceTable read(RecordReader in) {
    return new DeviceTable(in.all(DeviceRecord::read));
  }
}
