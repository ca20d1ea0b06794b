/**
 * Work that falls due at a moment, for whatever ends by itself. The door is
 * {@link dev.strongroom.internal.due.DueIndex}; it knows when, and of what only a name.
 */
@NullMarked
package dev.strongroom.internal.due;

import org.jspecify.annotations.NullMarked;
