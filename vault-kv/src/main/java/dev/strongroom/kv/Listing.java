package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;

import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The names in a folder and below it. */
final class Listing {
  private final RecordKind<?> kind;
  private final int maxNames;

  /**
   * Lists records of a tree kind.
   *
   * @param maxNames that a scan may find
   */
  Listing(RecordKind<?> kind, int maxNames) {
    this.kind = kind;
    this.maxNames = maxNames;
  }

  /** Returns the names in a folder, sub-folders with a trailing slash, in the order of lists. */
  List<String> in(Storage storage, String folder) {
    return storage.list(kind, folder);
  }

  /**
   * Returns the names below a folder, relative to it: those in it, then those of its sub-folders,
   * the last of them first.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} for too many
   */
  List<String> below(Storage storage, String folder) {
    List<String> names = new ArrayList<>();
    collect(storage, folder, "", names);
    return names;
  }

  private void collect(Storage storage, String folder, String below, List<String> names) {
    List<String> here = in(storage, folder + below);
    here.stream().filter(Keys::isKey).forEach(name -> names.add(below + name));
    if (names.size() > maxNames) {
      throw new VaultException(
          LIMIT_EXCEEDED, "an answer holds at most " + maxNames + " names; list folder by folder");
    }
    for (int i = here.size() - 1; i >= 0; i--) {
      if (!Keys.isKey(here.get(i))) {
        collect(storage, folder, below + here.get(i), names);
      }
    }
  }

  /** Answers a list: nothing is not found. */
  static Response ofList(List<String> names) {
    return names.isEmpty() ? Response.empty() : of(names);
  }

  /** Answers a scan: nothing is an empty answer. */
  static Response ofScan(List<String> names) {
    return names.isEmpty() ? Response.of(Payload.empty()) : of(names);
  }

  private static Response of(List<String> names) {
    return Response.of(Payload.of(Map.of("keys", names)));
  }
}
