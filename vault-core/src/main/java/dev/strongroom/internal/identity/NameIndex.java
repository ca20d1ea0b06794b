package dev.strongroom.internal.identity;

import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import java.util.List;
import java.util.Optional;

/**
 * Names, each for one thing: who takes a name reads its row, so that of two who take it at the same
 * time one finds it taken.
 */
final class NameIndex {
  private final RecordKind<String> kind;
  private final String taken;

  /**
   * Begins an index.
   *
   * @param taken what somebody is told who takes a name that another one has
   */
  NameIndex(String kind, String taken) {
    this.kind =
        RecordKind.attached(kind, RecordCodec.of(1, (id, out) -> out.text(id), RecordReader::text));
    this.taken = taken;
  }

  /** Returns the id behind the name, or behind one that looks like it. */
  Optional<String> find(Storage storage, String owner, String name) {
    return Rules.canBeKey(owner) && Rules.canBeKey(name) && Rules.canBeKey(Rules.fold(name))
        ? storage.get(kind.at(owner, Rules.fold(name)))
        : Optional.empty();
  }

  /**
   * Gives a name to a thing, which may have it already.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if another one has it
   */
  void take(Storage storage, String owner, String name, String id) {
    Optional<String> before = find(storage, owner, name);
    if (before.filter(other -> !other.equals(id)).isPresent()) {
      throw Rules.refused(taken);
    }
    if (before.isEmpty()) {
      storage.put(kind.at(owner, Rules.fold(name)), id);
    }
  }

  /** Returns up to {@code max} of the names under an owner, as they are indexed. */
  List<String> some(Storage storage, String owner, int max) {
    return storage.someNames(kind, owner, max);
  }

  /** Returns the id behind a name as it is indexed. */
  Optional<String> findIndexed(Storage storage, String owner, String indexed) {
    return storage.get(kind.at(owner, indexed));
  }

  void release(Storage storage, String owner, String name) {
    releaseIndexed(storage, owner, Rules.fold(name));
  }

  void releaseIndexed(Storage storage, String owner, String indexed) {
    storage.delete(kind.at(owner, indexed));
  }
}
