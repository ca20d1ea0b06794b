/**
 * Work that goes on behind the requests. The door is
 * {@link dev.strongroom.internal.background.Background}; it knows nothing but a
 * {@link dev.strongroom.TimeSource}.
 */
@NullMarked
package dev.strongroom.internal.background;

import org.jspecify.annotations.NullMarked;
