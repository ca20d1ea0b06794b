package dev.strongroom.internal.seal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.seal.SealRecord.Pending;
import dev.strongroom.internal.seal.SealRecord.Wrapped;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.Seal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an unsealed vault holds of its seal: the root key, the keyring and the seal's row. Every
 * change of one of them goes through here, as part of a transaction, and counts when that is
 * durable. Thread-safe.
 */
public final class HeldKeys implements AutoCloseable {
  private final SealRow row;
  private final Optional<Seal> automatic;
  private final Barrier barrier;
  private final SecureRandom random;

  // Held over encryption with the root key, so that nobody wipes it meanwhile; an automatic seal
  // may be asked under it, which is rare and nobody else waits for.
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private OpenKeys keys;

  @GuardedBy("lock")
  private boolean closed;

  /** Takes {@code keys} over. */
  HeldKeys(
      SealRow row, Optional<Seal> automatic, OpenKeys keys, Barrier barrier, SecureRandom random) {
    this.row = row;
    this.automatic = automatic;
    this.keys = keys;
    this.barrier = barrier;
    this.random = random;
  }

  /**
   * Shares that have proven to belong to this vault.
   *
   * @param waiting whether they are those that wait to replace the present ones
   * @param key what they combine to; whoever asked for the proof wipes it
   * @param holds the condition that they still do
   */
  public record Proof(KeyShares shares, boolean waiting, SecretBytes key, Batch.Condition holds)
      implements AutoCloseable {
    @Override
    public void close() {
      key.close();
    }
  }

  /** New shares: what their keepers get, and what tells whether they have kept them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record FreshShares(KeyShares shares, SecretBytes key, List<SecretBytes> parts)
      implements AutoCloseable {
    /** Returns what the key hashes to. */
    public byte[] digest() {
      return key.use(ShareSet::digest);
    }

    @Override
    public void close() {
      key.close();
      parts.forEach(SecretBytes::close);
    }

