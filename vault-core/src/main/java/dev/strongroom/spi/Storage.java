package dev.strongroom.spi;

import java.util.List;
import java.util.Optional;

/**
 * A mount's own records during one call, encrypted below. Reads see the call's own writes; all
 * writes happen together or not at all, and only if nothing that was read has changed since. For
 * one thread.
 *
 * <p>Records are read one by one, so other calls may remove one that an earlier read promised. A
 * handler that meets this throws a {@link StorageException}: it is called again, and the caller
 * hears of it only if it comes again and again.
 */
public interface Storage {

  /** Returns a record; for a secret kind a fresh copy, which the caller wipes. */
  <T> Optional<T> get(StorageKey<T> key);

  /**
   * Writes a record.
   *
   * @param value must not be changed afterwards; the bytes of a secret kind are taken over, and
   *     wiped when the call has ended
   * @throws dev.strongroom.VaultException with code {@code LIMIT_EXCEEDED} if it takes more than 8
   *     MiB
   */
  <T> void put(StorageKey<T> key, T value);

  /** Removes a record; nothing happens where there is none. */
  void delete(StorageKey<?> key);

  /**
   * Removes all records of an attached kind under {@code owner} whose name is in a range, in the
   * background: as soon as the call's writes are durable, and after a crash too. For what is too
   * much for one call.
   *
   * @param from first name
   * @param to last name; both included, compared as UTF-8 bytes
   */
  void deleteLater(RecordKind<?> kind, String owner, String from, String to);

  /**
   * Returns the names in a folder of a tree kind, sub-folders with a trailing slash, or the names
   * under an owner of an attached kind; sorted by their UTF-8 bytes. Sees what was durable before
   * the call, not the call's own writes.
   *
   * @param folder empty, or ending in a slash for a tree kind
   */
  List<String> list(RecordKind<?> kind, String folder);

  /**
   * As {@link #list}, but at most {@code max} names, in no order that means anything: for work that
   * removes what it finds.
   */
  List<String> someNames(RecordKind<?> kind, String folder, int max);
}
