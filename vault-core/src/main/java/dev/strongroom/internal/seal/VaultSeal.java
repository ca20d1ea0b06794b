package dev.strongroom.internal.seal;

import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.seal.SealRecord.Progress;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The lock of one store. Key shares are collected one at a time and prove themselves together, by
 * opening the root key; an automatic seal opens it alone, and lets recovery shares ask it to. Same
 * rules and texts as OpenBao v2.6.2 {@code vault/seal_manager.go} and {@code vault/init.go}. For
 * one thread at a time.
 */
public final class VaultSeal implements AutoCloseable {
  private static final int MIN_SHARE_BYTES = 16;
  private static final int MAX_SHARE_BYTES = 33;

  private final StorageBackend store;
  private final Optional<Seal> automatic;
  private final InstantSource time;
  private final SecureRandom random;
  private final UnsealProgress progress;

  // The row as it is stored. In memory, so that the status of a vault, and sealing it, never depend
  // on a store that may have failed.
  private Optional<SealRecord> record = Optional.empty();
  private boolean handedOutHere;

  /** Reads nothing yet. */
  public VaultSeal(
      StorageBackend store, Optional<Seal> automatic, InstantSource time, SecureRandom random) {
    this.store = store;
    this.automatic = automatic;
    this.time = time;
    this.random = random;
    this.progress = new UnsealProgress(time, random);
  }

  /**
   * A vault that is about to be made.
   *
   * @param shares of the unseal key or the recovery key; whoever takes them wipes them
   * @param bootRows to be committed with whatever else the new vault holds
   */
  public record NewVault(OpenKeys keys, List<byte[]> shares, List<Batch.Change> bootRows) {
    @Override
    public String toString() {
      return "NewVault[redacted]";
    }
  }

