package dev.strongroom.internal.seal;

import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.Batch;
import java.security.SecureRandom;

/**
 * The root key and the keyring it opened. The root key stays in memory while the vault is unsealed,
 * because rotating writes the keyring anew.
 *
 * @param storeId what everything sealed is bound to
 * @param rootKey wiped by whoever unsealed
 * @param revision of the keyring's row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OpenKeys(byte[] storeId, SecretBytes rootKey, Keyring keyring, long revision) {
  static final String KEYRING_ROW = "keyring";

  /** Returns the change that stores a keyring under a root key. */
  static Batch.Put put(SecretBytes rootKey, byte[] storeId, Keyring keyring, SecureRandom random) {
    return new Batch.Put(
        BootRows.address(KEYRING_ROW), rootKey.use(root -> keyring.seal(root, storeId, random)));
  }

  /** Returns the condition that nobody has stored another keyring. */
  Batch.Condition unchanged() {
    return new Batch.AtRevision(BootRows.address(KEYRING_ROW), revision);
  }

  /** Wipes root key and keyring: for keys that are not used after all. */
  public void wipe() {
    rootKey.close();
    keyring.wipe();
  }

  @Override
  public String toString() {
    return "OpenKeys[redacted]";
  }
}