    @Override
    public String toString() {
      return "FreshShares[" + shares + "]";
    }
  }

  /** Returns whether the shares authorise only, and open nothing. */
  public boolean isAutomatic() {
    return automatic.isPresent();
  }

  /** Returns the kind of the seal. */
  public String type() {
    return automatic.map(Seal::type).orElse(SealRecord.SHAMIR);
  }

  /** Returns how many shares are needed, when so many were given in vain. */
  public int required(int given) {
    return ShareSet.required(ShareSet.of(record()), given);
  }

  /**
   * Returns the proof that shares belong to this vault; empty while more are needed.
   *
   * @param otherwise what to say if they do not
   * @throws VaultException with code {@code INVALID_REQUEST} if they do not
   */
  public Optional<Proof> prove(GivenShares given, String otherwise) {
    SealRow.Known known = row.known();
    return ShareSet.tryAll(
        ShareSet.of(known.record()),
        given,
        otherwise,
        (set, key) -> isKeyOf(known.record(), set, key)
            ? Optional.of(new Proof(
                set.shares(),
                set.waiting(),
                SecretBytes.takeOver(key.exposeCopy()),
                known.unchanged()))
            : Optional.empty());
  }

  private boolean isKeyOf(SealRecord known, ShareSet set, SecretBytes key) {
    if (automatic.isPresent()) {
      return VaultSeal.isRecoveryKey(barrier.keyring(), set, key);
    }
    Optional<byte[]> root = key.use(bytes -> known.open(set.waiting(), storeId(), bytes));
    root.ifPresent(opened -> Arrays.fill(opened, (byte) 0));
    return root.isPresent();
  }

  /** Returns whether shares combine to a key that hashes to {@code digest}. */
  public static boolean combine(GivenShares given, KeyShares shares, byte[] digest) {
    return new ShareSet(shares, /* waiting= */ true).combinesTo(given, digest);
  }

  /** Makes the shares of a new key, without storing anything; the caller closes them. */
  public FreshShares makeShares(KeyShares shares) {
    byte[] key = new byte[Aead.KEY_BYTES];
    random.nextBytes(key);
    List<SecretBytes> parts = new ArrayList<>();
    VaultSeal.split(key, shares, random).forEach(part -> parts.add(SecretBytes.takeOver(part)));
    return new FreshShares(shares, SecretBytes.takeOver(key), parts);
  }

  /** Adds a term, or changes the keyring in another way, under the same root key. */
  public void change(Transaction tx, UnaryOperator<Keyring> change) {
    lock.lock();
    try {
      store(tx, change.apply(keys.keyring()), null, null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets new shares wait until they are used; until then either set counts. With key shares the
   * root key is a new one besides. Shares that were waiting before count no longer, unless it is
   * they who prove the right to this.
   *
   * @param announced whether the new shares are told to be the vault's from now on
   */
  public void replaceShares(Transaction tx, Proof proof, FreshShares fresh, boolean announced) {
    lock.lock();
    try {
      Keyring keyring = keys.keyring();
      Keyring.SealedBy seal = new Keyring.SealedBy(type(), proof.shares);
      SealRecord proven = record().withShares(proof.shares);
      if (automatic.isPresent()) {
        store(
            tx,
            keyring.protectedBy(
                seal,
                Optional.of(proof.key.use(ShareSet::digest)),
                Optional.of(new Keyring.Pending(fresh.shares, Optional.of(fresh.digest())))),
            proven.withPending(Optional.of(new Pending(fresh.shares, Optional.empty(), announced))),
            null);
        return;
      }
      SecretBytes root = newRootKey(tx);
      SealRecord old = proven.wrappedBy(proof.key, keys.storeId(), root, random);
      SealRecord next = old.wrappedBy(fresh.key, keys.storeId(), root, random);
      store(
          tx,
          keyring.protectedBy(
              seal,
              Optional.empty(),
              Optional.of(new Keyring.Pending(fresh.shares, Optional.empty()))),
          old.withPending(Optional.of(new Pending(
              fresh.shares,
              Optional.of(new Wrapped(next.generation(), next.wrappedRoot())),
              announced))),
          root);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts the waiting shares in force; the ones before count no longer. Returns false, and changes
   * nothing, if none are waiting.
   */
  public boolean confirmShares(Transaction tx) {
    lock.lock();
    try {
      if (record().pending().isEmpty()) {
        return false;
      }
      store(tx, confirmed(keys.keyring()), record().confirmed(), null);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the waiting shares. Returns false, and changes nothing, if none are waiting. */
  public boolean dropWaitingShares(Transaction tx) {
    lock.lock();
    try {
      if (record().pending().isEmpty()) {
        return false;
      }
      Keyring keyring = keys.keyring();
      store(
          tx,
          keyring.protectedBy(keyring.seal(), keyring.recoveryDigest(), Optional.empty()),
          record().withPending(Optional.empty()),
          null);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a new root key in force, which only an automatic seal can without shares.
   *
   * @param confirm whether shares that are waiting have asked for it, and are in force then
   * @throws VaultException with code {@code INVALID_REQUEST} if the vault has key shares, or with
   *     the code of the seal's failure
   */
  public void replaceRootKey(Transaction tx, boolean confirm) {
    Seal seal = automatic.orElseThrow(
        () -> new VaultException(
            ErrorCode.INVALID_REQUEST,
            "the unseal key is known to its shares only: give them at sys/rotate/root/init and sys/rotate/root/update"));
    lock.lock();
    try {
      SecretBytes root = newRootKey(tx);
      SealRecord record = confirm ? record().confirmed() : record();
      Keyring keyring = keys.keyring();
      store(
          tx,
          confirm
              ? confirmed(keyring)
              : keyring.protectedBy(keyring.seal(), keyring.recoveryDigest(), keyring.pending()),
          record.wrappedBy(seal, keys.storeId(), root),
          root);
    } finally {
      lock.unlock();
    }
  }

  static Keyring confirmed(Keyring keyring) {
    Keyring.Pending fresh = keyring.pending().orElseThrow();
    return keyring.protectedBy(
        new Keyring.SealedBy(keyring.seal().type(), fresh.shares()),
        fresh.recoveryDigest(),
        Optional.empty());
  }

  private SecretBytes newRootKey(Transaction tx) {
    byte[] key = new byte[Aead.KEY_BYTES];
    random.nextBytes(key);
    SecretBytes root = SecretBytes.takeOver(key);
    tx.closeAfterwards(root);
    return root;
  }

  /** Stores a keyring and, where they change too, the seal's row and the root key. */
  @GuardedBy("lock")
  private void store(
      Transaction tx,
      Keyring keyring,
      @Nullable SealRecord record,
      @Nullable SecretBytes newRootKey) {
    SecretBytes root = newRootKey == null ? keys.rootKey() : newRootKey;
    tx.require(keys.unchanged());
    tx.add(OpenKeys.put(root, keys.storeId(), keyring, random));
    if (record != null) {
      tx.require(row.unchanged());
      tx.add(SealRow.put(record));
    }
    tx.afterCommit(revision -> follow(keyring, record, newRootKey, revision));
  }

  private void follow(
      Keyring keyring,
      @Nullable SealRecord record,
      @Nullable SecretBytes newRootKey,
      long revision) {
    if (record != null) {
      row.follow(record, revision);
    }
    lock.lock();
    try {
      if (revision > keys.revision()) {
        SecretBytes before = keys.rootKey();
        if (newRootKey != null && !closed) {
          keys = new OpenKeys(
              keys.storeId(), SecretBytes.takeOver(newRootKey.exposeCopy()), keyring, revision);
          before.close();
        } else {
          keys = new OpenKeys(keys.storeId(), before, keyring, revision);
        }
        barrier.replace(keyring); // which wipes it if the vault was sealed meanwhile
      }
    } finally {
      lock.unlock();
    }
  }

  private SealRecord record() {
    return row.record().orElseThrow();
  }

  private byte[] storeId() {
    lock.lock();
    try {
      return keys.storeId();
    } finally {
      lock.unlock();
    }
  }

  /** Wipes the root key. The keyring is the barrier's to wipe. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      keys.rootKey().close();
    } finally {
      lock.unlock();
    }
  }
}
