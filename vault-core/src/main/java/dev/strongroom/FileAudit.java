package dev.strongroom;

import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuditFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Audit records in a file, one a line, appended. The folder must exist; the file is made with mode
 * 0600 where it is missing. When it is moved, removed or replaced, by a rotation or otherwise,
 * records go on in a file at the same path within a second of the vault's time, and at once after
 * {@link #reopen}. A record survives the end of the process when the vault goes on; it survives the
 * loss of power when the operating system has written it, or with {@link #withSyncEveryRecord}.
 * Whether the end was lost shows at the next unseal. Immutable, but for {@link #reopen};
 * thread-safe.
 */
public final class FileAudit implements AuditDeviceType {
  private static final int EXECUTABLE = 0111;

  private final Path path;
  private final @Nullable Integer mode;
  private final boolean syncsEveryRecord;
  private final AuditFormat format;
  private final AtomicLong rotations;

  private FileAudit(
      Path path,
      @Nullable Integer mode,
      boolean syncsEveryRecord,
      AuditFormat format,
      AtomicLong rotations) {
    this.path = Objects.requireNonNull(path, "path");
    this.mode = mode;
    this.syncsEveryRecord = syncsEveryRecord;
    this.format = Objects.requireNonNull(format, "format");
    this.rotations = rotations;
  }

  /** A file with mode 0600, everything hashed, and no fsync. */
  public static FileAudit appendTo(Path path) {
    return new FileAudit(path, 0600, false, AuditFormat.HASHED, new AtomicLong());
  }

  /**
   * Sets the mode of the file, where files have one; bits of execution are taken away.
   *
   * @param bits such as {@code 0640}; 0 leaves a file as it is and makes a new one with 0600
   */
  public FileAudit withMode(int bits) {
    if (bits < 0 || bits > 0777) {
      throw new IllegalArgumentException("a mode is 0 to 0777");
    }
    int plain = bits & ~EXECUTABLE;
    return new FileAudit(path, plain == 0 ? null : plain, syncsEveryRecord, format, rotations);
  }

  /**
   * Returns after each record only when it is on the disk. Every request then waits for two fsyncs,
   * one after the other, and so does everybody behind it.
   */
  public FileAudit withSyncEveryRecord() {
    return new FileAudit(path, mode, true, format, rotations);
  }

  /** Sets how records are written. */
  public FileAudit withFormat(UnaryOperator<AuditFormat> change) {
    return new FileAudit(path, mode, syncsEveryRecord, change.apply(format), rotations);
  }

  /** Goes on in a new file at the same path: for whoever has just moved the old one. */
  public void reopen() {
    rotations.incrementAndGet();
  }

  @Override
  public String type() {
    return "file";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("file_path", path.toString());
    if (mode != null && mode != 0600) {
      options.put("mode", String.format("%04o", mode));
    }
    if (!format.hmacAccessor()) {
      options.put("hmac_accessor", "false");
    }
    if (format.elideListResponses()) {
      options.put("elide_list_responses", "true");
    }
    if (format.raw()) {
      options.put("log_raw", "true");
    }
    if (!format.prefix().isEmpty()) {
      options.put("prefix", format.prefix());
    }
    return options;
  }

  @Override
  public AuditFormat format() {
    return format;
  }

  @Override
  public AuditDevice open(TimeSource time) throws IOException {
    return new AuditFile(this, time, rotations::get);
  }

  Path path() {
    return path;
  }

  OptionalInt mode() {
    return mode == null ? OptionalInt.empty() : OptionalInt.of(mode);
  }

  boolean syncsEveryRecord() {
    return syncsEveryRecord;
  }

  @Override
  public String toString() {
    return "FileAudit[" + path + "]";
  }
}
