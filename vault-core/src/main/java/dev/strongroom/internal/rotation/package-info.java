/**
 * When the barrier gets a new data key. The door is
 * {@link dev.strongroom.internal.rotation.KeyRotation}; it knows the keyring and how it is stored.
 */
@NullMarked
package dev.strongroom.internal.rotation;

import org.jspecify.annotations.NullMarked;
