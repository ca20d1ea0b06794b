package dev.strongroom.internal.due;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The index of everything that ends by itself, ordered by time, and the one loop that looks after
 * what is due. It is on disk: a million entries cost no memory, and unsealing does not read them.
 * An entry only hints; the record it names says what is to be done. Thread-safe.
 */
public final class DueIndex {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "due work";
  private static final int PAGE = 100;
  private static final Duration UNREADABLE = Duration.ofHours(1);

  /** What is due, sealed: which record an entry belongs to is nobody's business. */
  private static final RecordKind<byte[]> DUE = RecordKind.secretAttached("due");

  private final Transactions transactions;
  private final Background background;
  private final Map<Kind, Handler> handlers = new EnumMap<>(Kind.class);

  /** What may fall due. */
  public enum Kind {
    TOKEN('t'),
    LEASE('l');

    private final char code;

    Kind(char code) {
      this.code = code;
    }
  }

  /** Who looks after one kind of entry. */
  public interface Handler {
    /**
     * Does what is due, or puts an entry for another moment: the one that fell due goes with this
     * transaction, which settles many.
     */
    void settle(Transaction tx, String name, Instant now);

    /** Goes on with what takes longer, after the transaction. */
    default void settled() {}
  }

  public DueIndex(Transactions transactions, Background background) {
    this.transactions = transactions;
    this.background = background;
  }

  /** Names who looks after a kind; before {@link #resume}. */
  public void handle(Kind kind, Handler handler) {
    handlers.put(kind, handler);
  }

  /** Catches up with what fell due meanwhile. */
  public void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  /**
   * Adds an entry, with the change of what it names.
   *
   * @param id unique for what it names; begins with {@value DueRow#ID_BYTES} bytes that are used
   */
  public void add(Transaction tx, Kind kind, byte[] id, String name, Instant at) {
    byte[] rowId = Arrays.copyOf(id, DueRow.ID_BYTES);
    byte[] plain = (kind.code + name).getBytes(StandardCharsets.UTF_8);
    byte[] reference = transactions.system().seal(key(rowId), plain);
    tx.add(new Batch.DueAdd(new DueRow(second(at), rowId, reference)));
    tx.afterCommit(revision ->
        background.schedule(JOB, Duration.between(transactions.clock().instant(), at), this::step));
  }

  /** Removes an entry, if it is there. */
  public void remove(Transaction tx, byte[] id, Instant at) {
    tx.add(new Batch.DueRemove(second(at), Arrays.copyOf(id, DueRow.ID_BYTES)));
  }

  private Optional<Duration> step() {
    Duration wait = transactions.clock().destructiveWorkWaits();
    if (!wait.isZero()) {
      return Optional.of(wait);
    }
    Instant now = transactions.clock().instant();
    List<DueRow> due = transactions.due(now.getEpochSecond(), PAGE);
    if (!due.isEmpty()) {
      transactions.change(tx -> due.forEach(row -> settleIfReadable(tx, row, now)));
      handlers.values().forEach(Handler::settled);
      return Optional.of(Duration.ZERO);
    }
    return transactions.due(Long.MAX_VALUE, 1).stream()
        .findFirst()
        .map(next -> Duration.between(now, Instant.ofEpochSecond(next.atSeconds())));
  }

  /** One damaged record must not stop the others: it is looked at again after a while. */
  private void settleIfReadable(Transaction tx, DueRow row, Instant now) {
    tx.add(new Batch.DueRemove(row.atSeconds(), row.id()));
    Optional<String> entry = entry(row);
    if (entry.isEmpty()) {
      return;
    }
    try {
      handler(entry.get()).settle(tx, entry.get().substring(1), now);
    } catch (StorageException e) {
      LOG.log(Level.ERROR, "something that is due cannot be read: " + e.getMessage());
      tx.add(new Batch.DueAdd(new DueRow(second(now.plus(UNREADABLE)), row.id(), row.reference())));
    }
  }

  private Optional<String> entry(DueRow row) {
    try {
      byte[] plain = transactions.system().open(key(row.id()), row.reference());
      return Optional.of(new String(plain, StandardCharsets.UTF_8));
    } catch (StorageException e) { // whatever it named is not found by it
      LOG.log(Level.ERROR, "an entry of the due index was removed: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Handler handler(String entry) {
    return handlers.entrySet().stream()
        .filter(handler -> entry.startsWith(String.valueOf(handler.getKey().code)))
        .findFirst()
        .orElseThrow(() -> new StorageException("an entry is of no kind that is known"))
        .getValue();
  }

  private static StorageKey<byte[]> key(byte[] id) {
    return DUE.at("", HexFormat.of().formatHex(id));
  }

  /** Rounded up, so that at the due second the moment has passed. */
  private static long second(Instant at) {
    return at.getNano() == 0 ? at.getEpochSecond() : at.getEpochSecond() + 1;
  }
}
