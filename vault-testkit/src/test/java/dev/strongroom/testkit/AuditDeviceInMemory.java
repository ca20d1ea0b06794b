package dev.strongroom.testkit;

import dev.strongroom.TimeSource;
import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuditFormat;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An audit device that takes as many records as a test says, and keeps none. */
final class AuditDeviceInMemory implements AuditDeviceType {
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

  /** Takes so many more records, and then none. */
  void stopAfter(int records) {
    left.set(records);
  }

  void go() {
    left.set(Integer.MAX_VALUE);
  }

  @Override
  public String type() {
    return "memory";
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public AuditFormat format() {
    return AuditFormat.HASHED;
  }

  @Override
  public AuditDevice open(TimeSource time) {
    return new AuditDevice() {
      @Override
      public Optional<Tail> tail() {
        return Optional.empty();
      }

      @Override
      public void write(byte[] record) throws IOException {
        if (left.get() <= 0) {
          throw new IOException("stopped");
        }
        left.decrementAndGet();
      }

      @Override
      public void close() {}
    };
  }
}
