/**
 * Copies of a store as a file, taken while it works. The door is
 * {@link dev.strongroom.internal.snapshot.SnapshotFile}; it knows stores, and of their content only
 * that it is sealed.
 */
@NullMarked
package dev.strongroom.internal.snapshot;

import org.jspecify.annotations.NullMarked;
