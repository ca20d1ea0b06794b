package dev.strongroom.internal.lease;

import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.lease.LeaseRecord.State;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rows of a lease: itself at its id, so that a prefix finds it; its name under its owner and
 * under its mount; and always exactly one entry in the index of due work.
 */
final class LeaseRows {
  private static final RecordCodec<String> TEXT =
      RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text);

  /** Encrypted in memory too: a plan may hold what nobody should find there. */
  static final RecordKind<byte[]> LEASE = RecordKind.secretTree("lease");

  private static final RecordKind<String> OF_TOKEN = RecordKind.attached("lease-of-token", TEXT);
  private static final RecordKind<String> OF_MOUNT = RecordKind.attached("lease-of-mount", TEXT);
  private static final RecordKind<String> IRREVOCABLE =
      RecordKind.attached("lease-irrevocable", TEXT);

  private final Transactions transactions;
  private final DueIndex due;

  LeaseRows(Transactions transactions, DueIndex due) {
    this.transactions = transactions;
    this.due = due;
  }

  Optional<LeaseRecord> get(Transaction tx, String id) {
    return storage(tx).get(LEASE.at(id)).map(LeaseRecord::parse);
  }

  /** Stores a lease that nobody has seen yet. */
  void add(Transaction tx, LeaseRecord lease) {
    Storage storage = storage(tx);
    storage.put(LEASE.at(lease.id()), lease.toBytes());
    lease.owner().ifPresent(owner -> storage.put(OF_TOKEN.at(owner, lease.name()), lease.id()));
    storage.put(OF_MOUNT.at(lease.mount().toString(), lease.name()), lease.id());
    addHint(tx, lease);
  }

  /** Stores a lease that has changed, whose entry is to be due at its hint. */
  void put(Transaction tx, LeaseRecord before, LeaseRecord after) {
    storage(tx).put(LEASE.at(after.id()), after.toBytes());
    due.remove(tx, dueId(before), before.hint());
    addHint(tx, after);
    if (after.state() == State.IRREVOCABLE) {
      storage(tx).put(IRREVOCABLE.at("", after.name()), after.id());
    }
  }

  void remove(Transaction tx, LeaseRecord lease) {
    Storage storage = storage(tx);
    storage.delete(LEASE.at(lease.id()));
    lease.owner().ifPresent(owner -> storage.delete(OF_TOKEN.at(owner, lease.name())));
    storage.delete(OF_MOUNT.at(lease.mount().toString(), lease.name()));
    if (lease.state() == State.IRREVOCABLE) {
      storage.delete(IRREVOCABLE.at("", lease.name()));
    }
    due.remove(tx, dueId(lease), lease.hint());
  }

  /** Returns ids of leases of a token, as far as that is durable. */
  List<String> ofToken(Transaction tx, String tokenHash, int max) {
    return ids(tx, OF_TOKEN, tokenHash, max);
  }

  /** Lets a lease go that ends anyway. */
  void forgetOwner(Transaction tx, String tokenHash, String id) {
    storage(tx).delete(OF_TOKEN.at(tokenHash, id.substring(id.lastIndexOf('/') + 1)));
  }

  List<String> ofMount(Transaction tx, UUID mount, int max) {
    return ids(tx, OF_MOUNT, mount.toString(), max);
  }

  /** Walks over the leases of a mount, whatever path it had when they were made. */
  PrefixWalk walkMount(UUID mount) {
    return new PrefixWalk(transactions, OF_MOUNT, mount.toString());
  }

  PrefixWalk walkIrrevocable() {
    return new PrefixWalk(transactions, IRREVOCABLE, "");
  }

  /** Walks over the ids of all leases in a folder. */
  PrefixWalk walk(String folder) {
    return new PrefixWalk(transactions, LEASE, folder);
  }

  /** Returns the id of the lease that {@link #walkMount} or {@link #walkIrrevocable} came to. */
  Optional<String> idOfMount(Transaction tx, UUID mount, String name) {
    return storage(tx).get(OF_MOUNT.at(mount.toString(), name));
  }

  Optional<String> idOfIrrevocable(Transaction tx, String name) {
    return storage(tx).get(IRREVOCABLE.at("", name));
  }

  private List<String> ids(Transaction tx, RecordKind<String> kind, String owner, int max) {
    return transactions.someNames(transactions.system(), kind, owner, max).stream()
        .flatMap(name -> storage(tx).get(kind.at(owner, name)).stream())
        .toList();
  }

  private void addHint(Transaction tx, LeaseRecord lease) {
    due.add(tx, DueIndex.Kind.LEASE, dueId(lease), lease.id(), lease.hint());
  }

  /** Tells nothing of the id, whose end is random. */
  private static byte[] dueId(LeaseRecord lease) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(lease.name().getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }
}
