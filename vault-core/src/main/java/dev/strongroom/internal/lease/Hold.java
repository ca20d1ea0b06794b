package dev.strongroom.internal.lease;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import java.util.Optional;

/**
 * Keeps a restored copy of a store from touching anything outside: it may be one for a rehearsal,
 * and the secrets outside are those of the store it was copied from. Thread-safe.
 */
final class Hold {
  private static final RecordKind<String> RELEASED = RecordKind.attached(
      "outside-released", RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text));
  private static final String WHY =
      "this store was restored from a snapshot, and nothing outside is touched until Vault.resumeOutsideEffects() is called";

  private final Transactions transactions;
  private final Optional<String> restored;
  private volatile boolean holds;

  /**
   * Holds a restored store until {@link #load} has looked.
   *
   * @param restored names the snapshot that the store was restored from, if it was
   */
  Hold(Transactions transactions, Optional<String> restored) {
    this.transactions = transactions;
    this.restored = restored;
    this.holds = restored.isPresent();
  }

  /** A copy of a copy is held again: the mark of the release names the snapshot it was for. */
  void load() {
    holds = restored.isPresent() && !transactions.read(tx -> released(tx).equals(restored));
  }

  private Optional<String> released(Transaction tx) {
    return tx.in(transactions.system()).get(RELEASED.at("", "snapshot"));
  }

  boolean holds() {
    return holds;
  }

  void release() {
    restored.ifPresent(snapshot -> transactions.change(
        tx -> tx.in(transactions.system()).put(RELEASED.at("", "snapshot"), snapshot)));
    holds = false;
  }

  void requireReleased() {
    if (holds) {
      throw new VaultException(ErrorCode.OUTSIDE_FAILED, WHY);
    }
  }

  static OutsideFailure failure() {
    return new OutsideFailure(OutsideException.Kind.UNREACHABLE, WHY);
  }
}
