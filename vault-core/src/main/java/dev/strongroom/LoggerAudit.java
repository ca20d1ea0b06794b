package dev.strongroom;

import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuditFormat;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Audit records in the log of the application, each one message at level {@code INFO}. Whoever
 * configures the log decides what becomes of them: a logger that is off takes nothing, which counts
 * as a failure; a handler that loses messages is not noticed. What was logged cannot be read back,
 * so a lost end shows only to whoever verifies what the log has kept. Immutable and thread-safe.
 */
public final class LoggerAudit implements AuditDeviceType {
  private static final String DEFAULT_NAME = "dev.strongroom.audit";

  private final String name;
  private final AuditFormat format;

  private LoggerAudit(String name, AuditFormat format) {
    this.name = Objects.requireNonNull(name, "name");
    this.format = format;
  }

  /** The logger {@code dev.strongroom.audit}. */
  public static LoggerAudit create() {
    return new LoggerAudit(DEFAULT_NAME, AuditFormat.HASHED);
  }

  /** The logger of that name. */
  public static LoggerAudit named(String name) {
    return new LoggerAudit(name, AuditFormat.HASHED);
  }

  /** Sets how records are written. */
  public LoggerAudit withFormat(AuditFormat changed) {
    return new LoggerAudit(name, Objects.requireNonNull(changed, "format"));
  }

  @Override
  public String type() {
    return "logger";
  }

  @Override
  public Map<String, String> options() {
    return Map.of("logger", name);
  }

  @Override
  public AuditFormat format() {
    return format;
  }

  @Override
  public AuditDevice open(TimeSource time) {
    Logger logger = System.getLogger(name);
    return new AuditDevice() {
      @Override
      public Optional<Tail> tail() {
        return Optional.empty();
      }

      @Override
      public void write(byte[] record) {
        if (!logger.isLoggable(Level.INFO)) {
          throw new IllegalStateException("the logger " + name + " is off at level INFO");
        }
        // A handler adds a line end of its own, and takes braces for places of parameters.
        logger.log(Level.INFO, new String(record, 0, record.length - 1, StandardCharsets.UTF_8));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String toString() {
    return "LoggerAudit[" + name + "]";
  }
}
