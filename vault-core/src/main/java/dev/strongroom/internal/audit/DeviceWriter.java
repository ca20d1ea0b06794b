package dev.strongroom.internal.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.AuditDeviceStatus;
import dev.strongroom.AuditPosition;
import dev.strongroom.TimeSource;
import dev.strongroom.internal.chain.AuditChain;
import dev.strongroom.internal.chain.ChainKey;
import dev.strongroom.internal.chain.ChainLine;
import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.InstantText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The trail of one device: puts records into its chain, one after the other, signs now and then,
 * and sees to a device that fails. Whenever the device is opened, at an unseal or after a failure,
 * a new chain begins, whose first record names the last one before it. Thread-safe.
 */
final class DeviceWriter implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final long RECORDS_PER_CHECKPOINT = 1000;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final DeviceRecord record;
  private final AuditDeviceType type;
  private final EntryFormat format;
  private final ChainKey key;
  private final TimeSource time;
  private final InstantSource clock;
  private final SecureRandom random;
  private final LongSupplier revision;

  // Held over writing, against the rule: the order of the records is the order of the chain, and
  // nothing may come between a record and the hash of the one before it.
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable AuditDevice device;

  @GuardedBy("lock")
  private @Nullable AuditChain chain;

  @GuardedBy("lock")
  private long unsigned;

  @GuardedBy("lock")
  private long failedAtNanos;

  @GuardedBy("lock")
  private Optional<String> failure = Optional.empty();

  @GuardedBy("lock")
  private Instant since;

  @GuardedBy("lock")
  private boolean slow;

  @GuardedBy("lock")
  private List<String> alarms = List.of();

  @GuardedBy("lock")
  private boolean closed;

  // Read with each group of commits.
  private volatile Optional<AuditPosition> known;

  /**
   * Begins without having opened the device.
   *
   * @param known the last record that the store knows of
   * @param revision of the store; a record is written with the one at that moment
   */
  DeviceWriter(
      DeviceRecord record,
      AuditDeviceType type,
      ChainKey key,
      TimeSource time,
      InstantSource clock,
      SecureRandom random,
      Optional<AuditPosition> known,
      LongSupplier revision) {
    this.record = record;
    this.type = type;
    this.format = new EntryFormat(type.format(), record.salt());
    this.key = key;
    this.time = time;
    this.clock = clock;
    this.random = random;
    this.known = known;
    this.revision = revision;
    this.since = clock.instant();
  }

  DeviceRecord record() {
    return record;
  }

  AuditDeviceType type() {
    return type;
  }

  EntryFormat format() {
    return format;
  }

  /** Returns the last record that was written, as far as anybody knows. */
  Optional<AuditPosition> known() {
    return known;
  }

  /** Opens the device, unless it is open; false if it cannot be. */
  boolean open() {
    lock.lock();
    try {
      return !closed && (device != null || opened());
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return device != null;
    } finally {
      lock.unlock();
    }
  }

  /** Writes a record; false if the device did not take it. */
  boolean write(byte[] text) {
    lock.lock();
    try {
      if (closed || (device == null && (!mayRetry() || !opened()))) {
        return false;
      }
      if (!append(text, /* signed= */ false)) {
        return false;
      }
      unsigned++;
      if (unsigned >= RECORDS_PER_CHECKPOINT) {
        checkpoint(/* closing= */ false);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Signs what was written since the last time. */
  void signNow() {
    lock.lock();
    try {
      if (device == null) {
        boolean unused = !closed && mayRetry() && opened(); // so that its return is noticed
      } else if (unsigned > 0) {
        checkpoint(/* closing= */ false);
      }
    } finally {
      lock.unlock();
    }
  }

  AuditDeviceStatus status() {
    lock.lock();
    try {
      return new AuditDeviceStatus(record.name(), record.type(), failure, since, known, alarms);
    } finally {
      lock.unlock();
    }
  }

  /** Signs that nothing comes any more, and closes the device. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (device != null) {
        checkpoint(/* closing= */ true);
      }
      closed = true;
      closeDevice();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean mayRetry() {
    return time.nanos() - failedAtNanos >= RETRY.toNanos();
  }

  @GuardedBy("lock")
  private void checkpoint(boolean closing) {
    JsonText text = begin("checkpoint").member("closed", closing);
    if (append(text.utf8(), /* signed= */ true)) {
      unsigned = 0;
    }
  }

  @GuardedBy("lock")
  private JsonText begin(String kind) {
    return new JsonText(format.prefix())
        .name("time")
        .text(InstantText.format(clock.instant()))
        .name("type")
        .text(kind)
        .member("public_key", key.publicKey());
  }

  /** Returns whether the device took it; whatever it throws counts as a failure. */
  @GuardedBy("lock")
  @SuppressWarnings("CatchingUnchecked") // a device of the application may throw anything
  private boolean append(byte[] text, boolean signed) {
    AuditDevice open = device;
    AuditChain current = chain;
    if (open == null || current == null) {
      return false;
    }
    long before = time.nanos();
    try {
      AuditChain.Link link = signed
          ? current.checkpoint(text, revision.getAsLong(), key)
          : current.next(text, revision.getAsLong());
      open.write(link.line());
      current.accept(link);
      known = current.end();
    } catch (Exception | Error e) {
      failed(e);
      throwIfOfTheJvm(e);
      return false;
    }
    noteSpeed(time.nanos() - before);
    return true;
  }

  /** Opens the device and begins a chain. */
  @GuardedBy("lock")
  @SuppressWarnings("CatchingUnchecked") // a device of the application may throw anything
  private boolean opened() {
    try {
      AuditDevice fresh = type.open(time);
      device = fresh;
      begin(fresh.tail());
    } catch (Exception | Error e) {
      failed(e);
      throwIfOfTheJvm(e);
      return false;
    }
    if (device == null) {
      return false; // the first record failed
    }
    if (failure.isPresent()) {
      LOG.log(Level.INFO, "the audit device " + record.name() + " works again");
      failure = Optional.empty();
      since = clock.instant();
    }
    return true;
  }

  /** Begins a chain behind what the device holds, and says what is wrong with that. */
  @GuardedBy("lock")
  private void begin(Optional<AuditDevice.Tail> tail) {
    Optional<ChainLine> last = tail.flatMap(AuditDevice.Tail::lastRecord).flatMap(AuditChain::read);
    Optional<AuditPosition> before = known;
    List<String> told = alarms;
    List<String> found = new ArrayList<>(told);
    if (tail.isPresent()) {
      found.addAll(EndCheck.of(tail.get(), last, before, revision.getAsLong()));
    }
    found.stream()
        .filter(alarm -> !told.contains(alarm))
        .forEach(
            alarm -> LOG.log(Level.ERROR, "audit alarm, device " + record.name() + ": " + alarm));
    alarms = List.copyOf(found);
    Optional<AuditPosition> follows = last.map(ChainLine::position).or(() -> before);
    chain = new AuditChain(random, follows);
    JsonText text = begin(ChainLine.CHAIN)
        .member("device", record.name())
        .member("device_id", record.id())
        .member("follows", follows.map(AuditPosition::toString).orElse(""))
        .member("known_from", follows.isEmpty() ? "" : last.isPresent() ? "device" : "store")
        .member("anchored", before.map(AuditPosition::toString).orElse(""))
        .member("recovered", tail.filter(AuditDevice.Tail::torn).isPresent())
        .member("alarms", alarms);
    append(text.utf8(), /* signed= */ false);
    unsigned = 1;
  }

  /**
   * A JVM that is out of memory is not the device's failure alone; its chain ends here all the
   * same.
   */
  private static void throwIfOfTheJvm(Throwable cause) {
    if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
      throw error;
    }
  }

  @GuardedBy("lock")
  private void failed(Throwable cause) {
    String reason = reason(cause);
    if (failure.isEmpty()) {
      LOG.log(Level.ERROR, "the audit device " + record.name() + " takes no records: " + reason);
      since = clock.instant();
    }
    failure = Optional.of(reason);
    failedAtNanos = time.nanos();
    closeDevice();
  }

  /** Its text may name files, which operators need; what is not about files may quote anything. */
  private static String reason(Throwable cause) {
    if (!(cause instanceof IOException)) {
      return cause.getClass().getName();
    }
    // Without a reason the text is nothing but the name of a file: the type says what is wrong.
    return cause instanceof FileSystemException file && file.getReason() == null
        ? cause.getClass().getSimpleName() + ": " + file.getMessage()
        : String.valueOf(cause.getMessage());
  }

  @GuardedBy("lock")
  private void closeDevice() {
    AuditDevice open = device;
    device = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (RuntimeException | Error e) {
      LOG.log(
          Level.WARNING,
          "the audit device " + record.name() + " could not be closed: "
              + e.getClass().getName());
    }
  }

  @GuardedBy("lock")
  private void noteSpeed(long nanos) {
    boolean slowNow = nanos > SLOW.toNanos();
    if (slowNow && !slow) {
      LOG.log(
          Level.WARNING,
          "the audit device " + record.name() + " is slow: a record took "
              + Duration.ofNanos(nanos).toMillis() + " ms, and requests wait for it");
    }
    slow = slowNow;
  }
}
