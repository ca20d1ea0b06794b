package dev.strongroom.internal.seal;

import dev.strongroom.internal.snapshot.SnapshotFile;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.StorageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The plain row that says what the store is. JSON, so that an operator can read it without a key.
 *
 * @param id 16 random bytes; everything sealed is bound to it
 * @param restored what a restored snapshot claimed about itself, to be checked when there are keys
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoreRecord(byte[] id, Instant createdAt, Optional<Restored> restored) {
  static final int FORMAT = 1;
  static final String NAME = "store";
  private static final int ID_BYTES = 16;

  StoreRecord {
    if (id.length != ID_BYTES) {
      throw new IllegalArgumentException(
          "a store has an id of " + ID_BYTES + " bytes, but got " + id.length);
    }
  }

  /**
   * What the snapshot said of itself.
   *
   * @param at when it was restored
   */
  record Restored(Instant at, SnapshotFile.Seal seal) {}

  StoreRecord restoredAs(Restored mark) {
    return new StoreRecord(id, createdAt, Optional.of(mark));
  }

  byte[] toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", FORMAT);
    members.put("id", HexFormat.of().formatHex(id));
    members.put("created", createdAt.toString());
    restored.ifPresent(r -> members.put(
        "restored",
        Map.of(
            "at", r.at.toString(),
            "digest", HexFormat.of().formatHex(r.seal.digest()),
            "mac", HexFormat.of().formatHex(r.seal.mac()))));
    return Payload.of(members).toJson();
  }

  /**
   * Reads the row.
   *
   * @throws StorageException if it is of another format, or no such row
   */
  static StoreRecord parse(byte[] json) {
    try {
      Payload members = Payload.parse(json);
      String format = members.number("format").orElseThrow().toString();
      if (!format.equals(String.valueOf(FORMAT))) {
        throw new StorageException("the store has format " + format
            + ", but this version of Strongroom reads format " + FORMAT + " only");
      }
      return new StoreRecord(
          hex(members, "id"),
          Instant.parse(members.text("created").orElseThrow()),
          members.has("restored")
              ? Optional.of(restored(members.object("restored").orElseThrow()))
              : Optional.empty());
    } catch (IllegalArgumentException | DateTimeException | NoSuchElementException e) {
      throw new StorageException("the row \"" + NAME + "\" is corrupt", e);
    }
  }

  private static Restored restored(Payload members) {
    return new Restored(
        Instant.parse(members.text("at").orElseThrow()),
        new SnapshotFile.Seal(hex(members, "digest"), hex(members, "mac")));
  }

  private static byte[] hex(Payload members, String name) {
    return HexFormat.of().parseHex(members.text(name).orElseThrow());
  }
}
