/**
 * The vault's own view of time: moments that never go back. The door is
 * {@link dev.strongroom.internal.time.VaultClock}; it knows nothing but a
 * {@link dev.strongroom.TimeSource}.
 */
@NullMarked
package dev.strongroom.internal.time;

import org.jspecify.annotations.NullMarked;
