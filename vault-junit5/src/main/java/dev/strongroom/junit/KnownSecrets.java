package dev.strongroom.junit;

import dev.strongroom.ErrorCode;
import dev.strongroom.Mounts;
import dev.strongroom.VaultException;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Texts that must not be logged. */
final class KnownSecrets {
  /** A shorter one is found in lines that have nothing to do with it. */
  private static final int MIN_LENGTH = 8;

  private KnownSecrets() {}

  /** Returns the long enough texts in the data of a secret, however deep. */
  static List<String> texts(Map<String, ?> data) {
    List<String> found = new ArrayList<>();
    collect(data, found);
    return found;
  }

  private static void collect(Object value, List<String> found) {
    if (value instanceof Map<?, ?> object) {
      object.values().forEach(member -> collect(member, found));
    } else if (value instanceof Collection<?> list) {
      list.forEach(member -> collect(member, found));
    } else if (value instanceof String text && text.length() >= MIN_LENGTH) {
      found.add(text);
    }
  }

  /**
   * Returns what can be read in the KV mounts of version 2; unseals the vault for that, and ends
   * planned faults. A store that has died tells nothing.
   */
  static Set<String> in(TestVault vault) {
    Set<String> found = new HashSet<>();
    try {
      vault.storage().heal();
      vault.unseal();
      collect(vault, found);
    } catch (VaultException e) {
      if (e.code() != ErrorCode.STORAGE_FAILED) {
        throw e;
      }
    }
    return found;
  }

  private static void collect(TestVault vault, Set<String> found) {
    Mounts.of(vault.root()).list().forEach((path, mount) -> {
      if (mount.type().equals("kv") && "2".equals(mount.options().get("version"))) {
        collect(KvStore.at(vault.root(), path), "", vault.time().instant(), found);
      }
    });
  }

  private static void collect(KvStore store, String folder, Instant now, Set<String> found) {
    for (String name : store.list(folder)) {
      if (name.endsWith("/")) {
        collect(store, folder + name, now, found);
      } else {
        store.history(folder + name).stream()
            .filter(version -> isReadable(version, now))
            .map(version -> store.get(folder + name, version.number()))
            .forEach(secret -> found.addAll(texts(secret.toMap())));
      }
    }
  }

  private static boolean isReadable(KvVersion version, Instant now) {
    return !version.destroyed()
        && version.deletedAt().filter(at -> !at.isAfter(now)).isEmpty();
  }
}
