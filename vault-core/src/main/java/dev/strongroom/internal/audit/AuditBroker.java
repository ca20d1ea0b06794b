package dev.strongroom.internal.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.AuditDeviceStatus;
import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.chain.ChainKey;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.identity.Subject;
import dev.strongroom.internal.metrics.Metrics;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.store.Anchor;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.Storage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings every request and every response to the audit devices. All are tried, and one must take
 * the record; where there is no device, nothing is recorded and everything goes on. Same rule as
 * OpenBao v2.6.2 {@code vault/audit_broker.go}. Thread-safe.
 */
public final class AuditBroker implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "audit checkpoints";
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(10);
  private static final Duration OTHERS_END_WITHIN = Duration.ofSeconds(5);

  private final AuditSetup setup;
  private final Metrics metrics;
  private final Transactions transactions;
  private final IdentityStore identities;
  private final ChainKey key;
  private final Background background;
  private final TimeSource time;
  private final SecureRandom random;
  private final RandomText ids;
  private final AuditDevices devices;
  private final AtomicLong underway = new AtomicLong();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean holdsDevices;

  private volatile List<DeviceWriter> writers = List.of();
  private volatile AuditedHeaders headers = AuditedHeaders.NONE;
  private volatile boolean closing;

  /**
   * Begins without devices.
   *
   * @param checkpointKey 32 bytes that sign; taken over
   */
  public AuditBroker(
      AuditSetup setup,
      Transactions transactions,
      IdentityStore identities,
      byte[] checkpointKey,
      Background background,
      TimeSource time,
      SecureRandom random,
      Metrics metrics) {
    this.metrics = metrics;
    this.setup = setup;
    this.transactions = transactions;
    this.identities = identities;
    this.key = new ChainKey(checkpointKey);
    this.background = background;
    this.time = time;
    this.random = random;
    this.ids = new RandomText(random);
    this.devices = new AuditDevices(this, setup, transactions);
  }

  /** Returns what lists and changes the devices. */
  public AuditDevices devices() {
    return devices;
  }

  /** Returns the key that checkpoints are verified with: 64 hexadecimal digits. */
  public String publicKey() {
    return key.publicKey();
  }

  /** Returns how the devices are, in the order of their names. */
  public List<AuditDeviceStatus> status() {
    return writers.stream().map(DeviceWriter::status).toList();
  }

  /**
   * Opens all devices, before any request is taken.
   *
   * @throws VaultException with code {@code AUDIT_FAILED} if there are devices, and none can be
   *     opened
   */
  public void start() {
    devices.ensureDeclared();
    if (!setup.declared().isEmpty() || setup.overApi().isPresent()) {
      awaitOthers();
    }
    follow();
    List<DeviceWriter> all = writers;
    if (!all.isEmpty() && all.stream().noneMatch(DeviceWriter::isOpen)) {
      throw new VaultException(
          ErrorCode.AUDIT_FAILED,
          "failed to setup audit table: no audit device can be opened: "
              + all.stream()
                  .map(writer ->
                      writer.record().name() + ": " + writer.status().failure().orElse(""))
                  .toList());
    }
    if (!all.isEmpty()) {
      transactions.anchor(this::anchors);
    }
    background.schedule(JOB, CHECKPOINT_EVERY, this::signAll);
  }

  /** Requests of the time before the last sealing may still be on their way to the devices. */
  private void awaitOthers() {
    lock.lock();
    try {
      holdsDevices = setup.open().tryAcquire(OTHERS_END_WITHIN.toSeconds(), TimeUnit.SECONDS);
      if (!holdsDevices) {
        throw new VaultException(
            ErrorCode.AUDIT_FAILED,
            "a request from before the vault was sealed is still being audited; try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaultException(
          ErrorCode.AUDIT_FAILED, "interrupted while waiting for the audit devices", e);
    } finally {
      lock.unlock();
    }
  }

  private List<Anchor> anchors() {
    List<Anchor> anchors = new ArrayList<>();
    for (DeviceWriter writer : writers) {
      writer.known().ifPresent(end -> anchors.add(new Anchor(writer.record().id(), end)));
    }
    return anchors;
  }

  private Optional<Duration> signAll() {
    writers.forEach(DeviceWriter::signNow);
    return Optional.of(CHECKPOINT_EVERY);
  }

  /**
   * Begins with a request, which must be closed when its answer is known.
   *
   * @param token as the caller brought it; empty where there was none
   */
  public AuditedRequest begin(Request request, Optional<ClientToken> token) {
    return begin(request, token.orElse(null), /* host= */ false);
  }

  private AuditedRequest begin(Request request, @Nullable ClientToken token, boolean host) {
    if (writers.isEmpty() && !closing) {
      return AuditedRequest.unrecorded();
    }
    underway.incrementAndGet();
    if (closing) {
      ended();
      return AuditedRequest.refused();
    }
    AuditedRequest audited = AuditedRequest.of(this, randomId(), request, token, host);
    audited.show(headers);
    return audited;
  }

  /**
   * Does something that the host asked for, which no policy stands in the way of, between its two
   * records.
   *
   * @param path under which it appears in the trail
   * @throws VaultException with code {@code AUDIT_FAILED} if no device takes one of the records: as
   *     long as it is the first one, nothing was done
   */
  public <T> T host(String path, Supplier<T> work) {
    return host(path, Payload.empty(), work);
  }

  /**
   * As {@link #host(String, Supplier)}, for work that has parameters.
   *
   * @param about which appear in the trail as those of a request do
   */
  public <T> T host(String path, Payload about, Supplier<T> work) {
    Request request = Request.of(Operation.UPDATE, VaultPath.parse(path), about);
    try (AuditedRequest audited = begin(request, null, /* host= */ true)) {
      audited.allowed(Operation.UPDATE, List::of);
      T result;
      try {
        result = work.get();
      } catch (VaultException e) {
        Response unused = audited.answered(Response.failure(e));
        throw e;
      } catch (RuntimeException | Error e) {
        Response unused = audited.answered(Response.failure(ErrorCode.INTERNAL, "internal error"));
        throw e;
      }
      audited.answered(Response.empty()).orThrow();
      return result;
    }
  }

  /**
   * As {@link #host(String, Payload, Supplier)}, but does it whether or not a device takes it: to
   * end a right is always right.
   */
  public void hostEvenUnrecorded(String path, Payload about, Runnable work) {
    AtomicBoolean begun = new AtomicBoolean();
    try {
      boolean unused = host(path, about, () -> {
        begun.set(true);
        work.run();
        return true;
      });
    } catch (VaultException e) {
      if (e.code() != ErrorCode.AUDIT_FAILED) {
        throw e;
      }
      LOG.log(Level.ERROR, "not in the audit trail: " + path + " by the host");
      if (!begun.get()) {
        work.run();
      }
    }
  }

  /** Records what the host does, whether or not a device takes it: to seal is always right. */
  public void noteHost(String path) {
    try {
      host(path, () -> true);
    } catch (VaultException e) {
      LOG.log(Level.ERROR, "not in the audit trail: " + path + " by the host: " + e.getMessage());
    }
  }

  /** Returns whether a device took it, or there is none. */
  boolean recordRequest(AuditedRequest audited, @Nullable Response error) {
    return metrics.requestAudited(
        () -> toAll(writer -> writer.format().request(audited, now(), error), "request", audited));
  }

  /** Returns whether a device took it, or there is none. */
  boolean recordResponse(AuditedRequest audited, Response response) {
    return metrics.responseAudited(() ->
        toAll(writer -> writer.format().response(audited, now(), response), "response", audited));
  }

  private interface Text {
    byte[] as(DeviceWriter writer);
  }

  /** Devices may come and go meanwhile: those count that are there at the end. */
  private boolean toAll(Text text, String what, AuditedRequest audited) {
    while (true) {
      List<DeviceWriter> all = writers;
      boolean taken = all.isEmpty();
      for (DeviceWriter writer : all) {
        taken |= write(writer, text);
      }
      if (taken) {
        return true;
      }
      if (all == writers) {
        LOG.log(Level.ERROR, "no audit device took the record of the " + what + " " + audited.id());
        return false;
      }
    }
  }

  private static boolean write(DeviceWriter writer, Text text) {
    byte[] record;
    try {
      record = text.as(writer);
    } catch (RuntimeException e) { // an engine's answer that is no JSON, or damaged in the store
      LOG.log(Level.ERROR, "a record cannot be written down: " + e.getClass().getName());
      return false;
    }
    return writer.write(record);
  }

  /** Notes that a request has its records; the last one after closing ends the trail. */
  void ended() {
    if (underway.decrementAndGet() == 0 && closing) {
      finish();
    }
  }

  /** Follows the table of devices and the headers that are durable now. */
  void follow() {
    lock.lock();
    try {
      Storage stored = transactions.beginReadOnly().in(transactions.system());
      headers = stored.get(AuditedHeaders.KEY).orElse(AuditedHeaders.NONE);
      List<DeviceWriter> before = writers;
      List<DeviceWriter> after = new ArrayList<>();
      for (DeviceRecord record :
          stored.get(DeviceTable.KEY).orElse(DeviceTable.EMPTY).devices()) {
        Optional<DeviceWriter> there = before.stream()
            .filter(writer -> writer.record().id().equals(record.id()))
            .findFirst();
        there
            .or(() -> devices.typeOf(record).map(type -> opened(record, type)))
            .ifPresent(after::add);
      }
      writers = List.copyOf(after);
      before.stream().filter(writer -> !after.contains(writer)).forEach(DeviceWriter::close);
    } finally {
      lock.unlock();
    }
  }

  private DeviceWriter opened(DeviceRecord record, AuditDeviceType type) {
    DeviceWriter writer = new DeviceWriter(
        record,
        type,
        key,
        time,
        transactions.clock(),
        random,
        transactions.anchorsFound().stream()
            .filter(anchor -> anchor.device().equals(record.id()))
            .map(Anchor::position)
            .findFirst(),
        transactions::revision);
    boolean unused = writer.open(); // what is wrong is in its status and in the log
    return writer;
  }

  List<String> policiesOfEntity(String id) {
    return identities
        .subject(transactions.beginReadOnly(), id)
        .map(Subject::policies)
        .orElse(List.of());
  }

  /** Writes the record that shows a new device to work. */
  void test(String name) {
    Request request =
        Request.of(Operation.UPDATE, VaultPath.parse("sys/audit/test"), Payload.empty());
    AuditedRequest audited = AuditedRequest.of(this, randomId(), request, null, /* host= */ true);
    writers.stream()
        .filter(writer -> writer.record().name().equals(name))
        .forEach(writer -> writer.write(writer.format().request(audited, now(), null)));
    transactions.anchor(this::anchors);
  }

  Optional<DeviceWriter> writer(String name) {
    return writers.stream()
        .filter(writer -> writer.record().name().equals(name))
        .findFirst();
  }

  AuditedHeaders headers() {
    return headers;
  }

  TimeSource time() {
    return time;
  }

  UUID randomId() {
    return ids.uuid();
  }

  private Instant now() {
    return transactions.clock().instant();
  }

  /**
   * Ends the trail when the requests that are under way have their records, and stores how far it
   * has come. To be called while the store can still be written to.
   */
  @Override
  public void close() {
    closing = true;
    if (underway.get() == 0) {
      finish();
    }
    if (!writers.isEmpty()) {
      try {
        transactions.anchor(this::anchors);
      } catch (RuntimeException e) { // the store may be why the vault is being sealed
        LOG.log(Level.WARNING, "the end of the audit trail is not in the store: " + e.getMessage());
      }
    }
  }

  private void finish() {
    if (!finished.compareAndSet(false, true)) {
      return;
    }
    lock.lock();
    try {
      writers.forEach(DeviceWriter::close);
      key.close();
      if (holdsDevices) {
        setup.open().release();
      }
    } finally {
      lock.unlock();
    }
  }
}
