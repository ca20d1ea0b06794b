package dev.strongroom.dbsecrets.internal.pool;

import dev.strongroom.VaultException;

/** Where credentials come from. */
public interface CredentialSource {

  /**
   * Returns a new credential, or for a user that stays the one that there is now. Blocks.
   *
   * @throws VaultException if there is none to be had
   */
  Credential issue();
}
