package dev.strongroom;

import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuditFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An audit device in memory that fails when the test says so. */
final class AuditSwitch implements AuditDeviceType {
  final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile @Nullable Error thrown;

  void stop() {
    left.set(0);
  }

  void stopAfter(int records) {
    left.set(records);
  }

  void go() {
    left.set(Integer.MAX_VALUE);
    thrown = null;
  }

  void throwing(Error error) {
    thrown = error;
  }

  @Override
  public String type() {
    return "switch";
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public AuditFormat format() {
    return AuditFormat.HASHED;
  }

  private void requireOn() throws IOException {
    if (thrown != null) {
      throw thrown;
    }
    if (left.get() <= 0) {
      throw new IOException("stopped");
    }
  }

  @Override
  public AuditDevice open(TimeSource time) throws IOException {
    requireOn();
    return new AuditDevice() {
      @Override
      public Optional<Tail> tail() {
        return Optional.empty();
      }

      @Override
      public void write(byte[] record) throws IOException {
        requireOn();
        left.decrementAndGet();
        lines.add(new String(record, StandardCharsets.UTF_8));
      }

      @Override
      public void close() {}
    };
  }
}
