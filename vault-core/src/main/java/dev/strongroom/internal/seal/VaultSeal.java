package dev.strongroom.internal.seal;

import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShares;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.seal.SealRecord.Progress;
import dev.strongroom.request.Origin;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The lock of one store. Key shares are collected one at a time and prove themselves together, by
 * opening the root key; an automatic seal opens it alone, and lets recovery shares ask it to. Same
 * rules and texts as OpenBao v2.6.2 {@code vault/seal_manager.go} and {@code vault/init.go}. For
 * one thread at a time, but for what it tells of itself.
 */
public final class VaultSeal implements AutoCloseable {
  private static final int MIN_SHARE_BYTES = 16;
  private static final int MAX_SHARE_BYTES = 33;

  private final StorageBackend store;
  private final Optional<Seal> automatic;
  private final SealMigration migration;
  private final InstantSource time;
  private final SecureRandom random;
  private final UnsealAttempts attempts;
  private final SealRow row;
  private boolean handedOutHere;

  /**
   * Reads nothing yet.
   *
   * @param automatic the seal the store is to have; empty for key shares
   * @param migration which other seal it may have still
   * @param whenDisturbed told whenever an attempt that several take part in ends in vain
   */
  public VaultSeal(
      StorageBackend store,
      Optional<Seal> automatic,
      SealMigration migration,
      TimeSource time,
      SecureRandom random,
      Runnable whenDisturbed) {
    this.store = store;
    this.automatic = automatic;
    this.migration = migration;
    this.time = time;
    this.random = random;
    this.attempts = new UnsealAttempts(time, new RandomText(random), whenDisturbed);
    this.row = new SealRow(store);
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
   *     seal, and is not to be migrated from that
   */
  public void load() {
    read();
    row.initialized()
        .filter(known -> !known.type().equals(type()) && !migration.isFrom(known.type()))
        .ifPresent(known -> {
          throw new VaultException(
              ErrorCode.INVALID_REQUEST,
              "the store was made with the seal \"" + known.type() + "\", but is opened with \""
                  + type() + "\", and no migration from the former is declared");
        });
  }

  /**
   * Reads how the store is sealed, whatever seal is configured: for who only looks.
   *
   * @throws StorageException if the store is of an unknown format
   */
  public void read() {
    row(StoreRecord.NAME).ifPresent(found -> StoreRecord.parse(found.value()));
    row.load();
  }

  /** Returns what tells the store from others; empty before initialisation. */
  public Optional<byte[]> storeId() {
    return row(StoreRecord.NAME).map(found -> StoreRecord.parse(found.value()).id());
  }

  /** Returns when the vault in the store was made; empty before initialisation. */
  public Optional<Instant> createdAt() {
    return row(StoreRecord.NAME).map(found -> StoreRecord.parse(found.value()).createdAt());
  }

  /** Returns the kind of seal that the store has, or is to have when it is initialised. */
  public String type() {
    return automatic.map(Seal::type).orElse(SealRecord.SHAMIR);
  }

  /** Returns the kind of seal that the store has now. */
  public String currentType() {
    return row.initialized().map(SealRecord::type).orElse(type());
  }

  /** Returns whether the vault opens without shares. */
  public boolean opensAutomatically() {
    return automatic.isPresent() && isInitialized() && !isMigrating();
  }

  /** Returns whether the store has another seal than it is to have. */
  public boolean isMigrating() {
    return row.initialized().filter(known -> !known.type().equals(type())).isPresent();
  }

  public boolean isInitialized() {
    return row.initialized().isPresent();
  }

  /** Returns the shares; empty before initialisation. */
  public Optional<KeyShares> shares() {
    return row.initialized().map(SealRecord::announcedShares);
  }

  /** Returns how many distinct shares were given since the last attempt. */
  public int given() {
    return attempts.together().given().count();
  }

  /** Returns what identifies the running attempt, if one runs. */
  public Optional<String> nonce() {
    return attempts.together().nonce();
  }

  /** Returns the keys of an unsealed vault, for as long as it is that. */
  public HeldKeys hold(OpenKeys keys, Barrier barrier) {
    return new HeldKeys(row, automatic, keys, barrier, random);
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
        row.record().filter(known -> known.progress() == Progress.UNSEALED).isPresent();
    if (proven || handedOutHere) {
      throw new VaultException(ErrorCode.CONFLICT, "Vault is already initialized");
    }
    byte[] storeId = randomBytes(16);
    SecretBytes rootKey = SecretBytes.takeOver(randomBytes(Aead.KEY_BYTES));
    try (SecretBytes sharedKey = SecretBytes.takeOver(randomBytes(Aead.KEY_BYTES))) {
      Optional<byte[]> recoveryDigest = automatic.map(seal -> sharedKey.use(ShareSet::digest));
      Keyring keyring = Keyring.create(
          new Keyring.SealedBy(type(), shares), recoveryDigest, time.instant(), random);
      OpenKeys keys = new OpenKeys(storeId, rootKey, keyring, 0);
      SealRecord blank = new SealRecord(
          type(),
          shares,
          "",
          0,
          new byte[0],
          keeperConfirms ? Progress.PENDING : Progress.INITIALIZED);
      List<Batch.Change> rows = new ArrayList<>(remains());
      rows.add(new Batch.Put(
          BootRows.address(StoreRecord.NAME),
          new StoreRecord(storeId, time.instant(), Optional.empty()).toJson()));
      rows.add(SealRow.put(wrapped(blank, storeId, rootKey, sharedKey)));
      rows.add(OpenKeys.put(rootKey, storeId, keyring, random));
      return new NewVault(keys, sharedKey.use(key -> split(key, shares, random)), rows);
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
   * right; the attempt then ends, and so it does when they are wrong. Enough shares from one
   * address open also if others gave wrong ones meanwhile. While new shares wait to replace others,
   * either set opens, and the first time that the new ones do they are confirmed.
   *
   * @param share copied; not checked before the threshold is reached, because a share alone proves
   *     nothing
   * @param migrate whether the seal is to be changed as well, which it must be if the builder names
   *     another one
   * @param from whom; empty for the host
   * @throws VaultException with code {@code NOT_INITIALIZED}, or {@code INVALID_REQUEST} for shares
   *     that do not fit together, or if {@code migrate} does not fit
   */
  public Optional<OpenKeys> give(byte[] share, boolean migrate, Optional<Origin> from) {
    requireInitialized();
    if (migrate && !isMigrating()) {
      throw invalid("can't perform a seal migration, no migration seal found");
    }
    if (!migrate && isMigrating()) {
      throw invalid("migrate option not provided and seal migration is pending");
    }
    requireLength(share);
    Giver giver = Giver.of(from);
    attempts.add(giver, share);
    return open(giver);
  }

  private Optional<OpenKeys> open(Giver giver) {
    Optional<RuntimeException> wrong = Optional.empty();
    for (UnsealProgress attempt : attempts.of(giver)) {
      try {
        Optional<OpenKeys> opened = openWithShares(attempt.given());
        if (opened.isPresent()) {
          reset();
          return opened;
        }
      } catch (RuntimeException e) {
        attempts.failed(attempt, giver);
        wrong = Optional.of(e);
      }
    }
    if (wrong.isPresent()) {
      throw wrong.get();
    }
    return Optional.empty();
  }

  /**
   * Checks the length of a share, which is all that can be checked of a single one.
   *
   * @throws VaultException with code {@code INVALID_REQUEST}
   */
  public static void requireLength(byte[] share) {
    if (share.length < MIN_SHARE_BYTES) {
      throw invalid("invalid key: key is shorter than minimum " + MIN_SHARE_BYTES + " bytes");
    }
    if (share.length > MAX_SHARE_BYTES) {
      throw invalid("invalid key: key is longer than maximum " + MAX_SHARE_BYTES + " bytes");
    }
  }

  /**
   * Opens the vault with the automatic seal alone.
   *
   * @throws VaultException with code {@code NOT_INITIALIZED}, or with the code of the seal's
   *     failure
   */
  public OpenKeys openAutomatically() {
    OpenKeys keys = unwrap(automatic.orElseThrow());
    wrapAnewIfKeyChanged(keys);
    return keys;
  }

  /**
   * Opens the keys without unsealing: nothing is changed, neither in the store nor here. Shares
   * that wait to replace others open as well and go on waiting.
   *
   * @param given none where an automatic seal is to open the keys alone
   * @return to be wiped by the caller
   * @throws VaultException with code {@code NOT_INITIALIZED}; {@code INVALID_REQUEST} if the shares
   *     are not enough or do not open, or if the store has another kind of seal; or with the code
   *     of the seal's failure
   */
  public OpenKeys openForReading(GivenShares given) {
    SealRecord known = requireInitialized();
    Optional<Seal> opener = openerOf(known);
    if (opener.isEmpty() && !known.type().equals(SealRecord.SHAMIR)) {
      throw invalid("the store is sealed by \"" + known.type() + "\": name the key of that seal");
    }
    if (opener.isPresent() && given.count() == 0) {
      return unwrap(opener.get());
    }
    if (opener.isEmpty() && automatic.isPresent() && given.count() == 0) {
      throw invalid("the store opens by key shares, not by the key of a seal");
    }
    return openWithShares(known, opener, given, (keys, set, key) -> keys)
        .orElseThrow(() -> invalid(given.count() + " key shares were given, but "
            + known.announcedShares().threshold() + " are needed"));
  }

  /** Notes that the vault was unsealed, after which its keys are never made anew. */
  public void confirmUnsealed() {
    advance(Progress.INITIALIZED, Progress.UNSEALED);
  }

  /** Forgets the shares given so far. */
  public void reset() {
    attempts.reset();
  }

  /**
   * Forgets the shares given so far, as a caller wants it.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} if others take part, and the caller
   *     does that too often
   */
  public void giveUp(Origin from) {
    attempts.giveUp(Giver.of(Optional.of(from)));
  }

  @Override
  public void close() {
    reset();
    automatic.ifPresent(Seal::close);
    migration.close();
  }

  private Optional<OpenKeys> openWithShares(GivenShares given) {
    if (ShareSet.of(requireInitialized()).stream()
        .allMatch(set -> set.shares().threshold() > given.count())) {
      return Optional.empty();
    }
    row.load(); // a commit that was under way when the vault was sealed may have changed it
    SealRecord known = requireInitialized();
    return openWithShares(known, openerOf(known), given, this::settled);
  }

  /** What becomes of keys that a set of shares has opened; wipes them if it fails. */
  private interface Settling {
    OpenKeys settle(OpenKeys keys, ShareSet set, SecretBytes key);
  }

  private Optional<OpenKeys> openWithShares(
      SealRecord known, Optional<Seal> opener, GivenShares given, Settling settling) {
    return opener.isPresent()
        ? openAuthorised(known, opener.get(), given, settling)
        : openWith(known, given, settling);
  }

  private Optional<Seal> openerOf(SealRecord known) {
    return automatic
        .filter(seal -> seal.type().equals(known.type()))
        .or(() -> migration.from(known.type()));
  }

  private Optional<OpenKeys> openWith(SealRecord known, GivenShares given, Settling settling) {
    StoreRecord stored = storeRecord();
    return ShareSet.tryAll(
        ShareSet.of(known),
        given,
        "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: these shares do not belong together",
        (set, key) -> key.use(bytes -> known.open(set.waiting(), stored.id(), bytes))
            .map(root -> settling.settle(openKeyring(known, stored, root), set, key)));
  }

  /** Returns the digest of the snapshot that a store was restored from, as text; empty if none. */
  public static Optional<String> restoredFrom(StorageBackend store) {
    return store
        .get(BootRows.address(StoreRecord.NAME))
        .flatMap(row -> StoreRecord.parse(row.value()).restored())
        .map(restored -> HexFormat.of().formatHex(restored.seal().digest()) + " " + restored.at());
  }

  /** Recovery shares open nothing; they authorise the automatic seal to. */
  private Optional<OpenKeys> openAuthorised(
      SealRecord known, Seal opener, GivenShares given, Settling settling) {
    OpenKeys keys = unwrap(opener);
    try {
      Optional<OpenKeys> opened = ShareSet.tryAll(
          ShareSet.of(known),
          given,
          "invalid key: failed to verify recovery key: recovery key does not match submitted values",
          (set, key) -> isRecoveryKey(keys.keyring(), set, key)
              ? Optional.of(settling.settle(keys, set, key))
              : Optional.empty());
      if (opened.isEmpty()) {
        keys.wipe();
      }
      return opened;
    } catch (RuntimeException e) {
      keys.wipe();
      throw e;
    }
  }

  static boolean isRecoveryKey(Keyring keyring, ShareSet set, SecretBytes key) {
    Optional<byte[]> expected = set.waiting()
        ? keyring.pending().flatMap(Keyring.Pending::recoveryDigest)
        : keyring.recoveryDigest();
    return expected
        .filter(digest -> MessageDigest.isEqual(digest, key.use(ShareSet::digest)))
        .isPresent();
  }

  /** Brings the store to where it should be, now that it is open: the same keys, or new ones. */
  private OpenKeys settled(OpenKeys keys, ShareSet set, SecretBytes key) {
    OpenKeys current = keys;
    try {
      if (set.waiting()) {
        current = confirmed(current);
      }
      if (isMigrating()) {
        return migrated(current, key);
      }
      if (automatic.isPresent()) {
        wrapAnewIfKeyChanged(current);
      }
      return current;
    } catch (RuntimeException e) {
      current.wipe();
      throw e;
    }
  }

  /** The shares that were waiting have opened the vault: the ones before count no longer. */
  private OpenKeys confirmed(OpenKeys keys) {
    Keyring keyring = HeldKeys.confirmed(keys.keyring());
    return replaced(keys, keys.rootKey(), keyring, requireInitialized().confirmed());
  }

  /**
   * Changes the seal. The key that people share stays the same, but opens the vault from now on
   * where it only authorised before, or the other way round; the root key is a new one. One commit:
   * the store has either seal.
   */
  private OpenKeys migrated(OpenKeys keys, SecretBytes sharedKey) {
    SealRecord before = requireInitialized().withPending(Optional.empty());
    SecretBytes root = SecretBytes.takeOver(randomBytes(Aead.KEY_BYTES));
    try {
      Keyring keyring = keys.keyring()
          .protectedBy(
              new Keyring.SealedBy(type(), before.shares()),
              automatic.map(seal -> sharedKey.use(ShareSet::digest)),
              Optional.empty());
      OpenKeys successor =
          replaced(keys, root, keyring, wrapped(before, keys.storeId(), root, sharedKey));
      keys.rootKey().close();
      return successor;
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private OpenKeys replaced(OpenKeys keys, SecretBytes root, Keyring keyring, SealRecord next) {
    long revision = row.replace(
        next,
        List.of(keys.unchanged()),
        List.of(OpenKeys.put(root, keys.storeId(), keyring, random)));
    return new OpenKeys(keys.storeId(), root, keyring, revision);
  }

  private OpenKeys unwrap(Seal opener) {
    SealRecord known = requireInitialized();
    StoreRecord stored = storeRecord();
    return openKeyring(
        known,
        stored,
        opener.unwrap(known.keyId(), known.wrappedRoot(), known.associatedData(stored.id())));
  }

  private void wrapAnewIfKeyChanged(OpenKeys keys) {
    SealRecord known = requireInitialized();
    Seal seal = automatic.orElseThrow();
    if (!seal.keyId().equals(known.keyId())) {
      row.replace(known.wrappedBy(seal, keys.storeId(), keys.rootKey()), List.of(), List.of());
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
      Row found = row(OpenKeys.KEYRING_ROW)
          .orElseThrow(
              () -> new StorageException("the store is damaged: it has a seal but no keyring"));
      Keyring keyring = root.use(key -> Keyring.open(key, stored.id(), found.value()))
          .orElseThrow(() ->
              new StorageException("the store is damaged: its root key does not open its keyring"));
      requireGenuine(known, stored, keyring);
      return new OpenKeys(stored.id(), root, keyring, found.revision());
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private static void requireGenuine(SealRecord known, StoreRecord stored, Keyring keyring) {
    try {
      Optional<KeyShares> waiting = known.pending().map(SealRecord.Pending::shares);
      if (!keyring.seal().equals(new Keyring.SealedBy(known.type(), known.shares()))
          || !keyring.pending().map(Keyring.Pending::shares).equals(waiting)) {
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
   * Reads a snapshot whole, and fills an empty store with nothing of it but what a seal needs: with
   * the keys, that store tells whether this vault wrote the snapshot.
   *
   * @param content is told everything that the snapshot holds
   * @throws StorageException if it is not a snapshot, or damaged
   */
  public static void restoreSealOnly(
      Path snapshot, StorageBackend store, Instant now, StorageBackend.SnapshotSink content) {
    StoreCopy.restoreSealOnly(snapshot, store, now, content);
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

  private SealRecord wrapped(
      SealRecord record, byte[] storeId, SecretBytes rootKey, SecretBytes sharedKey) {
    return automatic
        .map(seal -> record.wrappedBy(seal, storeId, rootKey))
        .orElseGet(() -> record.wrappedBy(sharedKey, storeId, rootKey, random));
  }

  static List<byte[]> split(byte[] key, KeyShares shares, SecureRandom random) {
    return shares.total() == 1
        ? List.of(key.clone())
        : Shamir.split(key, shares.total(), shares.threshold(), random);
  }

  private void advance(Progress from, Progress to) {
    row.record()
        .filter(known -> known.progress() == from)
        .ifPresent(known -> row.replace(known.withProgress(to), List.of(), List.of()));
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
      public void row(Row found) {
        removals.add(new Batch.Delete(found.address()));
      }

      @Override
      public void due(DueRow found) {
        removals.add(new Batch.DueRemove(found.atSeconds(), found.id()));
      }
    });
    if (!removals.isEmpty() && row.record().isEmpty()) {
      throw new StorageException(
          "the store is damaged: it holds rows but no seal; it is left as it is");
    }
    return removals;
  }

  private SealRecord requireInitialized() {
    return row.initialized().orElseThrow(VaultSeal::notInitialized);
  }

  /** What a vault without keys answers. */
  public static VaultException notInitialized() {
    return new VaultException(ErrorCode.NOT_INITIALIZED, "Vault is not initialized");
  }

  private StoreRecord storeRecord() {
    return row(StoreRecord.NAME)
        .map(found -> StoreRecord.parse(found.value()))
        .orElseThrow(() -> new StorageException(
            "the store is damaged: it has a seal but does not say what it is"));
  }

  private Optional<Row> row(String name) {
    return store.get(BootRows.address(name));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static VaultException invalid(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}
