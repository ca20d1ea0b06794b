package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns what a mount holds from version 1 into version 2: each secret becomes version 1 of a key.
 * Needs no mark of its own: what is not converted yet is still there as it was, so that a crash, or
 * a request of version 1 that ends late, leaves nothing behind. Thread-safe.
 */
final class Upgrade {
  static final String UNAVAILABLE =
      "Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly.";

  /** Bounds of a step; the first secret goes whatever its size. */
  private static final int MAX_SECRETS = 100;

  private static final int MAX_BYTES = 1024 * 1024;

  /**
   * A store that fails gets better, a damaged record does not. The vault tries a step five times on
   * fresh reads and pauses then, so that these reach into the third step, seconds later.
   */
  private static final int TRIES = 12;

  private final Keys keys;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private volatile State state = State.UNKNOWN;

  private enum State {
    UNKNOWN,
    CONVERTING,
    DONE
  }

  Upgrade(Keys keys) {
    this.keys = keys;
  }

  /**
   * Lets a call pass if nothing is left to convert; a mount that never was of version 1 does not
   * wait for anybody to find that out.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} while there is something
   */
  void requireDone(Call call) {
    State now = state;
    if (now == State.CONVERTING || (now == State.UNKNOWN && hasNames(call.storage()))) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, UNAVAILABLE);
    }
  }

  /**
   * Converts a few secrets; returns whether there may be more. For one thread at a time.
   *
   * @throws StorageException if one cannot be read; after {@value #TRIES} times it is left as it is
   */
  boolean step(Storage storage, Instant now) {
    Step step = new Step(storage, now);
    step.convert("");
    state = step.secrets > 0 ? State.CONVERTING : State.DONE;
    return step.secrets > 0;
  }

  private static boolean hasNames(Storage storage) {
    return !storage.someNames(KvVersion1.ENTRY, "", 1).isEmpty();
  }

  private final class Step {
    private final Storage storage;
    private final Instant now;
    private int secrets;
    private long bytes;

    Step(Storage storage, Instant now) {
      this.storage = storage;
      this.now = now;
    }

    /** Converts what lies in a folder, until the step is full. */
    void convert(String folder) {
      int names = MAX_SECRETS + failures.size();
      for (String name : storage.someNames(KvVersion1.ENTRY, folder, names)) {
        if (secrets >= MAX_SECRETS || bytes >= MAX_BYTES) {
          return;
        }
        if (Keys.isKey(name)) {
          convertSecret(folder + name);
        } else {
          convert(folder + name);
        }
      }
    }

    private void convertSecret(String path) {
      if (failures.getOrDefault(path, 0) >= TRIES) {
        return;
      }
      try {
        move(path);
      } catch (StorageException e) {
        failures.merge(path, 1, Integer::sum);
        throw e;
      }
    }

    private void move(String path) {
      storage.get(KvVersion1.ENTRY.at(path)).ifPresent(data -> {
        keys.addConverted(storage, path, data, now);
        storage.delete(KvVersion1.ENTRY.at(path));
        secrets++;
        bytes += data.length;
      });
    }
  }
}
