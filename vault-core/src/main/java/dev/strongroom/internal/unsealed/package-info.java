/**
 * Everything that exists only while the vault is unsealed, wired together. The door is
 * {@link dev.strongroom.internal.unsealed.UnsealedVault}.
 */
@NullMarked
package dev.strongroom.internal.unsealed;

import org.jspecify.annotations.NullMarked;
