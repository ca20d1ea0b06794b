/**
 * How a vault is locked and opened: key shares or an automatic seal protect the root key, the root
 * key protects the keyring. The door is {@link dev.strongroom.internal.seal.VaultSeal}; it knows
 * the three boot rows and nothing of what the keyring opens.
 */
@NullMarked
package dev.strongroom.internal.seal;

import org.jspecify.annotations.NullMarked;