  /**
   * Reads how the store is sealed, and checks that it can be used with the configured seal.
   *
   * @throws StorageException if the store is of an unknown format
   * @throws VaultException with code {@code INVALID_REQUEST} if it was made with another kind of
   *     seal
   */
  public void load() {
    row(StoreRecord.NAME).ifPresent(row -> StoreRecord.parse(row.value()));
    record = row(SealRecord.NAME).map(row -> SealRecord.parse(row.value()));
    initialized().filter(known -> !known.type().equals(type())).ifPresent(known -> {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          "the store was made with the seal \"" + known.type() + "\", but the builder names \""
              + type() + "\"");
    });
  }

  public String type() {
    return automatic.map(Seal::type).orElse(SealRecord.SHAMIR);
  }

  public boolean isAutomatic() {
    return automatic.isPresent();
  }

  public boolean isInitialized() {
    return initialized().isPresent();
  }

  /** Returns the shares; empty before initialisation. */
  public Optional<KeyShares> shares() {
    return initialized().map(SealRecord::shares);
  }

  /** Returns how many distinct shares were given since the last attempt. */
  public int given() {
    return progress.given();
  }

  /** Returns what identifies the running attempt, if one runs. */
  public Optional<String> nonce() {
    return progress.nonce();
  }

  /**
   * Makes the keys of a new vault, without storing anything.
   *
   * @param keeperConfirms whether somebody will confirm that the keys are kept, see
   *     {@link #confirmInitialized()}
   * @throws VaultException with code {@code CONFLICT} if the vault is initialised already
   */
  public NewVault prepare(KeyShares shares, boolean keeperConfirms) {
    boolean proven =
        record.filter(known -> known.progress() == Progress.UNSEALED).isPresent();
    if (proven || handedOutHere) {
      throw new VaultException(ErrorCode.CONFLICT, "Vault is already initialized");
    }
    byte[] storeId = randomBytes(16);
    SecretBytes rootKey = SecretBytes.takeOver(randomBytes(Aead.KEY_BYTES));
    byte[] sharedKey = randomBytes(Aead.KEY_BYTES);
    try {
      Optional<byte[]> recoveryDigest = automatic.map(seal -> digest(sharedKey));
      Keyring keyring = Keyring.create(
          new Keyring.SealedBy(type(), shares), recoveryDigest, time.instant(), random);
      OpenKeys keys = new OpenKeys(storeId, rootKey, keyring, 0);
      SealRecord sealed = wrap(storeId, shares, rootKey, sharedKey, 1)
          .withProgress(keeperConfirms ? Progress.PENDING : Progress.INITIALIZED);
      List<Batch.Change> rows = new ArrayList<>(remains());
      rows.add(put(
          StoreRecord.NAME, new StoreRecord(storeId, time.instant(), Optional.empty()).toJson()));
      rows.add(put(SealRecord.NAME, sealed.toJson()));
      rows.add(keys.put(keyring, random));
      return new NewVault(keys, split(sharedKey, shares), rows);
    } finally {
      Arrays.fill(sharedKey, (byte) 0);
    }
  }

  /** Notes that the new vault is stored and its keys are kept: from now on it is initialised. */
  public void confirmInitialized() {
    handedOutHere = true;
    load();
    advance(Progress.PENDING, Progress.INITIALIZED);
  }

  /**
   * Counts a share towards unsealing. Returns the keys when it was the last one needed and they are
   * right; the attempt then ends, and so it does when they are wrong.
   *
   * @param share copied; not checked before the threshold is reached, because a share alone proves
   *     nothing
   * @throws VaultException with code {@code NOT_INITIALIZED}, or {@code INVALID_REQUEST} for shares
   *     that do not fit together
   */
  public Optional<OpenKeys> give(byte[] share) {
    SealRecord known = requireInitialized();
    if (share.length < MIN_SHARE_BYTES) {
      throw invalidKey("key is shorter than minimum " + MIN_SHARE_BYTES + " bytes");
    }
    if (share.length > MAX_SHARE_BYTES) {
      throw invalidKey("key is longer than maximum " + MAX_SHARE_BYTES + " bytes");
    }
    progress.add(share);
    if (progress.given() < known.shares().threshold()) {
      return Optional.empty();
    }
    try {
      return Optional.of(openWithShares(known));
    } finally {
      reset();
    }
  }

  /**
   * Opens the vault with the automatic seal alone.
   *
   * @throws VaultException with code {@code NOT_INITIALIZED}, or with the code of the seal's
   *     failure
   */
  public OpenKeys openAutomatically() {
    OpenKeys keys = unwrap();
    wrapAnewIfKeyChanged(keys);
    return keys;
  }

  /** Notes that the vault was unsealed, after which its keys are never made anew. */
  public void confirmUnsealed() {
    advance(Progress.INITIALIZED, Progress.UNSEALED);
  }

  /** Forgets the shares given so far. */
  public void reset() {
    progress.reset();
  }

  @Override
  public void close() {
    reset();
    automatic.ifPresent(Seal::close);
  }

  private OpenKeys openWithShares(SealRecord known) {
    byte[] key = combined(known.shares());
    try {
      if (key.length != Aead.KEY_BYTES) {
        throw invalidKey("failed to setup unseal key: a key has " + Aead.KEY_BYTES + " bytes, not "
            + key.length);
      }
      return isAutomatic() ? openAuthorised(key) : openWith(known, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] combined(KeyShares shares) {
    List<byte[]> copies = progress.copies();
    try {
      return shares.threshold() == 1 ? copies.get(0).clone() : Shamir.combine(copies);
    } catch (IllegalArgumentException e) {
      throw invalidKey("failed to compute combined key: " + e.getMessage());
    } finally {
      copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
    }
  }

  private OpenKeys openWith(SealRecord known, byte[] unsealKey) {
    StoreRecord stored = storeRecord();
    byte[] root = Aead.open(unsealKey, known.associatedData(stored.id()), known.wrappedRoot())
        .orElseThrow(
            () -> new VaultException(
                ErrorCode.INVALID_REQUEST,
                "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: these shares do not belong together"));
    return openKeyring(known, stored, root);
  }

  /** Recovery shares open nothing; they authorise the automatic seal to. */
  private OpenKeys openAuthorised(byte[] recoveryKey) {
    OpenKeys keys = unwrap();
    boolean authorised = keys.keyring()
        .recoveryDigest()
        .filter(expected -> MessageDigest.isEqual(expected, digest(recoveryKey)))
        .isPresent();
    if (!authorised) {
      keys.wipe();
      throw invalidKey(
          "failed to verify recovery key: recovery key does not match submitted values");
    }
    wrapAnewIfKeyChanged(keys);
    return keys;
  }

  private OpenKeys unwrap() {
    SealRecord known = requireInitialized();
    Seal seal =
        automatic.orElseThrow(() -> new IllegalStateException("there is no automatic seal"));
    StoreRecord stored = storeRecord();
    return openKeyring(
        known,
        stored,
        seal.unwrap(known.keyId(), known.wrappedRoot(), known.associatedData(stored.id())));
  }

  private void wrapAnewIfKeyChanged(OpenKeys keys) {
    SealRecord known = requireInitialized();
    if (automatic.map(Seal::keyId).filter(known.keyId()::equals).isPresent()) {
      return;
    }
    try {
      replace(
          wrap(keys.storeId(), known.shares(), keys.rootKey(), new byte[0], known.generation() + 1)
              .withProgress(known.progress()));
    } catch (RuntimeException e) {
      keys.wipe();
      throw e;
    }
  }

  /**
   * Opens the keyring, and checks it against the plain rows beside it: the seal's, and what a
   * restored snapshot said of itself.
   *
   * @param rootKey taken over
   */
  private OpenKeys openKeyring(SealRecord known, StoreRecord stored, byte[] rootKey) {
    SecretBytes root = SecretBytes.takeOver(rootKey);
    try {
      Row row = row(OpenKeys.KEYRING_ROW)
          .orElseThrow(
              () -> new StorageException("the store is damaged: it has a seal but no keyring"));
      Keyring keyring = root.use(key -> Keyring.open(key, stored.id(), row.value()))
          .orElseThrow(() ->
              new StorageException("the store is damaged: its root key does not open its keyring"));
      requireGenuine(known, stored, keyring);
      return new OpenKeys(stored.id(), root, keyring, row.revision());
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private static void requireGenuine(SealRecord known, StoreRecord stored, Keyring keyring) {
    try {
      if (!keyring.seal().equals(new Keyring.SealedBy(known.type(), known.shares()))) {
        throw new StorageException(
            "the seal's row was changed outside the vault: it is not the one the keyring knows");
      }
      stored.restored().ifPresent(restored -> StoreCopy.requireGenuine(restored, keyring));
    } catch (RuntimeException e) {
      keyring.wipe();
      throw e;
    }
  }

  /**
   * Writes a snapshot of the store.
   *
   * @throws StorageException if it cannot be written
   */
  public static void snapshot(StorageBackend store, Path target, Keyring keyring) {
    StoreCopy.write(store, target, keyring);
  }

  /**
   * Fills an empty store from a snapshot. The store remembers what the snapshot says of itself,
   * which the next unseal checks.
   *
   * @throws StorageException if the store is not empty, or the snapshot is damaged
   */
  public static void restore(Path snapshot, StorageBackend store, Instant now) {
    StoreCopy.restore(snapshot, store, now);
  }

  private SealRecord wrap(
      byte[] storeId, KeyShares shares, SecretBytes rootKey, byte[] unsealKey, long generation) {
    String keyId = automatic.map(Seal::keyId).orElse("");
    byte[] associatedData = SealRecord.associatedData(storeId, type(), keyId, generation);
    byte[] wrapped = rootKey.use(root -> automatic
        .map(seal -> seal.wrap(root, associatedData))
        .orElseGet(() -> Aead.seal(unsealKey, associatedData, root, random)));
    return new SealRecord(type(), shares, keyId, generation, wrapped, Progress.INITIALIZED);
  }

  private List<byte[]> split(byte[] key, KeyShares shares) {
    return shares.total() == 1
        ? List.of(key.clone())
        : Shamir.split(key, shares.total(), shares.threshold(), random);
  }

  private void advance(Progress from, Progress to) {
    record
        .filter(known -> known.progress() == from)
        .ifPresent(known -> replace(known.withProgress(to)));
  }

  private void replace(SealRecord successor) {
    Row before = row(SealRecord.NAME).orElseThrow();
    CommitResult result = store
        .commit(List.of(new Batch(
            List.of(new Batch.AtRevision(before.address(), before.revision())),
            List.of(put(SealRecord.NAME, successor.toJson())))))
        .get(0);
    if (!(result instanceof CommitResult.Committed)) {
      throw new StorageException("the seal's row could not be written: " + result);
    }
    record = Optional.of(successor);
  }

  /**
   * Returns the removal of what an earlier attempt to initialise left behind; nobody has a key to
   * it.
   */
  private List<Batch.Change> remains() {
    List<Batch.Change> removals = new ArrayList<>();
    store.snapshot(new StorageBackend.SnapshotSink() {
      @Override
      public void head(long revision) {}

      @Override
      public void row(Row row) {
        removals.add(new Batch.Delete(row.address()));
      }

      @Override
      public void due(DueRow row) {
        removals.add(new Batch.DueRemove(row.atSeconds(), row.id()));
      }
    });
    if (!removals.isEmpty() && record.isEmpty()) {
      throw new StorageException(
          "the store is damaged: it holds rows but no seal; it is left as it is");
    }
    return removals;
  }

  private Optional<SealRecord> initialized() {
    return record.filter(known -> known.progress() != Progress.PENDING);
  }

  private SealRecord requireInitialized() {
    return initialized()
        .orElseThrow(
            () -> new VaultException(ErrorCode.NOT_INITIALIZED, "Vault is not initialized"));
  }

  private StoreRecord storeRecord() {
    return row(StoreRecord.NAME)
        .map(row -> StoreRecord.parse(row.value()))
        .orElseThrow(() -> new StorageException(
            "the store is damaged: it has a seal but does not say what it is"));
  }

  private Optional<Row> row(String name) {
    return store.get(BootRows.address(name));
  }

  private static Batch.Put put(String name, byte[] value) {
    return new Batch.Put(BootRows.address(name), value);
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The recovery key is 32 random bytes: a plain hash does not give it away. */
  private static byte[] digest(byte[] key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
  }

  private static VaultException invalidKey(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, "invalid key: " + reason);
  }
}
