/**
 * Texts from the vault's own randomness. The door is
 * {@link dev.strongroom.internal.random.RandomText}; it knows nothing of what they are for.
 */
@NullMarked
package dev.strongroom.internal.random;

import org.jspecify.annotations.NullMarked;
