/**
 * Who is told of changes, on which thread, and whether they may know. The door is
 * {@link dev.strongroom.internal.listener.Listeners}; it outlives sealing, and knows nothing of the
 * store.
 */
@NullMarked
package dev.strongroom.internal.listener;

import org.jspecify.annotations.NullMarked;
