package dev.strongroom.internal.seal;

import dev.strongroom.KeyShares;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The plain row that says how the root key is protected. JSON, so that an operator can read it
 * without a key; its kind and shares are compared with the keyring's copy as soon as that is open.
 *
 * @param shares of the unseal key, or of the recovery key with an automatic seal
 * @param keyId the key of the automatic seal; empty for key shares
 * @param generation counts how often the root key was wrapped
 * @param wrappedRoot the root key, bound to the store and to the fields before
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SealRecord(
    String type,
    KeyShares shares,
    String keyId,
    long generation,
    byte[] wrappedRoot,
    Progress progress) {
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

  SealRecord withProgress(Progress next) {
    return new SealRecord(type, shares, keyId, generation, wrappedRoot, next);
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
    return Payload.of(members).toJson();
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
          Progress.valueOf(members.text("progress").orElseThrow().toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new StorageException("the row \"" + NAME + "\" is corrupt", e);
    }
  }

  private static int number(Payload members, String name) {
    return Integer.parseInt(literal(members, name));
  }

  /** The digits as they stand: another number must not pass for an integer. */
  private static String literal(Payload members, String name) {
    return members.number(name).orElseThrow().toString();
  }
}
