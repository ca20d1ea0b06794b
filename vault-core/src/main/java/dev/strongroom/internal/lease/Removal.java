package dev.strongroom.internal.lease;

import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Removes the records of leases whose secrets are gone: one for the caller who waits, or
 * {@value #BATCH} a batch behind the requests, so that who destroys secrets does not wait for the
 * store. What is forgotten in between comes back when its claim lapses, and its secret is destroyed
 * once more. Thread-safe.
 */
final class Removal {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "lease removal";
  private static final int BATCH = 100;

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Background background;
  private final Queue<Gone> gone = new ConcurrentLinkedQueue<>();

  /** A secret that was not there any more when it was destroyed. */
  private record Gone(String lease, Instant since) {}

  Removal(Transactions transactions, LeaseRows rows, Background background) {
    this.transactions = transactions;
    this.rows = rows;
    this.background = background;
  }

  /** Removes the record before this returns. */
  void now(String id, Instant since) {
    transactions.change(tx -> removeOrWait(tx, new Gone(id, since)));
  }

  /** Removes the record with others, a little later. */
  void soon(String id, Instant since) {
    gone.add(new Gone(id, since));
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  private Optional<Duration> step() {
    List<Gone> some =
        Stream.generate(gone::poll).takeWhile(Objects::nonNull).limit(BATCH).toList();
    if (some.isEmpty()) {
      return Optional.empty();
    }
    try {
      transactions.change(tx -> some.forEach(one -> removeIfReadable(tx, one)));
    } catch (VaultException e) {
      LOG.log(Level.WARNING, some.size() + " leases that have ended wait: " + e.getMessage());
    }
    return Optional.of(Duration.ZERO);
  }

  /** One damaged record must not keep the others. */
  private void removeIfReadable(Transaction tx, Gone one) {
    try {
      removeOrWait(tx, one);
    } catch (StorageException e) {
      LOG.log(Level.ERROR, "the lease " + one.lease + " cannot be read: " + e.getMessage());
    }
  }

  /** Nothing was outside then, but something sent before the deadline may have arrived since. */
  private void removeOrWait(Transaction tx, Gone one) {
    Optional<LeaseRecord> found = rows.get(tx, one.lease).filter(LeaseRecord::isEnding);
    if (found.isEmpty()) {
      return;
    }
    LeaseRecord lease = found.get();
    Optional<Instant> settled = lease.deadline().map(Revocation::settledAt);
    if (settled.filter(one.since::isBefore).isPresent()) {
      rows.put(tx, lease, lease.withHint(settled.get()));
    } else {
      rows.remove(tx, lease);
    }
  }
}
