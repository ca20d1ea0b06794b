package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;

/**
 * What looks through all connections or roles before it makes another one: two of that kind at once
 * would not see each other, so each changes one record, and the vault calls the slower one again.
 */
final class Creations {
  static final RecordKind<Long> KIND = RecordKind.tree(
      "creations", RecordCodec.of(1, (count, out) -> out.i64(count), RecordReader::i64));

  private static final StorageKey<Long> KEY = KIND.at("all");

  private Creations() {}

  /** Has this call happen before or after every other one of its kind, and not beside it. */
  static void oneByOne(Storage storage) {
    storage.put(KEY, storage.get(KEY).orElse(0L) + 1);
  }

  /**
   * Checks that one more may be made; for a call that is {@link #oneByOne}.
   *
   * @param what in the plural
   * @throws VaultException with code {@code LIMIT_EXCEEDED}
   */
  static void requireRoom(Storage storage, RecordKind<?> kind, String what, int most) {
    if (storage.list(kind, "").size() >= most) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED, "there are " + most + " " + what + ", and a mount has no more");
    }
  }
}
