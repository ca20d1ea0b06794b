package dev.strongroom.auth.basic;

import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret ids of roles, under HMAC-SHA-256 with a key of the mount: a secret id itself is
 * nowhere. Accessors lead to the hash. Stateless.
 */
final class SecretIds {
  private static final int KEY_BYTES = 32;
  private static final String LAST_NAME = "~";
  private static final RecordKind<SecretId> SECRET_ID =
      RecordKind.attached("secret-id", SecretId.CODEC);
  private static final RecordKind<String> ACCESSOR = RecordKind.attached(
      "secret-id-accessor", RecordCodec.of(1, (hash, out) -> out.text(hash), RecordReader::text));
  private static final RecordKind<byte[]> KEY = RecordKind.secretAttached("hash-key");
  private static final StorageKey<byte[]> KEY_AT = KEY.at("", "secret-id");

  static final List<RecordKind<?>> KINDS = List.of(SECRET_ID, ACCESSOR, KEY);

  private final SecureRandom random;

  SecretIds(SecureRandom random) {
    this.random = random;
  }

  /** A secret id that was found. */
  record Found(String hash, SecretId secretId) {}

  /** Returns a secret id of a role; expired ones count as gone. */
  Optional<Found> find(Storage storage, Role role, String text, Instant now) {
    return storage
        .get(KEY_AT)
        .map(key -> hash(key, role, text))
        .flatMap(hash -> at(storage, role, hash, now));
  }

  /** Returns the secret id that an accessor names. */
  Optional<Found> findByAccessor(Storage storage, Role role, String accessor, Instant now) {
    return accessor.isEmpty() || accessor.length() > NameRule.MAX_LENGTH
        ? Optional.empty()
        : storage
            .get(ACCESSOR.at(role.uid(), accessor))
            .flatMap(hash -> at(storage, role, hash, now));
  }

  private static Optional<Found> at(Storage storage, Role role, String hash, Instant now) {
    return storage
        .get(SECRET_ID.at(role.uid(), hash))
        .filter(secretId -> !secretId.isExpired(now))
        .map(secretId -> new Found(hash, secretId));
  }

  /** Stores a secret id; false if the role has it already. */
  boolean add(Storage storage, Role role, String text, SecretId secretId) {
    byte[] key = storage.get(KEY_AT).orElseGet(() -> newKey(storage));
    String hash = hash(key, role, text);
    Optional<SecretId> there = storage.get(SECRET_ID.at(role.uid(), hash));
    if (there.filter(old -> !old.isExpired(secretId.createdAt())).isPresent()) {
      return false;
    }
    there.ifPresent(old -> storage.delete(ACCESSOR.at(role.uid(), old.accessor())));
    storage.put(SECRET_ID.at(role.uid(), hash), secretId);
    storage.put(ACCESSOR.at(role.uid(), secretId.accessor()), hash);
    return true;
  }

  private byte[] newKey(Storage storage) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    storage.put(KEY_AT, key.clone());
    return key;
  }

  /** Takes one of a limited number of uses; the last one removes the secret id. */
  void use(Storage storage, Role role, Found found, Instant now) {
    if (found.secretId.usesLeft() == 1) {
      delete(storage, role, found);
    } else if (found.secretId.usesLeft() > 1) {
      storage.put(SECRET_ID.at(role.uid(), found.hash), found.secretId.used(now));
    }
  }

  void delete(Storage storage, Role role, Found found) {
    storage.delete(ACCESSOR.at(role.uid(), found.secretId.accessor()));
    storage.delete(SECRET_ID.at(role.uid(), found.hash));
  }

  /** Removes all secret ids of a role that goes. */
  void deleteAll(Storage storage, Role role) {
    storage.deleteLater(SECRET_ID, role.uid(), "", LAST_NAME);
    storage.deleteLater(ACCESSOR, role.uid(), "", LAST_NAME);
  }

  /** Returns the accessors of a role's secret ids, expired ones not yet removed included. */
  List<String> accessors(Storage storage, Role role) {
    return storage.list(ACCESSOR, role.uid());
  }

  /** Removes up to {@code max} expired secret ids of all roles; returns how many. */
  int removeExpired(Storage storage, Instant now, int max) {
    int removed = 0;
    for (String uid : storage.list(Roles.UID, "")) {
      for (String hash : storage.list(SECRET_ID, uid)) {
        Optional<SecretId> expired =
            storage.get(SECRET_ID.at(uid, hash)).filter(secretId -> secretId.isExpired(now));
        if (expired.isPresent()) {
          storage.delete(ACCESSOR.at(uid, expired.get().accessor()));
          storage.delete(SECRET_ID.at(uid, hash));
          removed++;
        }
        if (removed == max) {
          return removed;
        }
      }
    }
    return removed;
  }

  /** Bound to the role: the same text is another secret id for another role. Wipes the key. */
  private static String hash(byte[] key, Role role, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(role.uid().getBytes(StandardCharsets.UTF_8));
      byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is not usable in this JVM", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
