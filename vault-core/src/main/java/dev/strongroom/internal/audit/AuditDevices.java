package dev.strongroom.internal.audit;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The devices and headers as they are stored: those that the application declares, and those that
 * callers enabled, where the application lets them. Same rules and texts as OpenBao v2.6.2
 * {@code vault/audit.go}. Thread-safe.
 */
public final class AuditDevices {
  private static final int MOST_DEVICES = 32;
  private static final int MOST_HEADERS = 128;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_.-]{1,64}(?:/[A-Za-z0-9_.-]{1,64}){0,3}");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]{1,256}");
  private static final Pattern CREDENTIAL =
      Pattern.compile(".*(?:token|secret|auth|cookie|password|credential|key).*");

  private final AuditBroker broker;
  private final AuditSetup setup;
  private final Transactions transactions;

  AuditDevices(AuditBroker broker, AuditSetup setup, Transactions transactions) {
    this.broker = broker;
    this.setup = setup;
    this.transactions = transactions;
  }

  /** A device as a caller sees it. */
  public record Listed(String name, String type, String description, Map<String, String> options) {}

  /** Returns the key that checkpoints are verified with: 64 hexadecimal digits. */
  public String publicKey() {
    return broker.publicKey();
  }

  /** Returns the devices that there are, in the order of their names. */
  public List<Listed> list(Transaction tx) {
    return table(tx).devices().stream()
        .filter(record -> !record.declared() || setup.declared().containsKey(record.name()))
        .map(record ->
            new Listed(record.name(), record.type(), record.description(), shownOptions(record)))
        .toList();
  }

  private Map<String, String> shownOptions(DeviceRecord record) {
    AuditDeviceType declared = setup.declared().get(record.name());
    return declared != null && record.declared() ? declared.options() : record.options();
  }

  /**
   * Stores a device, which takes records when the transaction is durable.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} that says what does not do
   */
  public void enable(
      Transaction tx, String name, String type, String description, Map<String, String> options) {
    AuditSetup.OverApi overApi = setup
        .overApi()
        .orElseThrow(
            () -> refused(
                "cannot enable audit device via API; use declarative, config-based audit device management instead"));
    requireName(name);
    DeviceTable table = table(tx);
    List<Listed> others = list(tx);
    if (others.stream().anyMatch(other -> overlap(name, other.name()))) {
      throw refused("path already in use");
    }
    if (others.size() >= MOST_DEVICES) {
      throw refused("there are at most " + MOST_DEVICES + " audit devices");
    }
    overApi.device(type, options).ifPresent(this::requireOpens);
    tx.in(transactions.system())
        .put(
            DeviceTable.KEY,
            table.with(new DeviceRecord(
                name, newUuid(), type, description, options, newUuid(), /* declared= */ false)));
    tx.afterCommit(revision -> broker.follow());
    if (!Boolean.parseBoolean(options.getOrDefault("skip_test", "false"))) {
      tx.afterCommit(revision -> broker.test(name));
    }
  }

  private static boolean overlap(String one, String other) {
    return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
  }

  /**
   * The text of the failure names files, which the owner of the vault may know and a caller not.
   */
  private void requireOpens(AuditDeviceType type) {
    try {
      type.open(broker.time()).close();
    } catch (IOException e) {
      throw refused("audit backend failed test message: it cannot be opened");
    }
  }

  /**
   * Removes a device; nothing happens if there is none.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if the application declares it
   */
  public void disable(Transaction tx, String name) {
    DeviceTable table = table(tx);
    Optional<DeviceRecord> there = table.named(name);
    if (there.isEmpty()) {
      return;
    }
    if (there.get().declared()) {
      if (!setup.declared().containsKey(name)) {
        return;
      }
      throw refused("cannot disable configuration-managed audit device");
    }
    tx.in(transactions.system()).put(DeviceTable.KEY, table.without(name));
    tx.afterCommit(revision -> broker.follow());
  }

  /** Returns what a device shows instead of a value; empty if there is no such device. */
  public Optional<String> hash(Transaction tx, String name, String input) {
    return broker.writer(name).map(writer -> writer.format().hash(input)).or(() -> table(tx)
        .named(name)
        .filter(record -> !record.declared())
        .map(record -> new SaltedHmac(record.salt()).of(input)));
  }

  /** Returns which headers the trail shows, by name in lower case, and whether hashed. */
  public Map<String, Boolean> headers(Transaction tx) {
    return storedHeaders(tx).hashed();
  }

  /**
   * Shows a header from now on.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} for a name that is none, and for a
   *     header of credentials in clear
   */
  public void showHeader(Transaction tx, String name, boolean hashed) {
    String header = headerName(name);
    if (!HEADER.matcher(header).matches()) {
      throw refused("a header is named by 1 to 256 letters, digits and signs of a token");
    }
    if (!hashed && CREDENTIAL.matcher(header).matches()) {
      throw refused("hmac must be true for a header that may carry a credential");
    }
    AuditedHeaders changed = storedHeaders(tx).with(header, hashed);
    if (changed.hashed().size() > MOST_HEADERS) {
      throw refused("there are at most " + MOST_HEADERS + " audited headers");
    }
    putHeaders(tx, changed);
  }

  /** Shows a header no more. */
  public void hideHeader(Transaction tx, String name) {
    AuditedHeaders before = storedHeaders(tx);
    if (before.hashed().containsKey(headerName(name))) {
      putHeaders(tx, before.without(headerName(name)));
    }
  }

  public static String headerName(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Stores what the application declares, so that salts outlive the process. */
  void ensureDeclared() {
    transactions.change(tx -> {
      DeviceTable before = table(tx);
      DeviceTable table = before;
      for (Map.Entry<String, AuditDeviceType> entry : setup.declared().entrySet()) {
        String type = entry.getValue().type();
        Optional<DeviceRecord> there = table.named(entry.getKey());
        if (there.filter(record -> !record.declared()).isPresent()) {
          throw refused("the application declares the audit device " + entry.getKey()
              + ", but a caller has enabled one of that name: disable that one first");
        }
        if (there.filter(record -> record.type().equals(type)).isEmpty()) {
          table = table.with(new DeviceRecord(
              entry.getKey(), newUuid(), type, "", Map.of(), newUuid(), /* declared= */ true));
        }
      }
      if (!table.equals(before)) {
        tx.in(transactions.system()).put(DeviceTable.KEY, table);
      }
    });
  }

  /** Returns whether callers may make devices. */
  public boolean overApi() {
    return setup.overApi().isPresent();
  }

  /** Returns what a stored device is; empty for one that takes no records. */
  Optional<AuditDeviceType> typeOf(DeviceRecord record) {
    if (record.declared()) {
      return Optional.ofNullable(setup.declared().get(record.name()));
    }
    return setup
        .overApi()
        .orElseThrow(
            () -> refused(
                "the audit device " + record.name()
                    + " was enabled by a caller, and the application does not let callers do that now: declare auditOverApi again, and disable it"))
        .device(record.type(), record.options());
  }

  private void putHeaders(Transaction tx, AuditedHeaders headers) {
    tx.in(transactions.system()).put(AuditedHeaders.KEY, headers);
    tx.afterCommit(revision -> broker.follow());
  }

  private AuditedHeaders storedHeaders(Transaction tx) {
    return storage(tx).get(AuditedHeaders.KEY).orElse(AuditedHeaders.NONE);
  }

  private DeviceTable table(Transaction tx) {
    return storage(tx).get(DeviceTable.KEY).orElse(DeviceTable.EMPTY);
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }

  private String newUuid() {
    return broker.randomId().toString();
  }

  /**
   * Checks the name of a device.
   *
   * @throws VaultException with code {@code INVALID_REQUEST}
   */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw refused(
          "an audit device is named by up to 4 segments of 1 to 64 letters, digits, '_', '-' and '.'");
    }
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}
