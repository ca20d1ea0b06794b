package dev.strongroom.internal.seal;

import dev.strongroom.KeyShares;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.request.Payload;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Seal;
import dev.strongroom.spi.StorageException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The plain row that says how the root key is protected. JSON, so that an operator can read it
 * without a key; its kind and shares are compared with the keyring's copy as soon as that is open.
 *
 * @param shares of the unseal key, or of the recovery key with an automatic seal
 * @param keyId the key of the automatic seal; empty for key shares
 * @param generation counts how often the root key was wrapped
 * @param wrappedRoot the root key, bound to the store and to the fields before
 * @param pending shares that are to replace the present ones; either set counts until the new one
 *     was used
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SealRecord(
    String type,
    KeyShares shares,
    String keyId,
    long generation,
    byte[] wrappedRoot,
    Progress progress,
    Optional<Pending> pending) {
  static final int FORMAT = 1;
  static final String NAME = "seal";
  static final String SHAMIR = "shamir";

  /** How far initialising got. */
  enum Progress {
    /** Keys exist, but their keeper has not confirmed them: the store counts as not initialised. */
    PENDING,
    /** The keys were handed out. Until the first unseal proves it, they may be made anew. */
    INITIALIZED,
    /** The store was unsealed with them. */
    UNSEALED
  }

  /**
   * New shares that nobody has used yet.
   *
   * @param wrapped the root key under their key; empty where an automatic seal has it
   * @param announced whether the vault says that these are its shares; false while they are to be
   *     verified
   */
  record Pending(KeyShares shares, Optional<Wrapped> wrapped, boolean announced) {}

  /** The root key, wrapped once more. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Wrapped(long generation, byte[] root) {}

  /** A record without other shares in waiting. */
  SealRecord(
      String type,
      KeyShares shares,
      String keyId,
      long generation,
      byte[] wrappedRoot,
      Progress progress) {
    this(type, shares, keyId, generation, wrappedRoot, progress, Optional.empty());
  }

  SealRecord withProgress(Progress next) {
    return new SealRecord(type, shares, keyId, generation, wrappedRoot, next, pending);
  }

  SealRecord withShares(KeyShares next) {
    return new SealRecord(type, next, keyId, generation, wrappedRoot, progress, pending);
  }

  SealRecord withPending(Optional<Pending> next) {
    return new SealRecord(type, shares, keyId, generation, wrappedRoot, progress, next);
  }

  /** Returns this record with the shares in waiting in force, and no others. */
  SealRecord confirmed() {
    Pending fresh = pending.orElseThrow();
    return fresh
        .wrapped
        .map(own -> new SealRecord(type, fresh.shares, keyId, own.generation, own.root, progress))
        .orElseGet(
            () -> new SealRecord(type, fresh.shares, keyId, generation, wrappedRoot, progress));
  }

  /** Returns the shares that the vault says it has. */
  KeyShares announcedShares() {
    return pending.filter(Pending::announced).map(Pending::shares).orElse(shares);
  }

  /** Returns the highest generation that a wrapping of the root key has had. */
  long lastGeneration() {
    return pending
        .flatMap(Pending::wrapped)
        .map(Wrapped::generation)
        .filter(last -> last > generation)
        .orElse(generation);
  }

  /** Returns what the wrapping of the root key is bound to. */
  static byte[] associatedData(byte[] storeId, String type, String keyId, long generation) {
    try (RecordWriter out = new RecordWriter()) {
      return out.fixed(storeId).text(type).text(keyId).i64(generation).toBytes();
    }
  }

  /** Returns what the wrapping of this record's root key is bound to. */
  byte[] associatedData(byte[] storeId) {
    return associatedData(storeId, type, keyId, generation);
  }

  /** Opens the root key with the key of one of the two sets of shares; the caller wipes it. */
  Optional<byte[]> open(boolean waiting, byte[] storeId, byte[] unsealKey) {
    Optional<Wrapped> wrapped = waiting
        ? pending.flatMap(Pending::wrapped)
        : Optional.of(new Wrapped(generation, wrappedRoot));
    return wrapped.flatMap(
        w -> Aead.open(unsealKey, associatedData(storeId, type, keyId, w.generation), w.root));
  }

  /** Returns this record with a root key that an automatic seal wraps now. */
  SealRecord wrappedBy(Seal seal, byte[] storeId, SecretBytes rootKey) {
    String newKeyId = seal.keyId();
    byte[] data = associatedData(storeId, seal.type(), newKeyId, lastGeneration() + 1);
    return new SealRecord(
        seal.type(),
        shares,
        newKeyId,
        lastGeneration() + 1,
        rootKey.use(root -> seal.wrap(root, data)),
        progress,
        pending);
  }

  /** Returns this record with a root key that is wrapped by an unseal key. */
  SealRecord wrappedBy(
      SecretBytes unsealKey, byte[] storeId, SecretBytes rootKey, SecureRandom random) {
    byte[] data = associatedData(storeId, SHAMIR, "", lastGeneration() + 1);
    byte[] wrapped = unsealKey.use(key -> rootKey.use(root -> Aead.seal(key, data, root, random)));
    return new SealRecord(SHAMIR, shares, "", lastGeneration() + 1, wrapped, progress, pending);
  }

  byte[] toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", FORMAT);
    members.put("type", type);
    members.put("shares", shares.total());
    members.put("threshold", shares.threshold());
    members.put("key_id", keyId);
    members.put("generation", generation);
    members.put("root_key", Base64.getEncoder().encodeToString(wrappedRoot));
    members.put("progress", progress.name().toLowerCase(Locale.ROOT));
    pending.ifPresent(fresh -> members.put("pending", toMembers(fresh)));
    return Payload.of(members).toJson();
  }

  private static Map<String, Object> toMembers(Pending fresh) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("shares", fresh.shares.total());
    members.put("threshold", fresh.shares.threshold());
    fresh.wrapped.ifPresent(wrapped -> {
      members.put("generation", wrapped.generation);
      members.put("root_key", Base64.getEncoder().encodeToString(wrapped.root));
    });
    members.put("announced", fresh.announced);
    return members;
  }

  /**
   * Reads the row.
   *
   * @throws StorageException if it is of another format, or no such row
   */
  static SealRecord parse(byte[] json) {
    try {
      Payload members = Payload.parse(json);
      String format = literal(members, "format");
      if (!format.equals(String.valueOf(FORMAT))) {
        throw new StorageException("the seal has format " + format
            + ", but this version of Strongroom reads format " + FORMAT + " only");
      }
      return new SealRecord(
          members.text("type").orElseThrow(),
          new KeyShares(number(members, "shares"), number(members, "threshold")),
          members.text("key_id").orElseThrow(),
          Long.parseLong(literal(members, "generation")),
          Base64.getDecoder().decode(members.text("root_key").orElseThrow()),
          Progress.valueOf(members.text("progress").orElseThrow().toUpperCase(Locale.ROOT)),
          members.has("pending")
              ? Optional.of(pending(members.object("pending").orElseThrow()))
              : Optional.empty());
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new StorageException("the row \"" + NAME + "\" is corrupt", e);
    }
  }

  private static Pending pending(Payload members) {
    return new Pending(
        new KeyShares(number(members, "shares"), number(members, "threshold")),
        members.has("root_key")
            ? Optional.of(new Wrapped(
                Long.parseLong(literal(members, "generation")),
                Base64.getDecoder().decode(members.text("root_key").orElseThrow())))
            : Optional.empty(),
        members.flag("announced").orElseThrow());
  }

  private static int number(Payload members, String name) {
    return Integer.parseInt(literal(members, name));
  }

  /** The digits as they stand: another number must not pass for an integer. */
  private static String literal(Payload members, String name) {
    return members.number(name).orElseThrow().toString();
  }
}
