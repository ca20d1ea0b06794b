/**
 * Authenticated encryption of single keys: the root key by a seal, the keyring by the root key. The
 * door is {@link dev.strongroom.internal.aead.Aead}; it knows no format of the vault.
 */
@NullMarked
package dev.strongroom.internal.aead;

import org.jspecify.annotations.NullMarked;
