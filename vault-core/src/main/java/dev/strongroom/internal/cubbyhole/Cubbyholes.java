package dev.strongroom.internal.cubbyhole;

import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A private tree of JSON objects for each service token, and the wrapped response for each wrapping
 * token. A cubbyhole is found by the random id that only its token's record holds. Who writes into
 * one makes its token a condition of the write, so that nothing comes into a cubbyhole whose token
 * has ended: removal finds everything. Thread-safe.
 */
public final class Cubbyholes {
  /** A secret: a JSON object, as text. Lies below the id. */
  private static final RecordKind<byte[]> ENTRY = RecordKind.secretTree("cubbyhole");

  private static final RecordKind<byte[]> WRAPPED = RecordKind.secretAttached("wrapped");

  private final Transactions transactions;

  public Cubbyholes(Transactions transactions) {
    this.transactions = transactions;
  }

  public Optional<Payload> read(Transaction tx, String id, String path) {
    return storage(tx).get(ENTRY.at(id + "/" + path)).map(Payload::ofStored);
  }

  public boolean holds(Transaction tx, String id, String path) {
    return isThere(storage(tx).get(ENTRY.at(id + "/" + path)));
  }

  /** Writes an entry, in the place of one at that path. */
  public void write(Transaction tx, String id, String path, Payload content) {
    storage(tx).put(ENTRY.at(id + "/" + path), content.toJson());
  }

  public void delete(Transaction tx, String id, String path) {
    storage(tx).delete(ENTRY.at(id + "/" + path));
  }

  /** Returns the names in a folder, sub-folders with a trailing slash. */
  public List<String> list(Transaction tx, String id, String folder) {
    return storage(tx).list(ENTRY, id + "/" + folder);
  }

  /**
   * Removes up to {@code max} entries of those that were durable before, and returns how many it
   * found.
   */
  public int removeSome(Transaction tx, String id, int max) {
    return removeFolder(storage(tx), id + "/", max);
  }

  private int removeFolder(Storage storage, String folder, int max) {
    int removed = 0;
    for (String name : storage.someNames(ENTRY, folder, max)) {
      if (removed == max) {
        break;
      }
      if (name.endsWith("/")) {
        removed += removeFolder(storage, folder + name, max - removed);
      } else {
        storage.delete(ENTRY.at(folder + name));
        removed++;
      }
    }
    return removed;
  }

  /**
   * Returns the response that waits behind a wrapping token; a copy, which the caller wipes.
   * Reading it makes it a condition of what else the transaction does.
   */
  public Optional<byte[]> wrapped(Transaction tx, String id) {
    return storage(tx).get(WRAPPED.at("", id));
  }

  public boolean holdsWrapped(Transaction tx, String id) {
    return isThere(wrapped(tx, id));
  }

  /** Keeps a response for whoever unwraps it; its bytes are taken over. */
  public void keepWrapped(Transaction tx, String id, byte[] response) {
    storage(tx).put(WRAPPED.at("", id), response);
  }

  public void removeWrapped(Transaction tx, String id) {
    storage(tx).delete(WRAPPED.at("", id));
  }

  private static boolean isThere(Optional<byte[]> secret) {
    secret.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    return secret.isPresent();
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }
}
